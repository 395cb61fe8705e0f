"""What the facilitation is said to have done, and when what happened: benefits and reports in one line of time (M4)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from aipbi.accounts.capacity import Capacity
from facilitation.enums import BENEFITS
from facilitation.models import Letter
from monitoring import benefits
from monitoring.enums import Use
from monitoring.kinds import Kind
from monitoring.models import BenefitUse, Plan, Report, ReportFigure
from proposals.models import Proposal

HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Part:
    """The part of a figure that is said to be due to facilitation; None where it is a share of a share."""

    figure: ReportFigure
    amount: Decimal | None


@dataclass(frozen=True, slots=True)
class Event:
    """A day and what happened on it; `ahead` where it lies in the future."""

    day: date
    kind: str
    words: str
    ahead: bool


def parts(figures: list[ReportFigure]) -> list[Part]:
    """Return of each line's last accepted figure the part that facilitation is said to have in it, in the plan's order."""
    latest = {figure.line.key: figure for figure in figures if figure.value is not None and figure.share_due_to_aipbi}
    found = sorted(
        latest.values(),
        key=lambda one: (one.line.indicator.order, one.line.own_number or 0, one.line.ams.order if one.line.ams else 0),
    )
    return [Part(one, _amount(one)) for one in found]


def _amount(figure: ReportFigure) -> Decimal | None:
    if figure.line.kind == Kind.SHARE or figure.value is None:
        return None
    return figure.value * (figure.share_due_to_aipbi or Decimal(0)) / HUNDRED


def timeline(plan: Plan, viewer: Capacity) -> list[Event]:
    """Return what happened and what is to come, by day, as far as the reader may know it."""
    today, proposal = timezone.localdate(), plan.proposal
    found = [
        *_letters(proposal, viewer),
        *_benefits(proposal),
        *_plans(proposal, viewer),
        *_reports(proposal, viewer),
        *_due(plan),
    ]
    return [Event(day, kind, words, day > today) for day, kind, words in sorted(found, key=lambda one: one[0])]


Happened = tuple[date, str, str]


def _day(moment: datetime) -> date:
    return timezone.localdate(moment)


def _letters(proposal: Proposal, viewer: Capacity) -> Iterator[Happened]:
    issued = Letter.objects.visible_to(viewer).filter(proposal=proposal, purpose__in=BENEFITS, issued_at__isnull=False)
    for letter in issued:
        yield _day(letter.issued_at), _("Letter"), _("Letter %(number)s issued") % {"number": letter.number}


def _benefits(proposal: Proposal) -> Iterator[Happened]:
    for one in benefits.of_the_letter(proposal):
        said = {"n": one.number, "measure": one.measure}
        if one.starts:
            yield one.starts, _("Benefit"), _("Benefit %(n)d begins: %(measure)s") % said
        if one.ends:
            yield one.ends, _("Benefit"), _("Benefit %(n)d ends: %(measure)s") % said


def _plans(proposal: Proposal, viewer: Capacity) -> Iterator[Happened]:
    for plan in Plan.objects.visible_to(viewer).filter(proposal=proposal, agreed_at__isnull=False):
        words = _("Monitoring plan agreed") if not plan.is_change else _("Change of the monitoring plan agreed: %(why)s") % {"why": plan.reason}  # fmt: skip
        yield _day(plan.agreed_at), _("Plan"), words


def _reports(proposal: Proposal, viewer: Capacity) -> Iterator[Happened]:
    reports = list(Report.objects.visible_to(viewer).filter(proposal=proposal))
    uses: dict[int, list[BenefitUse]] = {}
    said = BenefitUse.objects.filter(report__in=reports).exclude(use="").select_related("benefit")
    for use in said.order_by("benefit__number"):
        uses.setdefault(use.report_id, []).append(use)
    for report in reports:
        if report.filed_at:
            words = _("%(report)s filed") % {"report": report.label}
            yield _day(report.filed_at), _("Report"), ". ".join([words, *_said(uses.get(report.pk, []))])
        if report.accepted_at:
            yield _day(report.accepted_at), _("Report"), _("%(report)s accepted") % {"report": report.label}


def _due(plan: Plan) -> Iterator[Happened]:
    """Yield the days on which reports are due that nobody has filed: the plan says them to everybody who reads it."""
    filed = Report.objects.filter(proposal=plan.proposal_id, filed_at__isnull=False).count()
    for number, one in enumerate(plan.dates.order_by("period_until"), start=1):
        if number > filed:
            yield one.due_on, _("Report"), _("Report %(n)d is due") % {"n": number}


def _said(uses: list[BenefitUse]) -> Iterator[str]:
    for use in Use:
        numbers: list[Any] = [one.benefit.number for one in uses if one.use == use]
        if numbers:
            yield _("%(use)s: benefit %(numbers)s") % {"use": use.label, "numbers": ", ".join(map(str, numbers))}
