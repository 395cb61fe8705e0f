"""Steps of meetings for tests."""

from datetime import timedelta

from django.utils import timezone

from aipbi.workflow import jobs
from aipbi.workflow.models import Job
from review.meetings import verbs
from review.meetings.models import AgendaItem, Meeting
from review.models import Round
from tests.review import steps
from tests.support.cases import do
from tests.support.remembered import remembered


def details(**changes):
    starts = timezone.now() + timedelta(days=10)
    return {
        "title": "Twelfth meeting of the FG-GVC", "sitting": "regular", "starts_at": starts,
        "ends_at": starts + timedelta(hours=3), "zone": "Asia/Manila", "place": "Bacolod, room 2", "link": "",
        "purpose": "", "seom": [], **changes,
    }  # fmt: skip


def typed(**changes):
    """The fields of the form as a person types them."""
    return {
        "title": "Twelfth meeting of the FG-GVC", "sitting": "regular",
        "day": (timezone.localdate() + timedelta(days=10)).isoformat(), "begins": "09:30", "ends": "12:30",
        "zone": "Asia/Manila", "place": "Bacolod, room 2", **changes,
    }  # fmt: skip


def called(people, **changes):
    return verbs.call(as_=people.asec(), details=details(**changes))


def fresh(meeting) -> Meeting:
    return Meeting.objects.select_related("case").get(pk=meeting.pk)


@remembered
def before_a_meeting(people, name="01-power-trade"):
    """A case whose round is to be decided at a meeting."""
    return steps.before_fg_gvc(people, instrument="meeting", case=steps.confirmed(people, name=name))


def arrange(people, meeting, *, as_=None, **data):
    """Send the agenda's form in, everything staying as it is but for `data`."""
    rows = meeting.items.filter(moved_to__isnull=True)
    kept = {f"place_{row.pk}": n for n, row in enumerate(rows.order_by("order", "pk"), start=1)}
    kept |= {f"fate_{row.pk}": "stay" for row in rows}
    return do(fresh(meeting), "arrange_agenda", as_ or people.asec(), **{**kept, **data})


def with_case(people, meeting, case) -> AgendaItem:
    arrange(people, meeting, rounds=[Round.objects.get(proposal=case, state="open").pk])
    return AgendaItem.objects.get(meeting=meeting, round__proposal=case, moved_to__isnull=True)


def make_pack(people, meeting):
    do(fresh(meeting), "make_pack", people.asec())
    assert jobs.run(job_of(meeting).pk)
    return meeting.packs.latest("number")


def job_of(meeting, kind="meeting_pack"):
    return Job.objects.filter(kind=kind, subject_pk=meeting.pk).latest("pk")


def opened(people, meeting, *present):
    Meeting.objects.filter(pk=meeting.pk).update(
        starts_at=timezone.now() - timedelta(hours=1), ends_at=timezone.now() + timedelta(hours=2)
    )
    return do(fresh(meeting), "open_meeting", people.chair(), present=list(present) or ["LA", "TH", "MY", "SG"])
