"""From contributions to a release in which no company can be told from the figures (M5)."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import product
from time import process_time

import numpy as np

from monitoring.disclosure.checks import check
from monitoring.disclosure.data import (
    ONE_WAY,
    PUBLIC,
    Contributions,
    Coords,
    Dimension,
    Earlier,
    Indicator,
    Kind,
    Parameters,
    Table,
)
from monitoring.disclosure.deadline import Clock, Deadline, SolverError
from monitoring.disclosure.family import Choice, Family
from monitoring.disclosure.layer import Layer, Source
from monitoring.disclosure.outcome import Cell, Outcome, Proof, Status
from monitoring.disclosure.rules import Reason, contributors

Progress = Callable[[int, int, str], None]


def protect(
    contributions: Contributions,
    indicators: Sequence[Indicator],
    dimensions: Sequence[Dimension],
    *,
    tables: Sequence[Table] = ONE_WAY,
    rules: Parameters = PUBLIC,
    earlier: Sequence[Earlier] = (),
    parents: Mapping[str, str] | None = None,
    waived: frozenset[str] = frozenset(),
    progress: Progress | None = None,
    clock: Clock = process_time,
) -> Outcome:
    """Return the release: every cell with its sign, and the proof.

    `dimensions` are all three: `ams`, `sector`, `year`. `parents` names the company that holds each company; `waived`
    the heads of groups that have waived protection. `progress` is told how many families of indicators are done,
    of how many, and which comes next. `clock` counts the seconds that each family is given. Raises InputError.
    """
    known = {one.name: one for one in dimensions}
    check(contributions, indicators, known, tables)
    source = Source(contributions, earlier, tables=tables, dimensions=known, parents=parents or {}, waived=waived)
    outcome = Outcome(contributions, len(contributions.names["project"]), {})
    families = together(indicators)
    for done, family in enumerate(families):
        if progress:
            progress(done, len(families), ", ".join(one.code for one in family))
        _add_family(outcome, source, family, known, rules=rules, deadline=Deadline(rules.seconds, clock))
    _add_not_reported(outcome, indicators, known, tables)
    if progress:
        progress(len(families), len(families), "")
    if not any(cell.status in {Status.PUBLISHED, Status.ZERO} for cell in outcome.cells.values()):
        outcome.notes.append(
            f"No cell passes the rules: only the number of projects, {outcome.projects}, can be published."
        )
    return outcome


def together(indicators: Sequence[Indicator]) -> list[list[Indicator]]:
    """Return the families of indicators that are published together or not at all."""
    head = {one.code: one.together or one.code for one in indicators}
    families: dict[str, list[Indicator]] = {}
    for one in indicators:
        at, seen = one.code, {one.code}
        while head[at] not in seen:
            at = head[at]
            seen.add(at)
        families.setdefault(min(seen) if head[at] != at else at, []).append(one)
    return list(families.values())


def _add_family(
    outcome: Outcome,
    source: Source,
    indicators: Sequence[Indicator],
    known: Mapping[str, Dimension],
    *,
    rules: Parameters,
    deadline: Deadline,
) -> None:
    layers: list[Layer] = []
    parts: list[tuple[Indicator, list[int]]] = []
    for one in indicators:
        quantities = [source.layer(one)]
        if one.kind == Kind.RATIO:
            quantities.append(source.layer(one, denominator=True))
        parts.append((one, list(range(len(layers), len(layers) + len(quantities)))))
        layers += quantities
    family = Family(layers, known, rules, deadline)
    choice, unanswered = family.choose(), 0
    try:
        unanswered = family.open_questions(choice.suppressed)
        # Where nobody was told anything yet, this release alone would tell.
        proven = not unanswered or any(layer.fixed.any() for layer in layers)
    except SolverError:
        proven = False
    if not proven:
        # What can't be proven safe isn't told.
        choice, unanswered = family.nothing(), 0
    intervals = family.intervals(choice.suppressed)
    codes = tuple(one.code for one in indicators)
    outcome.proofs.append(Proof(codes, family.asked, family.solved, unanswered, choice.best, choice.fallback))
    outcome.notes += _notes(", ".join(codes), choice, unanswered)
    for one, which in parts:
        for cell in _cells(family, one, which, choice, intervals):
            outcome.cells[one.code, cell.coords] = cell


def _notes(codes: str, choice: Choice, unanswered: int) -> Iterator[str]:
    if choice.fallback:
        yield f"{codes}: no safe pattern was found, so whole tables are suppressed."
    elif not choice.best:
        yield f"{codes}: the time was over before the cheapest pattern was found; the one taken is safe, but may hide more."
    if unanswered:
        yield f"{codes}: earlier releases alone tell more than is asked now, in {unanswered} questions of the audit."


def _cells(
    family: Family,
    indicator: Indicator,
    which: list[int],
    choice: Choice,
    intervals: list[dict[int, tuple[float, float]]],
) -> Iterator[Cell]:
    layers = [family.layers[layer] for layer in which]
    values = [layer.incidence @ layer.totals for layer in layers]
    for cell, coords in enumerate(family.cells):
        rows = [family.row[layer][cell] for layer in which]
        if rows[0] < 0:
            continue
        value = float(values[0][rows[0]])
        if indicator.kind == Kind.RATIO:
            value /= float(values[1][rows[1]])
        inside = layers[0].incidence[rows[0]][layers[0].leaf]
        plain = Cell(
            indicator.code,
            coords,
            Status.PUBLISHED if value else Status.ZERO,
            value=value,
            contributors=contributors(layers[0], layers[0].party[inside])
            if layers[0].reporting is None
            else len(layers[0].reporting[rows[0]]),
        )
        if choice.suppressed[cell]:
            interval = None if indicator.kind == Kind.RATIO else intervals[which[0]].get(cell)
            reason = _reason(family, which, cell, choice)
            plain = replace(plain, status=Status.SUPPRESSED, reason=reason, interval=interval)
        yield plain


def _reason(family: Family, which: list[int], cell: int, choice: Choice) -> Reason:
    own = [family.reasons[layer][cell] for layer in which if cell in family.reasons[layer]]
    if own:
        return own[0]
    if family.primary[cell]:
        return Reason.RATIO
    return Reason.FALLBACK if choice.fallback else Reason.COMPLEMENTARY


def _add_not_reported(
    outcome: Outcome, indicators: Sequence[Indicator], known: Mapping[str, Dimension], tables: Sequence[Table]
) -> None:
    """Add every place of the tables that nobody reports for."""
    places: list[Coords] = []
    for table in tables:
        codes = [[None, *known[name].parents] for name in table.dimensions]
        for picked in product(*codes):
            place = sorted((name, code) for name, code in zip(table.dimensions, picked, strict=True) if code)
            places.append(tuple(place))
    for one in indicators:
        for coords in dict.fromkeys(places):
            outcome.cells.setdefault((one.code, coords), Cell(one.code, coords, Status.NOT_REPORTED))


def suppress(
    values: Mapping[Coords, float],
    sensitive: Mapping[Coords, tuple[float, float]],
    dimensions: Sequence[Dimension],
    tables: Sequence[Table],
    *,
    rules: Parameters = PUBLIC,
) -> tuple[frozenset[Coords], dict[Coords, tuple[float, float]]]:
    """Solve the bare problem of complementary suppression, without groups: as the literature states it.

    Takes the inner cells' values and what the intervals of sensitive cells need below and above; returns the
    suppressed cells and what an outsider can tell of each.
    """
    known = {one.name: one for one in dimensions}
    rows = Contributions(
        (
            f"p{n}",
            f"g{n}",
            *(dict(coords).get(name, "") for name in ("ams", "sector", "year")),
            "x",
            value,
            None,
            "",
            "",
        )  # type: ignore[misc]
        for n, (coords, value) in enumerate(values.items())
    )
    layer = Source(rows, (), tables=tables, dimensions=known, parents={}, waived=frozenset()).layer(Indicator("x"))
    family = Family([layer], known, rules, Deadline(rules.seconds), sensitive=sensitive)
    choice = family.choose()
    intervals = family.intervals(choice.suppressed)[0]
    return (
        frozenset(family.cells[cell] for cell in np.flatnonzero(choice.suppressed)),
        {family.cells[cell]: interval for cell, interval in intervals.items()},
    )
