"""The pages of requests to bodies: a body's own list, and each request as whoever may read it sees it (F2)."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from aipbi.accounts.access import roles
from aipbi.accounts.enums import Role
from aipbi.accounts.request import PortalRequest
from aipbi.documents.models import StoredFile
from facilitation import extracts
from facilitation.enums import RequestState
from facilitation.extracts import REQUEST_FILES
from facilitation.models import BodyRequest, Promise, RequestEscalation
from facilitation.rules import INSIDE
from facilitation.views.bodies import record
from facilitation.views.case import moves_now


@roles(Role.BODY_CONTACT)
@require_safe
def requests(request: PortalRequest) -> HttpResponse:
    """List what the body owes and has answered: what waits for an answer first, then what it promised, then the rest."""
    office: Any = request.capacity.office
    context = {"body": office.body, "record": record(request.capacity, office.body_id)}
    return render(request, "facilitation/requests.html", context)


def _found(request: PortalRequest, pk: int) -> BodyRequest:
    """Return the request; a body's contact reads it without the case that it is about."""
    seen = BodyRequest.objects.visible_to(request.capacity).filter(pk=pk)
    found = seen.select_related("body", "lead_ams", "case", "proposal", "common", "challenge", "version")
    one = found.defer("proposal__answers").prefetch_related("ams").first()
    if one is None:
        raise Http404
    return one


def _in_order(moves: list[dict[str, Any]], one: BodyRequest, *, asked_back: bool) -> list[dict[str, Any]]:
    """Put first what is next: writing to a body that has asked back, closing what was answered; else closing is last."""
    if asked_back:
        return sorted(moves, key=lambda move: (move["name"] != "reply_to_body", move["name"] == "close_request"))
    if one.state == RequestState.ANSWERED:
        return moves
    return sorted(moves, key=lambda move: move["name"] == "close_request")


@roles(Role.BODY_CONTACT, *INSIDE)
@require_safe
def request_page(request: PortalRequest, pk: int) -> HttpResponse:
    """Show one request: what the body reads, the thread, its answer, what it promised; inside also what it is about."""
    one, viewer = _found(request, pk), request.capacity
    code = one.case.code
    promises = list(
        Promise.objects.visible_to(viewer).filter(request=one).select_related("lead_ams").prefetch_related("dates")
    )
    escalations = list(RequestEscalation.objects.visible_to(viewer).filter(request=one))
    for row in (*promises, *escalations):
        row.request = one
        row.moves = moves_now(row, viewer, code)
    files = StoredFile.objects.visible_to(viewer).filter(case=one.case_id, subject_pk=one.pk, purpose=REQUEST_FILES)
    messages = list(one.messages.prefetch_related("files"))
    in_thread = {file.pk for message in messages for file in message.files.all()}
    context = {
        "one": one,
        "reads": extracts.reads(one),
        "given": extracts.files_of(one),
        "inside": viewer.role in INSIDE,
        "messages_of": messages,
        "answer_files": [file for file in files.order_by("pk") if file.pk not in in_thread],
        "promises": promises,
        "escalations": escalations,
        "moves": _in_order(moves_now(one, viewer, code), one, asked_back=bool(messages) and messages[-1].from_body),
    }
    return render(request, "facilitation/request.html", context)
