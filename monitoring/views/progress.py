"""How a project stands: lights with their rule, what facilitation is said to have done, the line of time; page and PDF (M4)."""

from typing import Any

from django.http import Http404, HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from aipbi.accounts.access import signed_in
from aipbi.accounts.days import today
from aipbi.accounts.limits import hourly
from aipbi.accounts.request import PortalRequest
from aipbi.documents import pdf as documents
from aipbi.workflow import trail
from monitoring import lights, queries, story
from monitoring import progress as ways
from monitoring.views.pages import followed
from proposals.models import Proposal
from proposals.pages import case_page
from proposals.views.document import attached


@signed_in
@require_safe
def page(request: PortalRequest, code: str) -> HttpResponse:
    """Show how the project stands."""
    proposal = followed(request, code)
    return case_page(request, proposal, "monitoring/progress.html", "monitoring", _context(request, proposal))


@signed_in
@never_cache
@require_safe
@hourly("pdfs_an_hour")
def pdf(request: PortalRequest, code: str) -> HttpResponseBase:
    """Send the same as a PDF made for assistive technology; a download is on the trail (U6)."""
    proposal = followed(request, code)
    context = _context(request, proposal)
    if request.method == "HEAD":
        return HttpResponse(content_type="application/pdf")
    reference = proposal.case.reference or code
    title = _("Progress of %(title)s") % {"title": proposal}
    content = documents.render(
        "monitoring/progress_pdf.html",
        {**context, "proposal": proposal, "reference": reference, "today": today()},
        title=title,
        variant="pdf/ua-1",
    )
    name = f"{reference.replace('/', '-')}-progress.pdf"
    trail.note(proposal.pk, as_=request.capacity, action="download", subject=(proposal.kind, proposal.pk), details={"name": name})  # fmt: skip
    return attached(content, name, "application/pdf")


def _context(request: PortalRequest, proposal: Proposal) -> dict[str, Any]:
    plan = queries.in_force(queries.plans_of(proposal, request.capacity))
    if plan is None:
        raise Http404
    figures = queries.figures_read(plan, request.capacity)
    found = queries.lit(plan, ways.of(queries.lines_of(plan), figures))
    return {
        "plan": plan,
        "lights": [(one, lights.whole(one)) for one in found],
        "progress": [one for one in found if one.reported],
        "parts": story.parts(figures),
        "events": story.timeline(plan, request.capacity),
    }
