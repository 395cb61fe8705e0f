"""The tab of benefits: the grid of measure × Member State, each word in full, and what was asked beside what is given (F3)."""

from typing import Any

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from aipbi.accounts.access import signed_in
from aipbi.accounts.capacity import Capacity
from aipbi.accounts.enums import Role
from aipbi.accounts.request import PortalRequest
from aipbi.workflow import registry, remarks
from facilitation.enums import ConcurrenceState
from facilitation.grid import Grid, being_worked_out, comparison, grid
from facilitation.rules import INSIDE
from proposals.enums import State
from proposals.models import Proposal
from proposals.pages import case_page, get_case


@signed_in
@require_safe
def benefits(request: PortalRequest, code: str) -> HttpResponse:
    """Show what Member States give; to the proponent once its letter is issued, and without who did not concur."""
    proposal = get_case(request, code)
    viewer = request.capacity
    found = grid(proposal, viewer)
    inside = viewer.role in INSIDE
    engages = viewer.role in (Role.ASEC, Role.FG_GVC) and proposal.state == State.FACILITATION
    context = {
        "grid": found,
        "inside": inside,
        "remarks": remarks.of("benefits", viewer, proposal),
        "asked": comparison(proposal, viewer, found or Grid([], [])) if inside or found else [],
        "sheet": _sheet(proposal, viewer, found),
        "engages": engages,
        "to_propose": _page(proposal, "propose_benefit") if engages else "",
        "to_explain": _page(proposal, "explain_request") if engages else "",
    }
    return case_page(request, proposal, "facilitation/benefits.html", "benefits", context)


def _page(proposal: Proposal, move: str) -> str:
    found = registry.get("proposal", move)
    return found(proposal, Capacity.clock()).url(proposal.case.code) if found else ""


def _sheet(proposal: Proposal, viewer: Capacity, found: Grid | None) -> dict[str, Any] | None:
    """Return where the SEOM lead answers on all benefits at once, and how many wait for it; None where there is nothing to answer."""
    if found is None or viewer.role != Role.SEOM_LEAD or not being_worked_out(proposal, viewer):
        return None
    own = proposal.participations.taking_part().filter(ams=viewer.ams).first()
    mine = [cell for line in found.lines for cell in line.told if cell.state.code == viewer.ams and cell.word]
    mine = [
        cell
        for cell in mine
        if cell.word and cell.word.benefit.state == "proposed" and not cell.word.benefit.finalised_at
    ]
    asked = [cell for cell in mine if cell.code not in ("gone", ConcurrenceState.LEFT_OUT)]
    move = registry.get("participation", "answer_benefits")
    if own is None or move is None or not asked:
        return None
    waiting = sum(cell.code == ConcurrenceState.ASKED for cell in asked)
    return {"url": move(own, viewer).url(proposal.case.code), "waiting": waiting, "of": len(asked)}
