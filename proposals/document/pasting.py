"""Figures pasted from a spreadsheet, all read or none (P3): cells apart by tabs, thousands apart by points or commas."""

import csv
import io
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from proposals.document.codes import Codes
from proposals.document.figures import Figures, member_state
from proposals.document.schema import PARTS, Field, Kind, Many
from proposals.document.values import shown

# The order in which the columns stand, as the page says it.
COLUMNS = (
    "ams", "year", "gdp_usd", "exports_usd", "jobs_direct", "jobs_indirect", "msmes", "baseline_year", "method", "source",
)  # fmt: skip
TEXTS = ("method", "source")


def _part() -> Many:
    part = PARTS["impacts"]
    assert isinstance(part, Many)  # noqa: S101 - for the type checker
    return part


def fields() -> list[Field]:
    """Return the answers of a row, in the order of its columns."""
    known = {field.name: field for field in _part().fields}
    return [known[name] for name in COLUMNS]


def too_many(rows: list[Any]) -> list[str]:
    """Return in words that there are more rows than a proposal holds."""
    most = _part().most
    told = _("There would be %(count)s rows; the most is %(most)s.") % {"count": len(rows), "most": most}
    return [told] if len(rows) > most else []


@dataclass(slots=True)
class Pasted:
    """The rows read, or what is wrong in words with row and column; never both."""

    rows: list[dict[str, Any]]
    faults: list[str]


def read(text: str, codes: Codes) -> Pasted:
    """Return the rows of a pasted text. A first row without any figure is taken for headings."""
    try:
        cells = list(
            csv.reader(io.StringIO(text.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n")), delimiter="\t")
        )
    except csv.Error as fault:
        return Pasted([], [_("This can’t be read as cells of a spreadsheet (%(why)s).") % {"why": fault}])
    numbered = [(n, _trimmed(row)) for n, row in enumerate(cells, 1) if any(cell.strip() for cell in row)]
    if numbered and len(numbered[0][1]) > 1 and not any(c.isdigit() for cell in numbered[0][1][1:8] for c in cell):
        numbered = numbered[1:] if member_state(numbered[0][1][0], codes) is None else numbered
    if not numbered:
        return Pasted([], [_("There is no row with figures in what was pasted.")])
    return _Reading(codes, numbered).done()


def merged(stands: list[dict[str, Any]], rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the figures with the rows put in: those of the same Member State and year take their place."""
    by_key = {(row["ams"], row["year"]): row for row in rows}
    found = [by_key.pop((one.get("ams"), one.get("year")), one) for one in stands]
    return [*found, *by_key.values()]


def _trimmed(row: list[str]) -> list[str]:
    """Leave out empty cells beyond the last column."""
    kept = [cell.strip() for cell in row]
    while len(kept) > len(COLUMNS) and not kept[-1]:
        kept.pop()
    return kept


class _Reading:
    def __init__(self, codes: Codes, rows: list[tuple[int, list[str]]]) -> None:
        self.codes = codes
        self.rows = rows
        self.faults: list[str] = []
        self.figures = Figures(cell for _n, row in rows for cell in row[2:7])

    def done(self) -> Pasted:
        found: list[dict[str, Any]] = []
        seen: dict[tuple[Any, Any], int] = {}
        for n, row in self.rows:
            if len(row) != len(COLUMNS):
                told = ngettext(
                    "Row %(row)s has %(count)s column; there should be %(wanted)s.",
                    "Row %(row)s has %(count)s columns; there should be %(wanted)s.",
                    len(row),
                )
                self.faults.append(told % {"row": n, "count": len(row), "wanted": len(COLUMNS)})
                continue
            one = {field.name: self.cell(n, place, row[place - 1], field) for place, field in enumerate(fields(), 1)}
            key = (one["ams"], one["year"])
            if None not in key and key in seen:
                told = _("Row %(row)s is for the same Member State and year as row %(first)s.")
                self.faults.append(told % {"row": n, "first": seen[key]})
            seen.setdefault(key, n)
            found.append(one)
        return Pasted([], self.faults) if self.faults else Pasted(found, [])

    def cell(self, row: int, column: int, text: str, field: Field) -> Any:
        """Return what a cell means; None when a fault was told."""
        if field.name in TEXTS:
            return text
        wrong = _("this cell is empty; write 0 where there is none") if field.kind in (Kind.MONEY, Kind.WHOLE) else _("this cell is empty")  # fmt: skip
        if text:
            found = member_state(text, self.codes) if field.name == "ams" else self.figures.number(text, field)
            if not isinstance(found, str) or field.name == "ams":
                if found is not None:
                    return found
                wrong = _("“%(cell)s” is not a Member State") if field.name == "ams" else _("“%(cell)s” is not a number from 0 up")  # fmt: skip
                wrong %= {"cell": shown(text)}
            else:
                wrong = found
        told = _("Row %(row)s, column %(column)s (%(label)s): %(wrong)s.")
        self.faults.append(told % {"row": row, "column": column, "label": field.label, "wrong": wrong})
        return None
