"""The desk: what is waiting on me and my office, since when and until when, and what I wait for on others (R7)."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from aipbi.accounts.access import signed_in
from aipbi.accounts.capacity import Capacity
from aipbi.accounts.enums import Role
from aipbi.accounts.request import PortalRequest
from aipbi.workflow import waiting
from aipbi.workflow.models import Notice
from aipbi.workflow.titles import newest
from proposals import desk as of
from proposals import paging
from proposals.bulk import actions
from proposals.lines import OFFICERS, OTHERS, OWN, Row, shown
from proposals.models import Note, Proposal
from proposals.on_behalf import verbs as on_behalf
from proposals.urgent import Of, Part

FEW = 8
# Lines read to fill the few: a round asks up to two offices of each of eleven Member States.
READ = FEW * 12
MINE, OFFICE, ELSEWHERE = "mine", "office", "elsewhere"
AWAITED, NOBODY = "awaited", "nobody"
# Further desks of the Secretariat, beside what waits on the officer.
VIEWS = {OFFICE, ELSEWHERE}


@signed_in
@require_safe
def desk(request: PortalRequest) -> HttpResponse:
    """Show what the capacity owes by date, what it waits for, and what is new; `light` shows one group whole."""
    viewer = request.capacity
    view = request.GET.get("view", MINE)
    if view in VIEWS and viewer.role != Role.ASEC:
        raise Http404
    context: dict[str, Any] = {"view": view if view in VIEWS else MINE, "lights": of.LIGHTS.values()}
    if view == ELSEWHERE:
        return render(request, "proposals/desk/elsewhere.html", context | _elsewhere(request))
    asec = viewer.role == Role.ASEC
    found = of.held(viewer) if asec and view != OFFICE else of.owed(viewer)
    # The office sees all that is with it, whichever of its officers can answer.
    whose, cells = (Of.ALL, OFFICERS) if view == OFFICE else (Of.MINE, OWN)
    light = request.GET.get("light", "")
    if light in of.LIGHTS:
        page, faults = paging.asked(request)
        group = of.group(found, viewer, whose, light, page, cells=cells)
        context |= {"light": of.LIGHTS[light], "group": group, "faults": faults}
        context |= _paging(request, page, more=group is not None and group.more)
        return render(request, "proposals/desk/light.html", context)
    parts = of.lights(found, viewer, whose)
    if view == OFFICE:
        context["groups"] = of.groups(of.read(viewer, parts), cells)
        return render(request, "proposals/desk/office.html", context)
    if viewer.role not in (Role.BODY_CONTACT, Role.ADMIN):
        # Ten benefits of ten Member States would else be all that is read.
        parts[AWAITED] = Part(of.awaited(viewer), 0, READ, once=True, of=Of.OTHERS)
    if asec:
        parts[NOBODY] = Part(of.held_by_nobody(viewer), 0, FEW, of=Of.MINE)
    rows = of.read(viewer, parts)
    context["groups"] = of.groups(rows)
    context |= _awaited(viewer, rows) | _beside(viewer)
    if asec:
        waiting.named(rows[NOBODY])
        context["nobody"] = shown(rows[NOBODY])
    return render(request, "proposals/desk/desk.html", context)


def _awaited(viewer: Capacity, rows: dict[str, list[Row]]) -> dict[str, Any]:
    """Return what the capacity waits for, and whether there is more of it than `FEW`."""
    mine = {(row["case_id"], row["kind"]) for light in of.LIGHTS for row in rows[light]}
    awaited = of.together(rows.get(AWAITED, []), mine, viewer, FEW)
    return {"awaited": shown(awaited[:FEW], OTHERS), "more_awaited": len(awaited) > FEW}


def _beside(viewer: Capacity) -> dict[str, Any]:
    """Return what stands on the desk beside what the capacity owes and waits for."""
    unread = Notice.objects.visible_to(viewer).filter(read_at__isnull=True)
    found: dict[str, Any] = {"news": newest(unread, viewer, 5)}
    if viewer.proposes:
        proposals = Proposal.objects.visible_to(viewer).select_related("case").defer("answers")
        found["drafts"] = list(proposals.order_by("-moved_at", "-pk")[:20])
    if viewer.role == Role.ASEC:
        found |= {
            "entered": on_behalf.waiting(),
            "notes": _notes(viewer),
            "with_seom": Proposal.objects.filter(state="with_seom").count(),
        }
    return found


def _notes(viewer: Capacity) -> list[Any]:
    """Return the latest internal notes by others that mention the officer."""
    found = Note.objects.visible_to(viewer).current().filter(mentioned=viewer.person).exclude(words="")
    told = found.values(
        "pk", "original", "words", "case__code", "case__proposal__title", "person__name", "person__email"
    )
    return list(told.order_by("-pk")[:5])


def _elsewhere(request: PortalRequest) -> dict[str, Any]:
    """Return who is overdue, and what at the one chosen."""
    viewer, place = request.capacity, request.GET.get("at", "")
    if not place:
        return {"offices": of.by_office(viewer)}
    page, faults = paging.asked(request)
    rows = of.rows(of.at(of.elsewhere(viewer), place), viewer, of.PAGE + 1, start=(page - 1) * of.PAGE)
    return {
        "at": place,
        "faults": faults,
        "rows": rows[: of.PAGE],
        "bulk": [actions.known()[actions.REMIND]],
        "chosen": actions.REMIND,
        **_paging(request, page, more=len(rows) > of.PAGE),
    }


def _paging(request: PortalRequest, page: int, *, more: bool) -> dict[str, str | None]:
    given = request.GET.copy()
    given.pop("page", None)
    query = given.urlencode()
    return {
        "previous_url": paging.address(query, page - 1) if page > 1 else None,
        "next_url": paging.address(query, page + 1) if more and page < paging.FARTHEST else None,
    }
