"""Reminders (L5): 5 and 1 working days before, on the day, then weekly with ASEC told; never once the matter is closed."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError

from aipbi.asean.clocks import Calendar
from aipbi.asean.models import Holiday, MemberState
from aipbi.workflow import deadlines, notices, reminders
from aipbi.workflow.models import MailState, Notice, Obligation, Reminder
from aipbi.workflow.reminders import stage
from tests.support import cases

VIENTIANE = ZoneInfo("Asia/Vientiane")


@pytest.fixture
def owed(people):
    """A SEOM lead's decision, due at the end of Friday 6 March 2026 in Vientiane; Tuesday the 3rd is a holiday."""
    people.asec()
    people.seom("LA")
    case = cases.submitted(people)
    Notice.objects.all().delete()
    Holiday.objects.filter(ams="LA", date__range=("2026-02-20", "2026-03-31")).delete()
    Holiday.objects.create(ams_id="LA", date="2026-03-03", name="A holiday")
    found = Obligation.objects.filter(case_id=case.pk)
    found.update(due_at=datetime(2026, 3, 6, 23, 59, 59, tzinfo=VIENTIANE))
    return found.get()


def at(month: int, day: int, hour: int = 9) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=VIENTIANE)


def stages(owed) -> list[str]:
    return list(Reminder.objects.filter(obligation=owed).order_by("pk").values_list("stage", flat=True))


def test_l5_reminders_come_five_and_one_working_days_before_on_the_day_and_weekly(people, owed):
    day, written = datetime(2026, 2, 20, 0, 30, tzinfo=VIENTIANE), {}
    while day < at(3, 24):
        if reminders.remind(day):
            written[day.strftime("%a %d %b %H:%M")] = stages(owed)[-1]
        day += timedelta(hours=1)
    assert written == {
        # Friday, Monday, Wednesday, Thursday, Friday: the weekend and the holiday are not counted.
        "Thu 26 Feb 07:30": "before-5",
        "Thu 05 Mar 07:30": "before-1",
        "Fri 06 Mar 07:30": "day",
        # Overdue since Saturday, told on the first working day of each week.
        "Mon 09 Mar 07:30": "week-1",
        "Mon 16 Mar 07:30": "week-2",
        "Mon 23 Mar 07:30": "week-3",
    }
    assert Notice.objects.filter(person=people.seom("LA").person).count() == 6
    asec = Notice.objects.filter(person=people.asec().person)
    assert set(asec.values_list("words", flat=True)) == {
        "Overdue at SEOM lead, Lao PDR: Decide whether to support a proposal"
    }
    assert asec.count() == 3


def test_l5_a_reminder_is_in_the_secretariats_name_and_at_once(people, owed, mails):
    reminders.remind(at(3, 5))
    notices.mail_waiting()
    [mail] = mails()
    text, _html = mails.parts(mail)
    assert "the ASEAN Secretariat reminds SEOM lead, Lao PDR" in text
    assert "6 March 2026, 23:59" in text


def test_l5_an_organisations_name_is_in_no_reminder(people, owed):
    company = people.proponent().organisation
    Obligation.objects.filter(pk=owed.pk).update(office=None, organisation=company)
    reminders.remind(at(3, 9))
    assert Notice.objects.count() == 2
    assert not Notice.objects.filter(words__icontains=company.name)


def test_l5_no_reminder_after_the_matter_is_closed_or_while_it_is_paused(people):
    case = cases.in_inbox(people)
    case = cases.do(case, "ask_completion", people.asec(), gaps="Annex 2")
    paused = Obligation.objects.get(case_id=case.pk, kind="completeness")
    Obligation.objects.filter(case_id=case.pk, kind="completion").update(due_at=None)
    assert reminders.remind(paused.due_at) == 0


@pytest.mark.parametrize("meanwhile", ["closed", "paused"])
def test_l5_a_matter_closed_between_row_and_sending_reminds_nobody(people, owed, mails, meanwhile):
    assert reminders.remind(at(3, 5)) == 1
    if meanwhile == "closed":
        cases.do(owed.case.proposal, "support", people.seom("LA"), statement="We support it.")
    else:
        Obligation.objects.filter(pk=owed.pk).update(paused_at=at(3, 5))
    notices.mail_waiting()
    reminder = Notice.objects.get(obligation=owed)
    assert reminder.mail_state == MailState.DROPPED
    assert "before the reminder went" in reminder.error
    assert not [mail for mail in mails() if "reminds" in mails.parts(mail)[0]]


def test_l5_days_are_counted_by_the_offices_clock_through_a_clock_change():
    """On 29 March 2026 the clocks of Lisbon go forward: due that Monday, reminded on Friday, whatever UTC says."""
    lisbon = Calendar(ZoneInfo("Europe/Lisbon"), frozenset({6, 7}), frozenset())
    due = lisbon.end_of(date(2026, 3, 30))
    assert due == datetime(2026, 3, 30, 22, 59, 59, tzinfo=UTC)
    told = {
        "2026-03-20T23:30": "",
        "2026-03-23T00:30": "before-5",
        "2026-03-26T23:59": "before-5",
        "2026-03-27T00:00": "before-1",
        "2026-03-29T22:59": "before-1",
        "2026-03-29T23:00": "day",
        "2026-03-30T22:59": "day",
        "2026-03-30T23:00": "week-1",
        "2026-04-04T12:00": "",
        "2026-04-06T12:00": "week-1",
        "2026-04-07T12:00": "week-2",
    }
    assert {now: stage(due, datetime.fromisoformat(f"{now}+00:00"), lisbon) for now in told} == told


def test_l5_a_deadline_in_the_past_or_on_a_day_off_is_answered_plainly(db, monkeypatch):
    monkeypatch.setattr(deadlines, "today", lambda: date(2026, 3, 2))
    Holiday.objects.filter(date__range=("2026-03-01", "2026-03-31")).delete()
    Holiday.objects.create(ams_id="LA", date="2026-03-09", name="Women's Day")
    MemberState.objects.filter(code="BN").update(weekend=[5, 7])
    assert deadlines.check(date(2026, 3, 4), ["LA", "TH"]) == date(2026, 3, 4)
    said = {}
    for day, states in (
        ("2026-03-02", ["LA"]),
        ("2026-03-07", ["LA"]),
        ("2026-03-09", ["LA", "TH"]),
        ("2026-03-06", ["BN", "LA"]),
    ):
        with pytest.raises(ValidationError) as refused:
            deadlines.check(date.fromisoformat(day), states)
        [said[day]] = refused.value.messages
    assert said == {
        "2026-03-02": "The deadline must be later than today.",
        "2026-03-07": "7 March 2026 is no working day: weekend. The next day on which all work is 10 March 2026 (2026-03-10).",
        "2026-03-09": "9 March 2026 is no working day: Women's Day in Lao PDR. The next day on which all work is 10 March 2026 (2026-03-10).",
        "2026-03-06": "6 March 2026 is no working day: weekend in Brunei Darussalam. The next day on which all work is 10 March 2026 (2026-03-10).",
    }
