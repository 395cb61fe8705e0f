"""A round as its page shows it: every confirmed Member State with its position, and what they allow. No tallies (D2)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from aipbi.accounts.capacity import Capacity
from aipbi.accounts.enums import Role
from aipbi.asean.names import member_state_names
from review.enums import Answer, Basis, Outcome, RoundState
from review.rounds import verbs, words
from review.rounds.models import Decision, Position, Round
from review.states import in_words


@dataclass(frozen=True, slots=True)
class Entry:
    """One position a Member State gave, now or before."""

    value: str
    text: str
    role: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Row:
    """One Member State in the matrix: its position now, and the ones before, newest first."""

    ams: str
    originating: bool
    own: bool
    position: Position
    now: Entry | None
    before: list[Entry]


@dataclass(frozen=True, slots=True)
class DecisionPage:
    """A recorded decision in words."""

    decision: Decision
    reasoning: list[str]
    silent: str
    stepped_aside: str


@dataclass(frozen=True, slots=True)
class RoundPage:
    """A round in words."""

    round: Round
    rows: list[Row]
    is_open: bool
    sentences: list[str]
    allowed: list[str]
    basis: str
    aside: str
    decision: DecisionPage | None

    @classmethod
    def of(cls, one: Round, viewer: Capacity, now: datetime) -> "RoundPage":
        """Return the page of a round, fetched with its positions; one query more."""
        is_open = one.state == RoundState.OPEN
        verdict = verbs.verdict(one, now) if is_open else None
        return cls(
            round=one,
            rows=_rows(one, viewer),
            is_open=is_open,
            sentences=words.sentences(verdict.reasons) if verdict else [],
            allowed=[str(label) for code, label in Outcome.choices if verdict and code in verdict.outcomes],
            basis=str(Basis(verdict.basis).label) if verdict else "",
            aside=_aside(one, now) if is_open else "",
            decision=None if is_open else _decision(one.decision),
        )


def _aside(one: Round, now: datetime) -> str:
    """Say who would have to step aside so that the others may approve (D4); nothing where that opens no way."""
    objecting = verbs.objecting(one)
    opens = objecting and Outcome.APPROVED in verbs.verdict(one, now, objecting).outcomes
    return capfirst(in_words(objecting)) if opens else ""


def _rows(one: Round, viewer: Capacity) -> list[Row]:
    names, given = member_state_names(), _entries(one)
    rows = []
    for position in one.positions.all():
        position.proposal, position.round = one.proposal, one
        entries = given.get(position.pk, [])
        rows.append(
            Row(
                ams=names[position.ams_id],
                originating=position.ams_id == one.proposal.originating_ams_id,
                own=position.ams_id == viewer.ams,
                position=position,
                now=entries[0] if entries else None,
                before=entries[1:],
            )
        )
    return rows


def _entries(one: Round) -> dict[int, list[Entry]]:
    """Return the positions given in the round, by the position's key, newest first."""
    kept: Any = apps.get_model("review", "PositionEntry")
    found: dict[int, list[Entry]] = {}
    rows = kept.objects.filter(round=one).exclude(value="").select_related("office").order_by("-pgh_id")
    for row in rows:
        # What ASEC enters was stated at a meeting (`state_position`).
        stated = row.office.role == Role.ASEC
        by = _("as stated at a meeting, entered by the Secretariat") if stated else str(Role(row.office.role).label)
        entry = Entry(str(Answer(row.value).label), row.text, by, row.given_at)
        found.setdefault(row.pgh_obj_id, []).append(entry)
    return found


def _decision(decision: Decision) -> DecisionPage:
    return DecisionPage(
        decision=decision,
        reasoning=words.sentences(words.thaw(decision.reasoning)),
        silent=in_words(decision.silent),
        stepped_aside=in_words(decision.stepped_aside),
    )
