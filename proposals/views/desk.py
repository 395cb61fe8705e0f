"""The desk: what is waiting on me and my office, overdue first (R7)."""

from typing import Any

from django.db.models import Exists, OuterRef
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from aipbi.accounts.access import signed_in
from aipbi.accounts.capacity import Capacity
from aipbi.accounts.enums import Role
from aipbi.accounts.request import PortalRequest
from aipbi.workflow import obligations, waiting
from aipbi.workflow.models import Notice, Obligation
from proposals.models import UNTITLED, Proposal
from proposals.on_behalf import verbs as on_behalf

PAGE = 50


@signed_in
@require_safe
def desk(request: PortalRequest) -> HttpResponse:
    """Show what the capacity owes; ASEC, which keeps the process moving, also what is overdue elsewhere."""
    viewer = request.capacity
    mine = _rows(Obligation.objects.owed_by(viewer).open(), viewer)
    overdue: list[dict[str, Any]] = []
    if viewer.role == Role.ASEC:
        others = Obligation.objects.visible_to(viewer).open().exclude(office=viewer.office)
        others = others.filter(due_at__lt=timezone.now(), paused_at__isnull=True)
        # Of what is with a SEOM lead the Secretariat knows the number alone.
        overdue = _rows(others.filter(case__proposal__in=Proposal.objects.visible_to(viewer)), viewer)
    drafts = []
    if viewer.proposes:
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
            "entered": on_behalf.waiting() if viewer.role == Role.ASEC else [],
            "news": Notice.objects.visible_to(viewer)
            .filter(read_at__isnull=True)
            .select_related("case")
            .order_by("-created_at", "-pk")[:5],
            "with_seom": Proposal.objects.filter(state="with_seom").count() if viewer.role == Role.ASEC else None,
        },
    )


def _rows(found: Any, viewer: Capacity) -> list[dict[str, Any]]:
    """Return the lines; title and organisation of a case only to who may open it (U5)."""
    opens = Exists(Proposal.objects.visible_to(viewer).filter(pk=OuterRef("case_id")))
    rows = waiting.lines(
        obligations.ordered(found.annotate(opens=opens))[: PAGE + 1],
        "case__proposal__title", "case__proposal__organisation__name", "opens",
    )  # fmt: skip
    for row in rows:
        row["title"] = (row["case__proposal__title"] or UNTITLED) if row["opens"] else ""
    return rows
