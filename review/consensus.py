"""What the positions of the Member States allow (D3, D4, D5). Pure: no database, no clock, no words.

The portal proposes what the positions allow; a person records it. There are no tallies: one
objection stands against any number of approvals.

An objecting Member State may *step aside* (ASEAN Minus X); the others *remain*. A Member State
that remains and has not answered is *silent*. Silence counts as no objection when the round was
opened so and the deadline has passed; then the silent ones have *spoken* too. The first line that
fits decides:

| | those that remain                                             | allowed                | basis        |
|-|---------------------------------------------------------------|------------------------|--------------|
|1| one objects; all have spoken, or the deadline has passed      | deferred, not approved | no consensus |
|2| one objects; others are still awaited                         | deferred               | no consensus |
|3| none objects; one asks to defer                               | deferred               | question     |
|4| none objects or defers; one is silent, the deadline not over  | nothing                | awaited      |
|5| the same, the deadline over, silence not counted              | deferred               | no consensus |
|6| all have spoken, none objects or defers; too few remain (*)   | deferred, not approved | no consensus |
|7| as 6 with enough, and somebody stepped aside                  | approved               | Minus X      |
|8| as 6 with enough, and silence was counted                     | approved               | silence      |
|9| as 6 with enough                                              | approved               | consensus    |

(*) too few: fewer than two remain, or the originating one is not among them, or fewer than two of
them meet criterion 2, which asks that a Member State both takes part and benefits (P3).

A request to defer is no objection, but nobody decides over it: while it stands the case can only
be put off, or the Member States consulted further until the position changes. “Consult again” is
never listed, because it is always open: the round simply stays open.
"""

from collections.abc import Mapping
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


def judge(standing: Standing) -> Verdict:
    """Return what the positions allow, by the table above."""
    silent = tuple(sorted(standing.remaining - set(standing.positions)))
    objecting, waiting = standing.having(Answer.OBJECT), standing.having(Answer.DEFER)
    counted = standing.silence_is_no_objection and standing.deadline_passed
    spoken = not silent or counted
    short = _too_few(standing)
    outcomes, basis = _decide(standing, silent, objecting, waiting, spoken=spoken, short=bool(short))
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
    if spoken and not objecting and not waiting:
        kept += short or [Reason(Why.CRITERION_2_HOLDS, _meeting(standing))]
    return Verdict(outcomes, basis, silent, tuple(sorted(standing.remaining)), tuple(kept))


def _decide(
    standing: Standing, silent: tuple[str, ...], objecting: tuple[str, ...], waiting: tuple[str, ...], *, spoken: bool, short: bool,
) -> tuple[frozenset[Outcome], Basis]:  # fmt: skip
    put_off, refused = frozenset({Outcome.DEFERRED}), frozenset({Outcome.DEFERRED, Outcome.NOT_APPROVED})
    if objecting:
        return (refused if spoken or standing.deadline_passed else put_off), Basis.NO_CONSENSUS
    if waiting:
        return put_off, Basis.QUESTION
    if not spoken:
        return (put_off, Basis.NO_CONSENSUS) if standing.deadline_passed else (frozenset(), Basis.AWAITED)
    if short:
        return refused, Basis.NO_CONSENSUS
    basis = Basis.MINUS_X if standing.stepping_aside else Basis.SILENCE if silent else Basis.CONSENSUS
    return frozenset({Outcome.APPROVED}), basis


def _of_silence(standing: Standing, silent: tuple[str, ...], *, counted: bool) -> Reason:
    if not silent:
        return Reason(Why.ALL_ANSWERED, tuple(sorted(standing.remaining)))
    if counted:
        return Reason(Why.SILENCE_COUNTS, silent)
    return Reason(Why.SILENCE_DOES_NOT_COUNT if standing.deadline_passed else Why.AWAITED, silent)


def _meeting(standing: Standing) -> tuple[str, ...]:
    return tuple(sorted(standing.remaining & standing.meeting_criterion_2))


def _too_few(standing: Standing) -> list[Reason]:
    """Return what is missing among those that remain (P3, D4)."""
    found = []
    if len(standing.remaining) < ENOUGH:
        found.append(Reason(Why.TOO_FEW_REMAIN, tuple(sorted(standing.remaining))))
    if standing.originating not in standing.remaining:
        found.append(Reason(Why.ORIGINATING_MISSING, (standing.originating,)))
    if len(_meeting(standing)) < ENOUGH:
        found.append(Reason(Why.CRITERION_2_FAILS, _meeting(standing)))
    return found
