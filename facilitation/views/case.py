"""The facilitation tab: barriers by category, requests to bodies."""

from typing import Any

from django.db.models import Count, Max, Q
from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from aipbi.accounts.access import signed_in
from aipbi.accounts.capacity import Capacity
from aipbi.accounts.enums import Role
from aipbi.accounts.request import PortalRequest
from aipbi.workflow import registry
from aipbi.workflow.models import Subject
from facilitation.enums import ConcurrenceState
from facilitation.models import BodyRequest, Challenge
from facilitation.registers import facilitation_shows
from proposals.models import Proposal
from proposals.pages import case_page, get_case


@signed_in
@require_safe
def facilitation(request: PortalRequest, code: str) -> HttpResponse:
    """Show what is being worked out; the proponent sees the challenges, which are its own part in it."""
    proposal = get_case(request, code)
    viewer = request.capacity
    if not facilitation_shows(viewer, proposal):
        raise Http404
    challenges = _challenges(proposal, viewer)
    context = {
        "categories": _by_category(challenges),
        "requests": _requests(proposal, viewer),
        "count": {"challenges": len(challenges)},
        "inside": viewer.role != Role.PROPONENT,
    }
    return case_page(request, proposal, "facilitation/facilitation.html", "facilitation", context)


def _with_moves(rows: list[Any], proposal: Proposal, viewer: Capacity, code: str) -> list[Any]:
    """Put the moves that the reader can make now beside each row; what is blocked is not offered here."""
    for row in rows:
        row.proposal = proposal
        row.moves = moves_now(row, viewer, code)
    return rows


def moves_now(row: Subject, viewer: Capacity, code: str) -> list[dict[str, Any]]:
    """Return the moves on a part of the case that nothing stands against."""
    found = [move for move in registry.open_to(viewer, row) if not move.by_clock]
    found.sort(key=lambda move: (move.beside, move.warning))
    return [
        {"label": move.label, "url": move.url(code), "warning": move.warning, "name": move.name}
        for move in found
        if not list(move.reasons())
    ]


def _challenges(proposal: Proposal, viewer: Capacity) -> list[Challenge]:
    found = Challenge.objects.visible_to(viewer).filter(proposal=proposal).select_related("category").order_by("number")
    rows = found.prefetch_related("ams").annotate(written=Count("messages"), last_at=Max("messages__at"))
    return _with_moves(list(rows), proposal, viewer, proposal.case.code)


def _by_category(challenges: list[Challenge]) -> list[dict[str, Any]]:
    """Group by category in its order; a category without challenges is not shown."""
    groups: dict[str, dict[str, Any]] = {}
    for one in sorted(challenges, key=lambda challenge: (challenge.category.order, challenge.number)):
        groups.setdefault(one.category_id, {"category": one.category, "challenges": []})["challenges"].append(one)
    return list(groups.values())


def _requests(proposal: Proposal, viewer: Capacity) -> list[BodyRequest]:
    """Return the requests about this case, and those about a barrier that it has in common with others."""
    together = Q(common__in=Challenge.objects.filter(proposal=proposal, common__isnull=False).values("common"))
    found = BodyRequest.objects.visible_to(viewer).filter(Q(proposal=proposal) | together)
    read = found.select_related("body", "lead_ams", "challenge", "case").prefetch_related("ams", "promises")
    return list(read.defer("reads", "parts").order_by("common", "number"))


TONES = {
    ConcurrenceState.ASKED: "grey",
    ConcurrenceState.CONCURRED: "green",
    ConcurrenceState.WITH_CONDITIONS: "teal",
    ConcurrenceState.REFUSED: "red",
    ConcurrenceState.LEFT_OUT: "grey",
}
