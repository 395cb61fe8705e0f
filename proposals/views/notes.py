"""Internal notes on a case: for the Secretariat's officers; to everybody else the page does not exist (R7, U5)."""

import re
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from aipbi.accounts.access import roles
from aipbi.accounts.enums import Role
from aipbi.accounts.request import PortalRequest
from proposals.models import Note, Proposal
from proposals.notes import verbs
from proposals.notes.forms import NoteForm
from proposals.pages import case_page, get_case

_NUMBER = re.compile(r"\d{1,18}\Z", re.ASCII)


@dataclass(slots=True)
class Shown:
    """A note as the page shows it: its wording now, those before, and the answers to it."""

    note: Note
    mine: bool
    earlier: list[Note] = field(default_factory=list)
    answers: list["Shown"] = field(default_factory=list)


@roles(Role.ASEC)
@require_http_methods(["GET", "HEAD", "POST"])
def notes(request: PortalRequest, code: str) -> HttpResponse:
    """Show the notes of a case and take a new one."""
    proposal = get_case(request, code)
    form = NoteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = verbs.add(
            proposal, form.cleaned_data["words"], as_=request.capacity, token=form.cleaned_data["token"],
            mentioned=form.mentioned,
        )  # fmt: skip
        return _to(code, made, _("The note is written."), request)
    return _page(request, proposal, form)


@roles(Role.ASEC)
@require_http_methods(["GET", "HEAD", "POST"])
def answer_note(request: PortalRequest, code: str, pk: int) -> HttpResponse:
    """Answer a note."""
    proposal = get_case(request, code)
    note = _latest(request, proposal, pk)
    form = NoteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = verbs.add(
            proposal, form.cleaned_data["words"], as_=request.capacity, token=form.cleaned_data["token"],
            mentioned=form.mentioned, answers=note,
        )  # fmt: skip
        return _to(code, made, _("Your answer is written."), request)
    return _one(request, proposal, form, note, heading=_("Answer a note"), button=_("Answer"))


@roles(Role.ASEC)
@require_http_methods(["GET", "HEAD", "POST"])
def change_note(request: PortalRequest, code: str, pk: int) -> HttpResponse:
    """Change one's own note, or take it back by leaving nothing; what stood before stays to be read."""
    proposal = get_case(request, code)
    note = _latest(request, proposal, pk)
    if note.person_id != request.user.pk:
        raise Http404
    heading, button = _("Change your note"), _("Change it")
    if request.method == "POST":
        form = NoteForm(request.POST, taking_back=True)
        # The wording that the person had before them.
        seen = request.POST.get("seen", "")
        readable = Note.objects.visible_to(request.capacity).filter(case=proposal.pk)
        at = readable.filter(pk=int(seen)).first() if _NUMBER.match(seen) else None
        if at is None or at.known_as != note.known_as:
            raise Http404
        if form.is_valid():
            try:
                made = verbs.change(
                    at, form.cleaned_data["words"], as_=request.capacity, token=form.cleaned_data["token"],
                    mentioned=form.mentioned,
                )  # fmt: skip
            except verbs.Overtaken as refusal:
                form.add_error(None, refusal.message)
                return _one(request, proposal, form, refusal.latest, heading=heading, button=button)
            said = (
                _("Your note is changed; what stood there before can still be read.")
                if made.words
                else _("Your note is taken back.")
            )
            return _to(code, made, said, request)
    else:
        form = NoteForm(initial={"words": note.words}, taking_back=True)
    form.fields["words"].help_text = f"{form.fields['words'].help_text} {_('Leave nothing to take it back.')}"
    return _one(request, proposal, form, note, heading=heading, button=button)


def _latest(request: PortalRequest, proposal: Proposal, pk: int) -> Note:
    """Return the wording now of the note known by this number; Http404 where the officer can't read it."""
    readable = Note.objects.visible_to(request.capacity).filter(case=proposal.pk).select_related("person", "case")
    first = readable.filter(pk=pk, replaces__isnull=True).first()
    if first is None:
        raise Http404
    return readable.filter(original=first).order_by("-pk").first() or first


def _to(code: str, note: Note, said: str, request: PortalRequest) -> HttpResponse:
    messages.success(request, said)
    return redirect(f"{reverse('notes', args=[code])}#note-{note.known_as}")


def _page(request: PortalRequest, proposal: Proposal, form: NoteForm) -> HttpResponse:
    return case_page(
        request, proposal, "proposals/notes/notes.html", "notes",
        {"form": form, "threads": _threads(request, proposal)}, status=422 if form.errors else 200,
    )  # fmt: skip


def _one(request: PortalRequest, proposal: Proposal, form: NoteForm, note: Note, **context: Any) -> HttpResponse:
    return case_page(
        request, proposal, "proposals/notes/note.html", "notes", {"form": form, "note": note, **context},
        status=422 if form.errors else 200,
    )  # fmt: skip


def _threads(request: PortalRequest, proposal: Proposal) -> list[Shown]:
    """Return the notes in threads, the newest thread first, answers in the order they were given."""
    rows = Note.objects.visible_to(request.capacity).filter(case=proposal.pk).select_related("person").order_by("pk")
    shown: dict[int, Shown] = {}
    for row in rows:
        mine = row.person_id == request.user.pk
        if row.replaces_id is None:
            shown[row.pk] = Shown(row, mine)
        else:
            one = shown[row.known_as]
            one.earlier.append(one.note)
            one.note = row
    for one in shown.values():
        if one.note.answers_id:
            shown[one.note.answers_id].answers.append(one)
    return [one for one in reversed(shown.values()) if not one.note.answers_id]
