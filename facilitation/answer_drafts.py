"""Drafts of answers to requests: saved by themselves, read by the body alone until they are sent (F2).

Saving one is no move: nothing happens on the case, and what ASEC does meanwhile is not in its way.
"""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from aipbi.accounts.capacity import Capacity
from aipbi.workflow.errors import Blocked
from facilitation.drafts import OvertakenError
from facilitation.models import AnswerDraft, BodyRequest


def of(request: BodyRequest, as_: Capacity) -> AnswerDraft | None:
    """Return the draft of the answer, where the capacity may read it and there is one."""
    return AnswerDraft.objects.visible_to(as_).filter(request=request).first()


def save(request: BodyRequest, *, as_: Capacity, typed: Mapping[str, str], seen: int) -> AnswerDraft:
    """Keep what was typed; `seen` is the revision that was read, 0 for none yet. Raises OvertakenError."""
    with transaction.atomic():
        # Held first, so that two who begin at once meet here and not in the constraint.
        BodyRequest.objects.select_for_update(no_key=True).get(pk=request.pk)
        draft = of(request, as_) or AnswerDraft(request=request)
        if draft.revision != seen:
            raise OvertakenError
        draft.typed, draft.saved_at, draft.revision = dict(typed), timezone.now(), draft.revision + 1
        draft.save()
    return draft


def sent(request: BodyRequest, *, as_: Capacity, data: Mapping[str, Any]) -> None:
    """Drop the draft, which is the answer now; called inside a move.

    Raises Blocked where the draft is another than the one on the page.
    """
    draft = of(request, as_)
    if data.get("draft") is not None and data["draft"] != (draft.revision if draft else 0):
        raise Blocked([_("The draft was changed elsewhere meanwhile. Read it again; what you typed is kept here.")])
    if draft:
        draft.delete()
