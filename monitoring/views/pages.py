"""The monitoring tab of a case, and the page of a report."""

from typing import Any

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_safe

from aipbi.accounts.access import signed_in
from aipbi.accounts.request import PortalRequest
from monitoring import queries, rules
from monitoring.enums import PlanState, ReportState
from monitoring.forms.report import by_indicator, figures_of
from monitoring.models import Report
from proposals.models import Proposal
from proposals.pages import case_page, get_case


@signed_in
@require_safe
def monitoring(request: PortalRequest, code: str) -> HttpResponse:
    """Show the plan, the reports, and the progress towards the targets (M2–M4)."""
    proposal = _followed(request, code)
    viewer = request.capacity
    plan = queries.plan_of(proposal, viewer)
    context: dict[str, Any] = {"plan": plan}
    if plan:
        lines = queries.lines_of(plan)
        context |= {
            "plan_tone": PlanState(plan.state).tone,
            "goals": queries.by_goal(lines),
            "schedule": queries.schedule(plan, viewer),
            "progress": [one for one in queries.progress_of(plan, lines, viewer) if one.reported],
        }
    return case_page(request, proposal, "monitoring/monitoring.html", "monitoring", context)


@signed_in
@require_safe
def report(request: PortalRequest, code: str, number: int) -> HttpResponse:
    """Show a report: its figures beside baseline and target, and its story (M3)."""
    proposal = _followed(request, code)
    found = Report.objects.visible_to(request.capacity).filter(proposal=proposal, number=number).first()
    if found is None:
        raise Http404
    found.proposal = proposal
    figures = figures_of(found)
    context = {
        "report": found,
        "tone": ReportState(found.state).tone,
        "indicators": [
            {"indicator": indicator, "figures": own, "kind": own[0].line.kind}
            for indicator, own in by_indicator(figures)
        ],
        "answered": sum(1 for figure in figures if figure.answered),
        "all": len(figures),
    }
    return case_page(request, proposal, "monitoring/report.html", "monitoring", context)


def _followed(request: PortalRequest, code: str) -> Proposal:
    """Return the case; Http404 where the capacity does not follow it (U5)."""
    proposal = get_case(request, code)
    if not rules.reads(request.capacity, proposal):
        raise Http404
    return proposal
