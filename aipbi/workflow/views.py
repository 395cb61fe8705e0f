"""The page of a move, the same for every move, and the notices of a person."""

import re
from collections.abc import Container
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import select_template
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from aipbi.accounts import unsent
from aipbi.accounts.access import signed_in
from aipbi.accounts.request import PortalRequest
from aipbi.templatetags.portal import in_words
from aipbi.workflow import jobs, registry, titles, trail
from aipbi.workflow.door import perform
from aipbi.workflow.errors import Blocked, Invalid, NotOpen, NotYours, Refused, Stale
from aipbi.workflow.models import Job, JobState, Notice, Subject, TrailEntry
from aipbi.workflow.moves import Move

# A script's own header: `static/js/autosave.js` sets it.
BY_ITSELF = "X-Saves-By-Itself"
_REVISION = re.compile(r"\d{1,9}\Z", re.ASCII)


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def move(request: PortalRequest, code: str, kind: str, pk: int, move: str) -> HttpResponse:
    """Show a move's form and carry it out; 404 for what the capacity may not see or make (U5)."""
    found = registry.get(kind, move)
    model = registry.subjects().get(kind)
    if found is None or model is None or not found.may_be_made_by_people():
        raise Http404
    subject = model._default_manager.visible_to(request.capacity).on_case(code).filter(pk=pk).first()  # type: ignore[attr-defined]
    if subject is None or not found.may(request.capacity, subject):
        raise Http404
    act = found(subject, request.capacity)
    act.begin = request.GET
    if request.method == "POST":
        return _make(request, act, code)
    if not act.is_open:
        return _page(request, act, code, refusal=NotOpen(str(act.label), str(subject.state_label)), status=409)
    reasons = list(act.reasons())
    form = None if reasons or act.form is None else act.form(move=act, initial=act.initial())
    return _page(request, act, code, form=form, reasons=reasons)


def _make(request: PortalRequest, act: Move, code: str) -> HttpResponse:
    seen = request.POST.get("seen", "")
    if not _REVISION.match(seen):
        raise Http404
    if request.headers.get(BY_ITSELF):
        return _save(request, act, int(seen))
    try:
        done = perform(
            type(act), act.subject, by=request.user, as_=request.capacity,
            data=request.POST, files=request.FILES, seen=int(seen),
        )  # fmt: skip
    except NotYours as refusal:
        raise Http404 from refusal
    except Stale as refusal:
        return _overtaken(request, act, code, refusal, int(seen))
    except Invalid as refusal:
        return _page(request, act, code, form=refusal.form, status=422)
    except Blocked as refusal:
        form = act.form(request.POST, request.FILES, move=act) if act.form else None
        return _page(request, act, code, form=form, refusal=refusal, status=409)
    except Refused as refusal:
        return _page(request, act, code, refusal=refusal, status=409)
    messages.success(request, done.move.done_now())
    for left_out in done.move.warnings():
        messages.warning(request, left_out)
    return redirect(done.move.after() or done.move.home(code))


def _overtaken(request: PortalRequest, act: Move, code: str, refusal: Stale, seen: int) -> HttpResponse:
    """Say what happened meanwhile and keep what was typed; a double click or a resent form is told that it is done."""
    if _already_mine(request, act, refusal):
        messages.info(request, _("This was already carried out; it was not done twice."))
        return redirect(act.home(code))
    act.subject.refresh_from_db()
    form = None
    if act.form and act.is_open:
        form = act.form(act.merged(request.POST, seen), request.FILES, move=act)
    return _page(request, act, code, form=form, refusal=refusal, status=409)


def _save(request: PortalRequest, act: Move, seen: int) -> HttpResponse:
    """Carry out a move that a page makes by itself while somebody types; the script leaves the rest to the button."""
    try:
        done = perform(
            type(act), act.subject, by=request.user, as_=request.capacity,
            data=request.POST, files=request.FILES, seen=seen,
        )  # fmt: skip
    except NotYours as refusal:
        raise Http404 from refusal
    except Stale:
        return JsonResponse({"overtaken": True}, status=409)
    except Invalid as refusal:
        faults = [text for errors in refusal.form.errors.values() for text in errors]
        return JsonResponse({"refused": refusal.message, "faults": faults}, status=422)
    except Refused as refusal:
        return JsonResponse({"refused": refusal.message}, status=422)
    return JsonResponse(
        {"seen": done.subject.revision, "saved": in_words(done.move.now), "left_out": list(done.move.warnings())}
    )


def _already_mine(request: PortalRequest, act: Move, refusal: Stale) -> bool:
    """Whether the refused move is the very one this person made a moment ago: a double click or a resent form."""
    last: TrailEntry | None = refusal.since[-1] if refusal.since else None
    if last is None or last.action != act.name or last.person_id != request.user.pk:
        return False
    act.subject.refresh_from_db()
    if act.form is None:
        return True
    form = act.form(request.POST, request.FILES, move=act)
    if not form.is_valid():
        return not act.is_open
    act.data = form.cleaned_data
    entered = trail.plain(dict(act.data))
    if not act.is_open:
        # It cannot be made a second time: what the trail does not keep need not be compared.
        entered = {name: value for name, value in entered.items() if name in last.details}
    return act.repeats(entered, last.details)


def _page(request: PortalRequest, act: Move, code: str, *, status: int = 200, **context: Any) -> HttpResponse:
    subject: Subject = act.subject
    # The app that declares the move may give it a page of its own.
    owner = type(act).__module__.partition(".")[0]
    template = select_template([f"{owner}/moves/{subject.kind}_{act.name}.html", "workflow/move.html"])
    context = {
        "move": act,
        "subject": subject,
        "code": code,
        "back": act.home(code),
        "seen": subject.revision,
        # What no field of the page holds any more leaves its words on it.
        "read": unsent.words(request, held=_held(context.get("form"))),
        **context,
    }
    return HttpResponse(template.render(context, request), status=status)


def _held(form: Any) -> Container[str]:
    """Return the names of the parts of a form that its fields show again."""
    return [form.add_prefix(name) for name in form.fields] if form else []


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def notices(request: PortalRequest) -> HttpResponse:
    """List what the person was told in the capacity in use, newest first; a button marks all as read."""
    mine = Notice.objects.visible_to(request.capacity)
    if request.method == "POST":
        mine.filter(read_at__isnull=True).update(read_at=timezone.now())
        return redirect("notices")
    newest = titles.newest(mine, request.capacity, 100)
    return render(
        request, "workflow/notices.html", {"notices": newest, "unread": any(line["read_at"] is None for line in newest)}
    )


@signed_in
@never_cache
@require_safe
def job(request: PortalRequest, pk: int) -> HttpResponse:
    """Show how far a job is to whoever asked for it; the page asks every two seconds, and leads on when it is done."""
    found = Job.objects.visible_to(request.capacity).filter(pk=pk).first()
    page = jobs.page_of(found) if found else None
    if found is None or page is None:
        raise Http404
    done, stuck = found.state == JobState.DONE, found.state == JobState.FAILED
    by_itself = "HX-Request" in request.headers
    template = "workflow/job_progress.html" if by_itself else "workflow/job.html"
    result = page.result(found) if done else ""
    context = {"job": found, "page": page, "back": page.back(found), "done": done, "stuck": stuck, "result": result}
    return render(request, template, context)
