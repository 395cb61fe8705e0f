"""Assessments side by side, as pages show them: experts as A, B …, named only to ASEC (R4, R6)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from aipbi.accounts.capacity import Capacity
from aipbi.accounts.enums import Role
from review import queries
from review.assessments.figures import Count, Figures, Line, thaw
from review.assessments.models import Assessment
from review.enums import Confidence, Met, Overall
from review.report.models import ConsolidatedReport


@dataclass(frozen=True, slots=True)
class Verdicts:
    """A verdict by all experts, in words."""

    label: str
    given: list[str]
    words: str


@dataclass(frozen=True, slots=True)
class Rated:
    """A parameter on the sheet: the figures, and each expert's justification where the reader sees them."""

    line: Line
    why: list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The figures in words."""

    experts: list[str]
    rated: list[Rated]
    verdicts: list[Verdicts]
    confidence: list[str]
    differing: list[int]


@dataclass(frozen=True, slots=True)
class ReportPage:
    """A consolidated report with its sheet."""

    report: ConsolidatedReport
    sheet: Sheet


def sheet(assessments: Sequence[Assessment], viewer: Capacity) -> Sheet:
    """Return filed assessments side by side, with justifications; for ASEC and experts, once all have filed."""
    figures = queries.figures(assessments)
    names = [_name(letter, one, viewer) for letter, one in zip(figures.experts, assessments, strict=True)]
    whys = [
        list(zip(names, [rating.justification for rating in row], strict=True))
        for row in zip(*(one.ratings.all() for one in assessments), strict=True)
    ]
    return _in_words(figures, names, whys)


def report(one: ConsolidatedReport) -> ReportPage:
    """Return a report with its frozen figures in words; nobody is named."""
    figures = thaw(one.figures)
    names = [_("Expert %(letter)s") % {"letter": letter} for letter in figures.experts]
    return ReportPage(one, _in_words(figures, names, [[] for _line in figures.lines]))


def _name(letter: str, assessment: Assessment, viewer: Capacity) -> str:
    called = _("Expert %(letter)s") % {"letter": letter}
    if viewer.role == Role.ASEC:
        return f"{called}: {assessment.expert}"
    own = viewer.person is not None and viewer.person.pk == assessment.expert_id
    return _("%(expert)s (you)") % {"expert": called} if own else called


def _in_words(figures: Figures, names: list[str], whys: list[list[tuple[str, str]]]) -> Sheet:
    return Sheet(
        experts=names,
        rated=[Rated(line, why) for line, why in zip(figures.lines, whys, strict=True)],
        verdicts=[*(_verdicts(one, Met) for one in figures.criteria), _verdicts(figures.overall, Overall)],
        confidence=[str(Confidence(one).label).partition(":")[0] for one in figures.confidence],
        differing=[line.number for line in figures.differing],
    )


def _verdicts(count: Count, words: Any) -> Verdicts:
    said = {code: str(words(code).label) for code in count.given}
    if not count.majority:
        told = _("The experts are divided.")
    elif not count.minority:
        told = _("All: %(verdict)s") % {"verdict": said[count.majority]}
    else:
        told = _("Most: %(verdict)s. Others: %(others)s") % {
            "verdict": said[count.majority], "others": ", ".join(said[code] for code in count.minority),
        }  # fmt: skip
    return Verdicts(count.label, [said[code] for code in count.given], told)
