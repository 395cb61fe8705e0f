"""The list of cases, with search, order, columns and saved views; its cost does not grow with the portal (R7)."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.html import format_html_join
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from aipbi.accounts.access import roles
from aipbi.accounts.enums import PROPOSING, Role
from aipbi.accounts.request import PortalRequest
from proposals import paging
from proposals.bulk import actions
from proposals.desk import LIGHTS
from proposals.inbox import travel, views
from proposals.inbox.columns import FIRST, NEWEST, USUAL, Row, tick
from proposals.inbox.listing import MOST_COUNTED, Listing
from proposals.inbox.travel import PAGE
from proposals.models import SavedView
from proposals.search.terms import KEYS, keys_for

READERS = (*PROPOSING, Role.SEOM_LEAD, Role.FG_GVC, Role.EXPERT, Role.ASEC)
# More views than this are one link away.
SHOWN = 10


@roles(*READERS)
@require_safe
def cases(request: PortalRequest) -> HttpResponse:
    """List the cases the capacity may open, as the address asks."""
    viewer = request.capacity
    wanted = views.read(request.GET, viewer)
    listing = Listing(wanted.params, viewer)
    page, faults = paging.asked(request)
    start, stop = travel.stretch(page)
    keys, total = listing.window(start, stop)
    skipped = (page - 1) * PAGE - start
    here = keys[skipped : skipped + PAGE]
    if page > 1 and not here and listing.valid:
        faults.append(_beyond(page, total))
    if wanted.gone:
        faults.append(_("This view is not there any more. All cases are shown."))
    address = listing.address()
    plain = address or "view=all"
    more = len(keys) > skipped + PAGE
    view, asec = views.shown(listing, wanted), viewer.role == Role.ASEC
    answer = render(
        request,
        "proposals/cases.html",
        {
            "form": listing.form,
            "listing": listing,
            "address": address,
            "faults": [*faults, *listing.faults],
            "keys": [(key, KEYS[key]) for key in keys_for(viewer)],
            "heads": _heads(listing),
            "rows": _rows(listing, listing.rows([pk for pk, _code in here]), ticks=asec),
            "filtered": listing.filtered,
            "narrowed": listing.in_words() if listing.filtered and not here else [],
            "views": wanted.views,
            "view": view,
            "tabs": _tabs(wanted.views, view, plain=not address),
            "asked": listing.asked,
            "sort": listing.sort if listing.sort != NEWEST else "",
            "columns": _codes(listing),
            "previous_page": paging.address(plain, 1) if page > 1 else None,
            "opened": wanted.view,
            "choices": _choices(listing),
            "total": min(total, MOST_COUNTED),
            "too_many": total > MOST_COUNTED,
            "previous_url": paging.address(plain, page - 1) if page > 1 and here else None,
            "next_url": paging.address(plain, page + 1) if more and page < paging.FARTHEST else None,
            "farthest": more and page >= paging.FARTHEST,
            "lights": LIGHTS.values(),
            "may_start": viewer.writes,
            "bulk": list(actions.known().values()) if asec else [],
            "search": address,
        },
    )
    if here:
        travel.remember(answer, travel.Held(viewer.key, address, start, [code for _pk, code in keys], total))
    return answer


def _tabs(found: list[SavedView], view: SavedView | None, *, plain: bool) -> list[dict[str, Any]]:
    """Return the views as tabs, all cases first; none where nobody has saved one."""
    if not found:
        return []
    everything = {"label": _("All cases"), "url": "?view=all", "current": plain and view is None}
    return [
        everything, *({"label": one.name, "url": f"?view={one.pk}", "current": one == view} for one in found[:SHOWN]),
    ]  # fmt: skip


def _codes(listing: Listing) -> str:
    codes = [column.code for column in listing.columns]
    return "" if codes == list(USUAL) else ",".join(codes)


def _heads(listing: Listing) -> list[dict[str, Any]]:
    """Return the headings: each column that can be sorted leads to the list in its order, and then backwards."""
    found = []
    for column in listing.columns:
        here = listing.sorted_by.code == column.code
        code = f"-{column.code}" if here and not listing.descending else column.code
        # Newest first is what is wanted of a date.
        if not here and column.by in ("moved_at", "submitted_at", "registered_at", "investment_usd"):
            code = f"-{column.code}"
        found.append(
            {
                "label": column.label,
                "url": f"?{listing.address(sort=code) or 'view=all'}" if column.by is not None else "",
                "order": ("descending" if listing.descending else "ascending") if here else "",
            }
        )
    return found


def _rows(listing: Listing, rows: list[Row], *, ticks: bool) -> list[Row]:
    """Add to each row its cells, written out."""
    columns = [column.html for column in listing.columns]
    for row in rows:
        cells = "".join([f'<td class="govuk-table__cell">{html(row)}</td>' for html in columns])
        row["cells"] = mark_safe(tick(row) + cells if ticks else cells)  # noqa: S308 - every column escapes what people wrote
    return rows


def _choices(listing: Listing) -> Any:
    """Return the ticks of the columns one may choose."""
    chosen = {column.code for column in listing.columns}
    return format_html_join(
        "",
        '<div class="govuk-checkboxes__item"><input class="govuk-checkboxes__input" type="checkbox" name="columns" id="column-{0}" value="{0}"{1}>'
        '<label class="govuk-label govuk-checkboxes__label" for="column-{0}">{2}</label></div>',
        (
            (code, mark_safe(" checked") if code in chosen else "", column.label)
            for code, column in listing.known.items()
            if code != FIRST
        ),
    )


def _beyond(page: int, total: int) -> str:
    last = (min(total, MOST_COUNTED) - 1) // PAGE + 1
    if total > MOST_COUNTED or total == 0:
        return _("The list has no page %(page)s.") % {"page": page}
    return _("The list has no page %(page)s; its last is page %(last)s.") % {"page": page, "last": last}
