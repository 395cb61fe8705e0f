"""The facilitation tab: barriers by category, requests to bodies, benefits as a matrix."""

from dataclasses import dataclass, field
from typing import Any

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from aipbi.accounts.access import signed_in
from aipbi.accounts.capacity import Capacity
from aipbi.accounts.enums import Role
from aipbi.accounts.request import PortalRequest
from aipbi.asean.models import Category, MemberState
from aipbi.workflow import registry
from aipbi.workflow.models import Subject
from facilitation.enums import ConcurrenceState
from facilitation.models import Benefit, BodyRequest, Challenge, Concurrence
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
    matrix = _matrix(proposal, viewer)
    context = {
        "categories": _by_category(challenges),
        "requests": _requests(proposal, viewer),
        "matrix": matrix,
        "count": {
            "challenges": len(challenges),
            "benefits": sum(len(lines) for _category, lines in matrix.groups) if matrix else 0,
        },
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
    return [
        {"label": move.label, "url": move.url(code), "warning": move.warning}
        for move in found
        if not list(move.reasons())
    ]


def _challenges(proposal: Proposal, viewer: Capacity) -> list[Challenge]:
    found = Challenge.objects.visible_to(viewer).filter(proposal=proposal).select_related("category").order_by("number")
    return _with_moves(list(found.prefetch_related("ams", "messages")), proposal, viewer, proposal.case.code)


def _by_category(challenges: list[Challenge]) -> list[dict[str, Any]]:
    """Group by category in its order; a category without challenges is not shown."""
    groups: dict[str, dict[str, Any]] = {}
    for one in sorted(challenges, key=lambda challenge: (challenge.category.order, challenge.number)):
        groups.setdefault(one.category_id, {"category": one.category, "challenges": []})["challenges"].append(one)
    return list(groups.values())


def _requests(proposal: Proposal, viewer: Capacity) -> list[BodyRequest]:
    found = (
        BodyRequest.objects.visible_to(viewer).filter(proposal=proposal).select_related("body", "lead_ams", "challenge")
    )
    return _with_moves(list(found.prefetch_related("ams").order_by("number")), proposal, viewer, proposal.case.code)


# --- The matrix of measure × Member State ---


@dataclass
class Line:
    """One benefit and the answer of each Member State, `None` where it was not asked."""

    benefit: Any
    words: list[Concurrence | None]


@dataclass
class Matrix:
    """Benefits by category; `states` are the columns."""

    states: list[MemberState]
    groups: list[tuple[Category, list[Line]]] = field(default_factory=list)


def _matrix(proposal: Proposal, viewer: Capacity) -> Matrix | None:
    """Return the matrix, or None where there is nothing to show."""
    code = proposal.case.code
    benefits = list(
        Benefit.objects.visible_to(viewer)
        .filter(proposal=proposal)
        .select_related("category", "body")
        .order_by("category__order", "number"),
    )
    if not benefits:
        return None
    _with_moves(benefits, proposal, viewer, code)
    by_pk = {benefit.pk: benefit for benefit in benefits}
    words = list(Concurrence.objects.visible_to(viewer).filter(proposal=proposal).select_related("ams"))
    for word in words:
        word.benefit = by_pk[word.benefit_id]
    _with_moves(words, proposal, viewer, code)
    states = sorted({word.ams for word in words}, key=lambda ams: ams.order)
    said = {(word.benefit_id, word.ams_id): word for word in words}
    matrix = Matrix(states)
    for benefit in benefits:
        line = Line(benefit, [said.get((benefit.pk, state.code)) for state in states])
        if not matrix.groups or matrix.groups[-1][0] != benefit.category:
            matrix.groups.append((benefit.category, []))
        matrix.groups[-1][1].append(line)
    return matrix


TONES = {
    ConcurrenceState.ASKED: "grey",
    ConcurrenceState.CONCURRED: "green",
    ConcurrenceState.WITH_CONDITIONS: "teal",
    ConcurrenceState.REFUSED: "red",
    ConcurrenceState.LEFT_OUT: "grey",
}
