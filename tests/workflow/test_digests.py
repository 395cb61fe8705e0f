"""Digests (N3): one e-mail at the reader's own hour, each notice once, nothing that is confidential or read."""

from datetime import UTC, date, datetime, timedelta
from smtplib import SMTPRecipientsRefused
from zoneinfo import ZoneInfo

import pytest
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

from aipbi.accounts.models import Person
from aipbi.workflow import notices, topics
from aipbi.workflow.mailing import digests, outbox, paces, sending
from aipbi.workflow.models import Digest, MailState, Notice, Pace
from aipbi.workflow.moves import Tell
from aipbi.workflow.parties import Party
from tests.support import cases

MONDAY = 1


class Refusing(BaseEmailBackend):
    """A mail server that knows nobody."""

    def send_messages(self, messages):
        raise SMTPRecipientsRefused({messages[0].to[0]: (550, b"5.1.1 no such user")})


@pytest.fixture
def reader(people):
    """Somebody of the proponent who wants to hear of how a case moves on in a digest at 7, weekly on Mondays."""
    owner = people.proponent()
    Person.objects.filter(pk=owner.person.pk).update(time_zone="Asia/Bangkok")
    owner.person.refresh_from_db()
    return owner


@pytest.fixture
def case(people, reader):
    made = cases.draft(people)
    Notice.objects.all().delete()
    return made


def tell(case, reader, words, at, **more):
    topic = more.pop("topic", topics.CASE)
    notices.write_all(case.pk, "test", [Tell(Party(organisation=reader.organisation), words, **more)], topic=topic)
    Notice.objects.filter(words=words).update(created_at=at)
    return Notice.objects.get(words=words)


def choose(reader, pace, hour=7):
    paces.choose(person=reader.person, paces={topics.CASE: pace}, hour=hour, weekday=MONDAY)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A moment of March 2026 in Bangkok, where the 2nd, 9th … are Mondays."""
    return datetime(2026, 3, day, hour, minute, tzinfo=ZoneInfo("Asia/Bangkok")).astimezone(UTC)


def send(now):
    digests.gather(now)
    sending.mail_waiting()


def test_n3_a_daily_digest_is_one_mail_at_the_readers_hour(case, reader, mails):
    choose(reader, Pace.DAILY)
    first = tell(case, reader, "Your proposal moved on", at(3, 15))
    tell(case, reader, "Your proposal moved on again", at(4, 6, 59))
    late = tell(case, reader, "This came a minute too late", at(4, 7, 0))
    assert first.mail_state == MailState.DIGEST
    digests.gather(at(4, 6, 59))
    assert not Digest.objects.exists()

    assert digests.gather(at(4, 7, 0)) == 1
    assert digests.gather(at(4, 7, 0)) == digests.gather(at(4, 22)) == 0
    assert late.digest is None
    Notice.objects.filter(pk=late.pk).update(mail_state=MailState.SENT, sent_at=timezone.now())
    sending.mail_waiting()
    sending.mail_waiting()
    [mail] = mails()
    assert mail["Subject"] == "AIPBI Portal: 2 notices"
    for part in mails.parts(mail):
        assert part.index("Your proposal moved on") < part.index("Your proposal moved on again")
        assert "too late" not in part
        assert case.title.lower() not in part.lower()
        assert reader.organisation.name.lower() not in part.lower()
        assert "/notices/settings/" in part
    assert set(Notice.objects.values_list("mail_state", flat=True)) == {MailState.SENT}


def test_n3_a_weekly_digest_comes_on_its_day(case, reader):
    choose(reader, Pace.WEEKLY)
    tell(case, reader, "Of Tuesday", at(3, 9))
    for day in range(4, 9):
        assert digests.gather(at(day, 12)) == 0
    assert digests.gather(at(9, 7)) == 1
    assert Digest.objects.get().day == date(2026, 3, 9)


def test_n3_daily_and_weekly_of_one_morning_are_one_mail(case, reader, mails):
    paces.choose(
        person=reader.person, paces={topics.CASE: Pace.DAILY, "monitoring": Pace.WEEKLY}, hour=7, weekday=MONDAY
    )
    tell(case, reader, "For every day", at(8, 9))
    tell(case, reader, "For the week", at(6, 9), topic="monitoring")
    send(at(9, 8))
    [mail] = mails()
    text, _html = mails.parts(mail)
    assert "For every day" in text
    assert "For the week" in text


def test_n3_deadlines_and_what_is_to_be_done_by_a_day_go_at_once(case, reader):
    choose(reader, Pace.WEEKLY)
    paces.choose(person=reader.person, paces={topics.DEADLINES: Pace.WEEKLY}, hour=7, weekday=MONDAY)
    by_a_day = tell(case, reader, "Do it", at(3, 9), to_act=True, due=at(20, 9))
    reminder = tell(case, reader, "Reminder", at(3, 9), topic=topics.DEADLINES)
    no_day = tell(case, reader, "Look at it", at(3, 9), to_act=True)
    assert [one.mail_state for one in (by_a_day, reminder, no_day)] == ["waiting", "waiting", "digest"]


def test_n3_what_was_read_meanwhile_is_left_out_and_an_empty_digest_is_not_sent(case, reader, mails, signed_in):
    choose(reader, Pace.DAILY)
    tell(case, reader, "Read in the portal", at(3, 9))
    signed_in(reader).post("/notices/")
    send(at(4, 8))
    assert mails() == []
    assert Notice.objects.get().mail_state == Digest.objects.get().mail_state == MailState.DROPPED
    assert digests.gather(at(5, 8)) == 0


def test_n3_who_changes_to_at_once_gets_nothing_twice_and_nothing_is_lost(case, reader, mails):
    choose(reader, Pace.WEEKLY)
    tell(case, reader, "In Monday's digest", at(6, 9))
    digests.gather(at(9, 7))
    tell(case, reader, "After the digest was made", at(9, 9))
    choose(reader, Pace.AT_ONCE)
    sending.mail_waiting()
    send(at(16, 8))
    assert sorted(mail["Subject"].partition(" –")[0].strip() for mail in mails()) == [
        "AIPBI Portal: 1 notice",
        "After the digest was made",
    ]
    assert set(Notice.objects.values_list("mail_state", flat=True)) == {MailState.SENT}


def test_n3_a_digest_that_cannot_be_delivered_is_given_up_with_its_notices_and_tried_again(
    case, reader, people, settings, mails
):
    works = settings.EMAIL_BACKEND
    choose(reader, Pace.DAILY)
    told = tell(case, reader, "News", at(3, 9))
    settings.EMAIL_BACKEND = f"{__name__}.Refusing"
    send(at(4, 8))
    told.refresh_from_db()
    assert (told.mail_state, told.digest.mail_state) == (MailState.FAILED, MailState.FAILED)
    settings.EMAIL_BACKEND = works
    outbox.retry(told, by=people.asec())
    sending.mail_waiting()
    told.refresh_from_db()
    assert (told.mail_state, len(mails())) == (MailState.SENT, 1)


def test_n3_who_left_is_not_told_a_week_later(case, reader, mails):
    choose(reader, Pace.WEEKLY)
    tell(case, reader, "Of last week", at(6, 9))
    reader.person.memberships.update(ends=timezone.localdate())
    send(at(9, 8))
    assert mails() == []
    assert Notice.objects.get().mail_state == MailState.DROPPED


# Zone, hour, now (UTC), day and moment (UTC) of the last digest: clocks go forward, back, and never.
SLOTS = [
    ("Asia/Jakarta", 7, "2026-03-04T00:00", "2026-03-04", "2026-03-04T00:00"),
    ("Asia/Jakarta", 7, "2026-03-03T23:59", "2026-03-03", "2026-03-03T00:00"),
    # 29 March, Brussels: 02:00 becomes 03:00, so that the digest of 7 comes an hour sooner by UTC.
    ("Europe/Brussels", 7, "2026-03-28T06:00", "2026-03-28", "2026-03-28T06:00"),
    ("Europe/Brussels", 7, "2026-03-29T05:00", "2026-03-29", "2026-03-29T05:00"),
    # An hour that does not exist that day comes once the clock has jumped.
    ("Europe/Brussels", 2, "2026-03-29T00:59", "2026-03-28", "2026-03-28T01:00"),
    ("Europe/Brussels", 2, "2026-03-29T01:00", "2026-03-29", "2026-03-29T01:00"),
    # 25 October, Brussels: 02:00 comes twice, the digest with the first.
    ("Europe/Brussels", 2, "2026-10-25T00:00", "2026-10-25", "2026-10-25T00:00"),
    ("Europe/Brussels", 2, "2026-10-25T01:30", "2026-10-25", "2026-10-25T00:00"),
    ("America/New_York", 7, "2026-11-01T12:00", "2026-11-01", "2026-11-01T12:00"),
    ("Asia/Kathmandu", 7, "2026-03-04T01:14", "2026-03-03", "2026-03-03T01:15"),
]  # fmt: skip


@pytest.mark.parametrize(("zone", "hour", "now", "day", "moment"), SLOTS)
def test_n3_the_hour_is_the_readers_through_every_clock_change(zone, hour, now, day, moment):
    utc = [datetime.fromisoformat(f"{one}+00:00") for one in (now, moment)]
    assert digests.last_slot(utc[0], ZoneInfo(zone), hour) == (date.fromisoformat(day), utc[1])


def test_n3_the_hour_that_comes_twice_sends_one_digest(case, reader):
    Person.objects.filter(pk=reader.person.pk).update(time_zone="Europe/Brussels")
    choose(reader, Pace.DAILY, hour=2)
    tell(case, reader, "One", datetime(2026, 10, 24, 12, tzinfo=UTC))
    assert digests.gather(datetime(2026, 10, 25, 0, 1, tzinfo=UTC)) == 1
    tell(case, reader, "Two", datetime(2026, 10, 25, 0, 30, tzinfo=UTC))
    assert digests.gather(datetime(2026, 10, 25, 1, 1, tzinfo=UTC)) == 0
    assert digests.gather(datetime(2026, 10, 26, 1, 1, tzinfo=UTC)) == 1


def test_n3_opening_the_settings_changes_nothing_and_saving_does(case, reader, signed_in):
    page = signed_in(reader)
    assert page.get("/notices/settings/").status_code == 200
    assert not reader.person.paces.exists()
    paths = list(page.get("/notices/settings/").context["form"].fields)
    data = {name: "daily" for name in paths if name.startswith("about_")} | {"hour": "18", "weekday": "5"}
    assert page.post("/notices/settings/", data).status_code == 302
    assert paces.choices_of(reader.person)[topics.CASE] == Pace.DAILY
    assert digests.times_of(reader.person) == (18, 5)
    assert page.post("/notices/settings/", data | {"hour": "25"}).status_code == 422


def test_n3_the_digest_counts_days_by_the_readers_calendar_when_they_move(case, reader):
    choose(reader, Pace.DAILY)
    tell(case, reader, "One", at(3, 9))
    assert digests.gather(at(4, 7)) == 1
    # West by twelve hours: it is the 4th again, and the day has had its digest.
    Person.objects.filter(pk=reader.person.pk).update(time_zone="America/New_York")
    tell(case, reader, "Two", at(4, 8))
    assert digests.gather(at(4, 7) + timedelta(hours=12)) == 0
    assert digests.gather(at(4, 7) + timedelta(hours=36)) == 1
