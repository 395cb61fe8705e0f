"""Reading a filled workbook back: every answer in its place, or each faulty cell with what is wrong; never half of it."""

from collections.abc import Iterator
from typing import Any, BinaryIO

from django import forms
from django.core import signing
from django.utils.translation import gettext as _

from aipbi.documents import sheets
from aipbi.documents.sheets import Table, cell_name
from aipbi.documents.workbooks import Fault, FaultyWorkbookError
from review.assessments.models import Assessment
from review.assessments.workbook import CODE_CELL, LAYOUT, Layout, Place, code_of, signer

MOST_ROWS, MOST_COLUMNS = 200, 26
# What of a cell is shown back.
SHOWN = 80


def read(content: BinaryIO, assessment: Assessment, form: forms.Form) -> dict[str, Any]:
    """Return the answers by the form's fields, empty cells left out.

    `form` is the assessment's own, whose fields check each answer. Raises NotTakenError for a file that is no
    harmless workbook, and FaultyWorkbookError with every faulty cell.
    """
    tables = sheets.read_xlsx(content, most_rows=MOST_ROWS, most_columns=MOST_COLUMNS)
    layout = Layout(assessment)
    table = next((one for one in tables if one.title == layout.sheet), None)
    if table is None:
        names = ", ".join(one.title for one in tables)
        raise FaultyWorkbookError(
            [
                Fault(
                    names,
                    "",
                    _("There is no sheet “%(name)s”.") % {"name": layout.sheet},
                    _("the form as you downloaded it"),
                )
            ]
        )
    cells = _cells(table)
    for stage in (_by_code, _by_heading):
        if faults := list(stage(layout, table, cells)):
            raise FaultyWorkbookError(faults)
    answers: dict[str, Any] = {}
    faults = sorted(_by_cell(layout, table, cells, form, answers), key=lambda one: _place(one.cell))
    if faults:
        raise FaultyWorkbookError(faults)
    return answers


def _cells(table: Table) -> dict[str, Any]:
    """Return what is filled, by cell; a text of blanks alone is empty."""
    return {
        cell_name(row, column): value
        for row, values in enumerate(table.rows)
        for column, value in enumerate(values)
        if value is not None and str(value).strip()
    }


def _place(cell: str) -> tuple[int, str]:
    return int("".join(filter(str.isdigit, cell)) or 0), cell


def _by_code(layout: Layout, table: Table, cells: dict[str, Any]) -> Iterator[Fault]:
    """Hold the code to the assessment: its expert and case, the version, the edition, the layout."""
    assessment = layout.assessment

    def fault(what: str, expected: str) -> Fault:
        return Fault(table.title, CODE_CELL, what, expected)

    try:
        about = signer().unsign_object(str(cells.get(CODE_CELL, "")).strip())
    except (signing.BadSignature, ValueError):
        yield fault(_("The code is missing or was changed."), _("the code of the form as you downloaded it"))
        return
    own = signer().unsign_object(code_of(assessment))
    if about.get("layout") != LAYOUT:
        yield fault(_("The form has an earlier layout."), _("a form downloaded today"))
    elif about["case"] != own["case"]:
        yield fault(_("The form is of another case."), str(assessment.proposal.case.reference))
    elif (about["assessment"], about["expert"]) != (own["assessment"], own["expert"]):
        yield fault(_("The form is of another expert's assessment."), _("the form that you downloaded yourself"))
    elif about["version"] != own["version"]:
        yield fault(
            _("The form is of version %(n)s of the proposal.") % {"n": about["version"]},
            _("version %(n)s") % {"n": own["version"]},
        )
    elif about["edition"] != own["edition"]:
        yield fault(
            _("The form is of the edition %(code)s of the criteria.") % {"code": about["edition"]},
            _("the edition %(code)s") % {"code": own["edition"]},
        )


def _by_heading(layout: Layout, table: Table, cells: dict[str, Any]) -> Iterator[Fault]:
    """Find columns that were moved, taken out or put in."""
    for cell, heading in layout.headings.items():
        if str(cells.get(cell, "")) != heading:
            yield Fault(
                table.title,
                cell,
                _("The columns were moved: here stands %(found)s.") % {"found": _shown(cells.get(cell))},
                f"“{heading}”",
            )


def _by_cell(
    layout: Layout, table: Table, cells: dict[str, Any], form: forms.Form, answers: dict[str, Any]
) -> Iterator[Fault]:
    """Take each answer from its cell into `answers`; find what is faulty, moved, or stands where nothing belongs."""
    for cell in table.calculated:
        yield Fault(table.title, cell, _("A formula, or a cell with an error."), _expected(layout, cell))
    for cell, value in cells.items():
        place = layout.by_cell.get(cell)
        if place is None and str(value) != layout.texts.get(cell, ""):
            yield Fault(
                table.title,
                cell,
                _("Not a cell to fill in: here stands %(found)s.") % {"found": _shown(value)},
                _expected(layout, cell),
            )
        elif place is not None:
            try:
                answers[place.field] = _answer(place, value, form)
            except forms.ValidationError as fault:
                yield Fault(table.title, cell, f"{place.label}: {' '.join(fault.messages)}", _expected(layout, cell))
    for cell in layout.texts.keys() - cells.keys() - set(table.calculated):
        yield Fault(
            table.title, cell, _("The form's own text is missing: rows or cells were moved."), _expected(layout, cell)
        )


def _answer(place: Place, value: Any, form: forms.Form) -> Any:
    """Return the answer as the form holds it. Raises ValidationError."""
    if place.choices is not None:
        value = _chosen(place, value)
    elif not isinstance(value, str):
        value = str(value)
    return form.fields[place.field].clean(value)


def _chosen(place: Place, value: Any) -> Any:
    """Return the code of a word or a level, however it is capitalised."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if not isinstance(value, bool):
        plain = str(value).strip().partition(":")[0].casefold()
        for word, code in (place.choices or {}).items():
            if plain in (word.casefold(), str(code).casefold()):
                return code
    raise forms.ValidationError(_("%(found)s is not one of the choices.") % {"found": _shown(value)})


def _expected(layout: Layout, cell: str) -> str:
    place = layout.by_cell.get(cell)
    if place is None:
        text = layout.texts.get(cell)
        return _("the form's own text: %(text)s") % {"text": _shown(text)} if text else _("nothing")
    if place.field.startswith("level_"):
        return _("a whole number from 0 to 4, or nothing")
    if place.choices:
        return _("one of: %(words)s; or nothing") % {"words": ", ".join(place.choices)}
    return _("a text of at most %(n)s characters, or nothing") % {"n": 8000}


def _shown(value: Any) -> str:
    text = " ".join(str(value if value is not None else "").split())
    return f"“{text[:SHOWN]}{'…' if len(text) > SHOWN else ''}”" if text else _("nothing")
