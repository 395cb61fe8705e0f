"""The list of cases, with search and filters; its cost does not grow with the portal."""

from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from aipbi.accounts.access import roles
from aipbi.accounts.enums import Role
from aipbi.workflow import obligations
from aipbi.workflow.models import Obligation
from proposals.enums import PUBLIC_LABELS, State
from proposals.filters import CaseFilter
from proposals.models import Participation, Proposal

PAGE = 50
FARTHEST = 200


@roles(Role.PROPONENT, Role.SEOM_LEAD, Role.FG_GVC, Role.EXPERT, Role.ASEC)
@require_safe
def cases(request: HttpRequest) -> HttpResponse:
    """List the cases the capacity may open, the last moved first."""
    viewer = request.capacity
    found = CaseFilter(request.GET, Proposal.objects.visible_to(viewer))
    page = _page_number(request)
    start = (page - 1) * PAGE
    open_now = Obligation.objects.open().select_related("office__ams", "office__body", "organisation")
    waiting = obligations.ordered(obligations.known_to(viewer, open_now))
    rows = list(
        found.qs.select_related("case", "organisation", "sector")
        .only(
            "state", "title", "moved_at", "originating_ams_id", "case__code", "case__reference", "organisation__name", "sector__label",
        )
        .prefetch_related(
            Prefetch("participations", queryset=Participation.objects.order_by("ams_id").only("ams_id", "proposal_id", "state")),
            Prefetch("case__obligations", queryset=waiting, to_attr="waiting"),
        )
        .order_by("-moved_at", "-case")[start : start + PAGE + 1],
    )  # fmt: skip
    more = len(rows) > PAGE
    labels = PUBLIC_LABELS if viewer.role == Role.PROPONENT else {state: state.label for state in State}
    return render(
        request,
        "proposals/cases.html",
        {
            "form": found.form,
            "rows": [_row(row, labels) for row in rows[:PAGE]],
            "filtered": any(request.GET.get(name) for name in found.form.fields),
            "previous_url": _other(request, page - 1) if page > 1 else None,
            "next_url": _other(request, page + 1) if more and page < FARTHEST else None,
            "may_start": viewer.writes,
        },
    )


def _row(proposal: Proposal, labels: dict[State, str]) -> dict[str, object]:
    """Return what one line of the list shows."""
    waiting = proposal.case.waiting[0] if proposal.case.waiting else None  # type: ignore[attr-defined]
    return {
        "code": proposal.case.code,
        "reference": proposal.case.reference,
        "title": str(proposal),
        "organisation": proposal.organisation.name,
        "sector": proposal.sector.label if proposal.sector else "",
        "ams": " ".join(part.ams_id for part in proposal.participations.all()) or proposal.originating_ams_id or "",
        "state": labels[State(proposal.state)],
        "moved_at": proposal.moved_at,
        "on": waiting.party_label if waiting else "",
        "what": obligations.KINDS[waiting.kind].label if waiting else "",
        "due_at": waiting.due_at if waiting else None,
    }


def _page_number(request: HttpRequest) -> int:
    given = request.GET.get("page", "1")
    return min(max(int(given), 1), FARTHEST) if given.isdecimal() and len(given) < 6 else 1  # noqa: PLR2004


def _other(request: HttpRequest, page: int) -> str:
    query = request.GET.copy()
    query["page"] = str(page)
    return f"?{query.urlencode()}"
