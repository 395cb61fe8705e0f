"""Assessments side by side, as pages show them: experts as A, B …, named only to ASEC (R4, R6)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from aipbi.accounts.capacity import Capacity
from aipbi.accounts.enums import Role
from review import queries
from review.assessments.agreement import Agreement
from review.assessments.chart import Chart, draw
from review.assessments.citing import Link, Sources
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
class Why:
    """An expert's justification: whose, the words, and what they rest on."""

    expert: str
    words: str
    evidence: list[Link]


@dataclass(frozen=True, slots=True)
class Rated:
    """A parameter on the sheet: the figures, who changed a level after reading the others, and the justifications where the reader sees them."""

    line: Line
    late: list[str]
    why: list[Why]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The figures in words."""

    experts: list[str]
    rated: list[Rated]
    verdicts: list[Verdicts]
    confidence: list[str]
    differing: list[int]
    contrary: list[str]
    chart: Chart
    agreement: Agreement
    conditions: tuple[str, ...]

    @property
    def differs_strongly(self) -> bool:
        """Whether one more expert should be asked."""
        return bool(self.differing or self.contrary)


@dataclass(frozen=True, slots=True)
class ReportPage:
    """A consolidated report with its sheet."""

    report: ConsolidatedReport
    sheet: Sheet


def sheet(assessments: Sequence[Assessment], viewer: Capacity) -> Sheet:
    """Return filed assessments side by side, with justifications; for ASEC and experts, once all have filed."""
    figures = queries.figures(assessments)
    names = [_name(letter, one, viewer) for letter, one in zip(figures.experts, assessments, strict=True)]
    sources = Sources(assessments[0].proposal, assessments[0].version, viewer)
    whys = [
        [Why(name, one.justification, sources.links(one.evidence)) for name, one in zip(names, row, strict=True)]
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


def _in_words(figures: Figures, names: list[str], whys: list[list[Why]]) -> Sheet:
    return Sheet(
        experts=names,
        rated=[
            Rated(line, [names[place] for place in line.late], why)
            for line, why in zip(figures.lines, whys, strict=True)
        ],
        verdicts=[*(_verdicts(one, Met) for one in figures.criteria), _verdicts(figures.overall, Overall)],
        confidence=[str(Confidence(one).label).partition(":")[0] for one in figures.confidence],
        differing=[line.number for line in figures.differing],
        contrary=[one.label for one in figures.contrary],
        chart=draw(figures.lines, figures.experts),
        agreement=figures.agreement,
        conditions=figures.conditions,
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
