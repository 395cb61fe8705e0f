"""Clocks (L5): working days by the calendar of the office's Member State, to the end of its own day."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aipbi.asean import clocks
from aipbi.asean.clocks import Calendar
from aipbi.asean.models import Clock, Holiday

JAKARTA = ZoneInfo("Asia/Jakarta")
YANGON = ZoneInfo("Asia/Yangon")


def at(zone, *when):
    return datetime(*when, tzinfo=ZoneInfo(zone) if isinstance(zone, str) else zone)


@pytest.fixture
def no_holidays(db):
    Holiday.objects.all().delete()


@pytest.mark.usefixtures("no_holidays")
class TestWithoutHolidays:
    def test_l5_twenty_working_days_are_four_weeks(self):
        due = clocks.due("seom", at("Asia/Bangkok", 2026, 6, 1, 9, 0), "TH")
        assert due == at("Asia/Bangkok", 2026, 6, 29, 23, 59, 59)
        assert due.tzinfo is UTC

    def test_l5_the_day_of_the_start_does_not_count_at_any_hour(self):
        early = clocks.due("conflict", at("Asia/Bangkok", 2026, 6, 1, 0, 0), "TH")
        late = clocks.due("conflict", at("Asia/Bangkok", 2026, 6, 1, 23, 59, 59), "TH")
        assert early == late == at("Asia/Bangkok", 2026, 6, 4, 23, 59, 59)

    def test_l5_a_start_late_in_jakarta_is_the_next_day_in_dili(self):
        start = at(JAKARTA, 2026, 6, 1, 22, 30)
        assert clocks.due("conflict", start, "ID") == at(JAKARTA, 2026, 6, 4, 23, 59, 59)
        assert clocks.due("conflict", start, "TL") == at("Asia/Dili", 2026, 6, 5, 23, 59, 59)

    def test_l5_a_zone_of_half_hours(self):
        before_midnight = datetime(2026, 6, 1, 17, 29, tzinfo=UTC)
        assert clocks.due("conflict", before_midnight, "MM") == datetime(2026, 6, 4, 17, 29, 59, tzinfo=UTC)
        after_midnight = datetime(2026, 6, 1, 17, 30, tzinfo=UTC)
        assert clocks.due("conflict", after_midnight, "MM") == datetime(2026, 6, 5, 17, 29, 59, tzinfo=UTC)

    def test_l5_a_start_on_the_weekend_counts_from_monday(self):
        saturday = clocks.due("conflict", at(JAKARTA, 2026, 6, 6, 12, 0), "ID")
        friday = clocks.due("conflict", at(JAKARTA, 2026, 6, 5, 12, 0), "ID")
        assert saturday == friday == at(JAKARTA, 2026, 6, 10, 23, 59, 59)

    def test_l5_bruneis_weekend_is_friday_and_sunday(self):
        due = clocks.due("conflict", at("Asia/Brunei", 2026, 6, 4, 12, 0), "BN")
        assert due == at("Asia/Brunei", 2026, 6, 9, 23, 59, 59)

    def test_l5_calendar_days_leave_out_none(self):
        due = clocks.due("completion_lapse", at(JAKARTA, 2026, 6, 1, 12, 0), "ID")
        assert due == at(JAKARTA, 2026, 7, 31, 23, 59, 59)

    def test_l5_a_paused_clock_goes_on_at_the_same_time_of_day(self):
        due = at(YANGON, 2026, 6, 5, 23, 59, 59)
        assert clocks.add_working_days(due, 2, "MM") == at(YANGON, 2026, 6, 9, 23, 59, 59)
        assert clocks.add_working_days(due, 0, "MM") == due

    def test_working_days_between_two_moments(self):
        monday, next_monday = at(JAKARTA, 2026, 6, 1, 23, 0), at(JAKARTA, 2026, 6, 8, 1, 0)
        assert clocks.working_days_between(monday, next_monday, "ID") == 5
        assert clocks.working_days_between(next_monday, monday, "ID") == -5
        assert clocks.working_days_between(monday, monday + timedelta(minutes=30), "ID") == 0
        assert clocks.working_days_between(monday, next_monday, "BN") == 4


@pytest.mark.django_db
def test_l5_holidays_of_the_member_state_are_left_out_and_no_others():
    start = at("Asia/Bangkok", 2026, 4, 10, 12, 0)
    assert Holiday.objects.filter(ams="TH", date__range=(date(2026, 4, 13), date(2026, 4, 15))).count() == 3
    assert clocks.due("conflict", start, "TH") == at("Asia/Bangkok", 2026, 4, 20, 23, 59, 59)
    assert clocks.due("conflict", start, "SG") == at("Asia/Singapore", 2026, 4, 15, 23, 59, 59)


@pytest.mark.django_db
def test_l5_an_administrators_clock_and_holiday_count_at_once():
    Clock.objects.filter(code="conflict").update(days=1)
    Holiday.objects.create(ams_id="SG", date=date(2026, 4, 13), name="Polling day")
    start = at("Asia/Singapore", 2026, 4, 10, 12, 0)
    assert clocks.due("conflict", start, "SG") == at("Asia/Singapore", 2026, 4, 14, 23, 59, 59)


@pytest.mark.django_db
def test_one_query_per_call(django_assert_num_queries):
    start = datetime(2026, 6, 1, tzinfo=UTC)
    with django_assert_num_queries(1):
        clocks.due("seom", start, "ID")
    with django_assert_num_queries(1):
        clocks.working_days_between(start, start + timedelta(days=40), "ID")


@pytest.mark.django_db
def test_unknown_codes_and_bare_times_are_refused_by_name():
    start = datetime(2026, 6, 1, tzinfo=UTC)
    with pytest.raises(LookupError, match="“XX”"):
        clocks.due("seom", start, "XX")
    with pytest.raises(LookupError, match="“soon”"):
        clocks.due("soon", start, "ID")
    with pytest.raises(LookupError, match="“XX”"):
        clocks.calendar("XX")
    with pytest.raises(ValueError, match="no time zone"):
        clocks.due("seom", start.replace(tzinfo=None), "ID")
    with pytest.raises(ValueError, match="-1 working days"):
        clocks.add_working_days(start, -1, "ID")


DAYS = st.dates(date(2025, 1, 1), date(2028, 12, 31))
CALENDARS = st.builds(
    Calendar,
    zone=st.sampled_from(["Asia/Yangon", "Asia/Dili", "Asia/Jakarta"]).map(ZoneInfo),
    weekend=st.frozensets(st.integers(1, 7), max_size=6),
    holidays=st.frozensets(DAYS, max_size=40),
)


@given(CALENDARS, DAYS, st.integers(1, 60))
def test_adding_working_days_ends_on_a_working_day_and_counts_back(calendar, day, days):
    later = calendar.add(day, days)
    assert calendar.works(later)
    assert calendar.between(day, later) == days
    assert calendar.add(day, days + 1) > later


@given(CALENDARS, DAYS, st.integers(0, 30), st.integers(0, 30))
def test_adding_in_two_steps_is_adding_at_once(calendar, day, first, second):
    assert calendar.add(calendar.add(day, first), second) == calendar.add(day, first + second)


@given(CALENDARS, DAYS, DAYS, DAYS)
def test_counting_over_a_day_between_is_counting_at_once(calendar, first, middle, last):
    assert calendar.between(first, middle) + calendar.between(middle, last) == calendar.between(first, last)


@given(CALENDARS, DAYS)
def test_the_end_of_a_day_is_on_that_day_and_a_second_later_on_the_next(calendar, day):
    end = calendar.end_of(day)
    assert calendar.day(end) == day
    assert calendar.day(end + timedelta(seconds=1)) == day + timedelta(days=1)


@given(CALENDARS, DAYS, st.timedeltas(timedelta(0), timedelta(hours=24)), st.integers(0, 30))
def test_a_moment_moved_by_working_days_keeps_its_time_of_day(calendar, day, hours, days):
    moment = datetime.combine(day, time(), UTC) + hours
    moved = calendar.later(moment, days)
    assert moved.astimezone(calendar.zone).time() == moment.astimezone(calendar.zone).time()
    assert calendar.between(calendar.day(moment), calendar.day(moved)) == days
