"""Pages about e-mails: a person's own choices; ASEC's outbox, messages and standard texts."""

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages as told
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from aipbi.accounts.access import roles, signed_in
from aipbi.accounts.enums import Role
from aipbi.accounts.request import PortalRequest
from aipbi.accounts.views.page import try_to
from aipbi.workflow import topics
from aipbi.workflow.mailing import digests, messages, outbox, paces, sending, standard
from aipbi.workflow.mailing.forms import OutboxForm, PacesForm, ReturnedForm, StandardForm, WordsForm
from aipbi.workflow.models import MailState, Message, Notice, Pace
from aipbi.workflow.titles import home, titled

GET_OR_POST = ["GET", "HEAD", "POST"]


@signed_in
@require_http_methods(GET_OR_POST)
def notice_settings(request: PortalRequest) -> HttpResponse:
    """Let a person choose how soon they are told; opening the page changes nothing, whoever opens it."""
    hour, weekday = digests.times_of(request.user)
    chosen = paces.choices_of(request.user)
    initial = {f"about_{code}": chosen.get(code, Pace.AT_ONCE) for code in topics.TOPICS}
    form = PacesForm(
        request.POST or None, capacities=request.capacities, initial={**initial, "hour": hour, "weekday": weekday}
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        paces.choose(person=request.user, paces=form.paces(), hour=data["hour"], weekday=data["weekday"])
        told.success(request, _("Your choices are saved. What waited and is now wanted at once is on its way."))
        sending.wake()
        return redirect("notice_settings")
    context = {"form": form, "deadlines": topics.TOPICS[topics.DEADLINES]}
    return render(request, "workflow/notice_settings.html", context, status=422 if form.errors else 200)


@roles(Role.ASEC)
@require_safe
def outbox_list(request: PortalRequest) -> HttpResponse:
    """List what was sent to whom, the newest first, with what fails and what waits for ASEC on top."""
    form = OutboxForm(request.GET or None)
    asked: dict[str, Any] = form.cleaned_data if form.is_bound and form.is_valid() else {}
    found = outbox.find(outbox.seen_by(request.capacity), **asked).order_by("-pk")
    before = request.GET.get("before", "")
    if before.isascii() and before.isdigit() and len(before) < 19:  # noqa: PLR2004 - a key fits eight bytes
        found = found.filter(pk__lt=int(before))
    listed = titled(found, request.capacity).select_related("person", "case", "office__ams", "office__body")
    rows = list(listed[: outbox.PER_PAGE + 1])
    further = None
    if len(rows) > outbox.PER_PAGE:
        rows.pop()
        query = request.GET.copy()
        query["before"] = str(rows[-1].pk)
        further = f"?{query.urlencode()}"
    for row in rows:
        row.about = topics.label(row.topic)
    context = {
        "form": form, "rows": rows, "next_url": further, "filtered": any(asked.values()) or bool(before),
        "failing": outbox.failing(), "waiting": _waiting(request),
    }  # fmt: skip
    return render(request, "workflow/outbox.html", context)


def _waiting(request: PortalRequest) -> list[dict[str, Any]]:
    lines = []
    for message in outbox.waiting_for_asec(request.capacity):
        notices = list(message.notices.all())
        lines.append(
            {
                "message": message,
                "label": standard.KINDS[message.kind].label,
                "to": ", ".join(str(one.person) for one in notices),
                "held": any(one.mail_state == MailState.HELD for one in notices),
                "goes_at": min((one.next_try_at for one in notices), default=None),
            }
        )
    return lines


@roles(Role.ASEC)
@require_http_methods(GET_OR_POST)
def outbox_mail(request: PortalRequest, pk: int) -> HttpResponse:
    """Show one e-mail with its history, and try it again, give it up, or record that it came back."""
    rows = outbox.seen_by(request.capacity).select_related(
        "person", "case", "office__ams", "office__body", "organisation", "message__edited_by", "digest"
    )
    notice = get_object_or_404(rows, pk=pk)
    form = ReturnedForm()
    if request.method == "POST":
        what = request.POST.get("what")
        if what == "returned":
            form = ReturnedForm(request.POST)
            if form.is_valid() and _tried(
                request, lambda: outbox.came_back(notice, by=request.capacity, **form.cleaned_data)
            ):
                return redirect("outbox_mail", pk)
        elif what in ("retry", "give_up"):
            verb = outbox.retry if what == "retry" else outbox.give_up
            done = _("It is tried again.") if what == "retry" else _("It is given up; the notice in the portal stays.")
            if _tried(request, lambda: verb(notice, by=request.capacity), done):
                sending.wake()
            return redirect("outbox_mail", pk)
        else:
            raise Http404
    context = {
        "notice": notice,
        "home": home(notice.case, request.capacity) if notice.case else "",
        "about": topics.label(notice.topic),
        "history": outbox.history(notice),
        "form": form,
        "kind": standard.KINDS[notice.message.kind].label if notice.message else "",
        "ahead": notice.mail_state in (MailState.WAITING, MailState.HELD, MailState.DIGEST),
        "gone": notice.mail_state == MailState.SENT,
        "given_up": notice.mail_state == MailState.FAILED,
    }
    return render(request, "workflow/outbox_mail.html", context, status=422 if form.errors else 200)


def _tried(request: PortalRequest, verb: Callable[[], object], done: str = "") -> bool:
    try:
        verb()
    except ValidationError as fault:
        told.error(request, " ".join(fault.messages))
        return False
    told.success(request, done or _("The outbox is changed."))
    return True


@roles(Role.ASEC)
@require_http_methods(GET_OR_POST)
def message(request: PortalRequest, pk: int) -> HttpResponse:
    """Show a message as its readers get it; change, hold or send it while it has not gone."""
    found = get_object_or_404(outbox.messages_of(request.capacity).select_related("case", "edited_by"), pk=pk)
    base = standard.wording(found.kind)
    initial = {"subject": found.subject or base.subject, "text": found.text or base.text}
    what = request.POST.get("what", "")
    form = WordsForm(request.POST if what in ("save", "preview") else None, initial=initial)
    if request.method == "POST":
        if what in ("hold", "send"):
            verb, done = (
                (messages.hold, _("The message is held: it goes when somebody sends it."))
                if what == "hold"
                else (messages.release, _("The message is on its way."))
            )
            _tried(request, lambda: verb(found, by=request.capacity), done)
            return redirect("message", pk)
        if what not in ("save", "preview"):
            raise Http404
        if what == "save" and form.is_valid() and _saved(request, found, form):
            return redirect("message", pk)
    notices = list(
        found.notices.select_related("person", "case", "office__ams", "office__body", "message").order_by("pk")
    )
    shown = form.cleaned_data if form.is_bound and form.is_valid() else {}
    words = {"subject": shown.get("subject") or initial["subject"], "text": shown.get("text") or initial["text"]}
    context = {
        "message": found, "form": form, "label": standard.KINDS[found.kind].label, "placeholders": standard.PLACEHOLDERS,
        "readers": [_reader(one, **words) for one in notices], "ahead": messages.ahead(found),
        "held": any(one.mail_state == MailState.HELD for one in notices),
        "goes_at": min((one.next_try_at for one in notices if one.mail_state == MailState.WAITING), default=None),
        "seen": request.POST.get("seen", found.revision), "preview": what == "preview",
    }  # fmt: skip
    return render(request, "workflow/message.html", context, status=422 if form.errors else 200)


def _saved(request: PortalRequest, found: Message, form: WordsForm) -> bool:
    seen = request.POST.get("seen", "")
    if not (seen.isascii() and seen.isdigit() and len(seen) < 10):  # noqa: PLR2004 - as revisions are stored
        raise Http404
    data = form.cleaned_data

    def save() -> bool:
        messages.change(found, by=request.capacity, subject=data["subject"], text=data["text"], seen=int(seen))
        return True

    if try_to(form, save):
        told.success(request, _("The text of this message is changed. It goes as shown below."))
        return True
    return False


def _reader(notice: Notice, subject: str, text: str) -> dict[str, Any]:
    with timezone.override(ZoneInfo(notice.person.time_zone)):
        if notice.sent_text:
            return {"notice": notice, "subject": "", "text": notice.sent_text}
        values = standard.values(notice)
        return {"notice": notice, "subject": standard.fill(subject, values), "text": standard.fill(text, values)}


@roles(Role.ASEC)
@require_safe
def standard_texts(request: PortalRequest) -> HttpResponse:
    """List the kinds of message in the Secretariat's name."""
    own = standard.own()
    rows = [
        {"kind": kind, "wording": wording, "own": own.get(code)}
        for code, wording in standard.wordings().items()
        for kind in [standard.KINDS[code]]
    ]
    return render(request, "workflow/standard_texts.html", {"rows": rows})


@roles(Role.ASEC)
@require_http_methods(GET_OR_POST)
def standard_text(request: PortalRequest, kind: str) -> HttpResponse:
    """Change the standard text of a kind, previewed on the last message of the kind."""
    known = standard.KINDS.get(kind)
    if known is None:
        raise Http404
    now = standard.wording(kind)
    initial: dict[str, Any] = {"subject": now.subject, "text": now.text, "wait_hours": now.wait_hours}
    form = StandardForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid() and request.POST.get("what") == "save":
        messages.change_standard(kind, by=request.capacity, **form.cleaned_data)
        told.success(request, _("The standard text is saved. It is used from the next message on."))
        return redirect("standard_texts")
    shown = form.cleaned_data if form.is_bound and form.is_valid() else initial
    last = outbox.seen_by(request.capacity).filter(message__kind=kind).select_related(
        "person", "case", "office__ams", "office__body", "message"
    ).order_by("-pk").first()  # fmt: skip
    sample = _reader(last, shown["subject"], shown["text"]) if last else None
    if sample and last and last.sent_text:
        values = standard.values(last)
        sample = {
            **sample,
            "subject": standard.fill(shown["subject"], values),
            "text": standard.fill(shown["text"], values),
        }
    context = {
        "form": form,
        "kind": known,
        "own": standard.own().get(kind),
        "placeholders": standard.PLACEHOLDERS,
        "sample": sample,
    }
    return render(request, "workflow/standard_text.html", context, status=422 if form.errors else 200)
