"""Barriers over all cases, as a list that says which recur and as a board by state (F1)."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from aipbi.accounts.access import roles
from aipbi.accounts.request import PortalRequest
from facilitation import barriers as found
from facilitation.rules import COLLECTIVE, INSIDE
from facilitation.views.case import moves_now
from proposals import paging

PAGE = 50


def _narrowed(request: PortalRequest) -> tuple[found.Filter, dict[str, str]]:
    """Return the filter as the address asks, and what of it stands in further addresses."""
    form = found.Filter({name: request.GET.get(name, "") for name in found.Filter.base_fields})
    return form, {name: value for name, value in form.data.items() if value}


def _shown(
    request: PortalRequest, template: str, form: found.Filter, kept: dict[str, str], **more: Any
) -> HttpResponse:
    query = urlencode(kept)
    views = [(reverse("barriers"), "list"), (reverse("barriers_board"), "board")]
    context = {
        "form": form,
        "filtered": bool(kept),
        "here": request.path,
        "addresses": {name: f"{url}?{query}" if query else url for url, name in views},
        **more,
    }
    return render(request, template, context, status=422 if form.errors else 200)


@roles(*INSIDE)
@require_safe
def barriers(request: PortalRequest) -> HttpResponse:
    """List the challenges of all cases that the reader may open, and count which recur."""
    form, kept = _narrowed(request)
    challenges = found.found_by(request.capacity, form)
    page, faults = paging.asked(request)
    start = (page - 1) * PAGE
    rows = list(found.laid_out(challenges)[start : start + PAGE + 1])
    query = urlencode(kept)
    return _shown(
        request, "facilitation/barriers.html", form, kept,
        ways=found.recurring(challenges, kept),
        rows=rows[:PAGE],
        groups=request.capacity.role in COLLECTIVE,
        commons=list(found.together(request.capacity)),
        faults=faults,
        previous_url=paging.address(query, page - 1) if page > 1 else None,
        next_url=paging.address(query, page + 1) if len(rows) > PAGE and page < paging.FARTHEST else None,
    )  # fmt: skip


@roles(*INSIDE)
@require_safe
def board(request: PortalRequest) -> HttpResponse:
    """Lay the same challenges out by state, each with the moves that the reader can make now."""
    form, kept = _narrowed(request)
    columns = found.columns(found.found_by(request.capacity, form), kept, reverse("barriers"))
    for column in columns:
        for card in column.cards:
            card.moves = moves_now(card, request.capacity, card.proposal.case.code)  # type: ignore[attr-defined]
    return _shown(request, "facilitation/board.html", form, kept, columns=columns)
