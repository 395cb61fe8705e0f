"""Figures of the consolidated report (R6), computed from the filed assessments and never edited. Pure but for words."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import ROUND_HALF_UP, Decimal
from string import ascii_uppercase
from typing import Any

from review.assessments.agreement import NAME, Agreement, measure
from review.enums import Met, Overall

# Verdicts that exclude each other.
CONTRARY = (frozenset({Met.MET, Met.NOT_MET}), frozenset({Overall.ELIGIBLE, Overall.NOT_ELIGIBLE}))

# From this spread on, experts differ strongly (R6).
STRONG = 2


@dataclass(frozen=True, slots=True)
class Line:
    """One parameter: each expert's level in the experts' order, mean to two places, highest less lowest."""

    number: int
    code: str
    question: str
    levels: tuple[int, ...]
    mean: str
    spread: int
    # Who (by place) changed the level after having read the others' work.
    late: tuple[int, ...] = ()

    @property
    def differs(self) -> bool:
        """Whether the experts are two levels or more apart."""
        return self.spread >= STRONG


@dataclass(frozen=True, slots=True)
class Count:
    """One verdict by all experts: the one most gave ('' where they are split), and what others gave."""

    label: str
    given: tuple[str, ...]
    majority: str
    minority: tuple[str, ...]


def letter(place: int) -> str:
    """Return how the expert at this place (from 0) is called: A, B … Z, AA."""
    rounds, rest = divmod(place, len(ascii_uppercase))
    return (letter(rounds - 1) if rounds else "") + ascii_uppercase[rest]


def line(number: int, code: str, question: str, levels: Sequence[int], late: Sequence[int] = ()) -> Line:
    """Return the figures of a parameter; `levels` (0 to 4) must not be empty."""
    mean = (Decimal(sum(levels)) / len(levels)).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return Line(number, code, question, tuple(levels), str(mean), max(levels) - min(levels), tuple(late))


def count(label: str, given: Sequence[str]) -> Count:
    """Return the figures of a verdict; more than half the experts make a majority."""
    top, times = Counter(given).most_common(1)[0]
    majority = top if 2 * times > len(given) else ""
    return Count(
        label, tuple(given), majority, tuple(sorted({one for one in given if one != majority} if majority else ()))
    )


@dataclass(frozen=True, slots=True)
class Figures:
    """All figures of a case; experts are A, B and so on."""

    experts: tuple[str, ...]
    lines: tuple[Line, ...]
    criteria: tuple[Count, ...]
    overall: Count
    confidence: tuple[str, ...]
    # What each expert asks for where the verdict is “eligible with conditions”, one condition to an entry.
    conditions: tuple[str, ...] = ()

    @property
    def agreement(self) -> Agreement:
        """How far the experts agree on the parameters together."""
        return measure([one.levels for one in self.lines])

    @property
    def contrary(self) -> tuple[Count, ...]:
        """The verdicts on which one expert says yes and another no."""
        return tuple(one for one in (*self.criteria, self.overall) if any(pair <= set(one.given) for pair in CONTRARY))

    @property
    def differs_strongly(self) -> bool:
        """Whether one more expert should be asked: levels two or more apart, or verdicts that exclude each other (R6)."""
        return bool(self.differing or self.contrary)

    @property
    def differing(self) -> tuple[Line, ...]:
        """The parameters on which the experts differ strongly."""
        return tuple(one for one in self.lines if one.differs)

    def frozen(self) -> dict[str, Any]:
        """Return the figures as the report keeps them."""
        value = self.agreement.value
        return {**asdict(self), "agreement": {"measure": NAME, "value": None if value is None else str(value)}}


def thaw(kept: Mapping[str, Any]) -> Figures:
    """Return the figures from what a report keeps."""

    def counted(one: Mapping[str, Any]) -> Count:
        return Count(one["label"], tuple(one["given"]), one["majority"], tuple(one["minority"]))

    return Figures(
        experts=tuple(kept["experts"]),
        lines=tuple(
            Line(**{**one, "levels": tuple(one["levels"]), "late": tuple(one.get("late", ()))}) for one in kept["lines"]
        ),
        criteria=tuple(counted(one) for one in kept["criteria"]),
        overall=counted(kept["overall"]),
        confidence=tuple(kept["confidence"]),
        conditions=tuple(kept.get("conditions", ())),
    )
