"""A round as its page shows it: every confirmed Member State with its position, and what they allow. No tallies (D2)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from aipbi.accounts.capacity import Capacity
from aipbi.accounts.enums import Role
from aipbi.asean.names import member_state_names
from aipbi.templatetags.portal import in_words as moment
from review import consensus
from review.consensus import Verdict
from review.enums import Answer, Basis, Outcome, RoundState
from review.rounds import verbs, words
from review.rounds.models import Decision, Position, Round
from review.rounds.record import Clearing, Escalation
from review.states import in_words


@dataclass(frozen=True, slots=True)
class Entry:
    """What a Member State said, now or before: a position, or that it steps aside."""

    value: str
    text: str
    role: str
    at: datetime
    code: str
    aside: bool = False
    stated: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One Member State in the matrix: its position now, what its other office said, and all before, newest first."""

    ams: str
    originating: bool
    own: bool
    left: bool
    position: Position
    now: Entry | None
    aside: Entry | None
    other: Entry | None
    before: list[Entry]


@dataclass(frozen=True, slots=True)
class DecisionPage:
    """A recorded decision in words."""

    decision: Decision
    reasoning: list[str]
    silent: str
    stepped_aside: str
    left: str
    cleared: Clearing | None


@dataclass(frozen=True, slots=True)
class RoundPage:
    """A round in words."""

    round: Round
    rows: list[Row]
    is_open: bool
    # Whether a position is still to be given.
    awaited: bool
    waits: str
    bystander: str
    sentences: list[str]
    allowed: list[str]
    basis: str
    aside: str
    consultations: list[Any]
    escalations: list[Escalation]
    decision: DecisionPage | None

    @classmethod
    def of(cls, one: Round, viewer: Capacity, now: datetime) -> "RoundPage":
        """Return the page of a round, fetched with its positions; a few queries more, however many there are."""
        verdict = verbs.verdict(one, now) if one.is_live else None
        escalations = list(one.escalations.select_related("answer__file", "office").all())
        rows = _rows(one, viewer)
        return cls(
            round=one,
            rows=rows,
            is_open=one.is_live,
            awaited=bool(verdict and verdict.silent),
            waits=_waits(one, verdict, escalations, now) if verdict else "",
            bystander=_bystander(rows, viewer) if verdict else "",
            sentences=words.sentences(verdict.reasons) if verdict else [],
            allowed=[str(label) for code, label in Outcome.choices if verdict and code in verdict.outcomes],
            basis=str(Basis(verdict.basis).label) if verdict else "",
            aside=_aside(one, now) if verdict else "",
            consultations=list(one.consultations.select_related("office").all()),
            escalations=escalations,
            decision=None if verdict else _decision(one.decision),
        )

    @property
    def escalated(self) -> bool:
        """Whether the ministers or the council are asked now."""
        return self.round.state == RoundState.ESCALATED


def _waits(one: Round, verdict: Verdict, escalations: Sequence[Escalation], now: datetime) -> str:
    """Say in one line what the round waits for, on whom, and until when (L3)."""
    if one.state == RoundState.ESCALATED:
        last = escalations[-1]
        return _("Waits for the answer of the %(forum)s, until %(until)s.") % {
            "forum": last.get_forum_display(), "until": moment(last.due),
        }  # fmt: skip
    until = {"until": moment(one.deadline)}
    chair = _("the chair of the FG-GVC")
    outcomes = verdict.outcomes
    if verdict.silent and now <= one.deadline:
        told = ngettext(
            "Waits for the position of %(states)s, until %(until)s.",
            "Waits for the positions of %(states)s, until %(until)s.",
            len(verdict.silent),
        )
        return told % {**until, "states": in_words(verdict.silent)}
    if consensus.Outcome.APPROVED in outcomes:
        return _("Waits for %(chair)s to record the decision.") % {"chair": chair}
    if verdict.basis == consensus.Basis.QUESTION:
        return _("Waits for %(chair)s to put it off, or to have the Member States consult again.") % {"chair": chair}
    return _("Waits for %(chair)s: there is no consensus. The Member States consult again, escalate, put it off or do not approve.") % {
        "chair": chair,
    }  # fmt: skip


def _bystander(rows: Sequence[Row], viewer: Capacity) -> str:
    """Say to a Member State that is not asked why it finds no place to speak (D1)."""
    if viewer.ams is None or any(row.own and not row.left for row in rows):
        return ""
    if any(row.own for row in rows):
        return _("Your country has left the project. It gives no position any more.")
    return _(
        "Your country is not among those that confirmed when the round was opened. You read the round; it gives no position."
    )


def _aside(one: Round, now: datetime) -> str:
    """Say who would have to step aside so that the others may approve (D4); nothing where that opens no way."""
    objecting = verbs.objecting(one)
    already = {held.ams_id for held in one.positions.all() if held.steps_aside}
    wanted = [ams for ams in objecting if ams not in already]
    opens = wanted and Outcome.APPROVED in verbs.verdict(one, now, objecting).outcomes
    return capfirst(in_words(wanted)) if opens else ""


def _rows(one: Round, viewer: Capacity) -> list[Row]:
    names, given, inside = member_state_names(), _entries(one), set(verbs.still_in(one))
    if not one.is_live:
        inside = set(one.members) - set(one.decision.left)
    rows = []
    for position in one.positions.all():
        position.proposal, position.round = one.proposal, one
        entries = given.get(position.pk, [])
        said = [entry for entry in entries if not entry.aside]
        now = said[0] if said else None
        rows.append(
            Row(
                ams=names[position.ams_id],
                originating=position.ams_id == one.proposal.originating_ams_id,
                own=position.ams_id == viewer.ams,
                left=position.ams_id not in inside,
                position=position,
                now=now,
                aside=entries[0] if position.steps_aside and entries else None,
                other=_other(said),
                before=[entry for entry in entries[1:] if entry is not now],
            )
        )
    return rows


def _other(said: Sequence[Entry]) -> Entry | None:
    """Return the last word of the other office of the Member State, where it differs from the one that stands (D2)."""
    if not said or said[0].stated:
        return None
    other = next((entry for entry in said[1:] if entry.role != said[0].role and not entry.stated), None)
    return other if other and other.code != said[0].code else None


def _entries(one: Round) -> dict[int, list[Entry]]:
    """Return what was said in the round, by the position's key, newest first."""
    kept: Any = apps.get_model("review", "PositionEntry")
    found: dict[int, list[Entry]] = {}
    rows = kept.objects.filter(round=one).exclude(value="").select_related("office", "aside_office").order_by("-pgh_id")
    for row in rows:
        if row.aside_at:
            role, text = str(Role(row.aside_office.role).label), row.aside_basis
            entry = Entry(_("Steps aside under ASEAN Minus X"), text, role, row.aside_at, row.value, aside=True)
        else:
            # What ASEC enters was stated at a meeting (`state_position`).
            stated = row.office.role == Role.ASEC
            by = _("as stated at a meeting, entered by the Secretariat") if stated else str(Role(row.office.role).label)
            entry = Entry(str(Answer(row.value).label), row.text, by, row.given_at, row.value, stated=stated)
        found.setdefault(row.pgh_obj_id, []).append(entry)
    return found


def _decision(decision: Decision) -> DecisionPage:
    return DecisionPage(
        decision=decision,
        reasoning=words.sentences(words.thaw(decision.reasoning)),
        silent=in_words(decision.silent),
        stepped_aside=in_words(decision.stepped_aside),
        left=in_words(decision.left),
        cleared=Clearing.objects.filter(decision=decision).select_related("office").first(),
    )
