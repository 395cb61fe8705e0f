"""How a case gets from its letter to being followed, with a first report accepted, and to its end."""

from decimal import Decimal
from typing import Any

from aipbi.workflow.walk import Stopped, Walk
from monitoring import benefits
from monitoring.enums import Side, Use
from monitoring.forms.report import figures_of
from monitoring.kinds import Kind
from monitoring.models import Plan, Report, ReportFigure
from proposals.enums import State


def start(walk: Walk) -> None:
    """The proponent proposes the plan, the FG-GVC agrees, ASEC starts the monitoring."""
    proposal = walk.proposal
    people = walk.people
    writer = people.proponent(proposal.organisation)
    walk.do("draft_plan", proposal, people.asec(), proposed_by=Side.PROPONENT)
    plan = Plan.objects.get(proposal=proposal, number=1)
    if walk.until == State.CLOSED:
        walk.do("edit_plan", plan, writer, **only_first_report(plan))
    walk.do("propose", plan, writer)
    walk.do("agree", plan, people.chair())
    walk.do("start_monitoring", proposal, people.asec())


def only_first_report(plan: Plan) -> dict[str, Any]:
    """Return the answers that leave the plan as it is, with its first report as the only and final one."""
    answers: dict[str, Any] = {}
    for line in plan.lines.select_related("indicator"):
        answers[f"note_{line.pk}"] = line.note
        if line.kind != Kind.WORDS:
            answers |= {f"baseline_{line.pk}": line.baseline, f"target_{line.pk}": line.target}
    first = plan.dates.order_by("period_until")[0]
    return answers | {"until_0": first.period_until, "due_0": first.due_on}


def report(walk: Walk) -> None:
    """The proponent files the open report, ASEC accepts it."""
    proposal = walk.proposal
    writer = walk.people.proponent(proposal.organisation)
    open_one = Report.objects.filter(proposal=proposal, state="draft").order_by("number").first()
    if open_one is None:
        raise Stopped("No report is open.")
    walk.do("edit_report", open_one, writer, **filled(open_one))
    walk.do("file_report", open_one, writer, declaration="on")
    walk.do("accept_report", open_one, walk.people.asec())


def filled(report: Report) -> dict[str, Any]:
    """Return plausible answers to every figure: part of the way to the target, a little further for each line."""
    answers: dict[str, Any] = {
        "narrative": "Deliveries have grown step by step since the project began, most of all where one answer from one office replaced several.",
    }
    for place, use in enumerate(benefits.uses_of(report)):
        answers[f"use_{use.benefit_id}"] = Use.STUCK if place == 1 else Use.USED
        answers[f"words_{use.benefit_id}"] = (
            "The forms are out, but no office takes them yet." if place == 1 else "For the first applications."
        )
    for place, figure in enumerate(figures_of(report)):
        answers |= _answer(figure, Decimal(20 + 7 * (place % 6)) / 100)
    return answers


def _answer(figure: ReportFigure, way: Decimal) -> dict[str, Any]:
    line, of = figure.line, f"_{figure.pk}"
    if line.kind == Kind.WORDS:
        return {
            f"evidence{of}": "Reached through the partners named in the plan; the register of participants is kept by the lead."
        }
    base = line.baseline or Decimal(0)
    value = base + ((line.target or Decimal(0)) - base) * way
    found: dict[str, Any] = {
        f"share_due_to_aipbi{of}": "40",
        f"reasoning{of}": "The share of deliveries that went through the contact points named in the letter",
        f"evidence{of}": "Accounts of the project, closed for the period",
    }
    if line.kind == Kind.SHARE:
        return found | {f"numerator{of}": f"{value:.2f}", f"denominator{of}": "100"}
    return found | {f"actual{of}": f"{value:.0f}"}


def begin(walk: Walk) -> None:
    """Start, and bring in the first report."""
    start(walk)
    report(walk)


def close(walk: Walk) -> None:
    """ASEC closes the case after its final report."""
    walk.do("close", walk.proposal, walk.people.asec())


STEPS = {State.LETTER_ISSUED: begin, State.MONITORING: close}
