"""What goes in: contributions, what they measure, the tables asked for, the rules (M5)."""

import json
from array import array
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from io import BytesIO
from typing import Any, NamedTuple

import numpy as np

Coords = tuple[tuple[str, str], ...]
"""A cell's place: pairs of dimension and code, sorted; `()` is the grand total."""
Key = tuple[str, Coords]
"""One cell of a release: indicator and place. Tables that share a margin share its cell."""
DIMENSIONS = ("ams", "sector", "year")


class InputError(ValueError):
    """Input that can't be worked on; `faults` says what is wrong and where, one sentence each."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


class Contribution(NamedTuple):
    """One accepted figure of one project.

    An empty `ams`, `sector` or `year` means that the figure is not broken down that way: it counts in the
    total alone. `denominator` belongs to ratios, `item` to distinct counts (the value chain, the HS code).
    """

    project: str
    company: str
    ams: str
    sector: str
    year: str
    indicator: str
    value: float
    denominator: float | None = None
    item: str = ""
    unit: str = ""


class Contributions:
    """Contributions by column, so that two million of them fit; codes are numbers into `names`."""

    CODED = ("project", "company", "ams", "sector", "year", "indicator", "item", "unit")

    def __init__(self, rows: Iterable[Contribution]) -> None:
        """Read the rows once. What is no number becomes NaN, which the checks report."""
        known: dict[str, dict[str, int]] = {name: {} for name in self.CODED}
        coded = [(array("i"), known[name]) for name in self.CODED]
        value, denominator = array("d"), array("d")
        for project, company, ams, sector, year, indicator, amount, below, item, unit in rows:
            for (column, codes), text in zip(
                coded, (project, company, ams, sector, year, indicator, item, unit), strict=True
            ):
                column.append(codes.setdefault(text, len(codes)))
            value.append(_number(amount))
            denominator.append(np.nan if below is None else _number(below))
        self.names = {name: list(codes) for name, codes in known.items()}
        self.codes = {
            name: np.frombuffer(column, dtype=np.intc) if column else np.zeros(0, np.intc)
            for name, (column, _known) in zip(self.CODED, coded, strict=True)
        }
        self.value = np.array(value)
        self.denominator = np.array(denominator)

    def __len__(self) -> int:
        return len(self.value)

    def stored(self) -> bytes:
        """Return the columns as a compressed file, for `restored`: whoever keeps a release keeps its figures."""
        names = np.frombuffer(json.dumps(self.names).encode(), np.uint8)
        codes = {name: column.astype(np.min_scalar_type(len(self.names[name]))) for name, column in self.codes.items()}
        to = BytesIO()
        columns: Any = {**codes, "names": names, "value": self.value, "denominator": self.denominator}
        np.savez_compressed(to, **columns)
        return to.getvalue()

    @classmethod
    def restored(cls, content: bytes) -> "Contributions":
        """Return what was stored."""
        found = cls(())
        with np.load(BytesIO(content), allow_pickle=False) as columns:
            found.names = json.loads(columns["names"].tobytes())
            found.codes = {name: columns[name].astype(np.intc) for name in cls.CODED}
            found.value, found.denominator = columns["value"], columns["denominator"]
        return found


def _number(given: object) -> float:
    try:
        return float(given)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return np.nan


class Kind(StrEnum):
    """How an indicator adds up."""

    AMOUNT = "amount"
    """Sums of money, jobs, tonnes."""
    COUNT = "count"
    """Sums of whole numbers."""
    DISTINCT = "distinct"
    """How many different items; an item that occurs in two Member States counts once in the total."""
    RATIO = "ratio"
    """Sum of numerators over sum of denominators, never an average of ratios (M1)."""


@dataclass(frozen=True, slots=True)
class Indicator:
    """What is measured. `together` names the indicator it is published with or not at all: money and its share."""

    code: str
    kind: Kind = Kind.AMOUNT
    unit: str = ""
    together: str = ""
    low: float | None = None
    """The least that everybody knows a contribution can be. Without it 0, or twice the value where that is negative."""

    @property
    def integral(self) -> bool:
        """Whether an attacker knows that the figures are whole numbers."""
        return self.kind in {Kind.COUNT, Kind.DISTINCT}


@dataclass(frozen=True, slots=True)
class Dimension:
    """Codes by which figures are broken down, each with the code it is part of, or None."""

    name: str
    parents: Mapping[str, str | None]

    def above(self, code: str) -> tuple[str, ...]:
        """Return the code and what it is part of, upwards; nothing for the empty code."""
        found: list[str] = []
        at: str | None = code or None
        while at is not None and at not in found:
            found.append(at)
            at = self.parents.get(at)
        return tuple(found)


class Table(NamedTuple):
    """A table to publish: one dimension or two, with all subtotals and totals."""

    dimensions: tuple[str, ...]


ONE_WAY = tuple(Table((name,)) for name in DIMENSIONS)


@dataclass(frozen=True, slots=True)
class Parameters:
    """The rules. They are secret: whoever knows them narrows what is suppressed (M5)."""

    min_contributors: int = 5
    """Corporate groups a cell needs."""
    p_percent: float = 10.0
    """How far from a group's figure, in percent of it, every estimate must be able to fall on both sides."""
    dominance_n: int = 2
    dominance_k: float = 90.0
    """The `n` largest groups of a cell may make up at most `k` percent of it."""
    pooled: bool = False
    """Also protect against a Member State and a group that put together what they know."""
    by_count: bool = False
    """Whether least cost means the fewest cells, instead of the least value suppressed."""
    seconds: float = 20.0
    """CPU time for one family of indicators, from its figures to the proof; see `deadline`."""


INSIDE = Parameters(min_contributors=3)
PUBLIC = Parameters(min_contributors=5)


@dataclass(frozen=True, slots=True)
class Waiver:
    """A corporate group's consent that its own figures may be told; revocable for the future."""

    group: str
    given: date
    revoked: date | None = None

    def holds(self, on: date) -> bool:
        """Whether a release of this day may rely on it."""
        return self.given <= on and (self.revoked is None or on < self.revoked)


def waived(waivers: Iterable[Waiver], on: date) -> frozenset[str]:
    """Return the groups that have waived protection in a release of this day."""
    return frozenset(waiver.group for waiver in waivers if waiver.holds(on))


@dataclass(frozen=True, slots=True)
class Earlier:
    """A release that is out: the figures it was made from, and which cells it told."""

    contributions: Contributions
    published: frozenset[Key] = field(default_factory=frozenset)
