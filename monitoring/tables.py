"""The grid of a report as rows of a spreadsheet: the columns, the rows to give out, and reading them back (M3).

What is pasted and what comes in a workbook is read here, all or none, into the cells of the form as if it
were typed there: one form then checks all three ways alike.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from aipbi.asean.names import member_state_names
from monitoring.forms.fields import COLUMNS as LABELS
from monitoring.forms.fields import plain
from monitoring.kinds import Kind
from monitoring.models import PlanLine, ReportFigure
from proposals.document import codes
from proposals.document.figures import Figures, TwoWaysError, member_state

NUMBERS = ("actual", "numerator", "denominator", "share_due_to_aipbi")
ANSWERS = (*NUMBERS, "reasoning", "evidence")
COLUMNS = {
    "code": gettext_lazy("Code"),
    "name": gettext_lazy("Indicator"),
    "place": gettext_lazy("Member State"),
    "unit": gettext_lazy("Unit"),
    "price_year": gettext_lazy("Prices of"),
    **{name: LABELS[name] for name in ANSWERS},
}
# What of a cell is shown back, and how exact a figure is kept.
SHOWN, DECIMALS = 60, 6


@dataclass(frozen=True, slots=True)
class Fault:
    """A faulty cell: its row and column counted from 0 (no column: the whole row), what is wrong, what belongs there."""

    row: int
    column: int | None
    what: str
    expected: str = ""

    @property
    def words(self) -> str:
        """Where it is and what is wrong, for rows that were pasted."""
        if self.column is None:
            return _("Row %(row)d: %(what)s") % {"row": self.row + 1, "what": self.what}
        return _("Row %(row)d, column %(column)d (%(label)s): %(what)s") % {
            "row": self.row + 1, "column": self.column + 1, "label": list(COLUMNS.values())[self.column],
            "what": self.what,
        }  # fmt: skip


@dataclass(slots=True)
class Read:
    """What the rows say: texts by the form's fields, where each stands, and what is wrong; faults mean nothing is taken."""

    cells: dict[str, str] = field(default_factory=dict)
    places: dict[str, tuple[int, int]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)


def asked(line: PlanLine) -> tuple[str, ...]:
    """Return what a line of this kind is answered with."""
    if line.kind == Kind.WORDS:
        return ("evidence",)
    figures = ("numerator", "denominator") if line.kind == Kind.SHARE else ("actual",)
    return (*figures, "share_due_to_aipbi", "reasoning", "evidence")


def rows(figures: Iterable[ReportFigure]) -> Iterator[list[Any]]:
    """Yield a row per figure, with what is saved."""
    for figure in figures:
        line = figure.line
        head = [line.code, line.name, line.place, line.unit, line.price_year]
        yield [*head, *(_given(getattr(figure, name)) for name in ANSWERS)]


def _given(value: Any) -> Any:
    """Return a figure as a spreadsheet holds it exactly: a number of more than fifteen digits as text."""
    if not isinstance(value, Decimal):
        return value
    text = plain(value)
    exact = len(text.replace(".", "").lstrip("0")) <= 15  # noqa: PLR2004 - the digits that a spreadsheet keeps
    return value if exact else text


class Reader:
    """Reads rows into the cells of a report's figures, by code and Member State."""

    def __init__(self, figures: Sequence[ReportFigure]) -> None:
        self.by_key = {(figure.line.code, figure.line.ams_id): figure for figure in figures}
        self.by_code: dict[str, list[PlanLine]] = {}
        for figure in figures:
            self.by_code.setdefault(figure.line.code, []).append(figure.line)
        self.names = member_state_names()
        self.codes = codes.load()

    def read(self, numbered: Sequence[tuple[int, Sequence[Any]]]) -> Read:
        """Return what the rows say; each comes with its number counted from 0 and has a value per column."""
        found = Read()
        first_at: dict[int, int] = {}
        self.figures = Figures(
            str(value) for _n, row in numbered for value in self._numbers(row) if isinstance(value, str)
        )
        for number, row in numbered:
            figure = self._figure(number, row, found)
            if figure is None:
                continue
            if figure.pk in first_at:
                what = _("this line stands in row %(first)d already") % {"first": first_at[figure.pk] + 1}
                found.faults.append(Fault(number, None, what))
            first_at.setdefault(figure.pk, number)
            self._answers(number, row, figure, found)
        return found

    @staticmethod
    def _numbers(row: Sequence[Any]) -> Sequence[Any]:
        start = list(COLUMNS).index(NUMBERS[0])
        return row[start : start + len(NUMBERS)]

    def _figure(self, number: int, row: Sequence[Any], found: Read) -> ReportFigure | None:
        """Return the figure a row is for; tell what of its first columns does not fit."""
        code, _name, place, unit, year = (text(value) for value in row[:5])
        lines = self.by_code.get(code)
        if lines is None:
            what = _("“%(code)s” is no indicator of this plan") % {"code": code[:SHOWN]} if code else _("the code is missing")  # fmt: skip
            found.faults.append(Fault(number, 0, what, _("one of: %(codes)s") % {"codes": ", ".join(self.by_code)}))
            return None
        figure = self._of_place(number, code, place, lines, found)
        line = lines[0]
        if unit.casefold() not in ("", line.unit.casefold()):
            what = _("“%(unit)s” does not fit: %(code)s is measured in %(own)s")
            found.faults.append(
                Fault(number, 3, what % {"unit": unit[:SHOWN], "code": code, "own": line.unit}, line.unit)
            )
        own = str(line.price_year or "")
        if year not in ("", own):
            what = (
                _("prices of %(year)s are mixed with the plan’s, which counts %(code)s at prices of %(own)s")
                if own
                else _("%(code)s is no money and has no prices of a year")
            )
            found.faults.append(Fault(number, 4, what % {"year": year[:SHOWN], "code": code, "own": own}, own or _("nothing")))  # fmt: skip
        return figure

    def _of_place(
        self, number: int, code: str, place: str, lines: Sequence[PlanLine], found: Read
    ) -> ReportFigure | None:
        whole = lines[0].ams_id is None
        of_project = place.casefold() in ("", str(_("Project")).casefold())
        state = None if of_project else member_state(place, self.codes)
        figure = self.by_key.get((code, state))
        if figure is not None and (of_project or state):
            return figure
        expected = str(_("Project")) if whole else ", ".join(line.place for line in lines)
        if whole:
            what = _("%(code)s is asked of the project as a whole, not of “%(place)s”")
        elif state:
            what = _("%(place)s has no line for %(code)s in the plan")
        elif of_project:
            what = _("%(code)s is asked of each Member State; which one this is for is missing")
        else:
            what = _("“%(place)s” is not a Member State")
        named = self.names.get(state or "", place[:SHOWN])
        found.faults.append(Fault(number, 2, what % {"code": code, "place": named}, expected))
        return None

    def _answers(self, number: int, row: Sequence[Any], figure: ReportFigure, found: Read) -> None:
        wanted = asked(figure.line)
        for column, name in enumerate(COLUMNS):
            if name not in ANSWERS:
                continue
            value = row[column]
            said = text(value)
            if not said:
                continue
            if name not in wanted:
                what, expected = self._not_asked(figure.line)
                found.faults.append(Fault(number, column, what, expected))
            elif figure.accepted:
                self._frozen((number, column), said, figure, found)
            else:
                if name in NUMBERS and isinstance(value, str):
                    said = self._digits(number, column, said, figure.line, found)
                found.cells[f"{name}_{figure.pk}"] = said
                found.places[f"{name}_{figure.pk}"] = number, column

    def _frozen(self, place: tuple[int, int], said: str, figure: ReportFigure, found: Read) -> None:
        """An accepted figure may come along as it is, and not as another."""
        own = getattr(figure, list(COLUMNS)[place[1]])
        same = said == own
        if isinstance(own, Decimal):
            digits = self._digits(*place, said, figure.line, found)
            same = digits.replace(".", "", 1).isdigit() and Decimal(digits) == own
        if not same:
            what = _("this figure is accepted and does not change here")
            found.faults.append(Fault(*place, what, _given_words(own)))

    def _digits(self, number: int, column: int, said: str, line: PlanLine, found: Read) -> str:
        """Return a figure written as people write it in digits; what is none stays, and the form says so."""
        try:
            return self.figures.digits(said, whole=line.kind == Kind.COUNT) or said
        except TwoWaysError as fault:
            found.faults.append(Fault(number, column, str(fault), _("a number in digits")))
            return said

    @staticmethod
    def _not_asked(line: PlanLine) -> tuple[str, str]:
        if line.kind == Kind.WORDS:
            return _("%(code)s is told in words, under Evidence") % {"code": line.code}, _("nothing")
        if line.kind == Kind.SHARE:
            what = _("%(code)s is a share: write its numerator and its denominator")
            return what % {"code": line.code}, _("nothing")
        what = _("%(code)s is no share: write its figure under Actual")
        return what % {"code": line.code}, _("nothing")


def typed(value: Any) -> str:
    """Return what is saved in a cell as somebody would have typed it."""
    return "" if value is None else value.strip() if isinstance(value, str) else plain(value)


def _given_words(value: Any) -> str:
    return plain(value) if isinstance(value, Decimal) else str(value or _("nothing"))


def text(value: Any) -> str:
    """Return a cell as a person would have typed it; a number that a program calculated loses its last noise."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, float):
        exact = Decimal(repr(value))
        if exact.is_finite() and -exact.as_tuple().exponent > DECIMALS:  # type: ignore[operator]
            exact = round(exact, DECIMALS)
        return plain(exact)
    return str(value).strip()


def read_pasted(pasted: str, figures: Sequence[ReportFigure]) -> Read:
    """Read rows pasted from a spreadsheet, with their headings or without. Columns beyond the last are left alone."""
    clean = pasted.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n")
    try:
        lines = list(csv.reader(io.StringIO(clean), delimiter="\t"))
    except csv.Error as fault:
        what = _("this can’t be read as cells of a spreadsheet (%(why)s)") % {"why": fault}
        return Read(faults=[Fault(0, None, what)])
    numbered = [(n, line) for n, line in enumerate(lines) if any(cell.strip() for cell in line)]
    if numbered and numbered[0][1][0].strip().casefold() == str(COLUMNS["code"]).casefold():
        if moved := moved_columns(numbered[0][1], numbered[0][0]):
            return Read(faults=moved)
        numbered = numbered[1:]
    if not numbered:
        return Read(faults=[Fault(0, None, _("there is no row with figures in what was pasted"))])
    least = list(COLUMNS).index(NUMBERS[0]) + 1
    short = [
        Fault(
            n, None,
            ngettext("this row has %(count)d column; there should be %(wanted)d",
                     "this row has %(count)d columns; there should be %(wanted)d", len(line))
            % {"count": len(line), "wanted": len(COLUMNS)},
        )
        for n, line in numbered if len(line) < least
    ]  # fmt: skip
    if short:
        return Read(faults=short)
    return Reader(figures).read([(n, padded(line)) for n, line in numbered])


def padded(row: Sequence[Any]) -> list[Any]:
    """Return a value for each column."""
    return [*row, *[None] * len(COLUMNS)][: len(COLUMNS)]


def moved_columns(heading: Sequence[Any], row: int) -> list[Fault]:
    """Return a fault for each column that does not stand where it belongs."""
    return [
        Fault(row, column, _("the columns were moved: here stands “%(found)s”") % {"found": text(found)[:SHOWN]}, str(label))
        for column, (label, found) in enumerate(zip(COLUMNS.values(), padded(heading), strict=True))
        if text(found).casefold() != str(label).casefold()
    ]  # fmt: skip
