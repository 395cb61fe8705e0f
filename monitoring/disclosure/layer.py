"""One quantity as a linear system: every cell, of this release and of all earlier ones, is a sum of leaves.

A *leaf* holds all contributions that count in exactly the same cells of all releases. A figure that stood in an
earlier release unchanged is one unknown, not two; so what a new release minus an old one would tell is part
of the same system, as are tables that share margins.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from monitoring.disclosure.data import (
    DIMENSIONS,
    Contributions,
    Coords,
    Dimension,
    Earlier,
    Indicator,
    Kind,
    Table,
)
from monitoring.disclosure.groups import ultimate


@dataclass(slots=True)
class Layer:
    """One quantity. Units are what one party contributes to one leaf, as far as the same Member States know it."""

    indicator: Indicator
    places: list[tuple[int, Coords]]
    """The rows: release and place."""
    release: int
    """The number of the new release, the last."""
    fixed: np.ndarray
    """Rows that an earlier release told: nobody can take them back."""
    incidence: np.ndarray
    """Rows × leaves, True where the leaf counts."""
    value: np.ndarray
    low: np.ndarray
    leaf: np.ndarray
    party: np.ndarray
    seen_by: np.ndarray
    """Bit set of the Member States that take part in the case."""
    members: list[tuple[str, ...]]
    """The corporate groups behind each party; more than one where they report the same item."""
    waived: np.ndarray
    """Per party: all its groups have waived protection, so its figures count as public."""
    states: int
    """How many Member States there are."""
    reporting: list[frozenset[str]] | None = None
    """Per row of a distinct count, the groups that report there themselves, without those that waived.

    An item is one unknown wherever it occurs; who reports it elsewhere, or did earlier, does not hide who reports it here.
    """

    @property
    def totals(self) -> np.ndarray:
        """The value of each leaf."""
        return np.bincount(self.leaf, self.value, self.incidence.shape[1])


class Source:
    """All releases with common codes: what layers are cut from."""

    def __init__(
        self,
        new: Contributions,
        earlier: Sequence[Earlier],
        *,
        tables: Sequence[Table],
        dimensions: Mapping[str, Dimension],
        parents: Mapping[str, str],
        waived: frozenset[str],
    ) -> None:
        """Give every project, group and code one number across the releases."""
        self.releases = [*(one.contributions for one in earlier), new]
        self.published = [one.published for one in earlier]
        self.waived = waived
        self._codes: dict[str, dict[str, int]] = {}
        self._columns: list[dict[str, np.ndarray]] = []
        for release in self.releases:
            columns = {
                name: self._common(name, release.names[name], release.codes[name]) for name in Contributions.CODED
            }
            heads = [ultimate(name, parents) for name in release.names["company"]]
            columns["group"] = self._common("group", heads, release.codes["company"])
            self._columns.append(columns)
        self.groups = list(self._codes["group"])
        told = {tuple(name for name, _code in coords) for one in earlier for _indicator, coords in one.published}
        self._places = _Places(tables, [Table(names) for names in sorted(told)], dimensions)
        self._seen_by = self._cases_seen(dimensions["ams"])
        self.states = max(self._state_bits.values(), default=-1) + 1

    def _common(self, name: str, names: Sequence[str], codes: np.ndarray) -> np.ndarray:
        known = self._codes.setdefault(name, {})
        return np.array([known.setdefault(text, len(known)) for text in names], np.int64)[codes]

    def _cases_seen(self, dimension: Dimension) -> np.ndarray:
        """Return per project the Member States that take part in it in any release: they know its figures."""
        self._state_bits = {code: bit for bit, code in enumerate(dimension.parents)}
        bits = np.array([1 << self._state_bits[code] if code else 0 for code in self._codes["ams"]], np.int64)
        seen = np.zeros(len(self._codes["project"]), np.int64)
        for columns in self._columns:
            np.bitwise_or.at(seen, columns["project"], bits[columns["ams"]])
        return seen

    def layer(self, indicator: Indicator, *, denominator: bool = False) -> Layer:
        """Cut one quantity out; a ratio has two, its numerators and its denominators."""
        atoms = _Atoms(self, indicator, denominator=denominator)
        places, fixed, incidence = self._rows(indicator.code, atoms.signs)
        low = np.full(len(atoms.value), indicator.low) if indicator.low is not None else np.minimum(0, 2 * atoms.value)
        unit, at = distinct(atoms.leaf, atoms.party, atoms.seen_by)
        return Layer(
            indicator=indicator,
            places=places,
            release=len(self.releases) - 1,
            fixed=fixed,
            incidence=incidence,
            value=np.bincount(at, atoms.value, unit.shape[1]),
            low=np.bincount(at, low, unit.shape[1]),
            leaf=unit[0],
            party=unit[1],
            seen_by=unit[2],
            members=atoms.members,
            waived=np.array([set(party) <= self.waived for party in atoms.members], bool),
            states=self.states,
            reporting=self._reporting(places, atoms.reporters) if indicator.kind == Kind.DISTINCT else None,
        )

    def _reporting(
        self, places: Sequence[tuple[int, Coords]], reporters: Mapping[tuple[int, int], set[int]]
    ) -> list[frozenset[str]]:
        found: dict[tuple[int, Coords], set[str]] = {place: set() for place in places}
        last = len(self.releases) - 1
        for (release, combination), numbers in reporters.items():
            for coords in self._places.of(combination, now=release == last):
                found[release, coords] |= {self.groups[number] for number in numbers}
        return [frozenset(found[place]) - self.waived for place in places]

    def _rows(
        self, code: str, signs: Sequence[frozenset[tuple[int, int]]]
    ) -> tuple[list[tuple[int, Coords]], np.ndarray, np.ndarray]:
        """Return the rows that any leaf counts in, which of them earlier releases told, and where each leaf counts.

        What an earlier release did not tell is a row, too: it is a figure that this one must not tell either.
        """
        number: dict[tuple[int, Coords], int] = {}
        entries: list[tuple[int, int]] = []
        last = len(self.releases) - 1
        for leaf, sign in enumerate(signs):
            for release, combination in sign:
                cells = self._places.of(combination, now=release == last)
                entries += [(number.setdefault((release, coords), len(number)), leaf) for coords in cells]
        incidence = np.zeros((len(number), len(signs)), bool)
        if entries:
            incidence[tuple(np.array(entries).T)] = True
        fixed = [release != last and (code, coords) in self.published[release] for release, coords in number]
        return list(number), np.array(fixed, bool), incidence

    def combination(self, release: int, rows: np.ndarray) -> np.ndarray:
        """Return a number for each row's place, year and sector, which stand for the cells it counts in."""
        columns = self._columns[release]
        return self._places.numbers({name: (columns[name][rows], list(self._codes[name])) for name in DIMENSIONS})

    def rows(self, release: int, indicator: Indicator) -> np.ndarray:
        """Return the rows of a release that tell of an indicator."""
        number = self._codes["indicator"].get(indicator.code, -1)
        return np.flatnonzero(self._columns[release]["indicator"] == number)

    def column(self, release: int, name: str, rows: np.ndarray) -> np.ndarray:
        """Return a column in common codes."""
        columns = self._columns[release]
        return self._seen_by[columns["project"][rows]] if name == "seen_by" else columns[name][rows]

    def names_item(self, number: int) -> bool:
        """Whether a number of the column `item` stands for one."""
        return self._codes["item"].get("") != number


class _Places:
    """The cells in which figures of one place, sector and year count."""

    def __init__(self, now: Sequence[Table], before: Sequence[Table], dimensions: Mapping[str, Dimension]) -> None:
        self._now = now
        self._tables = [*now, *before]
        self._dimensions = dimensions
        self._numbers: dict[tuple[str, ...], int] = {}
        self._cells: list[tuple[frozenset[Coords], frozenset[Coords]]] = []

    def numbers(self, columns: Mapping[str, tuple[np.ndarray, list[str]]]) -> np.ndarray:
        joined = np.zeros(len(next(iter(columns.values()))[0]), np.int64)
        for codes, names in columns.values():
            joined = joined * len(names) + codes
        unique, first, at = np.unique(joined, return_index=True, return_inverse=True)
        found = np.empty(len(unique), np.int64)
        for position, row in enumerate(first):
            found[position] = self._number(tuple(names[codes[row]] for codes, names in columns.values()))
        return found[at.reshape(-1)]

    def _number(self, codes: tuple[str, ...]) -> int:
        if codes not in self._numbers:
            above = {
                name: [None, *self._dimensions[name].above(code)] for name, code in zip(DIMENSIONS, codes, strict=True)
            }
            self._numbers[codes] = len(self._cells)
            self._cells.append((_cells(self._tables, above), _cells(self._now, above)))
        return self._numbers[codes]

    def of(self, combination: int, *, now: bool) -> frozenset[Coords]:
        return self._cells[combination][now]


def _cells(tables: Sequence[Table], above: Mapping[str, Sequence[str | None]]) -> frozenset[Coords]:
    return frozenset(
        tuple(sorted((name, code) for name, code in zip(table.dimensions, picked, strict=True) if code))
        for table in tables
        for picked in product(*(above[name] for name in table.dimensions))
    )


class _Atoms:
    """Contributions of one quantity, each once: with its leaf, its party, and who takes part in its case."""

    def __init__(self, source: Source, indicator: Indicator, *, denominator: bool) -> None:
        self.reporters: dict[tuple[int, int], set[int]] = {}
        if indicator.kind == Kind.DISTINCT:
            self._distinct(source, indicator)
        else:
            self._added(source, indicator, denominator=denominator)

    def _added(self, source: Source, indicator: Indicator, *, denominator: bool) -> None:
        """One unknown for each figure; a corrected figure is another unknown than the one it corrects."""
        parts: list[np.ndarray] = []
        for release, given in enumerate(source.releases):
            rows = source.rows(release, indicator)
            value = (given.denominator if denominator else given.value)[rows]
            names = ("project", "company", "item", "group", "seen_by")
            columns = [source.column(release, name, rows) for name in names]
            columns += [source.combination(release, rows), value.view(np.int64), np.full(len(rows), release)]
            parts.append(np.stack(columns))
        table = np.concatenate(parts, axis=1)
        # The group is the newest release's: a company that was bought is its buyer's now.
        key = table[[0, 1, 2, 5, 6]]
        order = np.lexsort((table[7], *key))
        table, key = table[:, order], key[:, order]
        fresh = np.ones(table.shape[1], bool)
        fresh[1:] = (key[:, 1:] != key[:, :-1]).any(axis=0)
        atom = np.cumsum(fresh) - 1
        count = int(fresh.sum())
        last = np.zeros(count, np.int64)
        last[atom] = np.arange(len(atom))  # the newest of each atom, as rows of it are sorted by release
        self.value = table[6, last].view(np.float64)
        self.seen_by = table[4, last]
        groups, self.party = np.unique(table[3, last], return_inverse=True)
        self.members: list[tuple[str, ...]] = [(source.groups[number],) for number in groups]
        releases = np.bincount(atom, 2.0 ** table[7], count).astype(np.int64)
        signs, self.leaf = distinct(table[5, last], releases)
        self.signs = [
            frozenset((release, int(place)) for release in range(len(source.releases)) if bits >> release & 1)
            for place, bits in signs.T
        ]

    def _distinct(self, source: Source, indicator: Indicator) -> None:
        """One unknown for each item, worth one wherever it occurs, however many report it."""
        signs: dict[int, set[tuple[int, int]]] = {}
        groups: dict[int, set[int]] = {}
        seen: dict[int, int] = {}
        for release in range(len(source.releases)):
            rows = source.rows(release, indicator)
            columns = [source.column(release, name, rows) for name in ("item", "project", "group", "seen_by")]
            found = (*columns, source.combination(release, rows))
            for item, project, group, seen_by, place in zip(*(column.tolist() for column in found), strict=True):
                # A figure without an item tells of the project itself.
                one = item + 1 if source.names_item(item) else -project - 1
                signs.setdefault(one, set()).add((release, place))
                groups.setdefault(one, set()).add(group)
                self.reporters.setdefault((release, place), set()).add(group)
                seen[one] = seen.get(one, 0) | seen_by
        parties: dict[frozenset[int], int] = {}
        leaves: dict[frozenset[tuple[int, int]], int] = {}
        self.party = np.array([parties.setdefault(frozenset(groups[one]), len(parties)) for one in signs], np.int64)
        self.leaf = np.array([leaves.setdefault(frozenset(sign), len(leaves)) for sign in signs.values()], np.int64)
        self.seen_by = np.array([seen[one] for one in signs], np.int64)
        self.value = np.ones(len(signs))
        self.members = [tuple(sorted(source.groups[number] for number in party)) for party in parties]
        self.signs = list(leaves)


def distinct(*columns: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the different columns of numbers, sorted, and for each place which one stands there."""
    key = np.zeros(len(columns[0]), np.int64)
    for column in columns:
        _values, at = np.unique(column, return_inverse=True)
        key = key * (len(_values) or 1) + at
    _key, first, which = np.unique(key, return_index=True, return_inverse=True)
    return np.stack([column[first] for column in columns]), which
