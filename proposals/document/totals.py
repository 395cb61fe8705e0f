"""Totals for the region, computed from the figures by Member State and year (P3)."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from proposals.document.reading import number
from proposals.document.rules import BENEFITS, is_number, items, taking_part


@dataclass(frozen=True, slots=True)
class Row:
    """The figures of one Member State in one year, or the region's total of that year (`ams` empty)."""

    year: int
    ams: str
    figures: dict[str, int | float]


@dataclass(frozen=True, slots=True)
class Line:
    """A row in words, its figures in the order of `BENEFITS`."""

    year: str
    who: str
    figures: list[str]
    total: bool


def totals(document: dict[str, Any]) -> list[Row]:
    """Return, year by year, the figures of the participating Member States and then their total.

    Jobs and firms of one year are those of another, so years are never added up.
    """
    named = taking_part(document)
    rows: list[Row] = []
    given = [one for _n, one in items(document, "impacts") if one.get("ams") in named and _has_year(one)]
    for year in sorted({one["year"] for one in given}):
        of_year = [
            Row(year, one["ams"], {name: one[name] for name in BENEFITS if is_number(one.get(name))})
            for one in sorted(given, key=lambda one: named.index(one["ams"]))
            if one["year"] == year
        ]
        rows += of_year
        rows.append(Row(year, "", {name: sum(row.figures.get(name, 0) for row in of_year) for name in BENEFITS}))
    return rows


def lines(document: dict[str, Any], names: dict[str, str]) -> list[Line]:
    """Return figures and totals in words, those that do not count yet last, as they were typed.

    `names` are the Member States' by code.
    """
    told = [
        _line(str(row.year), names.get(row.ams, row.ams) if row.ams else _("Region"), row.figures, total=not row.ams)
        for row in totals(document)
    ]
    named = taking_part(document)
    loose = [one for _n, one in items(document, "impacts") if one.get("ams") not in named or not _has_year(one)]
    return told + [
        _line(str(one.get("year") or "–")[:40], names.get(str(one.get("ams")), "–"), one, total=False) for one in loose
    ]


def _line(year: str, who: str, figures: dict[str, Any], *, total: bool) -> Line:
    return Line(year, who, [_typed(figures.get(name)) for name in BENEFITS], total)


def _typed(value: Any) -> str:
    return number(value) if is_number(value) else str(value or "–")[:40]


def _has_year(one: dict[str, Any]) -> bool:
    return isinstance(one.get("year"), int) and not isinstance(one["year"], bool)
