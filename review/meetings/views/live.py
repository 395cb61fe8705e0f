"""The sitting in one screen: item by item the positions, what they allow, the decision, what was said (D2–D5, D7).

Nothing is decided here: every part goes through the door as a move of its own, all or none of them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from aipbi.accounts import unsent
from aipbi.accounts.access import roles
from aipbi.accounts.enums import Role
from aipbi.accounts.request import PortalRequest
from aipbi.asean.names import member_state_names
from aipbi.workflow.door import perform
from aipbi.workflow.errors import Blocked, Invalid, NotYours, Refused
from aipbi.workflow.moves import Move
from review.assessments import sheets
from review.enums import NEEDS_TEXT, Answer
from review.meetings import agenda
from review.meetings.enums import MeetingState
from review.meetings.models import Meeting
from review.meetings.moves.sitting import RecordItem, StatePosition
from review.meetings.rules import MEMBERS, presiding_or_secretariat
from review.meetings.views.pages import get_meeting
from review.rounds.deciding import RecordDecision
from review.rounds.pages import RoundPage

DECIDE, NOTE, POSITIONS = "decide", "note", "positions"


@dataclass
class Tried:
    """What was sent in and not carried out: the forms with what was typed, and why."""

    decision: Any = None
    notes: Any = None
    typed: Mapping[str, Any] = field(default_factory=dict)
    refusal: Refused | None = None
    # Words for which there is no form any more.
    read: list[str] = field(default_factory=list)
    errors: list[dict[str, str]] = field(default_factory=list)
    status: int = 200


@roles(*MEMBERS)
@require_http_methods(["GET", "HEAD", "POST"])
def live(request: PortalRequest, meeting: str) -> HttpResponse:
    """Show one item of a meeting that sits, and take what is recorded on it from the chair or ASEC."""
    one = get_meeting(request, meeting)
    if one.state != MeetingState.HELD:
        messages.info(
            request, _("Decisions are recorded here from when the meeting is opened until its record is adopted.")
        )
        return redirect("meeting", meeting)
    records = bool(presiding_or_secretariat.test(request.capacity, one))
    found = [item for item in agenda.items(one, request.capacity) if item.row.moved_to_id is None]
    if not found:
        return redirect("meeting", meeting)
    item = _chosen(request, found)
    tried = Tried()
    if request.method == "POST":
        if not records:
            raise Http404
        tried = _record(request, one, item) if str(item.row.pk) == request.POST.get("item") else _gone(request)
        if tried.status == 200:  # noqa: PLR2004 - all was carried out
            return redirect(f"{reverse('meeting_live', args=[meeting])}?item={_next(request, one, item)}")
        found = [other for other in agenda.items(one, request.capacity) if other.row.moved_to_id is None]
        one.refresh_from_db(fields=["revision"])
        item = next((other for other in found if other.row.pk == item.row.pk), item)
    context = _context(request, one, item, tried)
    context |= {
        "read": tried.read or _unheld(request, context),
        "meeting": one,
        "code": meeting,
        "items": found,
        "records": records,
    }
    return render(request, "review/meetings/live.html", context, status=tried.status)


def _chosen(request: PortalRequest, found: list[agenda.Item]) -> agenda.Item:
    """Return the item asked for, else the first that is not done."""
    wanted = request.POST.get("item") or request.GET.get("item", "")
    by_key = {str(item.row.pk): item for item in found}
    return by_key.get(wanted) or next((item for item in found if not item.done), found[0])


def _gone(request: PortalRequest) -> Tried:
    """Take nothing for an item that left the agenda meanwhile: it would be recorded on the one shown instead."""
    left = Blocked([_("This item is no longer on the agenda of this meeting. Nothing was recorded.")])
    return Tried(refusal=left, read=unsent.words(request), status=409)


def _next(request: PortalRequest, one: Meeting, item: agenda.Item) -> int:
    """Return where to go on: the same item after positions or notes, the next open one after a decision."""
    if request.POST.get("do") != DECIDE:
        return item.row.pk
    found = [other for other in agenda.items(one, request.capacity) if other.row.moved_to_id is None]
    after = [other for other in found if other.number > item.number and not other.done]
    return (after or [item])[0].row.pk


# --- Taking what was sent ---


def _record(request: PortalRequest, one: Meeting, item: agenda.Item) -> Tried:
    try:
        with transaction.atomic():
            if request.POST.get("do") == POSITIONS and item.round and request.capacity.role == Role.ASEC:
                return _positions(request, item)
            if request.POST.get("do") == DECIDE and item.proposal:
                perform(RecordDecision, item.proposal, **_by(request), seen=_seen(request, "seen_case"))
            perform(RecordItem, one, **_by(request), seen=_seen(request, "seen"))
    except NotYours as refusal:
        raise Http404 from refusal
    except Refused as refusal:
        return _refused(request, one, item, refusal)
    messages.success(
        request, _("Decision recorded") if request.POST.get("do") == DECIDE and item.round else _("Item recorded")
    )
    return Tried()


def _by(request: PortalRequest) -> dict[str, Any]:
    return {"by": request.user, "as_": request.capacity, "data": request.POST}


def _seen(request: PortalRequest, name: str) -> int:
    text = request.POST.get(name, "")
    if not text.isdecimal() or len(text) > 9:  # noqa: PLR2004 - more than any revision
        raise Http404
    return int(text)


def _refused(request: PortalRequest, one: Meeting, item: agenda.Item, refusal: Refused) -> Tried:
    """Keep what was typed in both forms, with the faults of the one that was refused."""
    faulty = refusal.form if isinstance(refusal, Invalid) else None
    decision = faulty if faulty is not None and isinstance(faulty.move, RecordDecision) else None
    if decision is None and item.proposal and item.live and request.POST.get("do") == DECIDE:
        decision = _form(RecordDecision(item.proposal, request.capacity), request.POST)
    notes = faulty if faulty is not None and isinstance(faulty.move, RecordItem) else None
    return Tried(
        decision=decision,
        notes=notes or _form(RecordItem(one, request.capacity), request.POST),
        typed=request.POST,
        refusal=None if faulty is not None else refusal,
        status=422 if faulty is not None else 409,
    )


def _form(act: Move, data: Any = None, *, initial: Any = None) -> Any:
    """Return the form of a move that has one, with what was sent or with what it starts with."""
    kind: Any = act.form
    return kind(data, move=act) if data is not None else kind(move=act, initial=initial or act.initial())


def _positions(request: PortalRequest, item: agenda.Item) -> Tried:
    """Enter what was stated in the room, each position as a move of its own; all of them or none."""
    errors: list[dict[str, str]] = []
    refusal: Refused | None = None
    entered = 0
    names = member_state_names()
    one: Any = item.round
    with transaction.atomic():
        for held in one.positions.all():
            value = request.POST.get(f"value_{held.ams_id}", "")
            if not value:
                continue
            data = {"value": value, "text": request.POST.get(f"text_{held.ams_id}", "")}
            try:
                perform(
                    StatePosition, held, by=request.user, as_=request.capacity, data=data,
                    seen=_seen(request, f"seen_{held.ams_id}"),
                )  # fmt: skip
                entered += 1
            except Invalid as fault:
                errors += [
                    {"message": f"{names[held.ams_id]}: {words}", "target": f"{name}_{held.ams_id}"}
                    for name, said in fault.form.errors.items()
                    for words in said
                ]
            except Refused as fault:
                refusal = fault
        if not entered and not errors and refusal is None:
            errors.append({"message": _("Choose the position of at least one Member State."), "target": "positions"})
        if errors or refusal:
            transaction.set_rollback(True)
            return Tried(typed=request.POST, errors=errors, refusal=refusal, status=422 if errors else 409)
    messages.success(request, _("Positions entered as stated in the room"))
    return Tried()


# --- Showing ---


def _context(request: PortalRequest, one: Meeting, item: agenda.Item, tried: Tried) -> dict[str, Any]:
    viewer, now = request.capacity, timezone.now()
    act = RecordItem(one, viewer)
    row = item.row
    initial = {
        "item": row.pk, "discussion": row.discussion, "conclusion": row.conclusion, "statements": row.statements,
        "next_steps": row.next_steps,
    }  # fmt: skip
    notes = tried.notes or _form(act, initial=initial)
    if item.is_case:
        del notes.fields["conclusion"]
    context: dict[str, Any] = {
        "item": item,
        "notes": notes,
        "refusal": tried.refusal,
        "errors": tried.errors,
    }
    if item.round is None or item.proposal is None:
        return context
    page = RoundPage.of(item.round, viewer, now)
    context |= {
        "page": page,
        "report": sheets.report(item.round.report),
        "readiness": agenda.readiness(one, [item], now)[0],
    }
    if item.live:
        deciding = RecordDecision(item.proposal, viewer)
        reasons = list(deciding.reasons())
        context |= {
            "reasons": reasons,
            "decision": None if reasons else tried.decision or _form(deciding),
            "answers": Answer.choices,
            "needs_text": [str(Answer(code).label) for code in sorted(NEEDS_TEXT)],
            "stated": _stated(page, tried.typed),
        }
    return context


def _unheld(request: PortalRequest, context: Mapping[str, Any]) -> list[str]:
    """Return what was typed and stands in no field of the page any more, as when positions changed meanwhile."""
    forms = [form for form in (context.get("notes"), context.get("decision")) if form]
    held = {name for form in forms for name in form.fields}
    return unsent.words(request, held=held | {f"text_{row['ams']}" for row in context.get("stated", [])})


def _stated(page: RoundPage, typed: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the rows of the table in which ASEC enters positions, with what was typed."""
    return [
        {
            "ams": row.position.ams_id,
            "name": row.ams,
            "now": row.now,
            "seen": row.position.revision,
            "value": typed.get(f"value_{row.position.ams_id}", ""),
            "text": typed.get(f"text_{row.position.ams_id}", ""),
        }
        for row in page.rows
    ]
