"""Drafts of messages about a challenge: saved by themselves, read by one's own side alone until they are sent (F1).

Saving one is no move: nothing happens on the case, and what the other side does meanwhile is not in its way.
"""

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from aipbi.accounts.capacity import Capacity
from aipbi.documents import uploads
from aipbi.documents.models import Scan, StoredFile
from aipbi.workflow.errors import Blocked
from facilitation.models import BodyRequest, Challenge, ChallengeMessage, MessageDraft

# Purposes of files: of a draft, and of a message once it is sent.
DRAFT, SENT = "challenge_draft", "challenge"
FILES_MOST = 10


class OvertakenError(Exception):
    """Somebody of the same side saved the draft since it was read; nothing was changed."""


def _side(as_: Capacity) -> dict[str, Any]:
    """Return whose draft it is. An organisation's colleagues share one, and so do the holders of an office."""
    return {"organisation": as_.organisation, "office": None if as_.organisation else as_.office}


def mine(challenge: Challenge, as_: Capacity) -> MessageDraft | None:
    """Return the side's draft on the challenge, where there is one."""
    return MessageDraft.objects.filter(challenge=challenge, **_side(as_)).first()


def files_of(subject: Challenge | BodyRequest, as_: Capacity, purpose: str = DRAFT) -> list[StoredFile]:
    """Return the files of the side's draft, oldest first."""
    found = StoredFile.objects.filter(
        case_id=subject.case_pk, purpose=purpose, subject_kind=subject.kind, subject_pk=subject.pk,
        removed_at__isnull=True, **_side(as_),
    )  # fmt: skip
    return list(found.exclude(scan=Scan.INFECTED).order_by("pk"))


def change_files(
    subject: Challenge | BodyRequest, as_: Capacity, file: UploadedFile | None, take_off: int | None, purpose: str = DRAFT
) -> None:  # fmt: skip
    """Add the file that came in to the draft, and take off the one that goes; called in a transaction."""
    if file:
        uploads.keep(file, subject=subject, purpose=purpose, as_=as_)
    if take_off:
        held = [one.pk for one in files_of(subject, as_, purpose) if one.pk == take_off]
        StoredFile.objects.filter(pk__in=held).update(removed_at=timezone.now())


def hand_over(subject: Challenge | BodyRequest, as_: Capacity, purpose: str, sent: str) -> list[StoredFile]:
    """Make the draft's files those of what is sent; return them. Called inside a move."""
    held = files_of(subject, as_, purpose)
    StoredFile.objects.filter(pk__in=[one.pk for one in held]).update(purpose=sent)
    return held


def save(
    challenge: Challenge, *, as_: Capacity, text: str, seen: int, file: UploadedFile | None = None, take_off: int | None = None
) -> MessageDraft:  # fmt: skip
    """Keep the words, and the file that came in or goes; `seen` is the revision that was read, 0 for none yet.

    Raises OvertakenError.
    """
    with transaction.atomic():
        # Held first, so that two who begin at once meet here and not in the constraint.
        Challenge.objects.select_for_update(no_key=True).get(pk=challenge.pk)
        draft = mine(challenge, as_) or MessageDraft(challenge=challenge, **_side(as_))
        if draft.revision != seen:
            raise OvertakenError
        draft.text, draft.saved_at, draft.revision = text, timezone.now(), draft.revision + 1
        draft.save()
        change_files(challenge, as_, file, take_off)
    return draft


def send(challenge: Challenge, *, as_: Capacity, now: Any, data: Any, asks: bool = False) -> ChallengeMessage:
    """Turn the side's draft into a message of the thread, with its files; called inside a move.

    Raises Blocked where the draft is another than the one on the page; a page that names none has read none.
    """
    draft = mine(challenge, as_)
    if (data.get("draft") or 0) != (draft.revision if draft else 0):
        raise Blocked(
            [_("The draft was changed or sent elsewhere meanwhile. Read it again; what you typed is kept here.")]
        )
    message = ChallengeMessage.objects.create(  # type: ignore[misc]
        challenge=challenge, at=now, person=as_.person, capacity=as_.label,
        from_proponent=as_.organisation is not None, text=data["text"], asks=asks,
    )  # fmt: skip
    if file := data.get("file"):
        uploads.keep(file, subject=challenge, purpose=DRAFT, as_=as_)
    message.files.set(hand_over(challenge, as_, DRAFT, SENT))
    if draft:
        draft.delete()
    return message
