"""The page of benefits as data: measure × Member State, each word, and what was asked beside what is given (F3)."""

from dataclasses import dataclass, field
from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from aipbi.accounts.capacity import Capacity
from aipbi.accounts.enums import Role
from aipbi.asean.models import MemberState
from aipbi.asean.names import category_names, member_states_in_text
from aipbi.workflow import registry
from facilitation import amendments
from facilitation.enums import GIVEN, BenefitState, ConcurrenceState
from facilitation.models import Benefit, BenefitWording, Concurrence
from facilitation.queries import in_a_sentence, requests, why_not_given
from facilitation.rules import INSIDE
from proposals.enums import State
from proposals.models import Participation, Proposal

_WORDINGS = BenefitWording.objects.select_related("category", "agreement", "body")
# A sign for whoever looks over the grid; the word beside it says it all.
SIGNS = {
    ConcurrenceState.ASKED: "?",
    ConcurrenceState.CONCURRED: "✓",
    ConcurrenceState.WITH_CONDITIONS: "✓*",
    ConcurrenceState.REFUSED: "✕",
    ConcurrenceState.LEFT_OUT: "–",
}
GONE = "gone"


@dataclass(slots=True)
class Cell:
    """What one Member State says of one benefit; `word` None where it was not asked."""

    state: MemberState
    word: Concurrence | None
    code: str
    sign: str
    label: str


@dataclass(frozen=True, slots=True)
class Alike:
    """Member States that say the same of a benefit, and no more than that."""

    code: str
    label: str
    cells: list[Cell]


@dataclass(slots=True)
class Line:
    """One benefit with its cells, those of who was asked, and the reader's moves.

    Of `told`, `alike` say a word only, the same ones together; `worded` say more, or are the reader's own.
    """

    benefit: Any
    cells: list[Cell]
    told: list[Cell]
    given: bool
    wordings: list[Any] = field(default_factory=list)
    alike: list[Alike] = field(default_factory=list)
    worded: list[Cell] = field(default_factory=list)
    moves: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Grid:
    """Benefits in the order of their numbers; `states` are the columns."""

    states: list[MemberState]
    lines: list[Line]
    # How each Member State takes part.
    taking: dict[str, Participation] = field(default_factory=dict)


def grid(proposal: Proposal, viewer: Capacity) -> Grid | None:
    """Return the grid as the capacity reads it, or None where it reads no benefit: six queries, whatever its size."""
    benefits = list(
        Benefit.objects.visible_to(viewer)
        .filter(proposal=proposal)
        .select_related("category", "body", "agreement", "begun_from")
        .prefetch_related(Prefetch("wordings", _WORDINGS))
        .order_by("number")
    )
    if not benefits:
        return None
    by_pk = {benefit.pk: benefit for benefit in benefits}
    words = list(
        Concurrence.objects.visible_to(viewer)
        .filter(proposal=proposal)
        .select_related("ams")
        .prefetch_related("entries")
        .order_by("ams__order")
    )
    taking = {one.ams_id: one for one in proposal.participations.taking_part()}
    for word in words:
        word.proposal, word.benefit = proposal, by_pk[word.benefit_id]
    columns = set(taking) | {word.ams_id for word in words}
    states = list(MemberState.objects.filter(code__in=columns).order_by("order"))
    said = {(word.benefit_id, word.ams_id): word for word in words}
    open_now = being_worked_out(proposal, viewer)
    lines = []
    for benefit in benefits:
        benefit.proposal = proposal
        cells = [_cell(state, said.get((benefit.pk, state.code)), benefit, taking) for state in states]
        told = [cell for cell in cells if cell.word]
        for cell in told:
            one: Any = cell.word
            one.moves = _moves(
                one, viewer, open_now and benefit.state == BenefitState.PROPOSED and not benefit.finalised_at
            )
            one.earlier = _earlier(one)
        given = any(cell.code in GIVEN or cell.code == ConcurrenceState.ASKED for cell in cells)
        kept = [text for text in benefit.wordings.all() if text.number != benefit.wording]
        line = Line(benefit, cells, told, given, kept, moves=_moves(benefit, viewer, open_now))
        line.worded = [cell for cell in told if _says_more(cell, viewer)]
        line.alike = _alike([cell for cell in told if cell not in line.worded])
        lines.append(line)
    return Grid(states, lines, taking)


def being_worked_out(proposal: Proposal, viewer: Capacity) -> bool:
    """Whether benefits are proposed and answered now: in facilitation, or by an amendment (D6); the proponent takes no part in that."""
    return proposal.state == State.FACILITATION or (viewer.role in INSIDE and bool(amendments.open_one(proposal)))


def _says_more(cell: Cell, viewer: Capacity) -> bool:
    word: Any = cell.word
    own = viewer.role == Role.SEOM_LEAD and cell.state.code == viewer.ams
    return bool(own or word.conditions or word.reason or word.left_out_because or word.earlier)


def _alike(cells: list[Cell]) -> list[Alike]:
    found: dict[str, Alike] = {}
    for cell in cells:
        found.setdefault(cell.code, Alike(cell.code, cell.label, [])).cells.append(cell)
    return list(found.values())


def _cell(state: MemberState, word: Concurrence | None, benefit: Benefit, taking: dict[str, Participation]) -> Cell:
    if word is None:
        return Cell(state, None, "", "", str(_("Not asked")))
    taken = taking.get(state.code)
    if not (taken and taken.covers(benefit.category_id)) and word.state != ConcurrenceState.LEFT_OUT:
        return Cell(state, word, GONE, "–", str(_("Takes no part any more")))
    return Cell(state, word, word.state, SIGNS[ConcurrenceState(word.state)], word.get_state_display())


def _moves(row: Any, viewer: Capacity, open_now: bool) -> list[dict[str, Any]]:  # noqa: FBT001 - the case's, for every row
    """Return the reader's moves on the row; what only its own page can refuse is said there."""
    if not open_now:
        return []
    code = row.proposal.case.code
    found = [move for move in registry.open_to(viewer, row) if not move.by_clock]
    return [{"label": move.label, "url": move.url(code), "warning": move.warning} for move in found]


def _earlier(word: Concurrence) -> list[Any]:
    """Return what was said before, the newest first; an entry that only asked again says nothing."""
    entries = [one for one in word.entries.all() if one.state != ConcurrenceState.ASKED]
    stands = word.state != ConcurrenceState.ASKED
    return list(reversed(entries[:-1] if stands else entries))


# --- What was asked for, beside what is given ---


@dataclass(slots=True)
class Answer:
    """A benefit that answers a request, and who gives it, in a sentence."""

    number: int
    measure: str
    given_by: str
    conditions: list[str]
    without: list[str]


@dataclass(slots=True)
class Asked:
    """One ranked request and what came of it."""

    rank: int
    category: str
    measure: str
    effect: str
    of: str
    answers: list[Answer]
    reason: str


def comparison(proposal: Proposal, viewer: Capacity, found: Grid) -> list[Asked]:
    """Return what the proponent asked for, rank by rank, and what is given, with the reason where it is not.

    A proponent reads who gives it, and of a Member State that does not only what that one allows.
    """
    inside = viewer.role in INSIDE
    answers: dict[int | None, list[Answer]] = {}
    everything = found.lines if inside else _all_lines(proposal, found)
    for line in everything:
        if line.benefit.state == BenefitState.PROPOSED:
            answers.setdefault(line.benefit.request_rank, []).append(_answer(line, inside=inside))
    explained, names, labels = why_not_given(proposal), member_states_in_text(), category_names()
    rows = []
    for one in requests(proposal):
        said = explained.get(one["rank"])
        given = answers.get(one["rank"], [])
        rows.append(
            Asked(
                rank=one["rank"],
                category=labels.get(one["category"], one["category"]),
                measure=one["measure"],
                effect=one.get("expected_effect") or "",
                of=", ".join(names.get(code, code) for code in one.get("ams") or ()),
                answers=given,
                reason=said.reason if said and not given else "",
            )
        )
    return rows


def _all_lines(proposal: Proposal, found: Grid) -> list[Line]:
    """Return the lines with every word, for what a proponent may be told of them in its own sentences."""
    words: dict[int, list[Cell]] = {}
    taking = found.taking
    by_pk = {line.benefit.pk: line for line in found.lines}
    for word in (
        Concurrence.objects.filter(proposal=proposal, benefit__in=by_pk).select_related("ams").order_by("ams__order")
    ):
        cell = _cell(word.ams, word, by_pk[word.benefit_id].benefit, taking)
        words.setdefault(word.benefit_id, []).append(cell)
    return [Line(line.benefit, [], words.get(line.benefit.pk, []), line.given) for line in found.lines]


def _answer(line: Line, *, inside: bool) -> Answer:
    given = [cell.state for cell in line.told if cell.code in GIVEN]
    others = [cell for cell in line.told if cell.code not in GIVEN and cell.code != ConcurrenceState.ASKED]
    awaited = [cell.state for cell in line.told if cell.code == ConcurrenceState.ASKED]
    by = _("Given by %(states)s.") % {"states": in_a_sentence(given)} if given else _("Nobody gives it.")
    if awaited:
        by += " " + _("Awaited: %(states)s.") % {"states": in_a_sentence(awaited)}
    if inside:
        without = [f"{cell.state.name}: {_why(cell)}" for cell in others]
    else:
        without = [f"{cell.state.name}: {_why(cell)}" for cell in others if cell.word and cell.word.may_be_named]
        # No number: with the names of those who give it, that could be one name.
        if len(others) > len(without):
            without.append(_("Not every Member State that was asked gives it."))
    conditions = [
        f"{cell.state.name}: {cell.word.conditions}" for cell in line.told if cell.word and cell.word.conditions
    ]
    return Answer(line.benefit.number, line.benefit.measure, by, conditions, without)


def _why(cell: Cell) -> str:
    word: Any = cell.word
    if word.reason:
        return f"{ConcurrenceState.REFUSED.label}. {word.reason}"
    return f"{cell.label}. {word.left_out_because}" if word.left_out_because else str(cell.label)
