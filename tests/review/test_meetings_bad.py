"""D7: what goes wrong around meetings is answered plainly, and nothing is lost or done twice."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from icalendar import Calendar

from aipbi.documents.models import StoredFile
from aipbi.workflow import jobs
from aipbi.workflow.errors import Blocked, NotYours, Stale
from aipbi.workflow.models import Job, Notice, TrailEntry
from review.meetings import agenda, verbs, work
from review.meetings.models import AgendaItem, Meeting, Pack
from review.models import Position
from tests.review import meetings, steps
from tests.support.cases import do


def test_d7_a_meeting_in_the_past_an_open_link_and_no_place_are_refused_and_kept(people, signed_in):
    officer = signed_in(people.asec())
    wrong = {"day": "2020-01-06", "link": "http://meet.example.org/x", "title": "Kept words", "begins": "25:99"}
    said = officer.post("/meetings/call/", meetings.typed(**wrong))
    page = said.content.decode()
    assert said.status_code == 422
    assert "must begin with https://" in page
    assert "Write it as hours:minutes" in page
    assert 'value="Kept words"' in page
    page = officer.post("/meetings/call/", meetings.typed(day="2020-01-06", ends="08:00", place="")).content.decode()
    for words in ("must begin later than now", "must end after it begins", "Give a place or a link"):
        assert words in page
    skipped = meetings.typed(zone="America/New_York", day="2027-03-14", begins="02:30", ends="04:30")
    assert "this hour does not exist" in officer.post("/meetings/call/", skipped).content.decode()
    assert not Meeting.objects.exists()
    with pytest.raises(NotYours):
        verbs.call(as_=people.chair(), details=meetings.details())


def test_d7_whoever_is_invited_is_told_once_and_finds_the_entry_in_their_calendar(people, signed_in):
    thailand, seom, stranger = people.fg_gvc("TH"), people.seom("LA"), people.seom("BN")
    meeting = meetings.called(people, seom=["LA"])
    told = Notice.objects.filter(case=meeting.pk).values_list("person", flat=True)
    assert {thailand.person.pk, seom.person.pk} <= set(told)
    assert stranger.person.pk not in told
    sent = signed_in(seom).get(f"/meetings/{meeting.case.code}/calendar.ics")
    event = Calendar.from_ical(sent.content).walk("VEVENT")[0]
    assert event.decoded("dtstart") == meeting.starts_at.replace(microsecond=0)
    assert str(event["status"]) == "CONFIRMED"
    assert signed_in(stranger).get(f"/meetings/{meeting.case.code}/").status_code == 404
    do(meetings.fresh(meeting), "cancel_meeting", people.asec(), reason="The room is flooded.")
    again = Calendar.from_ical(signed_in(seom).get(f"/meetings/{meeting.case.code}/calendar.ics").content)
    assert str(again.walk("VEVENT")[0]["status"]) == "CANCELLED"
    assert "The room is flooded." in signed_in(seom).get(f"/meetings/{meeting.case.code}/").content.decode()


def test_d7_two_officers_arrange_the_agenda_at_once(people, signed_in):
    meeting = meetings.called(people)
    meetings.arrange(people, meeting, new_title="First")
    seen = meetings.fresh(meeting).revision
    meetings.arrange(people, meeting, new_title="Second", as_=people.asec(2))
    first, second = AgendaItem.objects.order_by("order")
    sent = {"seen": seen, f"place_{first.pk}": 1, f"fate_{first.pk}": "stay", "new_title": "Third, typed late"}
    page = f"/cases/{meeting.case.code}/meeting/{meeting.pk}/arrange_agenda/"
    said = signed_in(people.asec()).post(page, sent)
    assert said.status_code == 409
    assert "Agenda arranged" in said.content.decode()
    assert "Third, typed late" in said.content.decode()
    assert AgendaItem.objects.count() == 2
    moved = {f"place_{first.pk}": 2, f"place_{second.pk}": 1}
    meetings.arrange(people, meeting, **moved)
    assert [row.title for row in AgendaItem.objects.order_by("order")] == ["Second", "First"]


def test_d7_a_round_stands_on_one_agenda_moves_to_another_and_says_that_it_was_withdrawn(people, signed_in):
    case = meetings.before_a_meeting(people)
    here, there = meetings.called(people), meetings.called(people, title="The next one")
    item = meetings.with_case(people, here, case)
    with pytest.raises(IntegrityError), transaction.atomic():
        AgendaItem.objects.create(meeting=there, order=1, round_id=item.round_id)
    assert agenda.open_rounds(there) == []
    meetings.arrange(people, here, **{f"fate_{item.pk}": there.pk})
    item.refresh_from_db()
    assert item.moved_to == there
    assert there.items.get().round_id == item.round_id
    assert TrailEntry.objects.filter(case=there.pk, action="item_arrived").exists()
    shown = signed_in(people.fg_gvc("BN")).get(f"/meetings/{here.case.code}/").content.decode()
    assert f"Moved to {there.case.reference}." in shown
    do(steps.fresh(case), "withdraw", people.proponent(), reason="Our plans changed.")
    ready = signed_in(people.chair()).get(f"/meetings/{there.case.code}/ready/").content.decode()
    assert "has withdrawn the proposal" in ready


def test_d7_a_pack_asked_for_twice_and_a_worker_that_dies_make_exactly_one(people):
    case = meetings.before_a_meeting(people)
    meeting = meetings.called(people)
    with pytest.raises(Blocked, match="nothing on the agenda"):
        do(meetings.fresh(meeting), "make_pack", people.asec())
    meetings.with_case(people, meeting, case)
    do(meetings.fresh(meeting), "make_pack", people.asec())
    with pytest.raises(Blocked, match="Pack 1 is being made"):
        do(meetings.fresh(meeting), "make_pack", people.asec(2))
    job = meetings.job_of(meeting)
    # A worker takes it and is killed; when it has been silent long enough another takes it up.
    assert jobs._claim(job.pk)
    assert not jobs.run(job.pk)
    Job.objects.filter(pk=job.pk).update(beat_at=timezone.now() - timedelta(minutes=2))
    assert job.pk in jobs.lost()
    assert jobs.run(job.pk)
    work.make_pack(jobs.Progress(job))
    assert (
        Pack.objects.filter(meeting=meeting).count() == StoredFile.objects.filter(purpose="meeting_pack").count() == 1
    )
    assert Pack.objects.get().sha256 == StoredFile.objects.get(purpose="meeting_pack").sha256
    with pytest.raises(Blocked, match="Nothing has changed since pack 1"):
        do(meetings.fresh(meeting), "make_pack", people.asec())
    steps.say(people, case, TH="object")
    do(meetings.fresh(meeting), "make_pack", people.asec())
    waiting = Pack.objects.get(number=2)
    assert (waiting.file, waiting.changes) == (None, [])
    pack = Pack.objects.get(number=1)
    with pytest.raises(Exception, match="Cannot update"), transaction.atomic():
        Pack.objects.filter(pk=pack.pk).update(sha256="0" * 64)


def test_d7_ready_says_in_words_what_is_missing_and_what_the_positions_would_allow(people):
    case = meetings.before_a_meeting(people)
    meeting = meetings.called(people)
    meetings.with_case(people, meeting, case)
    steps.say(people, case, LA="approve", MY="no_objection", SG="no_objection")
    (one,) = agenda.readiness(meeting, agenda.items(meeting), timezone.now())
    assert not one.ready
    assert any("Not heard from yet: Thailand" in words for words in one.missing)
    steps.say(people, case, TH="no_objection")
    (one,) = agenda.readiness(meeting, agenda.items(meeting), timezone.now())
    assert one.ready
    assert one.allowed == ["Approved"]


def test_d7_a_position_is_entered_for_a_state_only_while_its_meeting_sits(people, signed_in):
    case = meetings.before_a_meeting(people)
    meeting = meetings.called(people)
    item = meetings.with_case(people, meeting, case)
    with pytest.raises(Blocked, match="only while a meeting sits"):
        do(steps.position(case, "TH"), "state_position", people.asec(), value="approve", text="")
    meetings.opened(people, meeting)
    live = f"/meetings/{meeting.case.code}/live/"
    officer = signed_in(people.asec())
    sent = {"do": "positions", "item": item.pk, "value_TH": "object", "text_TH": "", "seen_TH": 0,
            "value_MY": "approve", "text_MY": "Kept words", "seen_MY": 0}  # fmt: skip
    said = officer.post(live, sent)
    assert said.status_code == 422
    assert "Thailand: Give the reason why your country objects" in said.content.decode()
    assert "Kept words" in said.content.decode()
    assert steps.position(case, "MY").value == ""
    steps.say(people, case, MY="no_objection")
    said = officer.post(live, {**sent, "text_TH": "The grid code."})
    assert said.status_code == 409
    assert "Position given" in said.content.decode()
    assert steps.position(case, "TH").value == ""
    assert signed_in(people.fg_gvc("TH")).post(live, sent).status_code == 404
    before = meetings.fresh(meeting)
    meetings.arrange(people, meeting, new_title="Late matter")
    with pytest.raises(Stale):
        do(before, "record_item", people.asec(), item=item.pk)


def test_d7_what_is_sent_for_an_item_that_left_the_agenda_is_not_recorded_on_another(people, signed_in):
    gone, stays = meetings.before_a_meeting(people), meetings.before_a_meeting(people, "02-ev-battery-chain")
    meeting = meetings.called(people)
    item = meetings.with_case(people, meeting, gone)
    meetings.with_case(people, meeting, stays)
    meetings.opened(people, meeting)
    meetings.arrange(people, meeting, **{f"fate_{item.pk}": "off"}, as_=people.asec(2))
    ams = Position.objects.filter(proposal=stays.pk).latest("pk").ams_id
    sent = {"do": "positions", "item": item.pk, f"value_{ams}": "object", f"text_{ams}": "Kept words",
            f"seen_{ams}": 0}  # fmt: skip
    said = signed_in(people.asec()).post(f"/meetings/{meeting.case.code}/live/", sent)
    assert not Position.objects.filter(proposal=stays.pk).exclude(value="").exists(), (
        "an objection to one case, recorded on another"
    )
    assert said.status_code == 409
    assert "no longer on the agenda" in said.content.decode()
    assert "Kept words" in said.content.decode()


@pytest.mark.parametrize("part", ["title", "place"])
def test_d7_no_part_of_a_calendar_entry_begins_another_line(people, signed_in, part):
    sent = meetings.typed(**{part: "Hall\rATTENDEE:mailto:x@example.org"})
    said = signed_in(people.asec()).post("/meetings/call/", sent)
    assert said.status_code == 422
    assert not Meeting.objects.exists()
