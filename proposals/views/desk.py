"""The desk: what is waiting on me and my office, overdue first (R7)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from aipbi.accounts.access import signed_in
from aipbi.accounts.enums import Role
from aipbi.workflow import obligations
from aipbi.workflow.models import Notice, Obligation
from proposals.models import Proposal

PAGE = 50


@signed_in
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """Show what the capacity owes; ASEC, which keeps the process moving, also what is overdue elsewhere."""
    viewer = request.capacity
    mine = _rows(Obligation.objects.owed_by(viewer).open())
    overdue = []
    if viewer.role == Role.ASEC:
        others = Obligation.objects.visible_to(viewer).open().exclude(office=viewer.office)
        overdue = _rows(others.filter(due_at__lt=timezone.now(), paused_at__isnull=True))
    drafts = []
    if viewer.role == Role.PROPONENT:
        drafts = list(
            Proposal.objects.visible_to(viewer)
            .select_related("case")
            .defer("answers")
            .order_by("-moved_at", "-pk")[:20]
        )
    return render(
        request,
        "proposals/desk.html",
        {
            "mine": mine[:PAGE],
            "more": len(mine) > PAGE,
            "overdue": overdue[:PAGE],
            "drafts": drafts,
            "news": Notice.objects.visible_to(viewer)
            .filter(read_at__isnull=True)
            .select_related("case")
            .order_by("-created_at", "-pk")[:5],
            "with_seom": Proposal.objects.filter(state="with_seom").count() if viewer.role == Role.ASEC else None,
        },
    )


def _rows(found: object) -> list[Obligation]:
    rows = list(
        obligations.ordered(found)
        .select_related(
            "case__proposal__organisation",
            "office__ams",
            "office__body",
            "organisation",
        )
        .defer("case__proposal__answers")[: PAGE + 1],
    )
    for row in rows:
        row.what = obligations.KINDS[row.kind].label  # type: ignore[attr-defined]
        row.link = obligations.link(row)  # type: ignore[attr-defined]
    return rows
