"""The list of cases, with search and filters; its cost does not grow with the portal."""

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.timezone import localtime
from django.views.decorators.http import require_safe

from aipbi.accounts.access import roles
from aipbi.accounts.capacity import Capacity
from aipbi.accounts.enums import PROPOSING, Role
from aipbi.accounts.request import PortalRequest
from aipbi.templatetags.portal import day_in_words
from aipbi.workflow import waiting as waiting_for
from proposals.bulk import actions
from proposals.enums import PUBLIC_LABELS, UNCONFIRMED, State
from proposals.filters import CaseFilter
from proposals.models import UNTITLED, Participation, Proposal
from proposals.search.terms import KEYS, keys_for

PAGE = 50
FARTHEST = 200


@roles(*PROPOSING, Role.SEOM_LEAD, Role.FG_GVC, Role.EXPERT, Role.ASEC)
@require_safe
def cases(request: PortalRequest) -> HttpResponse:
    """List the cases the capacity may open, the last moved first."""
    viewer = request.capacity
    found = CaseFilter(request.GET, Proposal.objects.visible_to(viewer), viewer=viewer)
    page = _page_number(request)
    start = (page - 1) * PAGE
    named = Participation.objects.filter(proposal=OuterRef("pk")).order_by("ams_id").values("ams_id")
    # A query that can't be read finds nothing: the whole list would look like its result.
    cases = found.qs if found.form.is_valid() else found.qs.none()
    rows = list(
        cases.annotate(named=ArraySubquery(named))
        .order_by("-moved_at", "-case")
        .values(
            "case_id", "case__code", "case__reference", "title", "state", "moved_at", "originating_ams_id", "named",
            "organisation__name", "sector__label", "unconfirmed",
        )[start : start + PAGE + 1],
    )  # fmt: skip
    more = len(rows) > PAGE
    return render(
        request,
        "proposals/cases.html",
        {
            "form": found.form,
            "keys": [(key, KEYS[key]) for key in keys_for(viewer)],
            "rows": _rows(rows[:PAGE], viewer),
            "filtered": any(request.GET.get(name) for name in found.form.fields),
            "previous_url": _other(request, page - 1) if page > 1 else None,
            "next_url": _other(request, page + 1) if more and page < FARTHEST else None,
            "may_start": viewer.writes,
            "bulk": list(actions.known().values()) if viewer.role == Role.ASEC else [],
            "search": request.GET.urlencode(),
        },
    )


def _rows(found: list[dict[str, Any]], viewer: Capacity) -> list[dict[str, Any]]:
    """Return what the lines of the list show."""
    waiting = waiting_for.first_by_case(viewer, [row["case_id"] for row in found])
    labels = PUBLIC_LABELS if viewer.proposes else {state: state.label for state in State}
    words = {state: str(labels[State(state)]) for state in {row["state"] for row in found}}
    return [
        {
            "code": row["case__code"],
            "title": row["title"] or UNTITLED,
            "about": " · ".join(
                filter(None, [row["case__reference"], row["organisation__name"], row["sector__label"]])
            ),
            "ams": " ".join(row["named"]) or row["originating_ams_id"] or "",
            "state": str(UNCONFIRMED) if row["unconfirmed"] and row["state"] == State.DRAFT else words[row["state"]],
            "moved_on": day_in_words(localtime(row["moved_at"])),
            "waiting": waiting.get(row["case_id"]),
        }
        for row in found
    ]


def _page_number(request: PortalRequest) -> int:
    given = request.GET.get("page", "1")
    return min(max(int(given), 1), FARTHEST) if given.isdecimal() and len(given) < 6 else 1  # noqa: PLR2004


def _other(request: PortalRequest, page: int) -> str:
    query = request.GET.copy()
    query["page"] = str(page)
    return f"?{query.urlencode()}"
