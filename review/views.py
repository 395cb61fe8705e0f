"""The case's three tabs of this app."""

from typing import Any

from django.db.models import prefetch_related_objects
from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from aipbi.accounts.access import roles, signed_in
from aipbi.accounts.capacity import Capacity
from aipbi.accounts.enums import Role
from aipbi.accounts.request import PortalRequest
from aipbi.documents.models import StoredFile
from proposals.models import Proposal
from proposals.pages import case_page, get_case
from review import queries
from review.assessments import citing, sheets, verbs
from review.clarifications.pages import threads
from review.experts.moves import ASKED_DURING
from review.models import Assessment, ConsolidatedReport, Invitation, ReportDraft, Round
from review.report.models import REPORT
from review.report.pages import compared
from review.rounds.pages import RoundPage
from review.rules import SEES_SIMILAR
from review.similar import queries as similar_queries
from review.similar.moves import NotRelevant


@signed_in
@require_safe
def review(request: PortalRequest, code: str) -> HttpResponse:
    """Show experts, assessments, questions and the consolidated report, as far as the reader may see each."""
    proposal = get_case(request, code)
    viewer: Capacity = request.capacity
    context = {"questions": threads(proposal, viewer), "experts_at_work": proposal.state in ASKED_DURING}
    if viewer.role == Role.ASEC:
        context["invitations"] = _of(
            proposal,
            Invitation.objects.visible_to(viewer)
            .with_office()
            .select_related("expert__person")
            .prefetch_related("expert__employments"),
        )
    if viewer.role in (Role.ASEC, Role.EXPERT):
        context |= _assessments(viewer, proposal)
    if viewer.proposes:
        context["summary"] = queries.summary(proposal, viewer)
    else:
        context["reports"] = _reports(viewer, proposal)
    return case_page(request, proposal, "review/review.html", "review", context)


def _of(proposal: Proposal, found: Any) -> list[Any]:
    """Return the rows of the case, oldest first, each with the case at hand."""
    rows = list(found.filter(proposal=proposal).order_by("pk"))
    for row in rows:
        row.proposal = proposal
    return rows


def _reports(viewer: Capacity, proposal: Proposal) -> list[tuple[sheets.ReportPage, StoredFile | None]]:
    """Return the consolidated reports the reader may read, the newest first, each with its PDF once it is made."""
    found = _of(proposal, ConsolidatedReport.objects.visible_to(viewer).select_related("version"))
    if not found:
        return []
    files = StoredFile.objects.visible_to(viewer).filter(case=proposal.pk, purpose=REPORT)
    made = {file.subject_pk: file for file in files}
    return [(sheets.report(one), made.get(one.pk)) for one in reversed(found)]


def _assessments(viewer: Capacity, proposal: Proposal) -> dict[str, Any]:
    """Return the assessments the reader may see; side by side once all who are on the case have filed (R4)."""
    rows = citing.link(_of(proposal, queries.with_parts(Assessment.objects.visible_to(viewer))), viewer)
    own = next((row for row in rows if viewer.person and row.expert_id == viewer.person.pk), None)
    each = queries.filed_by_each(proposal)
    ready = bool(each) and all(each) and (own is None or not own.is_being_written)
    if ready and own is not None:
        verbs.note_reading(own, viewer)
    asec = viewer.role == Role.ASEC
    return {
        "assessments": rows if asec else [],
        "own": own,
        "draft": ReportDraft.objects.visible_to(viewer).filter(proposal=proposal).first() if asec else None,
        "sheet": sheets.sheet(_filed(proposal), viewer) if ready else None,
    }


def _filed(proposal: Proposal) -> list[Assessment]:
    """Return the assessments that count, each with the case at hand."""
    rows = queries.filed(proposal)
    for row in rows:
        row.proposal = proposal
    return rows


@roles(Role.ASEC)
@require_safe
def report_versions(request: PortalRequest, code: str) -> HttpResponse:
    """Show two versions of the report's texts side by side; for ASEC alone (R6)."""
    proposal = get_case(request, code)
    return case_page(request, proposal, "review/report_versions.html", "review", compared(proposal, request.GET))


@signed_in
@require_safe
def decision(request: PortalRequest, code: str) -> HttpResponse:
    """Show rounds with their positions and decisions; to the proponent outcome and reasons alone."""
    proposal = get_case(request, code)
    viewer: Capacity = request.capacity
    if viewer.proposes:
        return case_page(request, proposal, "review/outcome.html", "decision", {"told": queries.told(proposal, viewer)})
    prefetch_related_objects([proposal], "participations")
    found = (
        Round.objects.visible_to(viewer)
        .select_related("version", "report", "decision__office__ams")
        .prefetch_related("positions")
    )
    pages = [RoundPage.of(one, viewer, timezone.now()) for one in reversed(_of(proposal, found))]
    return case_page(request, proposal, "review/decision.html", "decision", {"rounds": pages})


@roles(*SEES_SIMILAR)
@require_safe
def similar(request: PortalRequest, code: str) -> HttpResponse:
    """Show which other cases may complement this one or compete with it, each with the reasons (P9)."""
    proposal = get_case(request, code)
    viewer: Capacity = request.capacity
    aside = similar_queries.set_aside(proposal, viewer)
    gone = {one.other_id for one in aside}
    found = [one for one in similar_queries.similar(proposal, viewer) if one.pk not in gone]
    context = {
        "groups": similar_queries.by_kind(found),
        "aside": aside,
        "may_say": NotRelevant(proposal, viewer).is_open,
        "weighed": similar_queries.WEIGHED,
    }
    return case_page(request, proposal, "review/similar.html", "similar", context)
