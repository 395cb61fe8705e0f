"""Drafts of answers to requests: saved by themselves, read by the body alone until they are sent (F2).

Saving one is no move: nothing happens on the case, and what ASEC does meanwhile is not in its way.
"""

from collections.abc import Mapping
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from aipbi.accounts.capacity import Capacity
from aipbi.workflow.errors import Blocked
from facilitation import drafts
from facilitation.drafts import OvertakenError
from facilitation.extracts import REQUEST_FILES
from facilitation.models import AnswerDraft, BodyRequest

# The purpose of a draft's files.
DRAFT = "request_draft"


def of(request: BodyRequest, as_: Capacity) -> AnswerDraft | None:
    """Return the draft of the answer, where the capacity may read it and there is one."""
    return AnswerDraft.objects.visible_to(as_).filter(request=request).first()


def save(
    request: BodyRequest, *, as_: Capacity, typed: Mapping[str, str], seen: int, file: UploadedFile | None = None, take_off: int | None = None
) -> AnswerDraft:  # fmt: skip
    """Keep what was typed, and the file that came in or goes; `seen` is the revision that was read, 0 for none yet.

    Raises OvertakenError.
    """
    with transaction.atomic():
        # Held first, so that two who begin at once meet here and not in the constraint.
        BodyRequest.objects.select_for_update(no_key=True).get(pk=request.pk)
        draft = of(request, as_) or AnswerDraft(request=request)
        if draft.revision != seen:
            raise OvertakenError
        draft.typed, draft.saved_at, draft.revision = dict(typed), timezone.now(), draft.revision + 1
        draft.save()
        drafts.change_files(request, as_, file, take_off, DRAFT)
    return draft


def sent(request: BodyRequest, *, as_: Capacity, data: Mapping[str, Any]) -> None:
    """Drop the draft, which is the answer now, and give its files to that; called inside a move.

    Raises Blocked where the draft is another than the one on the page; a page that names none has read none.
    """
    draft = of(request, as_)
    if (data.get("draft") or 0) != (draft.revision if draft else 0):
        raise Blocked([_("The draft was changed elsewhere meanwhile. Read it again; what you typed is kept here.")])
    drafts.hand_over(request, as_, DRAFT, REQUEST_FILES)
    if draft:
        draft.delete()
