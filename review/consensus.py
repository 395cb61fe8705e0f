"""What the positions of the Member States allow (D3, D4, D5). Pure: no database, no clock, no words.

The portal proposes what the positions allow; a person records it. There are no tallies: one
objection stands against any number of approvals.

An objecting Member State may *step aside* (ASEAN Minus X); the others *remain*. A Member State
that remains and has not answered is *silent*. Silence counts as no objection when the round was
opened so and the deadline has passed; then the silent ones have *spoken* too.

`TABLE` is the rule: the first line that fits decides. `docs/decisions/consensus.md` prints it.

A request to defer is no objection, but nobody decides over it: while it stands the case can only
be put off, or the Member States consulted further until the position changes. “Consult again” is
no outcome, because it is always open: the round simply stays open.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

ENOUGH = 2


class Answer(StrEnum):
    """The position of a Member State (D2)."""

    APPROVE = "approve"
    NO_OBJECTION = "no_objection"
    CONDITIONS = "approve_with_conditions"
    DEFER = "defer"
    OBJECT = "object"


class Outcome(StrEnum):
    """What can be recorded of a round (D5)."""

    APPROVED = "approved"
    DEFERRED = "deferred"
    NOT_APPROVED = "not_approved"


class Basis(StrEnum):
    """On what the allowed outcomes rest."""

    CONSENSUS = "consensus"
    SILENCE = "silence"
    MINUS_X = "minus_x"
    QUESTION = "question"
    NO_CONSENSUS = "no_consensus"
    AWAITED = "awaited"


class Why(StrEnum):
    """The codes of reasons; `review.rounds.words` puts them in words."""

    STEPS_ASIDE = "steps_aside"
    OBJECTS = "objects"
    ASKS_TO_WAIT = "asks_to_wait"
    CONDITIONS = "conditions"
    ALL_ANSWERED = "all_answered"
    REMAINING_ANSWERED = "remaining_answered"
    AWAITED = "awaited"
    SILENCE_COUNTS = "silence_counts"
    SILENCE_DOES_NOT_COUNT = "silence_does_not_count"
    NONE_OBJECTS = "none_objects"
    TOO_FEW_REMAIN = "too_few_remain"
    ORIGINATING_MISSING = "originating_missing"
    CRITERION_2_FAILS = "criterion_2_fails"
    CRITERION_2_HOLDS = "criterion_2_holds"


@dataclass(frozen=True, slots=True)
class Reason:
    """One step of the reasoning, and the Member States it is about, in order of their codes."""

    why: Why
    states: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a round stands. Member States are named by their codes.

    Raises ValueError for a position of a Member State that is not confirmed, and for one that
    steps aside without objecting.
    """

    confirmed: frozenset[str]
    positions: Mapping[str, Answer]
    originating: str
    meeting_criterion_2: frozenset[str]
    silence_is_no_objection: bool = False
    deadline_passed: bool = False
    stepping_aside: frozenset[str] = field(default_factory=frozenset)

    def __post_init__(self) -> None:
        if strangers := set(self.positions) - self.confirmed:
            raise ValueError(f"not confirmed: {', '.join(sorted(strangers))}")
        if quiet := {ams for ams in self.stepping_aside if self.positions.get(ams) != Answer.OBJECT}:
            raise ValueError(f"only an objecting Member State can step aside: {', '.join(sorted(quiet))}")

    @property
    def remaining(self) -> frozenset[str]:
        """Who decides: the confirmed ones less those that step aside."""
        return self.confirmed - self.stepping_aside

    def having(self, answer: Answer) -> tuple[str, ...]:
        """Return who of those that remain holds this position."""
        return tuple(sorted(ams for ams in self.remaining if self.positions.get(ams) == answer))


@dataclass(frozen=True, slots=True)
class Verdict:
    """What may be recorded now, on what basis, and why, step by step."""

    outcomes: frozenset[Outcome]
    basis: Basis
    silent: tuple[str, ...]
    remaining: tuple[str, ...]
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Facts:
    """What the table asks of a standing: yes or no to each."""

    objects: bool
    asks_to_wait: bool
    silent: bool
    passed: bool
    spoken: bool
    short: bool
    aside: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the table: when it fits, in words and as a rule, and what it allows."""

    when: str
    fits: Callable[[Facts], bool]
    outcomes: frozenset[Outcome]
    basis: Basis


_NOTHING: frozenset[Outcome] = frozenset()
_PUT_OFF = frozenset({Outcome.DEFERRED})
_REFUSE = frozenset({Outcome.DEFERRED, Outcome.NOT_APPROVED})
_APPROVE = frozenset({Outcome.APPROVED})

TABLE = (
    Line(
        "one objects, and all have spoken or the deadline has passed",
        lambda f: f.objects and (f.spoken or f.passed), _REFUSE, Basis.NO_CONSENSUS,
    ),
    Line("one objects, and others are still awaited", lambda f: f.objects, _PUT_OFF, Basis.NO_CONSENSUS),
    Line("none objects, and one asks to defer", lambda f: f.asks_to_wait, _PUT_OFF, Basis.QUESTION),
    Line(
        "none objects or asks to defer; one is silent, and the deadline has not passed",
        lambda f: not f.spoken and not f.passed, _NOTHING, Basis.AWAITED,
    ),
    Line(
        "none objects or asks to defer; one is silent, the deadline has passed, and silence does not count",
        lambda f: not f.spoken, _PUT_OFF, Basis.NO_CONSENSUS,
    ),
    Line("all have spoken, none objects or asks to defer, and too few remain (*)", lambda f: f.short, _REFUSE, Basis.NO_CONSENSUS),
    Line("all have spoken, none objects or asks to defer; another has stepped aside", lambda f: f.aside, _APPROVE, Basis.MINUS_X),
    Line("all have spoken, none objects or asks to defer; silence was counted for one", lambda f: f.silent, _APPROVE, Basis.SILENCE),
    Line("all have answered, and none objects or asks to defer", lambda _f: True, _APPROVE, Basis.CONSENSUS),
)  # fmt: skip
TOO_FEW = (
    "(*) Too few: fewer than two remain, or the originating one is not among them, or fewer than two of them meet "
    "criterion 2, which asks that a Member State both takes part and benefits (P3)."
)


def judge(standing: Standing) -> Verdict:
    """Return what the positions allow, by the table."""
    silent = tuple(sorted(standing.remaining - set(standing.positions)))
    objecting, waiting = standing.having(Answer.OBJECT), standing.having(Answer.DEFER)
    counted = standing.silence_is_no_objection and standing.deadline_passed
    short = missing(standing.remaining, standing.originating, standing.meeting_criterion_2)
    facts = Facts(
        objects=bool(objecting), asks_to_wait=bool(waiting), silent=bool(silent), passed=standing.deadline_passed,
        spoken=not silent or counted, short=bool(short), aside=bool(standing.stepping_aside),
    )  # fmt: skip
    line = next(one for one in TABLE if one.fits(facts))
    reasons = [
        Reason(Why.STEPS_ASIDE, tuple(sorted(standing.stepping_aside))),
        Reason(Why.OBJECTS, objecting),
        Reason(Why.ASKS_TO_WAIT, waiting),
        Reason(Why.CONDITIONS, standing.having(Answer.CONDITIONS)),
    ]
    kept = [reason for reason in reasons if reason.states]
    kept.append(_of_silence(standing, silent, counted=counted))
    if not objecting:
        kept.append(Reason(Why.NONE_OBJECTS))
    if facts.spoken and not objecting and not waiting:
        kept += short or [Reason(Why.CRITERION_2_HOLDS, _meeting(standing.remaining, standing.meeting_criterion_2))]
    return Verdict(line.outcomes, line.basis, silent, tuple(sorted(standing.remaining)), tuple(kept))


def missing(remaining: Collection[str], originating: str, meeting_criterion_2: Collection[str]) -> list[Reason]:
    """Return what those that remain lack to carry a decision: nothing where they are enough (P3, D4, D6)."""
    found = []
    if len(remaining) < ENOUGH:
        found.append(Reason(Why.TOO_FEW_REMAIN, tuple(sorted(remaining))))
    if originating not in remaining:
        found.append(Reason(Why.ORIGINATING_MISSING, (originating,)))
    if len(meeting := _meeting(remaining, meeting_criterion_2)) < ENOUGH:
        found.append(Reason(Why.CRITERION_2_FAILS, meeting))
    return found


def _meeting(remaining: Collection[str], meeting_criterion_2: Collection[str]) -> tuple[str, ...]:
    return tuple(sorted(set(remaining) & set(meeting_criterion_2)))


def _of_silence(standing: Standing, silent: tuple[str, ...], *, counted: bool) -> Reason:
    if not silent:
        answered = Why.REMAINING_ANSWERED if standing.stepping_aside else Why.ALL_ANSWERED
        return Reason(answered, tuple(sorted(standing.remaining)))
    if counted:
        return Reason(Why.SILENCE_COUNTS, silent)
    return Reason(Why.SILENCE_DOES_NOT_COUNT if standing.deadline_passed else Why.AWAITED, silent)
