"""A challenge's own page, and where a draft of a message about it is kept (F1)."""

from django.db.models import Q
from django.http import Http404, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from aipbi.accounts.access import signed_in
from aipbi.accounts.capacity import Capacity
from aipbi.accounts.request import PortalRequest
from aipbi.workflow.models import Obligation
from aipbi.workflow.obligations import known_to
from aipbi.workflow.views import BY_ITSELF
from facilitation import drafts
from facilitation.models import BodyRequest, Challenge, MessageDraft
from facilitation.moves.messages import DraftForm, writing_move
from facilitation.moves.requests import AddRequest
from facilitation.obligations import ANSWER_CHALLENGE
from facilitation.registers import facilitation_shows
from facilitation.rules import COLLECTIVE
from facilitation.views.case import moves_now
from facilitation.views.saving import by_itself
from proposals import timeline
from proposals.models import Proposal
from proposals.pages import case_page, get_case


def _found(request: PortalRequest, code: str, number: int) -> tuple[Proposal, Challenge]:
    proposal = get_case(request, code)
    if not facilitation_shows(request.capacity, proposal):
        raise Http404
    found = Challenge.objects.visible_to(request.capacity).filter(proposal=proposal, number=number)
    one = found.select_related("category", "common__case").prefetch_related("ams").first()
    if one is None:
        raise Http404
    one.proposal = proposal
    return proposal, one


@signed_in
@require_safe
def challenge(request: PortalRequest, code: str, number: int) -> HttpResponse:
    """Show one challenge: what it is, the thread with its files, who was asked, what happened; and a place to write."""
    proposal, one = _found(request, code, number)
    viewer = request.capacity
    act = writing_move(one, viewer)
    form = act.form(move=act, initial=act.initial()) if act and act.form else None
    asked = Q(challenge=one) | Q(common__isnull=False, common=one.common_id)
    requests = BodyRequest.objects.visible_to(viewer).filter(asked).select_related("body").order_by("common", "number")
    owed = Obligation.objects.open().filter(case=proposal.pk, kind=ANSWER_CHALLENGE, subject_pk=one.pk)
    context = {
        "one": one,
        "messages_of": list(one.messages.prefetch_related("files")),
        "requests": list(requests),
        "inside": not viewer.proposes,
        "groups": viewer.role in COLLECTIVE and one.worked_on and one.common_id is None,
        "due_at": known_to(viewer, owed).values_list("due_at", flat=True).first(),
        "ask_body": _ask_body(one, viewer, code),
        "lines": timeline.lines(proposal.pk, viewer, of=(Challenge.kind, one.pk)),
        "one_moves": [move for move in moves_now(one, viewer, code) if not act or move["name"] != act.name],
        "move": act,
        "subject": one,
        "form": form,
        "seen": one.revision,
    }
    return case_page(request, proposal, "facilitation/challenge_page.html", "facilitation", context)


def _ask_body(one: Challenge, viewer: Capacity, code: str) -> str:
    """Return the address where a body is asked about the challenge; one that has ended, or is worked on together, has none."""
    act = AddRequest(one.proposal, viewer)
    asks = one.worked_on and one.common_id is None and act.is_open and act.may(viewer, one.proposal)
    return f"{act.url(code)}?challenge={one.number}" if asks else ""


@signed_in
def draft(request: PortalRequest, code: str, number: int) -> HttpResponse:
    """Keep a draft of a message: by a button, or by itself while somebody types; 404 for whoever does not write here."""
    proposal, one = _found(request, code, number)
    act = writing_move(one, request.capacity)
    if act is None:
        raise Http404
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    form = DraftForm(request.POST, request.FILES, move=act)
    return by_itself(request, form, _keep) if request.headers.get(BY_ITSELF) else _saved(request, proposal, form)


def _keep(request: PortalRequest, form: DraftForm) -> MessageDraft:
    data = form.cleaned_data
    return drafts.save(
        form.move.subject, as_=request.capacity, text=data["text"], seen=data["draft"] or 0, file=data["file"],
        take_off=data["take_off"],
    )  # fmt: skip


def _saved(request: PortalRequest, proposal: Proposal, form: DraftForm) -> HttpResponse:
    """Save by the button, and go back to writing."""
    if not form.is_valid():
        return _writing(request, proposal, form, 422)
    try:
        _keep(request, form)
    except drafts.OvertakenError:
        return _writing(request, proposal, form, 409, overtaken=True)
    return redirect(form.move.subject.home(proposal.case.code, request.capacity) + "#write")


def _writing(
    request: PortalRequest, proposal: Proposal, form: DraftForm, status: int, *, overtaken: bool = False
) -> HttpResponse:
    """Show the form again, with what was typed and what is wrong with it."""
    one = form.move.subject
    if overtaken and form.kept:
        form.data = {**form.data.dict(), "draft": str(form.kept.revision)}  # type: ignore[attr-defined]
    context = {
        "move": form.move, "subject": one, "form": form, "seen": one.revision, "overtaken": overtaken,
        "back": one.home(proposal.case.code, request.capacity), "code": proposal.case.code,
    }  # fmt: skip
    return render(request, "facilitation/moves/challenge_comment.html", context, status=status)
