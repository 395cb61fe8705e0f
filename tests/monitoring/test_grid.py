"""The grid of a report: pasted and brought in as a workbook, all or none, each fault pointed at by its cell (M3)."""

from decimal import Decimal
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from aipbi.workflow.walk import Stopped
from monitoring import tables, workbook
from monitoring.forms.report import figures_of
from monitoring.models import ReportFigure
from tests.support.grid import wide_report
from tests.support.people import sign_in

HEAD = "\t".join(str(label) for label in tables.COLUMNS.values())


def row(code, place, *answers, unit="", year=""):
    return "\t".join([code, "", place, unit, str(year), *map(str, answers)])


def edit(story, report):
    return reverse("move", args=[story.case.case.code, "report", report.pk, "edit_report"])


def figure(report, code, ams=None):
    return report.figures.get(line__indicator__code=code, line__ams=ams)


@pytest.fixture
def report(story):
    return story.started()


def test_m3_rows_are_pasted_with_headings_or_without_and_thousands_however_apart(story, report):
    pasted = "\n".join(
        [HEAD, row("C1", "Lao PDR", "1.250.000,50", "", "", "40", "The lane", "Accounts", unit="USD", year=2025), row("E1", "TH", "1.500")]
    )  # fmt: skip
    story.do("edit_report", report, story.writer, paste=pasted)
    one = figure(report, "C1", "LA")
    assert (one.actual, one.share_due_to_aipbi, one.reasoning) == (Decimal("1250000.50"), 40, "The lane")
    assert one.evidence == "Accounts"
    assert figure(report, "E1", "TH").actual == 1500
    story.do("edit_report", report, story.writer, paste=row("C1", "LA", "7"))
    again = figure(report, "C1", "LA")
    assert (again.actual, again.reasoning) == (7, "The lane"), "an empty cell changes nothing"


@pytest.mark.parametrize(
    ("pasted", "says"),
    [
        (row("C1", "LA", "1", year=2019), "Row 2, column 5 (Prices of): prices of 2019 are mixed"),
        (row("E1", "LA", "1", year=2025), "column 5 (Prices of): E1 is no money"),
        (row("C1", "LA", "1", unit="EUR"), "Row 2, column 4 (Unit): “EUR” does not fit: C1 is measured in USD"),
        (row("X9", "LA", "1"), "column 1 (Code): “X9” is no indicator of this plan"),
        (row("C1", "Viet Nam", "1"), "column 3 (Member State): Viet Nam has no line for C1 in the plan"),
        (row("C1", "France", "1"), "“France” is not a Member State"),
        (row("C1", "", "1"), "which one this is for is missing"),
        (row("E2", "LA", "1"), "E2 is asked of the project as a whole"),
        (row("C1", "LA", "", "3", "4"), "column 7 (Numerator): C1 is no share"),
        (row("E4", "Project", "5"), "told in words"),
        (row("C1", "LA", "2") + "\n" + row("C1", "Lao PDR", "3"), "Row 3: this line stands in row 2 already"),
        ("C1\tx\tLA", "this row has 3 columns"),
        (row("C1", "LA", "1.500"), "can be read two ways"),
    ],
)
def test_m3_a_fault_in_what_was_pasted_is_told_by_row_and_column_and_nothing_is_taken(story, client, pasted, says):
    report = story.started()
    text = row("E1", "SG", "12") + "\n" + pasted
    answer = sign_in(client, story.writer).post(
        edit(story, report), {"seen": report.revision, "paste": text, "narrative": "Kept words"}
    )
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert says in shown
    assert 'href="#id_paste"' in shown
    assert "E1\t\tSG" in shown
    assert "Kept words" in shown
    assert figure(report, "E1", "SG").actual is None


def test_m3_moved_columns_are_told_by_their_heading(report):
    heading = HEAD.split("\t")
    heading[5], heading[8] = heading[8], heading[5]
    read = tables.read_pasted("\n".join(["\t".join(heading), row("C1", "LA", "1")]), figures_of(report))
    assert [(one.row, one.column) for one in read.faults] == [(0, 5), (0, 8)]
    assert not read.cells


def test_m3_a_pasted_cell_that_does_not_fit_stands_in_its_cell_with_what_was_typed(story, report, client):
    one = figure(report, "E1", "LA")
    text = row("E1", "LA", "-3") + "\n" + row("C1", "LA", "5")
    answer = sign_in(client, story.writer).post(edit(story, report), {"seen": report.revision, "paste": text})
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert f'href="#id_actual_{one.pk}"' in shown
    assert "cannot be below zero" in shown
    assert 'value="-3"' in shown
    assert figure(report, "C1", "LA").actual is None


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("USD 1,500.50", Decimal("1500.50")), ("1500 usd", 1500), ("$ 7", 7), ("EUR 5", None), ("5 million", None)],
)
def test_m3_a_figure_may_carry_its_own_unit_and_no_other(story, report, typed, kept):
    one = figure(report, "C1", "LA")
    if kept is None:
        with pytest.raises(Stopped, match="is not in USD"):
            story.do("edit_report", report, story.writer, **{f"actual_{one.pk}": typed})
    else:
        story.do("edit_report", report, story.writer, **{f"actual_{one.pk}": typed})
    assert figure(report, "C1", "LA").actual == kept


def test_p5_what_saves_by_itself_leaves_out_what_cannot_be_read_and_names_it(story, report, client):
    good, bad = figure(report, "C1", "LA"), figure(report, "E1", "LA")
    data = {"seen": report.revision, "by_itself": "1", f"actual_{good.pk}": "5", f"actual_{bad.pk}": "many"}
    answer = sign_in(client, story.writer).post(edit(story, report), data, headers={"X-Saves-By-Itself": "1"})
    assert answer.status_code == 200
    assert answer.json()["seen"] == report.revision + 1
    [named] = answer.json()["left_out"]
    assert "E1" in named
    assert "is not a number" in named
    assert figure(report, "C1", "LA").actual == 5
    assert figure(report, "E1", "LA").actual is None


# --- the workbook ---


def book(report, change=lambda _sheet: None):
    """Return the report's workbook as a file, its first sheet changed."""
    opened = load_workbook(BytesIO(workbook.write(report, figures_of(report))))
    change(opened["Figures"])
    content = BytesIO()
    opened.save(content)
    return SimpleUploadedFile("figures.xlsx", content.getvalue())


def at(sheet, code, place, column):
    """Return the cell of a line in the column named."""
    number = list(tables.COLUMNS).index(column) + 1
    line = next(line for line in sheet.iter_rows(min_row=2) if (line[0].value, line[2].value) == (code, place))
    return sheet.cell(line[0].row, number)


def bring(story, client, report, file):
    address = reverse("report_upload", args=[story.case.case.code, report.number])
    return sign_in(client, story.writer).post(address, {"file": file})


def test_m3_a_workbook_is_shown_before_it_is_saved_and_saved_by_the_move(story, report, client):
    def fill(sheet):
        at(sheet, "C1", "Lao PDR", "actual").value = 1250000.5
        at(sheet, "E1", "Thailand", "actual").value = 12
        at(sheet, "E4", "Project", "evidence").value = "Forty technicians"

    answer = bring(story, client, report, book(report, fill))
    shown = answer.content.decode()
    assert "3 cells change." in shown
    assert figure(report, "C1", "LA").actual is None
    sent = dict(answer.context["sent"])
    assert client.post(edit(story, report), {"seen": report.revision, **sent}).status_code == 302
    assert figure(report, "C1", "LA").actual == Decimal("1250000.5")
    assert figure(report, "E1", "TH").actual == 12
    assert figure(report, "E4").evidence == "Forty technicians"


@pytest.mark.parametrize(
    ("change", "cell", "says"),
    [
        (lambda sheet: sheet.insert_cols(3), "C1", "The columns were moved"),
        (lambda sheet: setattr(at(sheet, "C1", "Lao PDR", "actual"), "value", "=1+1"), "F2", "A formula"),
        (lambda sheet: setattr(at(sheet, "C1", "Lao PDR", "actual"), "value", "not yet"), "F2", "is not a number"),
        (lambda sheet: setattr(at(sheet, "C1", "Lao PDR", "actual"), "value", -4), "F2", "cannot be below zero"),
        (lambda sheet: setattr(at(sheet, "C1", "Lao PDR", "unit"), "value", "kUSD"), "D2", "does not fit"),
        (lambda sheet: setattr(at(sheet, "C1", "Lao PDR", "price_year"), "value", 2021), "E2", "are mixed"),
        (lambda sheet: setattr(at(sheet, "C1", "Lao PDR", "place"), "value", "Viet Nam"), "C2", "no line for C1"),
        (lambda sheet: setattr(at(sheet, "C1", "Lao PDR", "share_due_to_aipbi"), "value", 140), "I2", "from 0 to 100"),
    ],
)  # fmt: skip
def test_m3_a_faulty_cell_of_a_workbook_is_named_and_nothing_is_taken(story, client, change, cell, says):
    report = story.started()
    answer = bring(story, client, report, book(report, change))
    assert answer.status_code == 422
    found = {fault.cell: fault.what for fault in answer.context["faults"]}
    assert cell in found
    assert says.lower() in found[cell].lower()
    assert not report.figures.filter(actual__isnull=False).exists()


def test_m3_a_workbook_of_another_report_is_not_taken_for_this_one(story, client):
    first = story.filed()
    file = book(first)
    answer = bring(story, client, story.report(2), file)
    assert answer.status_code == 422
    assert "of another report" in answer.context["faults"][0].what


def test_u5_a_draft_of_a_report_leaves_as_a_workbook_for_its_writers_alone(story, report, client):
    address = reverse("report_workbook", args=[story.case.case.code, report.number])
    assert sign_in(client, story.writer).get(address).status_code == 200
    entry = story.case.case.trail.order_by("-number").first()
    assert entry.action == "download"
    for other in (story.people.asec(), story.people.chair(), story.people.body("AMEM")):
        assert sign_in(client, other).get(address).status_code == 404


# --- its size ---


@pytest.fixture
def wide(story):
    return wide_report(story.walk)


def test_m1_an_indicator_takes_no_code_and_saving_the_grid_takes_as_many_queries_for_one_figure_as_for_all(
    story, wide, client
):
    figures = figures_of(wide)
    assert len(figures) == 18 * 11
    sign_in(client, story.writer)
    counts = []
    for pasted in (figures[:1], figures):
        lines = [
            row(one.line.code, one.line.place, *(("", 3, 100) if one.line.kind == "share" else (7, "", "")), 0)
            for one in pasted
        ]
        wide.refresh_from_db()
        with CaptureQueriesContext(connection) as captured:
            answer = client.post(edit(story, wide), {"seen": wide.revision, "paste": "\n".join(lines)})
        assert answer.status_code == 302, answer.content.decode()
        counts.append(len(captured))
    assert counts[0] == counts[1]
    assert {one.value for one in figures_of(wide)} == {Decimal(7), Decimal(3)}
    assert not ReportFigure.objects.filter(report=wide, share_due_to_aipbi__isnull=True).exists()
