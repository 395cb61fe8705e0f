"""The case page's own tabs: overview, participation and trail."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from aipbi.accounts.access import signed_in
from aipbi.accounts.request import PortalRequest
from aipbi.workflow import remarks
from proposals import taking, timeline
from proposals.pages import case_page, get_case, moves_of


@signed_in
@require_safe
def case(request: PortalRequest, code: str) -> HttpResponse:
    """Show where the case stands, what it waits for, and what the reader can do (L3)."""
    proposal = get_case(request, code)
    viewer = request.capacity
    context = {
        "lines": timeline.lines(proposal.pk, viewer, limit=6),
        "remarks": remarks.of("case", viewer, proposal),
    }
    return case_page(request, proposal, "proposals/case.html", "case", context)


@signed_in
@require_safe
def participation(request: PortalRequest, code: str) -> HttpResponse:
    """Show which Member States take part in what, and offer the reader's own its answers (D1, D6)."""
    proposal = get_case(request, code)
    viewer = request.capacity
    found = taking.matrix(proposal, viewer)
    for row in (*found.rows, *found.wishing):
        row.moves = moves_of(row.participation, viewer)
    context = {"matrix": found, "remarks": remarks.of("participation", viewer, proposal)}
    return case_page(request, proposal, "proposals/participation.html", "participation", context)


@signed_in
@require_safe
def trail(request: PortalRequest, code: str) -> HttpResponse:
    """Show the trail as a timeline (L4)."""
    proposal = get_case(request, code)
    return case_page(
        request, proposal, "proposals/trail.html", "trail", {"lines": timeline.lines(proposal.pk, request.capacity)}
    )
