"""Taking a barrier up for several cases at once, which is no move since there is nothing yet to move (F1)."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from aipbi.accounts.capacity import Capacity, in_force
from aipbi.workflow import trail
from aipbi.workflow.door import perform
from aipbi.workflow.errors import NotYours
from aipbi.workflow.models import Audience, Case
from aipbi.workflow.numbers import next_reference
from facilitation import rules
from facilitation.models import Challenge, CommonBarrier
from facilitation.moves.common import JoinCommon


def begin(
    *, as_: Capacity, challenges: Iterable[Challenge], title: str, category: Any, description: str
) -> CommonBarrier:
    """Begin a common barrier with these challenges, in words that name none of them: all or nothing.

    Raises NotYours for anybody but ASEC and the FG-GVC, and what the door raises where one cannot join.
    """
    if not rules.together.test(as_, None) or not in_force(as_):
        raise NotYours(_("Take up a barrier for several cases"), as_.label)
    now = timezone.now()
    with transaction.atomic():
        one = CommonBarrier(
            case=Case.objects.create(reference=next_reference("BARRIER", now)),
            title=title, category=category, description=description, opened_at=now,
        )  # fmt: skip
        one.save(force_insert=True)
        trail.note(
            one.pk, as_=as_, action="begin_common", subject=(one.kind, one.pk), details={"title": title},
            audience=Audience.STATES,
        )  # fmt: skip
        join(one, challenges, as_=as_)
    return one


def join(one: CommonBarrier, challenges: Iterable[Challenge], *, as_: Capacity) -> None:
    """Let each challenge join, by its own move on its own case: all or nothing."""
    with transaction.atomic():
        # In one order, so that two who group at once do not wait for each other's cases.
        for challenge in sorted(challenges, key=lambda found: (found.case_pk, found.pk)):
            perform(JoinCommon, challenge, by=as_.person, as_=as_, data={"common": one.pk})
