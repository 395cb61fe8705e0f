"""Spreadsheets, the one way to write and to read them: nothing in a cell is ever carried out.

Writing: a text that a spreadsheet program would take for a formula gets an apostrophe in front, in
CSV and XLSX alike; reading takes it off again. In CSV so does a part of a text before which a program
of another country, where “;” stands between cells, begins a cell. Dates, numbers and yes/no are written as such.
Reading: what `office` refuses is refused here too, a process of its own opens the rest, and each
cell that holds a formula or an error instead of a value is named.
"""

import csv
import io
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, BinaryIO

from django.utils.functional import Promise
from django.utils.timezone import is_aware, localtime
from django.utils.translation import gettext_lazy as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from aipbi.documents import apart, office
from aipbi.documents.kinds import NotTakenError

Value = str | int | float | Decimal | bool | date | datetime | Promise | None

XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV_TYPE = "text/csv; charset=utf-8"
MEGABYTE = 1024 * 1024
MOST_BYTES, MOST_ROWS, MOST_COLUMNS = 10 * MEGABYTE, 5000, 200

# What a program may take for the beginning of a formula; the wide ones are read as the narrow.
_ACTS = re.compile(r"[=+\-@\t\r\n＝＋－＠]")
_ACTED = re.compile(r"'[=+\-@\t\r\n＝＋－＠]")
# Where a program may begin a cell within a text of a CSV: Indonesia's and Viet Nam's take “;” for the separator.
_SPLIT = re.compile(r"([;\t\r\n][ \"]*)(?=[=+\-@＝＋－＠])")
# What a cell holds, how exact a number in it is, and what a sheet may not be called.
_CELL, _EXACT = 32767, 10**15
_UNFIT, _TITLE = re.compile(r"[\[\]:*?/\\]"), 31
_LIST = 255

_SAYS: dict[str, Promise] = {
    "bytes": _("This workbook has more than %(megabytes)s MB. Take out what is not asked for and save it again."),
    "rows": _("The sheet “%(title)s” has more than %(rows)s rows. Take out what is not asked for."),
    "columns": _("The sheet “%(title)s” has more than %(columns)s columns. Take out what is not asked for."),
    "broken": _("This workbook is damaged and can't be read. Open it, save it again as XLSX, and choose the new copy."),
    "hard": _("This workbook takes too long or too much memory to read. Take out what is not asked for."),
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, its width in characters, and the words that the program offers in its cells."""

    label: Any
    width: int = 18
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet to write: rows may come one by one, each with a value per column."""

    title: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Value]]


@dataclass(frozen=True, slots=True)
class Table:
    """A sheet as read: rows of equal length from the first on, without empty ones at the end.

    `calculated` names the cells that hold a formula or an error, such as `C4`; their value is None.
    """

    title: str
    rows: list[list[Value]]
    calculated: list[str]


def cell_name(row: int, column: int) -> str:
    """Return what a spreadsheet program calls a cell, both counted from 0: `C4` for row 3, column 2."""
    return f"{get_column_letter(column + 1)}{row + 1}"


def harmless(text: str) -> str:
    """Return the text so that no spreadsheet program takes it for a formula."""
    return f"'{text}" if _ACTS.match(text) else text


def write_csv(sheet: Sheet, to: BinaryIO) -> int:
    """Write a sheet as CSV in UTF-8 with its mark, which Excel needs; return how many rows, its heading not counted."""
    text = io.TextIOWrapper(to, encoding="utf-8-sig", newline="")
    written = csv.writer(text)
    written.writerow([_as_text(column.label) for column in sheet.columns])
    count = 0
    for row in sheet.rows:
        written.writerow([_as_text(value) for value in row])
        count += 1
    text.flush()
    text.detach()
    return count


def write_xlsx(sheets: Sequence[Sheet], to: BinaryIO) -> int:
    """Write a workbook, row by row; each sheet's heading stays in sight. Return how many rows, headings not counted."""
    book = Workbook(write_only=True)
    count = sum(_write_sheet(book, sheet) for sheet in sheets)
    book.save(to)
    return count


def read_xlsx(content: BinaryIO, *, most_rows: int = MOST_ROWS, most_columns: int = MOST_COLUMNS) -> list[Table]:
    """Return the sheets of a workbook in their order. Raises NotTakenError in words for who chose it."""
    content.seek(0)
    whole = content.read(MOST_BYTES + 1)
    if len(whole) > MOST_BYTES:
        raise NotTakenError(_SAYS["bytes"] % {"megabytes": MOST_BYTES // MEGABYTE})
    try:
        code = office.code_of(io.BytesIO(whole))
    except office.FoundError as fault:
        raise NotTakenError(str(office.SAYS[fault.args[0]])) from fault
    if code != "xlsx":
        raise NotTakenError(str(office.SAYS["other"]))
    try:
        found = json.loads(apart.run("read_xlsx", whole, str(most_rows), str(most_columns)))
    except apart.GaveUpError as fault:
        raise NotTakenError(str(_SAYS["hard"])) from fault
    if wrong := found.get("wrong"):
        raise NotTakenError(_SAYS[wrong] % {**found, "rows": most_rows, "columns": most_columns})
    return [
        Table(one["title"], [[_as_read(value) for value in row] for row in one["rows"]], one["calculated"])
        for one in found["sheets"]
    ]


def _as_text(value: Value) -> Any:
    """Return a value as CSV holds it: moments on the reader's clock, with how far it is from UTC."""
    if isinstance(value, datetime):
        return (localtime(value) if is_aware(value) else value).isoformat(" ", "minutes")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, str | Promise):
        return _SPLIT.sub(r"\1'", harmless(str(value)))
    return value


def _write_sheet(book: Workbook, sheet: Sheet) -> int:
    page = book.create_sheet(_UNFIT.sub(" ", sheet.title)[:_TITLE] or "1")
    page.freeze_panes = "A2"
    page.print_title_rows = "1:1"
    for number, column in enumerate(sheet.columns, start=1):
        letter = get_column_letter(number)
        page.column_dimensions[letter].width = column.width
        if column.choices:
            page.data_validations.append(_offer(column, letter))
    head = [_cell(page, str(column.label)) for column in sheet.columns]
    for cell in head:
        cell.font, cell.alignment = Font(bold=True), Alignment(wrap_text=True, vertical="top")
    page.append(head)
    count = 0
    for row in sheet.rows:
        page.append([_cell(page, value) for value in row])
        count += 1
    return count


def _offer(column: Column, letter: str) -> DataValidation:
    words = ",".join(column.choices)
    if len(words) > _LIST or len(column.choices) <= words.count(","):
        message = f"The choices of “{column.label}” do not fit: no commas, together at most {_LIST} signs"
        raise ValueError(message)
    offer = DataValidation(type="list", formula1=f'"{words}"', allow_blank=True)
    offer.add(f"{letter}2:{letter}1048576")
    return offer


def _cell(page: Any, value: Any) -> Any:
    if isinstance(value, str | Promise):
        cell = WriteOnlyCell(page, harmless(ILLEGAL_CHARACTERS_RE.sub("", str(value)))[:_CELL])
        # Whatever it begins with, it is a text.
        cell.data_type = "s"
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        return cell
    if isinstance(value, datetime):
        # A workbook knows no zones: the moment is on the reader's clock.
        cell = WriteOnlyCell(page, localtime(value).replace(tzinfo=None) if is_aware(value) else value)
        cell.number_format = "yyyy-mm-dd hh:mm"
    elif isinstance(value, date):
        cell = WriteOnlyCell(page, value)  # type: ignore[arg-type]
        cell.number_format = "yyyy-mm-dd"
    elif isinstance(value, int) and not -_EXACT < value < _EXACT:
        cell = WriteOnlyCell(page, str(value))
        cell.data_type = "s"
    else:
        cell = WriteOnlyCell(page, value)
    cell.alignment = Alignment(vertical="top")
    return cell


def _as_read(value: Any) -> Value:
    if isinstance(value, dict):
        moment = datetime.fromisoformat(value["at"])
        return moment if value["time"] else moment.date()
    if isinstance(value, str):
        return value[1:] if _ACTED.match(value) else value
    return value
