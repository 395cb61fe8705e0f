"""What the pages of monitoring read; every answer begins from what the reader may see (U5)."""

from dataclasses import dataclass
from itertools import groupby
from typing import Any

from aipbi.accounts.capacity import Capacity
from monitoring import progress
from monitoring.enums import ReportState
from monitoring.models import Plan, PlanLine, Report, ReportFigure, ReportingDate
from proposals.models import Proposal


@dataclass(frozen=True, slots=True)
class Planned:
    """A reporting date with the report that answers it, as far as there is one and the reader may read it."""

    number: int
    date: ReportingDate
    final: bool
    state: ReportState | None
    report: Report | None


def plan_of(proposal: Proposal, viewer: Capacity) -> Plan | None:
    """Return the plan of the case, or None."""
    found: Plan | None = Plan.objects.visible_to(viewer).filter(proposal=proposal).first()
    if found:
        found.proposal = proposal
    return found


def lines_of(plan: Plan) -> list[PlanLine]:
    """Return the plan's lines in order."""
    return list(
        plan.lines.select_related("indicator__goal", "ams").order_by(
            "indicator__goal__order", "indicator__order", "ams__order"
        )
    )


def by_goal(lines: list[PlanLine]) -> list[dict[str, Any]]:
    """Return the lines by strategic goal and indicator."""
    return [
        {
            "goal": goal,
            "indicators": [
                {"indicator": indicator, "lines": list(members)}
                for indicator, members in groupby(own, key=lambda line: line.indicator)
            ],
        }
        for goal, own in groupby(lines, key=lambda line: line.indicator.goal)
    ]


def schedule(plan: Plan, viewer: Capacity) -> list[Planned]:
    """Return the reporting dates with the state of each report; the report itself only to who reads it."""
    dates = list(plan.dates.order_by("period_until"))
    states = dict(Report.objects.filter(proposal=plan.proposal_id).values_list("number", "state"))
    readable = {report.number: report for report in Report.objects.visible_to(viewer).filter(proposal=plan.proposal_id)}
    return [
        Planned(
            number=number,
            date=date,
            final=number == len(dates),
            state=ReportState(states[number]) if number in states else None,
            report=readable.get(number),
        )
        for number, date in enumerate(dates, start=1)
    ]


def progress_of(plan: Plan, lines: list[PlanLine], viewer: Capacity) -> list[progress.Progress]:
    """Return the progress towards the plan's targets, from the accepted figures the reader may see."""
    figures = (
        ReportFigure.objects.visible_to(viewer)
        .filter(report__proposal=plan.proposal_id, accepted=True)
        .select_related("report", "line__indicator")
        .order_by("report__number")
    )
    return progress.of(lines, figures)
