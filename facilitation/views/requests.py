"""The pages of a sectoral body: its own requests, each with the extract, and nothing else of the case (F2)."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from aipbi.accounts.access import roles
from aipbi.accounts.enums import Role
from aipbi.accounts.request import PortalRequest
from facilitation.enums import RequestState
from facilitation.models import BodyRequest
from facilitation.views.case import moves_now

MOST = 200


@roles(Role.BODY_CONTACT)
@require_safe
def requests(request: PortalRequest) -> HttpResponse:
    """List the body's requests: what waits for an answer first, then the others, newest first."""
    found = list(
        BodyRequest.objects.visible_to(request.capacity)
        .select_related("proposal__case")
        .only("number", "state", "question", "sent_at", "due_at", "answered_at", "proposal__case__reference")
        .order_by("-sent_at", "-pk")[:MOST],
    )
    waiting = [one for one in found if one.state in (RequestState.SENT, RequestState.ACKNOWLEDGED)]
    context = {
        "waiting": sorted(waiting, key=lambda one: (one.due_at, one.pk)),
        "done": [one for one in found if one not in waiting],
        "body": request.capacity.office.body,  # type: ignore[union-attr]
        "most": MOST if len(found) == MOST else None,
    }
    return render(request, "facilitation/requests.html", context)


@roles(Role.BODY_CONTACT)
@require_safe
def request_page(request: PortalRequest, pk: int) -> HttpResponse:
    """Show one request: question, extract, Member States, deadline, and the answer once given."""
    found = (
        BodyRequest.objects.visible_to(request.capacity)
        .filter(pk=pk)
        .select_related("body", "lead_ams", "proposal__case")
        .prefetch_related("ams")
        .first()
    )
    if found is None:
        raise Http404
    moves = moves_now(found, request.capacity, found.proposal.case.code)
    return render(request, "facilitation/request.html", {"one": found, "moves": moves})
