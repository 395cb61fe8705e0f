"""Who takes part in what: the Member States of a case by category of facilitation (D1, D6)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from aipbi.accounts.capacity import Capacity
from aipbi.accounts.enums import Role
from aipbi.asean.names import category_names, member_state_names
from aipbi.workflow.moves import Move
from proposals.document.rules import items
from proposals.enums import Taking
from proposals.models import Participation, ParticipationEntry, Proposal

# A sign beside each word, for whoever looks over the table; the word says it all.
TAKES, WATCHES, NOT, OPEN = "●", "○", "–", "?"


@dataclass(frozen=True, slots=True)
class Cell:
    """What a Member State does in one category, and which requests of the proposal ask it there."""

    sign: str
    word: str
    asked: str


@dataclass(frozen=True, slots=True)
class Said:
    """One answer that it gave."""

    answer: str
    categories: str
    reason: str
    office: str
    at: datetime


@dataclass(slots=True)
class Row:
    """One Member State: its answer now, its cells, all that it said, newest first, and the reader's moves on it."""

    participation: Participation
    name: str
    answer: str
    originating: bool
    named: bool
    own: bool
    cells: list[Cell]
    said: list[Said]
    moves: list[Move] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Matrix:
    """The table, and beside it who wishes to join."""

    categories: list[str]
    rows: list[Row]
    wishing: list[Row]


def matrix(proposal: Proposal, viewer: Capacity) -> Matrix:
    """Return the matrix as the capacity reads it; reasons are for the Member States and ASEC."""
    found = Participation.objects.visible_to(viewer).filter(proposal=proposal).order_by("ams__order")
    participations = list(found)
    said = {} if viewer.proposes else _said(participations)
    document = proposal.version.document if proposal.version else {}
    asked, named = _asked(document), {one.get("ams") for _n, one in items(document, "participants")}
    categories, names = category_names(), member_state_names()
    rows = []
    for one in participations:
        one.proposal = proposal
        rows.append(
            Row(
                participation=one,
                name=names[one.ams_id],
                answer=str(Taking(one.state).label),
                originating=one.ams_id == proposal.originating_ams_id,
                named=one.ams_id in named,
                own=one.ams_id == viewer.ams and viewer.role == Role.SEOM_LEAD,
                cells=[_cell(one, code, asked.get((one.ams_id, code), [])) for code in categories],
                said=said.get(one.pk, []),
            )
        )
    outside = (Taking.WISHING, Taking.NOT_ADMITTED)
    return Matrix(
        categories=list(categories.values()),
        rows=[row for row in rows if row.participation.state not in outside],
        wishing=[row for row in rows if row.participation.state in outside],
    )


def _cell(one: Participation, category: str, ranks: list[int]) -> Cell:
    asked = _("asked in request %(ranks)s") % {"ranks": ", ".join(map(str, ranks))} if ranks else ""
    if one.state == Taking.CONFIRMED:
        inside = one.covers(category)
        return Cell(*((TAKES, _("Takes part")) if inside else (NOT, _("Not in this one"))), asked)
    if one.state == Taking.NAMED:
        return Cell(OPEN, _("Not answered"), asked)
    return Cell(*((WATCHES, _("Observes")) if one.state == Taking.OBSERVING else (NOT, _("No part"))), asked)


def _asked(document: dict[str, Any]) -> dict[tuple[str, str], list[int]]:
    """Return the ranks of the proposal's requests by Member State and category."""
    found: dict[tuple[str, str], list[int]] = {}
    for _n, request in sorted(items(document, "requests"), key=lambda one: one[1].get("rank") or 0):
        for ams in request.get("ams") or []:
            found.setdefault((ams, str(request.get("category"))), []).append(request["rank"])
    return found


def _said(participations: Iterable[Participation]) -> dict[int, list[Said]]:
    found: dict[int, list[Said]] = {}
    entries = ParticipationEntry.objects.filter(participation__in=[one.pk for one in participations])
    labels = category_names()
    for entry in entries.select_related("office").order_by("-pk"):
        kept = Said(
            answer=str(Taking(entry.state).label),
            categories=", ".join(labels.get(code, code) for code in entry.categories),
            reason=entry.reason,
            office=str(Role(entry.office.role).label) if entry.office else "",
            at=entry.at,
        )
        found.setdefault(entry.participation_id, []).append(kept)
    return found


def takes_part_in(proposal: Proposal, category: str) -> list[str]:
    """Return the codes of the Member States that take part in the category, in ASEAN's order (D6)."""
    found = proposal.participations.taking_part()
    return [one.ams_id for one in found if one.covers(category)]
