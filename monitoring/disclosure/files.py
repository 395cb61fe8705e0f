"""Figures, codes, indicators, waivers and releases as CSV."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TextIO

from monitoring.disclosure.data import (
    DIMENSIONS,
    Contribution,
    Contributions,
    Dimension,
    Earlier,
    Indicator,
    InputError,
    Key,
    Kind,
    Waiver,
)
from monitoring.disclosure.outcome import SIGNS, Cell, Outcome, Status

NEEDED = ("project", "company", "ams", "sector", "year", "indicator", "value")
SECRET = ("status", "true_value", "reason", "contributors", "low", "high")


def _rows(path: Path, needed: Sequence[str]) -> Iterator[dict[str, str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            missing = [name for name in needed if name not in (reader.fieldnames or ())]
            if missing:
                raise InputError([f"{path.name}: the column {name} is missing." for name in missing])
            for row in reader:
                if None in row or None in row.values():
                    raise InputError(
                        [f"{path.name}, line {reader.line_num}: not as many fields as the first line has."]
                    )
                yield {name: text.strip() for name, text in row.items()}
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError([f"{path.name} can't be read: {error}"]) from error


def figures(path: Path) -> tuple[Contributions, dict[str, str]]:
    """Read figures, and who holds whom from the column `group`, if there is one. Raises InputError."""
    parents: dict[str, str] = {}

    def contributions() -> Iterator[Contribution]:
        for row in _rows(path, NEEDED):
            if row.get("group"):
                parents[row["company"]] = row["group"]
            yield Contribution(
                row["project"],
                row["company"],
                row["ams"],
                row["sector"],
                row["year"],
                row["indicator"],
                row["value"],  # type: ignore[arg-type] # what is no number is told with its row
                row.get("denominator") or None,  # type: ignore[arg-type]
                row.get("item", ""),
                row.get("unit", ""),
            )

    return Contributions(contributions()), parents


def indicators(path: Path | None, given: Contributions) -> list[Indicator]:
    """Read indicators; without a file, shares are those with a denominator and all else adds up. Raises InputError."""
    if path is None:
        shares = set(given.codes["indicator"][given.denominator == given.denominator].tolist())
        kinds = {
            code: Kind.RATIO if number in shares else Kind.AMOUNT
            for number, code in enumerate(given.names["indicator"])
        }
        return [Indicator(code, kind) for code, kind in kinds.items()]
    found = []
    for row in _rows(path, ("code", "kind")):
        if row["kind"] not in set(Kind):
            raise InputError([f"{path.name}: {row['kind']!r} is no kind of indicator; there are {', '.join(Kind)}."])
        low = float(row["low"]) if row.get("low") else None
        found.append(Indicator(row["code"], Kind(row["kind"]), row.get("unit", ""), row.get("together", ""), low))
    return found


def dimensions(path: Path | None, given: Contributions) -> list[Dimension]:
    """Read codes and what each is part of; without a file, take the codes that occur. Raises InputError."""
    if path is None:
        return [Dimension(name, dict.fromkeys(sorted(filter(None, given.names[name])))) for name in DIMENSIONS]
    parents: dict[str, dict[str, str | None]] = {name: {} for name in DIMENSIONS}
    for row in _rows(path, ("dimension", "code")):
        if row["dimension"] not in parents:
            raise InputError([f"{path.name}: {row['dimension']!r} is no dimension; there are {', '.join(DIMENSIONS)}."])
        parents[row["dimension"]][row["code"]] = row.get("parent") or None
    unknown = [
        f"{path.name}: {code} is part of {parent}, which is no {name} there."
        for name, codes in parents.items()
        for code, parent in codes.items()
        if parent is not None and parent not in codes
    ]
    if unknown:
        raise InputError(unknown)
    return [Dimension(name, codes) for name, codes in parents.items()]


def waivers(path: Path) -> list[Waiver]:
    """Read waivers: group, given, revoked (or empty), as ISO dates. Raises InputError."""
    try:
        return [
            Waiver(
                row["group"],
                date.fromisoformat(row["given"]),
                date.fromisoformat(row["revoked"]) if row["revoked"] else None,
            )
            for row in _rows(path, ("group", "given", "revoked"))
        ]
    except ValueError as error:
        raise error if isinstance(error, InputError) else InputError([f"{path.name}: {error}"]) from error


def earlier(figures_path: Path, release_path: Path) -> Earlier:
    """Read a release that is out: the figures it was made from, and the table as it was published. Raises InputError."""
    signs = {SIGNS[Status.SUPPRESSED], SIGNS[Status.NOT_REPORTED]}
    published: set[Key] = set()
    for row in _rows(release_path, ("indicator", *DIMENSIONS, "value")):
        if row["value"] not in signs:
            coords = tuple(sorted((name, row[name]) for name in DIMENSIONS if row[name]))
            published.add((row["indicator"], coords))
    return Earlier(figures(figures_path)[0], frozenset(published))


def write_public(outcome: Outcome, file: TextIO) -> None:
    """Write what may be published: values and signs."""
    _write(outcome.public(), ("indicator", *DIMENSIONS, "value"), file)


def write_secret(outcome: Outcome, file: TextIO) -> None:
    """Write every cell with value, reason and what an outsider can tell of it: for the Secretariat alone."""
    _write((_secret(cell) for cell in outcome.cells.values()), ("indicator", *DIMENSIONS, *SECRET), file)


def _secret(cell: Cell) -> dict[str, object]:
    low, high = cell.interval or ("", "")
    return {
        "indicator": cell.indicator,
        **dict(cell.coords),
        "status": cell.status.value,
        "true_value": cell.value,
        "reason": cell.reason.value if cell.reason else "",
        "contributors": cell.contributors,
        "low": low,
        "high": high,
    }


def _write(rows: Iterable[dict], columns: Sequence[str], file: TextIO) -> None:
    writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
