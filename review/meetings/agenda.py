"""The agenda as pages, packs and the record read it: each item with what became of its round (D1, D5)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from aipbi.accounts.capacity import Capacity
from aipbi.asean.names import member_states_in_text
from proposals.document.rules import counting
from proposals.enums import State
from proposals.models import Proposal
from review.consensus import ENOUGH
from review.enums import Basis, Instrument, Outcome, RoundState
from review.meetings.enums import AHEAD
from review.meetings.models import AgendaItem, Meeting
from review.rounds import verbs, words
from review.rounds.models import Decision, Round
from review.states import in_words


@dataclass(slots=True)
class Item:
    """One item in words. `proposal` is None for a matter in free words, and for a case the reader may not open."""

    row: AgendaItem
    number: int
    title: str
    about: str
    concerned: str
    proposal: Proposal | None
    round: Round | None
    live: bool
    told: str
    decision: Decision | None

    @property
    def is_case(self) -> bool:
        """Whether a round is decided here."""
        return self.row.round_id is not None

    @property
    def done(self) -> bool:
        """Whether nothing is left to do on it at the meeting."""
        return self.row.noted_at is not None if self.round is None else not self.live

    @property
    def anchor(self) -> str:
        """Id of the item on a page."""
        return f"item-{self.row.pk}"


def items(meeting: Meeting, viewer: Capacity | None = None) -> list[Item]:
    """Return the items in their order, those moved to another meeting last; two queries, three with a viewer.

    Without a viewer it is for papers that only ASEC and the FG-GVC read. What a reader may not open
    stands on the agenda without its title (U5).
    """
    found_rows = meeting.items.select_related(
        "round__proposal__case", "round__proposal__organisation", "round__version", "round__report",
        "round__decision__office__ams", "moved_to__case",
    ).prefetch_related("round__positions", "round__proposal__participations")  # fmt: skip
    rows = sorted(found_rows, key=lambda row: (row.moved_to_id is not None, row.order, row.pk))
    seen = None
    if viewer is not None:
        wanted = [row.round.proposal_id for row in rows if row.round]
        seen = set(Proposal.objects.visible_to(viewer).filter(pk__in=wanted).values_list("pk", flat=True))
    names, found, number = member_states_in_text(), [], 0
    for row in rows:
        row.meeting = meeting
        number += row.moved_to_id is None
        found.append(_item(row, number, seen, names))
    return found


def _item(row: AgendaItem, number: int, seen: set[int] | None, names: dict[str, str]) -> Item:
    one = row.round
    hidden = one is not None and seen is not None and one.proposal_id not in seen
    concerned = capfirst(in_words(one.members if one else row.concerns, names))
    if one is None or hidden:
        title = _("An item that concerns other Member States") if hidden else row.title
        told = _("Moved to %(meeting)s.") % {"meeting": row.moved_to.case.reference} if row.moved_to else ""
        return Item(row, number, title, "" if hidden else row.about, "" if hidden else concerned, None, None, False, told, None)  # fmt: skip  # noqa: FBT003
    decision = taken_here(row)
    live = is_live(one) and row.moved_to_id is None
    return Item(
        row=row,
        number=number,
        title=one.proposal.title,
        about=one.proposal.case.reference or "",
        concerned=concerned,
        proposal=one.proposal,
        round=one,
        live=live,
        told=_told(row, decision, live=live),
        decision=decision,
    )


def is_live(one: Round) -> bool:
    """Whether the round can still be decided: it is open, and its proposal is before the FG-GVC."""
    return one.state == RoundState.OPEN and one.proposal.state == State.BEFORE_FG_GVC


def taken_here(row: AgendaItem) -> Decision | None:
    """Return the decision taken on the item at its meeting: after it was opened and before its record was adopted."""
    decision = getattr(row.round, "decision", None) if row.round else None
    begun, closed = row.meeting.held_at, row.closed_at
    if decision is None or begun is None or decision.recorded_at < begun:
        return None
    return None if closed and decision.recorded_at > closed else decision


def _told(row: AgendaItem, decision: Decision | None, *, live: bool) -> str:
    """Say what became of an item that is not open any more: a round closed meanwhile says so."""
    one: Any = row.round
    if row.moved_to:
        return _("Moved to %(meeting)s.") % {"meeting": row.moved_to.case.reference}
    if decision:
        return str(Outcome(decision.outcome).label)
    if live:
        return ""
    if one.proposal.state == State.WITHDRAWN:
        return _("The proponent has withdrawn the proposal; there is nothing to decide.")
    if hasattr(one, "decision"):
        return _("Decided meanwhile, outside this meeting: %(outcome)s.") % {
            "outcome": Outcome(one.decision.outcome).label
        }
    return _("The round has been closed meanwhile; there is nothing to decide.")


def open_rounds(meeting: Meeting) -> list[Round]:
    """Return the open rounds to be decided at a meeting that stand on no live agenda, the oldest first."""
    found = Round.objects.filter(
        state=RoundState.OPEN, instrument=Instrument.MEETING, proposal__state=State.BEFORE_FG_GVC
    ).exclude(Q(agenda_items__isnull=False) & Q(agenda_items__closed_at__isnull=True))
    return list(found.select_related("proposal__case").order_by("opened_at", "pk"))


def others_ahead(meeting: Meeting) -> list[Meeting]:
    """Return the other meetings that are still being prepared, the next one first."""
    found = Meeting.objects.filter(state__in=AHEAD).exclude(pk=meeting.pk)
    return list(found.select_related("case").order_by("starts_at", "pk"))


@dataclass(frozen=True, slots=True)
class Ready:
    """What speaks for deciding an item now, and what stands against it, in sentences. No tallies (D2)."""

    item: Item
    ready: bool
    there: list[str]
    missing: list[str]
    allowed: list[str]
    basis: str
    reasoning: list[str]


def readiness(meeting: Meeting, found: list[Item], now: datetime) -> list[Ready]:
    """Return the chair's list: of each case on the agenda whether it can be decided, and why (not)."""
    return [_ready(item, now) for item in found if item.round and item.row.moved_to_id is None]


def _ready(item: Item, now: datetime) -> Ready:
    one: Any = item.round
    if not item.live:
        return Ready(item, False, [], [item.told], [], "", [])  # noqa: FBT003 - it is not ready
    verdict = verbs.verdict(one, now)
    awaited = [held.ams_id for held in one.positions.all() if not held.value]
    benefiting = set(counting(one.version.document)) & set(one.members)
    there = [
        _("The consolidated report, edition %(n)s, is filed on version %(version)s.")
        % {"n": one.report.edition, "version": one.version.number}
    ]
    missing = []
    if one.proposal.version_id != one.version_id:
        missing.append(_("The proposal has a newer version than the one that is decided."))
    if awaited:
        missing.append(_("Not heard from yet: %(states)s.") % {"states": in_words(awaited)})
    else:
        there.append(_("All confirmed Member States have been heard from."))
    if len(benefiting) >= ENOUGH:
        there.append(
            _("Criterion 2 holds for the proposal: %(states)s take part and benefit.")
            % {"states": in_words(benefiting)}
        )
    else:
        missing.append(
            _("Criterion 2 does not hold: fewer than two of the confirmed Member States take part and benefit.")
        )
    return Ready(
        item=item,
        ready=not missing,
        there=there,
        missing=missing,
        allowed=[str(label) for code, label in Outcome.choices if code in verdict.outcomes],
        basis=str(Basis(verdict.basis).label),
        reasoning=words.sentences(verdict.reasons),
    )
