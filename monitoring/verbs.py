"""What monitoring does inside its moves: begin a plan, choose its lines, open a report."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from aipbi.accounts.capacity import today
from aipbi.asean.models import Indicator
from monitoring import suggestions
from monitoring.enums import Side
from monitoring.kinds import PORTFOLIO_GOAL
from monitoring.models import Plan, PlanLine, Report, ReportFigure
from proposals.models import Proposal


def plannable(proposal: Proposal) -> Any:
    """Return the indicators of the case's own edition that one project can report on."""
    found = Indicator.objects.filter(edition=proposal.indicator_edition_id).exclude(goal=PORTFOLIO_GOAL)
    return found.select_related("goal").order_by("goal__order", "order")


def confirmed(proposal: Proposal) -> list[str]:
    """Return the codes of the Member States that take part."""
    return list(proposal.participations.taking_part().values_list("ams_id", flat=True))


def begin_plan(proposal: Proposal, side: Side) -> Plan:
    """Begin a plan for a side to draft, with lines and dates taken from the version decided on."""
    plan = Plan.objects.create(proposal=proposal, proposed_by=side)
    document = proposal.version.document  # type: ignore[union-attr]
    lines = list(suggestions.lines(document, plannable(proposal), confirmed(proposal)))
    dates = list(suggestions.dates(document, today()))
    for line in lines:
        line.plan = plan
    for date_ in dates:
        date_.plan = plan
    PlanLine.objects.bulk_create(lines)
    plan.dates.bulk_create(dates)
    return plan


def choose_indicators(plan: Plan, chosen: Iterable[Indicator]) -> tuple[list[str], list[str]]:
    """Give the plan the lines of the chosen indicators, keeping what is written; return codes added and left out.

    An indicator by Member State gets a line for each that takes part, any other a single line.
    """
    wanted = list(chosen)
    left_out = plan.lines.filter(own_number__isnull=True).exclude(indicator__in=wanted)
    gone = sorted(set(left_out.values_list("indicator__code", flat=True)))
    left_out.delete()
    there = set(plan.lines.filter(own_number__isnull=True).values_list("indicator_id", "ams_id"))
    states = confirmed(plan.proposal)
    missing = [
        PlanLine(plan=plan, indicator=indicator, ams_id=ams)
        for indicator in wanted
        for ams in (states if indicator.by_ams else [None])
        if (indicator.pk, ams) not in there
    ]
    PlanLine.objects.bulk_create(missing)
    return sorted({line.indicator.code for line in missing}), gone


def begins_on(proposal: Proposal) -> date:
    """Return the first day of the project, with which the first report begins."""
    return suggestions.month_start(proposal.version.document["starts"])  # type: ignore[union-attr]


def open_next_report(proposal: Proposal) -> Report | None:
    """Open the draft of the next report the plan in force asks for, with a figure to fill per line; None after the last."""
    plan = Plan.objects.in_force().get(proposal=proposal)
    last = proposal.reports.order_by("-number").first()
    dates = plan.dates.order_by("period_until")
    ahead = list(dates.filter(period_until__gt=last.period_until) if last else dates)
    if not ahead:
        return None
    report = Report.objects.create(
        proposal=proposal,
        plan=plan,
        number=last.number + 1 if last else 1,
        period_from=last.period_until + timedelta(days=1) if last else begins_on(proposal),
        period_until=ahead[0].period_until,
        due_on=ahead[0].due_on,
        final=len(ahead) == 1,
    )
    ReportFigure.objects.bulk_create(ReportFigure(report=report, line=line) for line in plan.lines.all())
    return report
