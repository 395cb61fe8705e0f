"""The monitoring tab of a case, and the page of a report."""

from typing import Any

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from aipbi.accounts.access import signed_in
from aipbi.accounts.request import PortalRequest
from monitoring import benefits, changes, doubts, queries, rules
from monitoring.enums import OPEN_PLANS, PlanState, ReportState
from monitoring.evidence import files_of
from monitoring.forms.report import by_measure, figures_of
from monitoring.models import Report
from monitoring.moves.corrections import CorrectFigure
from proposals.models import Proposal
from proposals.pages import case_page, get_case


@signed_in
@require_safe
def monitoring(request: PortalRequest, code: str) -> HttpResponse:
    """Show the plan, the reports, and the progress towards the targets (M2–M4)."""
    proposal = followed(request, code)
    viewer = request.capacity
    plans = queries.plans_of(proposal, viewer)
    plan = queries.in_force(plans) or next(iter(plans), None)
    context: dict[str, Any] = {"plan": plan}
    if plan:
        lines = queries.lines_of(plan)
        context |= {
            "plan_tone": PlanState(plan.state).tone,
            "versions": [(one, PlanState(one.state).tone) for one in plans] if len(plans) > 1 else [],
            "open_change": next((one for one in plans if one is not plan and one.state in OPEN_PLANS), None),
            "goals": queries.by_goal(lines),
            "schedule": queries.schedule(plan, viewer),
            "progress": [one for one in queries.progress_of(plan, lines, viewer) if one.reported],
        }
    return case_page(request, proposal, "monitoring/monitoring.html", "monitoring", context)


@signed_in
@require_safe
def plan(request: PortalRequest, code: str, number: int) -> HttpResponse:
    """Show one version of the plan: a change that is under way, or what was agreed before (M2)."""
    proposal = followed(request, code)
    plans = queries.plans_of(proposal, request.capacity)
    found = next((one for one in plans if one.number == number), None)
    if found is None:
        raise Http404
    lines = queries.lines_of(found)
    before = next((one for one in plans if one.number < number and one.state == PlanState.AGREED), None)
    context = {
        "plan": found,
        "plan_tone": PlanState(found.state).tone,
        "goals": queries.by_goal(lines),
        "schedule": queries.schedule(found, request.capacity),
        "in_force": queries.in_force(plans) is found,
        "changed": [*changes.between(before, lines), *changes.of_dates(before, found)] if before else [],
    }
    return case_page(request, proposal, "monitoring/plan_version.html", "monitoring", context)


@signed_in
@require_safe
def report(request: PortalRequest, code: str, number: int) -> HttpResponse:
    """Show a report: its figures beside baseline and target, and its story (M3)."""
    found = get_report(request, code, number)
    figures = figures_of(found)
    corrected = queries.corrections_of(found)
    asked = doubts.of(found, figures) if found.state != ReportState.ACCEPTED else {}
    for one in figures:
        one.later = corrected.get(one.line_id, [])  # type: ignore[attr-defined]
        accepted = [later.pk for later in one.later if later.accepted]  # type: ignore[attr-defined]
        one.standing = accepted[-1] if accepted else one.pk  # type: ignore[attr-defined]
        one.pending = any(later.accepted is None for later in one.later)  # type: ignore[attr-defined]
        one.doubts = asked.get(one.pk, [])  # type: ignore[attr-defined]
    correct = CorrectFigure(found, request.capacity)
    may_correct = correct.may(request.capacity, found) and correct.is_open and not list(correct.reasons())
    context = {
        "report": found,
        "correct": correct.url(code) if may_correct else "",
        "files": files_of(found),
        "tone": ReportState(found.state).tone,
        "indicators": [{"head": own[0].line, "figures": own, "kind": own[0].line.kind} for own in by_measure(figures)],
        "uses": benefits.uses_of(found),
        "answered": sum(1 for figure in figures if figure.accepted or figure.answered),
        "all": len(figures),
    }
    return case_page(request, found.proposal, "monitoring/report.html", "monitoring", context)


def get_report(request: PortalRequest, code: str, number: int) -> Report:
    """Return a report that the capacity reads; Http404 for any other (U5)."""
    proposal = followed(request, code)
    found = (
        Report.objects.visible_to(request.capacity)
        .select_related("plan")
        .filter(proposal=proposal, number=number)
        .first()
    )
    if found is None:
        raise Http404
    found.proposal = proposal
    return found


def followed(request: PortalRequest, code: str) -> Proposal:
    """Return the case; Http404 where the capacity does not follow it (U5)."""
    proposal = get_case(request, code)
    if not rules.reads(request.capacity, proposal):
        raise Http404
    return proposal
