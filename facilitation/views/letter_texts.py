"""The texts of letters, as ASEC keeps them: what is in force, writing the next version, and every version before (F4)."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from aipbi.accounts.access import roles
from aipbi.accounts.enums import Role
from aipbi.accounts.request import PortalRequest
from facilitation import templates
from facilitation.enums import Purpose
from facilitation.forms import LetterTextForm
from facilitation.letters import sample, text
from facilitation.models import LetterTemplate
from facilitation.models.letter_template import BLOCKS
from proposals import comparison


@roles(Role.ASEC)
@require_safe
def letter_texts(request: PortalRequest) -> HttpResponse:
    """List the kinds of letter, with the version in force of each."""
    known = {one.purpose: one for one in templates.in_force()}
    rows = [known[purpose] for purpose in Purpose.values if purpose in known]
    return render(request, "facilitation/letter_texts.html", {"rows": rows})


@roles(Role.ASEC)
@require_http_methods(["GET", "HEAD", "POST"])
def letter_text(request: PortalRequest, purpose: str) -> HttpResponse:
    """Write the next version of a kind's text, and see it on a real case before it is saved."""
    if purpose not in Purpose.values:
        raise Http404
    now = templates.newest(purpose)
    begun = _begun_from(request, now)
    form = LetterTextForm(
        request.POST or None,
        initial={block: getattr(begun, block) for block in BLOCKS},
        purpose=purpose,
        viewer=request.capacity,
    )
    valid = form.is_valid() if form.is_bound else True
    overtaken = None
    if form.is_bound and valid and request.POST.get("what") == "save":
        seen = request.POST.get("seen", "")
        try:
            if form.words() == {block: getattr(now, block) for block in BLOCKS}:
                messages.info(request, _("The text reads as before, so no version was written."))
            else:
                made = templates.write(
                    purpose, form.words(), by=request.user, seen=int(seen) if seen.isdecimal() else 0
                )
                messages.success(
                    request,
                    _("Version %(number)d is in force. Letters that were drafted already keep their words.")
                    % {"number": made.number},
                )
            return redirect("letter_texts")
        except templates.Overtaken as refusal:
            overtaken = refusal.newest
        except ValidationError as refusal:
            form.add_error(None, refusal)
            valid = False
    context = {
        "form": form,
        "purpose": Purpose(purpose),
        "now": overtaken or now,
        "begun": begun,
        "overtaken": overtaken,
        "placeholders": {name: one.label for name, one in text.known(purpose).items()},
        "cases": sample.offered(request.capacity),
        **(_preview(form, begun, request) if valid else {}),
    }
    return render(request, "facilitation/letter_text.html", context, status=409 if overtaken else 200 if valid else 422)


def _begun_from(request: PortalRequest, now: LetterTemplate) -> LetterTemplate:
    """Return the version that the page starts from: an earlier one where its address says so."""
    number = request.GET.get("from", "")
    earlier = LetterTemplate.objects.filter(purpose=now.purpose, number__lt=now.number)
    return next((one for one in earlier if str(one.number) == number), now)


def _preview(form: LetterTextForm, begun: LetterTemplate, request: PortalRequest) -> dict[str, Any]:
    """Return the letter on the case that was chosen, else on the one that moved last."""
    case = form.case or sample.cases(request.capacity).first()
    if case is None:
        return {}
    words = form.words() if form.is_bound else {block: getattr(begun, block) for block in BLOCKS}
    said = sample.shown(begun.purpose, words, case)
    return {"said": said, "case": case, "unprintable": sample.unprintable(said)}


@roles(Role.ASEC)
@require_safe
def letter_text_version(request: PortalRequest, purpose: str, number: int) -> HttpResponse:
    """Show one version: what it put in and took out, who wrote it and when."""
    found = get_object_or_404(LetterTemplate.objects.select_related("written_by"), purpose=purpose, number=number)
    versions = list(
        LetterTemplate.objects.filter(purpose=purpose).select_related("written_by").order_by("-number").only(
            "number", "purpose", "written_at", "written_by__name", "written_by__email"
        )
    )  # fmt: skip
    before = LetterTemplate.objects.filter(purpose=purpose, number__lt=number).order_by("-number").first()
    blocks = []
    for block in BLOCKS:
        label = LetterTemplate._meta.get_field(block).verbose_name  # type: ignore[union-attr]
        one, other = getattr(before, block) if before else "", getattr(found, block)
        if one or other:
            out, into = comparison.pieces(one, other) if before else ([], [comparison.Piece(other, "same")])
            blocks.append({"label": label, "before": out, "after": into, "changed": bool(before) and one != other})
    context = {"one": found, "before": before, "versions": versions, "blocks": blocks, "purpose": Purpose(purpose)}
    return render(request, "facilitation/letter_text_version.html", context)
