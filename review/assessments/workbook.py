"""An expert's own assessment as a workbook to be filled in away from the portal: how it is laid out and written (R3).

Each answer has a fixed cell. A signed code says of which assessment, version and edition the workbook is, so that
no other is taken for it; `workbook_reading` reads it back.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from typing import Any

from django.core import signing
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.worksheet.datavalidation import DataValidation

from aipbi.documents.sheets import harmless
from review.assessments.forms import level_name, verdict_name, why_name
from review.assessments.models import Assessment
from review.enums import Confidence, Level, Met, Overall

SALT = "review.assessments.workbook"
# Changes when cells move, so that a workbook of an earlier layout is not misread.
LAYOUT = 1
COLUMNS = ("A", "B", "C", "D", "E")
RATING, WORDS = "D", "E"
CODE_CELL = "B5"
HEAD = 8
_WIDTHS = {"A": 8, "B": 46, "C": 62, "D": 22, "E": 70}


@dataclass(frozen=True, slots=True)
class Place:
    """Where an answer stands: its cell, the form's field, what it is called, and the words it may hold (code by word)."""

    cell: str
    field: str
    label: str
    choices: dict[str, Any] | None = None


def signer() -> signing.Signer:
    """Return what signs the code, the same one for the same assessment at any time."""
    return signing.Signer(salt=SALT)


def code_of(assessment: Assessment) -> str:
    """Return the signed code of the assessment as it stands: for this expert, case, version and edition alone."""
    about = {
        "layout": LAYOUT, "assessment": assessment.pk, "expert": assessment.expert_id, "case": assessment.proposal_id,
        "version": assessment.version.number, "edition": assessment.proposal.criteria_edition_id,
    }  # fmt: skip
    return signer().sign_object(about, compress=True)


class Layout:
    """Every cell of the form: the texts that never change, and the places of the answers."""

    def __init__(self, assessment: Assessment) -> None:
        self.assessment = assessment
        self.sheet = _("Assessment")
        self.texts: dict[str, str] = {}
        self.places: list[Place] = []
        self.heads: list[int] = []
        self._lay()

    @cached_property
    def by_cell(self) -> dict[str, Place]:
        """The places by their cell."""
        return {place.cell: place for place in self.places}

    # --- the same form to be printed ---
    @cached_property
    def criteria(self) -> list[dict[str, Any]]:
        """The criteria with their parameters, each with its levels described."""
        ratings = list(self.assessment.ratings.select_related("parameter"))
        return [
            {
                "number": one.criterion.number,
                "title": _("Criterion %(n)s: %(title)s") % {"n": one.criterion.number, "title": one.criterion.title},
                "parameters": [
                    rating.parameter for rating in ratings if rating.parameter.criterion_id == one.criterion_id
                ],
            }
            for one in self.assessment.verdicts.select_related("criterion")
        ]

    @property
    def met(self) -> list[str]:
        """The verdicts on a criterion, in words."""
        return list(_words(Met))

    @property
    def verdicts(self) -> list[str]:
        """The verdicts on the whole, in words."""
        return list(_words(Overall))

    @property
    def sure(self) -> list[str]:
        """How sure one may be, in words."""
        return list(_words(Confidence))

    @property
    def headings(self) -> dict[str, str]:
        """The column headings by their cell."""
        return {f"{column}{HEAD}": self.texts[f"{column}{HEAD}"] for column in COLUMNS}

    def _lay(self) -> None:
        case = self.assessment.proposal.case
        self.texts |= {
            "A1": _("Assessment form"),
            "A2": _("Case"), "B2": f"{case.reference or case.code} · {self.assessment.proposal}",
            "A3": _("Version"), "B3": str(self.assessment.version.number),
            "A4": _("Criteria"), "B4": str(self.assessment.proposal.criteria_edition_id),
            "A5": _("Code"), CODE_CELL: code_of(self.assessment),
            "A6": _("Fill in the white cells of the columns Rating and Your words. Move nothing and change nothing else. Save it as XLSX and bring it in on “My assessments”; you see what it changes before it is saved. An empty cell changes nothing."),
            f"A{HEAD}": _("No."), f"B{HEAD}": _("Question"), f"C{HEAD}": _("What the levels mean"),
            f"{RATING}{HEAD}": _("Rating"), f"{WORDS}{HEAD}": _("Your words"),
        }  # fmt: skip
        for row, line in enumerate(self._lines(), start=HEAD + 1):
            self._put(row, *line)

    def _lines(self) -> Iterator[tuple[str, str, str, Place | None, Place | None]]:
        """Yield the lines of the form: number, question, meaning, and what its two cells take."""
        ratings = list(self.assessment.ratings.select_related("parameter__criterion"))
        for verdict in self.assessment.verdicts.select_related("criterion"):
            criterion = verdict.criterion
            yield (
                "",
                _("Criterion %(n)s: %(title)s") % {"n": criterion.number, "title": criterion.title},
                "",
                None,
                None,
            )
            for one in (rating.parameter for rating in ratings if rating.parameter.criterion_id == criterion.pk):
                said = _("Parameter %(n)s: ") % {"n": one.number}
                meaning = "\n".join(f"{number} – {words}" for number, words in enumerate(one.levels))
                level = Place("", level_name(one), said + _("rating"), {str(one.value): one.value for one in Level})
                yield str(one.number), one.question, meaning, level, Place("", why_name(one), said + _("justification"))
            place = Place(
                "", verdict_name(criterion), _("Criterion %(n)s: verdict") % {"n": criterion.number}, _words(Met)
            )
            yield "", _("Is criterion %(n)s met?") % {"n": criterion.number}, " / ".join(_words(Met)), place, None
        yield "", _("The whole"), "", None, None
        overall = Place("", "overall", _("Verdict on the whole"), _words(Overall))
        conditions = Place("", "conditions", _("Conditions"))
        yield (
            "",
            _("Your verdict on the whole, and the conditions where it has some (one to a line)"),
            " / ".join(_words(Overall)),
            overall,
            conditions,
        )
        confidence = Place("", "confidence", _("How sure you are"), _words(Confidence))
        sure = "\n".join(str(one.label) for one in Confidence)
        yield "", _("How sure are you of this assessment?"), sure, confidence, None
        yield (
            "",
            _("Comments to the Secretariat alone"),
            "",
            None,
            Place("", "comments", _("Comments to the Secretariat alone")),
        )

    def _put(self, row: int, number: str, question: str, meaning: str, *places: Place | None) -> None:
        for column, text in zip(COLUMNS, (number, question, meaning), strict=False):
            if text:
                self.texts[f"{column}{row}"] = text
        if not any(places):
            self.heads.append(row)
        for column, place in zip((RATING, WORDS), places, strict=True):
            if place:
                self.places.append(Place(f"{column}{row}", place.field, place.label, place.choices))


def _words(codes: Any) -> dict[str, Any]:
    """Return the codes of a list by their words, without what is explained after a colon."""
    return {str(one.label).partition(":")[0]: one.value for one in codes}


_EDGE = Side(style="thin", color="8A9BA8")
_BORDER = Border(left=_EDGE, right=_EDGE, top=_EDGE, bottom=_EDGE)
_GROUND = PatternFill("solid", fgColor="E8EEF0")


def write(assessment: Assessment, saved: dict[str, Any]) -> bytes:
    """Return the workbook with what is `saved`, by the fields of the form; its other cells are locked against slips."""
    layout = Layout(assessment)
    book = Workbook()
    sheet: Any = book.active
    sheet.title = layout.sheet
    for cell, text in layout.texts.items():
        _text(sheet[cell], text).fill = _GROUND
    for column, width in _WIDTHS.items():
        sheet.column_dimensions[column].width = width
    _dress(sheet, layout)
    for place in layout.places:
        cell = sheet[place.cell]
        cell.alignment, cell.border = Alignment(wrap_text=True, vertical="top"), _BORDER
        cell.protection = Protection(locked=False)
        _fill(cell, place, saved.get(place.field))
        if place.choices:
            _offer(sheet, place)
    sheet.protection.sheet = True
    sheet.protection.formatRows = sheet.protection.formatColumns = False
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def _text(cell: Any, text: str) -> Any:
    cell.value = harmless(ILLEGAL_CHARACTERS_RE.sub("", text))
    cell.data_type = "s"
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell


def _dress(sheet: Any, layout: Layout) -> None:
    """Make headings stand out, and the form print on one page's width with its headings on each."""
    sheet["A1"].font = Font(bold=True, size=16)
    sheet["A1"].alignment = sheet["A6"].alignment = Alignment(vertical="top")
    for cell in layout.headings:
        sheet[cell].font, sheet[cell].border = Font(bold=True), _BORDER
    for row in layout.heads:
        sheet[f"B{row}"].font = Font(bold=True, size=13)
    sheet.freeze_panes = f"A{HEAD + 1}"
    sheet.print_title_rows = f"{HEAD}:{HEAD}"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True


def _fill(cell: Any, place: Place, value: Any) -> None:
    if value in (None, ""):
        return
    if place.field.startswith("level_"):
        cell.value = int(value)
        return
    words = next((word for word, code in (place.choices or {}).items() if code == value), str(value))
    _text(cell, words)


def _offer(sheet: Any, place: Place) -> None:
    offer = DataValidation(type="list", formula1=f'"{",".join(place.choices or {})}"', allow_blank=True)
    offer.errorTitle, offer.error = (
        _("Not one of the choices"),
        _("Choose: %(words)s") % {"words": ", ".join(place.choices or {})},
    )
    offer.add(place.cell)
    sheet.add_data_validation(offer)
