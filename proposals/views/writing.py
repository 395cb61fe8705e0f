"""Writing a proposal: starting one, its task list, and a page for each section (P5)."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import SuspiciousOperation
from django.core.signing import BadSignature
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from aipbi.accounts.access import roles
from aipbi.accounts.enums import PROPOSING, Role
from aipbi.accounts.request import PortalRequest
from aipbi.accounts.unsent import BY_ITSELF
from aipbi.asean.models import Parameter
from aipbi.templatetags.portal import in_words as moment_in_words
from aipbi.workflow.errors import NotYours, Refused
from aipbi.workflow.models import Obligation, TrailEntry
from proposals import picture, rules, timeline, verbs
from proposals.attachments import all_faults
from proposals.document import Weight, changes, pasting
from proposals.document import codes as known_codes
from proposals.document.doubts import doubts
from proposals.document.schema import BY_SLUG, SECTIONS, Section
from proposals.document.totals import lines
from proposals.eligibility import begun
from proposals.enums import State
from proposals.forms.conflict import Conflict, in_words
from proposals.forms.section import Page, Trouble, read, status, worst
from proposals.models import Proposal
from proposals.moves.inbox import lapses_at
from proposals.obligations import COMPLETION
from proposals.pages import get_case
from proposals.paper import taking
from proposals.views.eligibility import carried, forget

STATUSES = {
    "done": (gettext_lazy("Done"), ""),
    "progress": (gettext_lazy("In progress"), "blue"),
    "none": (gettext_lazy("Not started"), "grey"),
    "optional": (gettext_lazy("Optional"), "grey"),
}
GROUPS = {
    1: gettext_lazy("Criterion 1: why support at ASEAN level is needed"),
    2: gettext_lazy("Criterion 2: who takes part and benefits"),
    3: gettext_lazy("Criterion 3: sustainability"),
    0: gettext_lazy("Files"),
}


@roles(Role.PROPONENT)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: PortalRequest) -> HttpResponse:
    """Say what writing a proposal takes, and start a draft."""
    if not request.capacity.writes:
        raise Http404
    checked = carried(request)
    if request.method == "POST":
        answers = begun(checked) if checked and "carried" in request.POST else None
        proposal = verbs.start_draft(by=request.user, as_=request.capacity, answers=answers)
        return forget(redirect("write", proposal.case.code)) if answers else redirect("write", proposal.case.code)
    context = {"sections": [section for section in SECTIONS if section.criterion], "carried": checked}
    return render(request, "proposals/write/new.html", context)


def writable(request: PortalRequest, code: str, *, labels: bool = True) -> Proposal:
    """Return the proposal if the capacity may write it, whatever its state; Http404 otherwise."""
    proposal = get_case(request, code, answers=True, labels=labels)
    if not rules.writer.test(request.capacity, proposal):
        raise Http404
    return proposal


def handed_in(request: PortalRequest, proposal: Proposal) -> HttpResponse:
    """Lead from a page for writing to the proposal itself, which can't be written now."""
    messages.info(request, _("The proposal has been handed in and cannot be changed now."))
    return redirect("proposal", proposal.case.code)


@roles(*PROPOSING, Role.ASEC)
@never_cache
@require_safe
def task_list(request: PortalRequest, code: str) -> HttpResponse:
    """Show the sections with how far each is."""
    proposal = writable(request, code)
    if proposal.state not in verbs.WRITABLE:
        return handed_in(request, proposal)
    found = all_faults(proposal)
    groups = []
    for criterion, label in GROUPS.items():
        sections = [section for section in SECTIONS if section.criterion == criterion]
        groups.append({"label": label, "tasks": [_task(section, proposal, found) for section in sections]})
    far = [status(section, proposal.answers, found) for section in SECTIONS]
    counted = [one for one in far if one != "optional"]
    context = {
        "proposal": proposal,
        "code": code,
        "groups": groups,
        "faults": found,
        "done": counted.count("done"),
        "of": len(counted),
        "asked": _asked(proposal),
        "form_read": taking.last_report(proposal, request.capacity) is not None,
        **_until(proposal),
    }
    return render(request, "proposals/write/task_list.html", context)


def _until(proposal: Proposal) -> dict[str, Any]:
    """Return until when a completion is owed, and when the proposal lapses without it (L5)."""
    if proposal.state != State.AWAITING_COMPLETION:
        return {}
    owed = Obligation.objects.open().filter(case_id=proposal.pk, kind=COMPLETION)
    return {"due_at": owed.values_list("due_at", flat=True).first(), "lapses_at": lapses_at(proposal)}


def _asked(proposal: Proposal) -> TrailEntry | None:
    """Return what the SEOM lead or the Secretariat last asked to have changed, while it is being changed."""
    if proposal.version_id is None:
        return None
    asked = TrailEntry.objects.filter(case_id=proposal.pk, action__in=["return_to_proponent", "ask_completion"])
    return asked.order_by("-number").first()


def _task(section: Section, proposal: Proposal, found: list[Any]) -> dict[str, Any]:
    label, tone = STATUSES[status(section, proposal.answers, found)]
    return {"label": section.label, "url": address(section, proposal.case.code), "status": label, "tone": tone}


def address(section: Section, code: str) -> str:
    """Return where a section is written; files have a page of their own."""
    return (
        reverse("files", args=[code])
        if section.slug == "files"
        else reverse("write_section", args=[code, section.slug])
    )


@roles(*PROPOSING, Role.ASEC)
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def section(request: PortalRequest, code: str, slug: str) -> HttpResponse:
    """Show a section's questions and keep what is answered, right or not yet."""
    proposal = writable(request, code, labels=BY_ITSELF not in request.headers)
    found = BY_SLUG.get(slug)
    if found is None or slug == "files":
        raise Http404
    if request.method == "POST":
        return _save(request, proposal, found)
    if proposal.state not in verbs.WRITABLE:
        return handed_in(request, proposal)
    page = Page(found, _with_what_is_known(found, proposal), more=request.GET.get("more", ""))
    if "check" in request.GET:
        page.tell(all_faults(proposal))
    return _show(request, proposal, page)


def _with_what_is_known(section: Section, proposal: Proposal) -> dict[str, Any]:
    """Return the answers to show: a lead organisation not named yet starts as the one that writes.

    It is kept once the section is saved, and can be changed before that.
    """
    if section.slug != "organisations" or any(proposal.answers["lead"].values()):
        return proposal.answers
    own = proposal.organisation
    lead = {
        "name": own.name,
        "country": own.country,
        "corporate_group": str(own.corporate_group or ""),
        "kind": own.kind,
    }
    return {**proposal.answers, "lead": lead}


def _show(
    request: PortalRequest,
    proposal: Proposal,
    page: Page,
    *,
    seen: str = "",
    status: int = 200,
    pasted: str = "",
    wrong: Sequence[str] = (),
) -> HttpResponse:
    code = proposal.case.code
    stands = changes.content(proposal.answers, page.section)
    parameters = Parameter.objects.filter(
        edition_id=proposal.criteria_edition_id, code__in=page.section.parameters
    ).select_related("criterion")
    context = {
        "proposal": proposal,
        "code": code,
        "section": page.section,
        "blocks": page.blocks,
        "errors": page.troubles,
        "seen": seen or changes.token(stands),
        "parameters": parameters,
        "totals": lines(page.document, page.codes.ams) if page.section.slug == "impacts" else [],
        "doubts": [one for one in doubts(page.document, page.codes) if one.section == page.section.slug],
        "picture": picture.draw(page.document, page.codes) if page.section.slug == "participants" else None,
        "next": next_after(page.section),
    }
    if page.section.slug == "impacts":
        context |= {"paste_columns": pasting.fields(), "pasted": pasted, "paste_faults": wrong}
    return render(request, "proposals/write/section.html", context, status=status)


def next_after(section: Section) -> Section | None:
    """Return the section that follows on the list."""
    place = SECTIONS.index(section) + 1
    return SECTIONS[place] if place < len(SECTIONS) else None


def _save(request: PortalRequest, proposal: Proposal, section: Section) -> HttpResponse:
    """Keep what was typed; where that can't be, show it again with the reason."""
    both = _on_page(section, request)
    typed = both.settled(request.POST) if both else read(section, request.POST, proposal.answers)
    if both and typed is None:
        return _conflict(request, proposal, both, unsettled=True)
    by_itself = bool(request.headers.get(BY_ITSELF))
    pasted = "" if by_itself or both or section.slug != "impacts" else request.POST.get("paste", "").strip()
    if typed and pasted and (wrong := _put_in(typed, pasted)):
        page = Page(section, {**proposal.answers, **typed})
        page.troubles = [Trouble(words, "paste") for words in wrong]
        return _show(request, proposal, page, seen=request.POST.get("seen", ""), status=422, pasted=pasted, wrong=wrong)
    try:
        verbs.keep(proposal, typed or {}, as_=request.capacity, now=timezone.now(), seen=request.POST.get("seen", ""))
    except NotYours as refusal:
        raise Http404 from refusal
    except Refused as refusal:
        return _not_saved(refusal) if by_itself else _refused(request, proposal, section, typed or {}, refusal)
    if by_itself:
        token = changes.token(changes.content(proposal.answers, section))
        return JsonResponse({"seen": token, "saved": moment_in_words(proposal.saved_at)})
    if pasted:
        messages.success(request, _("The pasted figures are in the table."))
    return redirect(_onwards(request, proposal, section))


def _put_in(typed: dict[str, Any], pasted: str) -> list[str]:
    """Put pasted figures among those typed, all or none; return what is wrong with them."""
    found = pasting.read(pasted, known_codes.load())
    together = pasting.merged(typed.get("impacts") or [], found.rows)
    wrong = found.faults or pasting.too_many(together)
    if not wrong:
        typed["impacts"] = together
    return wrong


def _not_saved(refusal: Refused) -> JsonResponse:
    """Tell the script that saves by itself why it could not; it leaves the rest to the button."""
    if isinstance(refusal, verbs.Overtaken):
        return JsonResponse({"overtaken": True}, status=409)
    return JsonResponse({"refused": refusal.message}, status=422)


def _refused(
    request: PortalRequest, proposal: Proposal, section: Section, typed: dict[str, Any], refusal: Refused
) -> HttpResponse:
    """Show what was typed beside the reason why it can't be kept."""
    if isinstance(refusal, verbs.Overtaken):
        return _conflict(request, proposal, Conflict(section, typed, refusal.stands))
    if isinstance(refusal, verbs.Unkeepable):
        page = Page(section, {**proposal.answers, **typed})
        page.tell(refusal.faults)
        page.troubles = page.troubles or [Trouble(fault.message, "main-content") for fault in refusal.faults]
        return _show(request, proposal, page, seen=request.POST.get("seen", ""), status=422)
    context = {"proposal": proposal, "code": proposal.case.code, "section": section, "words": refusal.message}
    return render(request, "proposals/write/closed.html", {**context, "typed": in_words(section, typed)}, status=409)


def _onwards(request: PortalRequest, proposal: Proposal, section: Section) -> str:
    """Return where the button leads: back, to the list, to the next section, or here while answers are wrong."""
    code = proposal.case.code
    here = address(section, code)
    verb, _colon, rest = request.POST.get("do", "").partition(":")
    name, _colon, number = rest.partition(":")
    many = len(proposal.answers.get(name) or []) if name else 0
    match verb:
        case "add":
            return f"{here}?more={name}#{name}-{many}"
        case "remove":
            return f"{here}#part-{name}"
        case "up" | "down" if number in map(str, range(many)):
            place = int(number) + (1 if verb == "down" else -1)
            return f"{here}#{name}-{max(0, min(place, many - 1))}"
        case "paste":
            return f"{here}#part-impacts"
        case "later":
            return reverse("write", args=[code])
    return _after_save(request, proposal, section)


def _after_save(request: PortalRequest, proposal: Proposal, section: Section) -> str:
    """Return where Save and continue leads."""
    code = proposal.case.code
    if (worst(section, all_faults(proposal)) or Weight.GAP) > Weight.GAP:
        messages.info(request, _("Saved. Some answers need another look before you can hand in."))
        return f"{address(section, code)}?check"
    following = next_after(section)
    return address(following, code) if following else reverse("write", args=[code])


def _on_page(section: Section, request: PortalRequest) -> Conflict | None:
    """Return the conflict that the posted page settles; none on the ordinary page."""
    if "both" not in request.POST:
        return None
    try:
        return Conflict.on_page(section, request.POST)
    except BadSignature as fault:
        raise SuspiciousOperation(str(fault)) from fault


def _conflict(request: PortalRequest, proposal: Proposal, both: Conflict, *, unsettled: bool = False) -> HttpResponse:
    """Show both texts side by side, place by place, for the second writer to choose."""
    last = (
        TrailEntry.objects.filter(case_id=proposal.pk, action="write")
        .select_related("person")
        .order_by("-number")
        .first()
    )
    choices = both.choices(request.POST if unsettled else None)
    errors = [
        Trouble(_("%(place)s: choose one of the two") % {"place": one.place}, f"{one.id}-mine")
        for one in choices
        if not one.chosen
    ]
    context = {
        "proposal": proposal,
        "code": proposal.case.code,
        "section": both.section,
        "both": both,
        "choices": choices,
        "errors": errors if unsettled else [],
        "last": last,
        "own": last is not None and last.person_id == request.user.pk,
        "who": timeline.who(last, request.capacity) if last else "",
    }
    return render(request, "proposals/write/conflict.html", context, status=422 if unsettled else 409)
