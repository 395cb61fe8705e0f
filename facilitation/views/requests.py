"""The pages of requests to bodies: a body's own list, and each request as whoever may read it sees it (F2)."""

from typing import Any

from django.http import Http404, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from aipbi.accounts.access import roles
from aipbi.accounts.enums import Role
from aipbi.accounts.request import PortalRequest
from aipbi.documents.models import StoredFile
from aipbi.workflow.views import BY_ITSELF
from facilitation import answer_drafts, extracts
from facilitation.drafts import OvertakenError
from facilitation.enums import RequestState
from facilitation.extracts import REQUEST_FILES
from facilitation.models import AnswerDraft, BodyRequest, Promise, RequestEscalation
from facilitation.moves.answers import Answer, AnswerLate, DraftForm, answering_move
from facilitation.rules import INSIDE
from facilitation.views.bodies import record
from facilitation.views.case import moves_now
from facilitation.views.saving import by_itself


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


def _in_order(moves: list[dict[str, Any]], one: BodyRequest, *, asked_back: bool, begun: bool) -> list[dict[str, Any]]:
    """Put first what is next: an answer that was begun, writing to a body that has asked back, closing what was answered; else closing is last."""
    if begun:
        return sorted(moves, key=lambda move: move["name"] not in (Answer.name, AnswerLate.name))
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
    draft = answer_drafts.of(one, viewer) if viewer.role == Role.BODY_CONTACT else None
    asked_back = bool(messages) and messages[-1].from_body
    context = {
        "one": one,
        "reads": extracts.reads(one),
        "given": extracts.files_of(one),
        "inside": viewer.role in INSIDE,
        "messages_of": messages,
        "answer_files": [file for file in files.order_by("pk") if file.pk not in in_thread],
        "promises": promises,
        "escalations": escalations,
        "draft": draft,
        "answers": answering_move(one, viewer) is not None,
        "moves": _in_order(moves_now(one, viewer, code), one, asked_back=asked_back, begun=draft is not None),
    }
    return render(request, "facilitation/request.html", context)


@roles(Role.BODY_CONTACT)
def save_draft(request: PortalRequest, pk: int) -> HttpResponse:
    """Keep the draft of an answer: by a button, or by itself while somebody types; 404 where nothing is to be answered."""
    act = answering_move(_found(request, pk), request.capacity)
    if act is None:
        raise Http404
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    form = DraftForm(request.POST, request.FILES, move=act)
    return by_itself(request, form, _keep) if request.headers.get(BY_ITSELF) else _saved(request, form)


def _keep(request: PortalRequest, form: DraftForm) -> AnswerDraft:
    data = form.cleaned_data
    return answer_drafts.save(
        form.move.subject, as_=request.capacity, typed={name: data[name] for name in form.kept_names},
        seen=data["draft"] or 0, file=data["file"], take_off=data["take_off"],
    )  # fmt: skip


def _saved(request: PortalRequest, form: DraftForm) -> HttpResponse:
    """Save by the button, and go back to writing; else show the form again with what was typed."""
    if not form.is_valid():
        return _writing(request, form, 422)
    try:
        _keep(request, form)
    except OvertakenError:
        return _writing(request, form, 409, overtaken=True)
    return redirect(form.send_url)


def _writing(request: PortalRequest, form: DraftForm, status: int, *, overtaken: bool = False) -> HttpResponse:
    one = form.move.subject
    # What was to be taken off is not asked again by the next press of another button.
    form.data = {**form.data.dict(), "take_off": ""}  # type: ignore[attr-defined]
    if overtaken and form.kept:
        form.data["draft"] = str(form.kept.revision)
    context = {
        "move": form.move, "subject": one, "form": form, "seen": one.revision, "overtaken": overtaken,
        "back": reverse("request", args=[one.pk]), "code": one.case.code,
    }  # fmt: skip
    return render(request, "facilitation/moves/request_answer.html", context, status=status)
