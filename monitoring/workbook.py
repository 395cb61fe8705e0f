"""The figures of a report as a workbook: given out, and read back whole or not at all (M3).

Its first sheet has the columns of `tables`; a signed code on the second says of which report it is.
"""

from io import BytesIO
from typing import Any, BinaryIO

from django.core import signing
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aipbi.documents import sheets
from aipbi.documents.sheets import Column, Sheet, cell_name
from aipbi.documents.workbooks import Fault, FaultyWorkbookError
from monitoring import tables
from monitoring.forms.report import ReportForm
from monitoring.models import Report, ReportFigure

SALT = "monitoring.workbook"
FIGURES, ABOUT = gettext_lazy("Figures"), gettext_lazy("About this workbook")
# Changes when columns move, so that a workbook of an earlier layout is not misread.
LAYOUT = 1
_WIDTHS = {"name": 44, "place": 20, "price_year": 10, "reasoning": 40, "evidence": 48}
MOST_COLUMNS = 40
# Rows that somebody may leave empty between and below the figures.
SPARE_ROWS = 200
CODE_ROW = 4


def write(report: Report, figures: list[ReportFigure]) -> bytes:
    """Return the workbook with what is saved; baseline and target stand beyond the last column, to be read."""
    columns = [Column(label, _WIDTHS.get(name, 14)) for name, label in tables.COLUMNS.items()]
    beside = [Column(_("Baseline"), 14), Column(_("Target"), 14)]
    rows = [
        [*row, figure.line.baseline, figure.line.target]
        for row, figure in zip(tables.rows(figures), figures, strict=True)
    ]
    about = Sheet(str(ABOUT), [Column(_("What"), 24), Column(_("Which"), 80)], _about(report))
    content = BytesIO()
    sheets.write_xlsx([Sheet(str(FIGURES), [*columns, *beside], rows), about], content)
    return content.getvalue()


def _about(report: Report) -> list[list[Any]]:
    period = f"{date_format(report.period_from, 'j F Y')} – {date_format(report.period_until, 'j F Y')}"
    return [
        [_("Case"), f"{report.proposal.case.reference or report.proposal.case.code} · {report.proposal}"],
        [_("Report"), report.label],
        [_("Period"), period],
        [_("Code"), _code(report)],
        [
            _("How to fill it in"),
            _("Write into the columns from Actual to Evidence. Move and rename nothing. Write figures, not formulas; leave a cell empty where nothing is to change. A share takes numerator and denominator, anything else its actual figure."),
        ],
    ]  # fmt: skip


def _signer() -> signing.Signer:
    return signing.Signer(salt=SALT)


def _code(report: Report) -> str:
    """Return the signed code of this report under the plan that it answers."""
    return _signer().sign_object({"layout": LAYOUT, "report": report.pk, "plan": report.plan_id}, compress=True)


def read(content: BinaryIO, report: Report, figures: list[ReportFigure]) -> tables.Read:
    """Return what the workbook says. Raises NotTakenError for what is none, and FaultyWorkbookError with every faulty cell."""
    found = sheets.read_xlsx(content, most_rows=len(figures) + SPARE_ROWS, most_columns=MOST_COLUMNS)
    by_title = {one.title: one for one in found}
    table, about = by_title.get(str(FIGURES)), by_title.get(str(ABOUT))
    for title, one in ((FIGURES, table), (ABOUT, about)):
        if one is None:
            what = _("There is no sheet “%(name)s”.") % {"name": title}
            raise FaultyWorkbookError([Fault(", ".join(by_title), "", what, _("the workbook as you downloaded it"))])
    assert table is not None and about is not None  # noqa: S101, PT018 - for the type checker
    _check_code(about, report)
    heading = table.rows[0] if table.rows else []
    if moved := tables.moved_columns(heading, 0):
        raise FaultyWorkbookError([fault_in(one) for one in moved])
    formulas = [
        Fault(table.title, cell, _("A formula, or a cell with an error."), _("the figure that it stands for"))
        for cell in table.calculated
    ]
    numbered = [
        (n, tables.padded(row)) for n, row in enumerate(table.rows) if n and any(tables.text(cell) for cell in row)
    ]
    said = tables.Reader(figures).read(numbered)
    if formulas or said.faults:
        raise FaultyWorkbookError([*formulas, *(fault_in(one) for one in said.faults)])
    return said


def _check_code(about: sheets.Table, report: Report) -> None:
    """Hold the code to the report: another report's figures are not taken for this one's."""

    def fault(what: str, expected: str) -> FaultyWorkbookError:
        return FaultyWorkbookError([Fault(about.title, cell_name(CODE_ROW, 1), what, expected)])

    row = about.rows[CODE_ROW] if len(about.rows) > CODE_ROW else []
    try:
        said = _signer().unsign_object(str(row[1]).strip() if len(row) > 1 else "")
    except (signing.BadSignature, ValueError) as wrong:
        raise fault(
            _("The code is missing or was changed."), _("the code of the workbook as you downloaded it")
        ) from wrong
    if said.get("layout") != LAYOUT:
        raise fault(_("The workbook has an earlier layout."), _("a workbook downloaded today"))
    if said.get("report") != report.pk:
        raise fault(_("The workbook is of another report, for another period or project."), report.label)
    if said.get("plan") != report.plan_id:
        raise fault(_("The plan has changed since the workbook was downloaded."), _("a workbook downloaded today"))


def fault_in(one: tables.Fault) -> Fault:
    """Return a fault of a row as one of a cell of the first sheet."""
    return Fault(str(FIGURES), cell_name(one.row, one.column or 0), one.what, one.expected)


def faults_of(form: ReportForm, said: tables.Read) -> list[Fault]:
    """Return the faults that the report's form finds in what the workbook says, by cell."""
    found = []
    for name, errors in form.errors.items():
        place = said.places.get(name)
        column = list(tables.COLUMNS).index(name.rpartition("_")[0]) if place is None else place[1]
        row = place[0] if place else _row_beside(name, said)
        what = f"{form.fields[name].label}: {' '.join(str(error) for error in errors)}"
        found.append(Fault(str(FIGURES), cell_name(row, column), what, _expected(name)))
    return sorted(found, key=lambda one: (int("".join(filter(str.isdigit, one.cell)) or 0), one.cell))


def _row_beside(name: str, said: tables.Read) -> int:
    """Return the row in which the other cells of the same figure stand: this one was left empty."""
    key = name.rpartition("_")[2]
    return next((row for other, (row, _column) in said.places.items() if other.rpartition("_")[2] == key), 0)


def _expected(name: str) -> str:
    if name.startswith("share_due"):
        return _("a number from 0 to 100")
    if name.startswith(("reasoning", "evidence")):
        return _("a few sentences")
    return _("a number above zero") if name.startswith("denominator") else _("a number from zero up")
