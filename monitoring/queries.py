"""What the pages of monitoring read; every answer begins from what the reader may see (U5)."""

from dataclasses import dataclass
from itertools import groupby
from typing import Any

from aipbi.accounts.capacity import Capacity
from monitoring import lights, progress, verbs
from monitoring.enums import PlanState, ReportState
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


def accepted_figures() -> Any:
    """Return the figures that count, whoever reads: what progress, the portfolio and releases are made from.

    Each answers one line of a plan for one period, in its last accepted version, from a report that is accepted
    whole. A figure says what had been reached by `report.period_until`: figures of several periods of one project
    never add up. `value` is the figure in the indicator's unit, None where it was not reported (`evidence` says
    why); a share adds up by `numerator` and `denominator`. Money holds at the prices of `line.indicator.price_year`.
    What projects define themselves (`line.own_number`) adds up over no projects: leave it out of a portfolio.
    """
    return (
        ReportFigure.objects.accepted()
        .select_related("report__proposal", "line__indicator__goal", "line__ams")
        .order_by("report__proposal", "report__number", "line")
    )


def plans_of(proposal: Proposal, viewer: Capacity) -> list[Plan]:
    """Return all versions of the case's plan, the newest first."""
    found = list(Plan.objects.visible_to(viewer).filter(proposal=proposal).order_by("-number"))
    for plan in found:
        plan.proposal = proposal
    return found


def in_force(plans: list[Plan]) -> Plan | None:
    """Return of all versions, the newest first, the one that both sides agreed last."""
    return next((plan for plan in plans if plan.state == PlanState.AGREED), None)


def lines_of(plan: Plan) -> list[PlanLine]:
    """Return the plan's lines in order."""
    return list(
        plan.lines.select_related("indicator__goal", "ams").order_by(
            "indicator__goal__order", "indicator__order", "own_number", "ams__order"
        )
    )


def by_goal(lines: list[PlanLine]) -> list[dict[str, Any]]:
    """Return the lines by strategic goal and by what is measured; `head` is the first line of each."""
    return [
        {
            "goal": goal,
            "indicators": [
                {"head": members[0], "lines": members}
                for members in (list(some) for _measure, some in groupby(own, key=lambda line: line.measure))
            ],
        }
        for goal, own in groupby(lines, key=lambda line: line.indicator.goal)
    ]


def schedule(plan: Plan, viewer: Capacity) -> list[Planned]:
    """Return the reporting dates with the state of each report; the report itself only to who reads it.

    A plan keeps the dates of the reports that were opened before it, so that the first report answers its first date.
    """
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


def corrections_of(report: Report) -> dict[int, list[ReportFigure]]:
    """Return the later versions of the report's figures by line, in their order, returned ones with why."""
    found: dict[int, list[ReportFigure]] = {}
    later = report.figures.filter(version__gt=1).select_related("line__indicator", "line__ams")
    for one in later.order_by("line", "version"):
        found.setdefault(one.line_id, []).append(one)
    return found


def progress_of(plan: Plan, lines: list[PlanLine], viewer: Capacity) -> list[progress.Progress]:
    """Return the progress towards the targets of a plan, from the accepted figures the reader may see.

    A figure that answered an earlier version counts for the same line of this one.
    """
    return lit(plan, progress.of(lines, figures_read(plan, viewer)))


def figures_read(plan: Plan, viewer: Capacity) -> list[ReportFigure]:
    """Return the accepted figures of the case that the reader may see."""
    readable = Report.objects.visible_to(viewer).values("pk")
    return list(accepted_figures().filter(report__proposal=plan.proposal_id, report__in=readable))


def lit(plan: Plan, found: list[progress.Progress]) -> list[progress.Progress]:
    """Return the progress with its lights: the time runs from the project's beginning to the plan's last period."""
    last = max((one.period_until for one in plan.dates.all()), default=None)
    return lights.put(found, verbs.begins_on(plan.proposal), last) if last else found
