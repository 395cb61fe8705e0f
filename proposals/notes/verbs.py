"""Writing, answering and changing internal notes; each stands on the trail without its words (R7, L4)."""

import hashlib
from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from aipbi.accounts.capacity import Capacity, in_force
from aipbi.accounts.enums import Role
from aipbi.accounts.models import Person
from aipbi.workflow import notices, parties, trail
from aipbi.workflow.errors import NotYours, Refused
from aipbi.workflow.models import Case
from aipbi.workflow.moves import Tell
from proposals.models import Note, Proposal

LONGEST = 8000


class Overtaken(Refused):
    """The note was changed by somebody since; `latest` is its wording now."""

    def __init__(self, latest: Note) -> None:
        super().__init__(_("This note was changed after you opened it. Read it as it is now, then change it again."))
        self.latest = latest


def add(
    proposal: Proposal,
    words: str,
    *,
    as_: Capacity,
    token: UUID,
    mentioned: Iterable[Person] = (),
    answers: Note | None = None,
) -> Note:
    """Write a note, or an answer to one; the same sending twice is written once. Raises NotYours."""
    with transaction.atomic():
        case = _lock(proposal, as_)
        if again := Note.objects.filter(token=token, person=as_.person).first():
            return again
        thread = Note.objects.get(pk=answers.known_as) if answers else None
        if thread and thread.answers_id:
            thread = thread.answers
        note = _write(
            case, words, as_, token, mentioned, answers=thread, action="answer_note" if thread else "add_note"
        )
        told = _tells(note, mentioned, _("You are mentioned in an internal note"))
        if thread:
            talking = Note.objects.filter(pk=thread.pk) | Note.objects.filter(answers=thread)
            others = Person.objects.filter(pk__in=talking.values("person")).exclude(
                pk__in=[one.pk for one in mentioned]
            )
            told += _tells(note, others, _("Somebody answered an internal note"))
        notices.write_all(case.pk, "note", told, but=note.person_id)
        transaction.on_commit(notices.wake)
    return note


def change(note: Note, words: str, *, as_: Capacity, token: UUID, mentioned: Iterable[Person] = ()) -> Note:
    """Give one's own note another wording; no words at all take it back. The one before stays to be read.

    Raises NotYours for somebody else's note, Overtaken where `note` is not its latest wording.
    """
    with transaction.atomic():
        case = _lock(Proposal.objects.get(pk=note.case_id), as_)
        if note.person_id != (as_.person.pk if as_.person else None):
            raise NotYours(_("Change a note"), as_.label)
        if again := Note.objects.filter(token=token, person=as_.person).first():
            return again
        latest = Note.objects.filter(original=note.known_as).order_by("-pk").first() or note
        if latest.pk != note.pk:
            raise Overtaken(latest)
        newer = _write(
            case,
            words,
            as_,
            token,
            mentioned,
            answers=note.answers,
            replaces=note,
            action="change_note" if words else "take_back_note",
        )
        before = set(note.mentioned.values_list("pk", flat=True))
        new = [person for person in mentioned if person.pk not in before]
        notices.write_all(
            case.pk, "note", _tells(newer, new, _("You are mentioned in an internal note")), but=note.person_id
        )
        transaction.on_commit(notices.wake)
    return newer


def _lock(proposal: Proposal, as_: Capacity) -> Case:
    case = Case.objects.select_for_update(no_key=True).get(pk=proposal.pk)
    seen = Proposal.objects.visible_to(as_).filter(pk=proposal.pk).exists()
    if as_.role != Role.ASEC or not in_force(as_) or not seen:
        raise NotYours(_("Write an internal note"), as_.label)
    return case


def _write(
    case: Case, words: str, as_: Capacity, token: UUID, mentioned: Iterable[Person], *, action: str,
    answers: Note | None = None, replaces: Note | None = None,
) -> Note:  # fmt: skip
    if as_.person is None or as_.office is None:
        raise NotYours(_("Write an internal note"), as_.label)
    note = Note.objects.create(
        case=case, person=as_.person, office=as_.office, at=timezone.now(), words=words, token=token,
        answers=answers, replaces=replaces, original_id=replaces.known_as if replaces else None,
    )  # fmt: skip
    note.mentioned.set(mentioned)
    # The trail proves the wording and does not repeat it.
    sealed = {"note": note.known_as, "sha256": hashlib.sha256(words.encode()).hexdigest()}
    trail.note(case.pk, as_=as_, action=action, subject=("note", note.pk), details=sealed, locked=case)
    return note


def _tells(note: Note, people: Iterable[Person], words: str) -> list[Tell]:
    """Tell officers of the note, not what it says (N1)."""
    path = f"{reverse('notes', args=[note.case.code])}#note-{note.known_as}"
    return [Tell(parties.officer(person), words, path=path) for person in people]
