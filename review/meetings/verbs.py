"""Calling a meeting, which is no move since there is nothing yet to move; and whom a meeting tells."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from aipbi.accounts.capacity import Capacity, in_force
from aipbi.asean.names import member_state_names
from aipbi.workflow import notices, parties, trail
from aipbi.workflow.errors import NotYours
from aipbi.workflow.models import Audience, Case
from aipbi.workflow.moves import Tell
from aipbi.workflow.numbers import next_reference
from aipbi.workflow.parties import Party
from review.meetings import rules
from review.meetings.models import AgendaItem, Meeting

DETAILS = ("title", "sitting", "starts_at", "ends_at", "zone", "place", "link", "purpose", "seom")


def call(*, as_: Capacity, details: dict[str, Any]) -> Meeting:
    """Call a meeting: give it a reference without gaps within the year, and invite.

    `details` are the cleaned data of `forms.MeetingDetails`. Raises NotYours for anybody but ASEC.
    """
    if not rules.secretariat.test(as_, None) or not in_force(as_):
        raise NotYours(_("Call a meeting"), as_.label)
    now = timezone.now()
    with transaction.atomic():
        meeting = Meeting(
            case=Case.objects.create(reference=next_reference("FG-GVC", details["starts_at"])),
            called_by=as_.person,
            called_at=now,
            **{name: details[name] for name in DETAILS},
        )
        meeting.save(force_insert=True)
        trail.note(
            meeting.pk, as_=as_, action="call_meeting", subject=(meeting.kind, meeting.pk),
            details={name: details[name] for name in DETAILS}, audience=Audience.STATES,
        )  # fmt: skip
        told = invite(meeting, _("You are invited to a meeting of the FG-GVC"))
        notices.write_all(meeting.pk, "call_meeting", told, topic="meetings", but=as_.person.pk if as_.person else None)
        transaction.on_commit(notices.wake)
    return meeting


def path(meeting: Meeting) -> str:
    """Return the address of the meeting's page."""
    return reverse("meeting", args=[meeting.case.code])


def members() -> list[Party]:
    """Return the FG-GVC members of all Member States."""
    return [parties.fg_gvc(ams) for ams in member_state_names()]


def participants(meeting: Meeting) -> list[Party]:
    """Return who takes part: the FG-GVC members of all Member States, and the SEOM leads who are invited."""
    return [*members(), *(parties.seom(ams) for ams in member_state_names() if ams in meeting.seom)]


def invite(meeting: Meeting, words: str) -> Iterator[Tell]:
    """Yield a notice to everybody who takes part and to the Secretariat, with the day and the place where to look."""
    for party in (*participants(meeting), parties.asec()):
        yield Tell(party, words, due=meeting.starts_at, path=path(meeting))


def close_items(meeting: Meeting, now: datetime) -> None:
    """Take what is still on the agenda off the live agendas, so that another meeting may take it up."""
    AgendaItem.objects.filter(meeting=meeting, closed_at__isnull=True).update(closed_at=now)
