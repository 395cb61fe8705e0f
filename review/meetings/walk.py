"""How the demonstration comes to a planned meeting: a round to be decided at one, and the meeting with its agenda."""

from datetime import datetime, time, timedelta

from django.utils import timezone

from aipbi.accounts.days import SECRETARIAT
from aipbi.asean import clocks
from aipbi.workflow.walk import People, Walk
from proposals.enums import State
from review.enums import Instrument
from review.meetings import verbs
from review.meetings.models import Meeting
from review.rounds.models import Round

AWAY = timedelta(days=24)


def call_meeting(day: datetime, *, seom: list[str]) -> Meeting:
    """Call a meeting for the morning of a day at the Secretariat, with the SEOM leads of these Member States too."""
    begins = datetime.combine(day.astimezone(SECRETARIAT), time(9, 30), SECRETARIAT)
    return verbs.call(
        as_=People().asec(),
        details={
            "title": "Meeting of the Focal Group on Global Value Chains",
            "sitting": "regular",
            "starts_at": begins,
            "ends_at": begins + timedelta(hours=6),
            "zone": SECRETARIAT.key,
            "place": "ASEAN Secretariat, Jakarta, Nusantara room",
            "link": "https://meet.example.org/fg-gvc",
            "purpose": "Proposals that wait for a decision, and facilitation under way.",
            "seom": seom,
        },
    )


def plan_meeting(walk: Walk) -> Meeting:
    """Put an assessed case before the FG-GVC for a meeting in some weeks, and call that meeting."""
    walk.to(State.ASSESSED)
    asec = walk.people.asec()
    calendar = clocks.calendar("ID")
    day = calendar.add(calendar.day(timezone.now() + AWAY), 1)
    walk.do("open_round", walk.proposal, asec, instrument=Instrument.MEETING, deadline=day.isoformat())
    meeting = call_meeting(datetime.combine(day, time(), SECRETARIAT), seom=[walk.proposal.originating_ams_id])
    one = Round.objects.get(proposal=walk.proposal, state="open")
    walk.do("arrange_agenda", meeting, asec, rounds=[one.pk], new_title="Facilitation under way: what sectoral bodies answered", new_about="The Secretariat reports.")  # fmt: skip
    return meeting
