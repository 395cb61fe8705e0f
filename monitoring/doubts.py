"""Figures that are hard to believe (M3): asked about with the reason, never refused.

Each is held against its target and baseline, the report before, and the other Member States of the same
indicator. Figures say what had been reached by the end of the period, so that a fall is worth a question.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from statistics import median
from typing import Any

from django.utils.translation import gettext as _

from aipbi.asean.enums import Better
from monitoring.kinds import Kind
from monitoring.models import Report, ReportFigure
from monitoring.templatetags.figures import figure as shown

BEYOND_TARGET, LEAP, APART, OTHERS = 2, 10, 10, 3
ALL = Decimal(100)


def of(report: Report, figures: Sequence[ReportFigure]) -> dict[int, list[str]]:
    """Return the questions by figure, as sentences; one query, whatever the number of figures."""
    before = _before(report)
    by_measure: dict[Any, list[ReportFigure]] = {}
    for one in figures:
        if one.value is not None:
            by_measure.setdefault(one.line.measure, []).append(one)
    found = {}
    for one in figures:
        others = [other for other in by_measure.get(one.line.measure, []) if other is not one]
        if questions := list(_of_one(one, before.get(one.line.key), others)):
            found[one.pk] = questions
    return found


def _before(report: Report) -> dict[Any, Decimal]:
    """Return the figures of the report before, by what they answer in any version of the plan."""
    earlier = (
        ReportFigure.objects.filter(report__proposal=report.proposal_id, report__number=report.number - 1)
        .select_related("line__indicator")
        .order_by("version")
    )
    return {one.line.key: one.value for one in earlier if one.value is not None and one.accepted is not False}


def _of_one(one: ReportFigure, before: Decimal | None, others: Sequence[ReportFigure]) -> Iterator[str]:
    value, line = one.value, one.line
    if value is None or line.kind == Kind.WORDS:
        return
    if one.share_due_to_aipbi == ALL and value:
        yield _("All of it is said to be due to facilitation. Would none of it be there without?")
    if line.kind == Kind.SHARE and value > ALL:
        yield _("This is a share of more than the whole: %(value)s %%. Are numerator and denominator in their places?") % {
            "value": shown(value)
        }  # fmt: skip
    yield from _against_target(value, one)
    yield from _against_before(value, before, line.indicator.better)
    yield from _against_others(value, others)


def _against_target(value: Decimal, one: ReportFigure) -> Iterator[str]:
    line = one.line
    base, target = line.baseline or Decimal(0), line.target
    if target is None or target == base:
        return
    way = (value - base) / (target - base)
    if way > BEYOND_TARGET:
        yield _("This is far beyond the target of %(target)s. Is the unit right (%(unit)s)?") % {
            "target": shown(target), "unit": line.measured_in,
        }  # fmt: skip
    elif way < 0:
        yield _("This is worse than the baseline of %(baseline)s. What happened?") % {"baseline": shown(base)}


def _against_before(value: Decimal, before: Decimal | None, better: str) -> Iterator[str]:
    if before is None:
        return
    if better == Better.UP and value < before:
        yield _("The report before had %(before)s: this is less. Figures tell what had been reached by the end.") % {
            "before": shown(before)
        }  # fmt: skip
    elif better == Better.DOWN and value > before:
        yield _("The report before had %(before)s: this is more. What happened?") % {"before": shown(before)}
    elif before and value > before * LEAP:
        yield _("This is more than %(times)d times the %(before)s of the report before. What made it grow so?") % {
            "times": LEAP, "before": shown(before),
        }  # fmt: skip


def _against_others(value: Decimal, others: Sequence[ReportFigure]) -> Iterator[str]:
    if len(others) < OTHERS:
        return
    middle = median([other.value or Decimal(0) for other in others])
    if middle and value > middle * APART:
        yield _("The other Member States have about %(middle)s. Why is this one so far above them?") % {
            "middle": shown(middle)
        }  # fmt: skip
