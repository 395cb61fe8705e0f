"""CSV and XLSX: nothing is carried out, what was written is read back, and what can't be read is told (R7, P6)."""

import csv
import io
import re
from datetime import UTC, date, datetime
from decimal import Decimal

import openpyxl
import pytest
from django.utils import timezone

from aipbi.documents.kinds import NotTakenError
from aipbi.documents.sheets import Column, Sheet, read_xlsx, write_csv, write_xlsx
from tests.documents import hostile, samples

ACTS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1"]
MOMENT = datetime(2026, 3, 14, 7, 30, tzinfo=UTC)
ROW = ["ບ້ານ 电池, “a”", 12, Decimal("-3.5"), date(2026, 3, 14), MOMENT, True, None]


@pytest.fixture(autouse=True)
def in_jakarta():
    with timezone.override("Asia/Jakarta"):
        yield


def written(rows, *columns) -> io.BytesIO:
    to = io.BytesIO()
    write_xlsx([Sheet("Cases: all", columns or [Column("a")] * len(rows[0]), rows)], to)
    return to


def test_a_text_is_never_a_formula():
    to = io.BytesIO()
    assert write_csv(Sheet("", [Column("=a")], [[text] for text in ACTS]), to) == len(ACTS)
    head, *lines = csv.reader(io.StringIO(to.getvalue().decode("utf-8-sig"), newline=""))
    marked = [f"'{text}" if text[0] not in "\t\r" else f"'{text[0]}'{text[1:]}" for text in ACTS]
    assert [head[0], *(line[0] for line in lines)] == ["'=a", *marked]
    cells = [row[0] for row in openpyxl.load_workbook(written([[text] for text in ACTS])).active.iter_rows(min_row=2)]
    assert {cell.data_type for cell in cells} == {"s"}
    assert all(cell.value.startswith("'") for cell in cells)


@pytest.mark.parametrize("hidden", ["Plant;=1+1", "Plant; @SUM(A1)", "Plant\n=1+1\nrest", 'Plant;"=1+1', "Plant\t-1"])
def test_no_part_of_a_text_is_a_formula_where_another_sign_stands_between_cells(hidden):
    to = io.BytesIO()
    write_csv(Sheet("", [Column(hidden)], [[hidden]]), to)
    text = to.getvalue().decode("utf-8-sig")
    cells = [cell.strip(' "') for cell in re.split(r"[;,\t\r\n]", text)]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]


def test_numbers_and_dates_are_what_they_are():
    book = openpyxl.load_workbook(written([ROW]))
    sheet = book.active
    assert (sheet.title, sheet.freeze_panes, sheet["A1"].font.bold) == ("Cases  all", "A2", True)
    assert [cell.data_type for cell in sheet[2]] == ["s", "n", "n", "d", "d", "b", "n"]
    assert sheet["E2"].value == datetime(2026, 3, 14, 14, 30), "on the reader's clock"  # noqa: DTZ001
    to = io.BytesIO()
    write_csv(Sheet("", [Column("a")] * 7, [ROW]), to)
    assert to.getvalue().decode("utf-8-sig").splitlines()[1] == (
        '"ບ້ານ 电池, “a”",12,-3.5,2026-03-14,2026-03-14 14:30+07:00,True,'
    )


def test_what_was_written_is_read_back():
    [table] = read_xlsx(written([ROW, [None] * 7, *([text, *[None] * 6] for text in ACTS)]))
    assert table.rows[1] == [ROW[0], 12, -3.5, date(2026, 3, 14), datetime(2026, 3, 14, 14, 30), True, None]  # noqa: DTZ001
    assert table.rows[2] == [None] * 7
    assert [row[0] for row in table.rows[3:]] == ACTS


def test_a_formula_is_named_by_its_cell():
    book = openpyxl.Workbook()
    book.active["B3"], book.active["C4"], book.active["A1"] = "=1+1", "#DIV/0!", "fine"
    to = io.BytesIO()
    book.save(to)
    [table] = read_xlsx(to)
    assert table.calculated == ["B3", "C4"]
    assert table.rows == [["fine", None, None], [None] * 3, [None] * 3, [None] * 3]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (samples.DOCX, "not a DOCX or XLSX"),
        (b"PK\x03\x04" + b"\0" * 40, "damaged"),
        (samples.office(samples._SHEET, **{"xl/vbaProject.bin": "Sub AutoOpen()"}), "macros"),
        (hostile.related("externalLinkPath", "https://evil.example.org/a.xlsx", main=samples._SHEET), "elsewhere"),
        (hostile.packed(bomb=b"\0" * (300 << 20)), "unpacks"),
        (b"\0" * (11 << 20), "more than 10 MB"),
        (samples.XLSX, "damaged"),
    ],
)
def test_what_cant_be_read_is_told(content, said):
    with pytest.raises(NotTakenError, match=said):
        read_xlsx(io.BytesIO(content))


def test_a_workbook_too_large_is_told_with_its_sheet():
    with pytest.raises(NotTakenError, match="“Cases  all” has more than 2 rows"):
        read_xlsx(written([["a"], ["b"]]), most_rows=2)
    with pytest.raises(NotTakenError, match="more than 1 columns"):
        read_xlsx(written([["a", "b"]]), most_columns=1)


def test_a_column_offers_its_words():
    sheet = openpyxl.load_workbook(written([["yes"]], Column("Met", choices=("yes", "partly", "no")))).active
    [offer] = sheet.data_validations.dataValidation
    assert (offer.formula1, str(offer.sqref)) == ('"yes,partly,no"', "A2:A1048576")
