"""Bad input is named, row by row, before anything is computed."""

from collections.abc import Mapping, Sequence

import numpy as np

from monitoring.disclosure.data import DIMENSIONS, Contributions, Dimension, Indicator, InputError, Kind, Table

SHOWN = 20
"""Faults of one sort that are listed; the rest are counted."""


def check(
    given: Contributions, indicators: Sequence[Indicator], dimensions: Mapping[str, Dimension], tables: Sequence[Table]
) -> None:
    """Raise InputError with every fault: unknown codes, mixed units, what is no number, duplicate rows."""
    faults: list[str] = []
    known = {one.code: one for one in indicators}
    faults += [
        f"{one.code} goes together with {one.together}, which is not asked for."
        for one in indicators
        if one.together and one.together not in known
    ]
    faults += [
        f"The table by {' and '.join(table.dimensions) or 'nothing'} can't be made: "
        f"tables have one or two of the dimensions {', '.join(dimensions)}."
        for table in tables
        if not 1 <= len(set(table.dimensions)) == len(table.dimensions) <= 2  # noqa: PLR2004 - one-way and two-way
        or not set(table.dimensions) <= set(dimensions)
    ]
    for name in DIMENSIONS:
        faults += _unknown(given, name, {*dimensions[name].parents, ""} if name in dimensions else None)
    faults += _unknown(given, "indicator", set(known))
    if not faults:
        faults += _empty(given, "project") + _empty(given, "company")
        for number, code in enumerate(given.names["indicator"]):
            faults += _figures(given, np.flatnonzero(given.codes["indicator"] == number), known[code])
        faults += _twice(given)
    if faults:
        raise InputError(faults)


def _rows(where: np.ndarray, says: str) -> list[str]:
    listed = [f"Row {row + 1}: {says}." for row in where[:SHOWN]]
    return [*listed, f"{len(where) - SHOWN} more rows: {says}."] if len(where) > SHOWN else listed


def _unknown(given: Contributions, name: str, codes: set[str] | None) -> list[str]:
    if codes is None:
        return [f"The codes of the dimension {name} are missing."]
    found: list[str] = []
    for number, code in enumerate(given.names[name]):
        if code not in codes:
            where = np.flatnonzero(given.codes[name] == number)
            found += _rows(where, f"{code!r} is no {name} that is known here")
    return found


def _empty(given: Contributions, name: str) -> list[str]:
    if "" not in given.names[name]:
        return []
    return _rows(np.flatnonzero(given.codes[name] == given.names[name].index("")), f"the {name} is missing")


def _figures(given: Contributions, rows: np.ndarray, indicator: Indicator) -> list[str]:
    value, below, code = given.value[rows], given.denominator[rows], indicator.code
    found = _rows(rows[~np.isfinite(value)], f"the value of {code} is no number")
    units = given.names["unit"]
    wrong = np.array([unit not in {"", indicator.unit} for unit in units], bool)[given.codes["unit"][rows]]
    for row in rows[wrong][:SHOWN]:
        unit = units[given.codes["unit"][row]]
        found.append(f"Row {row + 1}: {code} is measured in {indicator.unit or 'numbers'}, not in {unit}.")
    if indicator.kind == Kind.RATIO:
        found += _rows(rows[~(np.isfinite(below) & (below > 0))], f"the share {code} has no denominator above 0")
    else:
        found += _rows(rows[~np.isnan(below)], f"{code} is no share and takes no denominator")
    if indicator.integral:
        found += _rows(rows[np.isfinite(value) & ((value < 0) | (value % 1 != 0))], f"{code} counts, in whole numbers")
    if indicator.low is not None:
        found += _rows(rows[value < indicator.low], f"the value of {code} is below {indicator.low:g}")
    return found


def _twice(given: Contributions) -> list[str]:
    key = np.zeros(len(given), np.int64)
    for name in ("project", "company", "ams", "sector", "year", "indicator", "item"):
        key = key * max(len(given.names[name]), 1) + given.codes[name]
    _kept, first = np.unique(key, return_index=True)
    again = np.ones(len(given), bool)
    again[first] = False
    return _rows(
        np.flatnonzero(again), "the same project, company, place, year, indicator and item stand in an earlier row"
    )
