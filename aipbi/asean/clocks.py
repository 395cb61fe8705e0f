"""Until when: working days by the calendar of an office's Member State (L5)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, QuerySet, Subquery

from aipbi.asean.enums import Counts
from aipbi.asean.models import Clock, Holiday, MemberState

DAY = timedelta(days=1)
END_OF_DAY = time(23, 59, 59)

zone_of = lru_cache(maxsize=64)(ZoneInfo)


@dataclass(frozen=True, slots=True)
class Calendar:
    """On which days the offices of one Member State work."""

    zone: ZoneInfo
    weekend: frozenset[int]
    """Days of the week, 1 is Monday."""
    holidays: frozenset[date]

    def works(self, day: date) -> bool:
        """Whether offices are open on `day`."""
        return day.isoweekday() not in self.weekend and day not in self.holidays

    def add(self, day: date, days: int) -> date:
        """Return the `days`-th working day after `day`; for 0 `day` itself. Raise ValueError below 0."""
        if days < 0:
            raise ValueError(f"{days} working days: count from the earlier day")
        while days:
            day += DAY
            days -= self.works(day)
        return day

    def between(self, first: date, last: date) -> int:
        """Return how many working days follow `first`, up to and with `last`; negative when `last` is earlier."""
        if last < first:
            return -self.between(last, first)
        return sum(self.works(first + DAY * step) for step in range(1, (last - first).days + 1))

    def day(self, moment: datetime) -> date:
        """Return the day on which `moment` falls here. Raise ValueError without a time zone."""
        return self._local(moment).date()

    def end_of(self, day: date) -> datetime:
        """Return the last second of `day` here, in UTC."""
        return datetime.combine(day, END_OF_DAY, self.zone).astimezone(UTC)

    def later(self, moment: datetime, days: int) -> datetime:
        """Return the same time of day `days` working days later, in UTC."""
        local = self._local(moment)
        return datetime.combine(self.add(local.date(), days), local.time(), self.zone).astimezone(UTC)

    def _local(self, moment: datetime) -> datetime:
        if moment.tzinfo is None:
            raise ValueError(f"{moment} has no time zone")
        return moment.astimezone(self.zone)


def calendar(ams: str) -> Calendar:
    """Return the calendar of the Member State, in one query; raise LookupError for an unknown code."""
    row = _calendars().filter(code=ams).values_list("timezone", "weekend", "off").first()
    if row is None:
        raise LookupError(f"There is no Member State “{ams}”")
    return _calendar(*row)


def calendars(codes: Collection[str]) -> dict[str, Calendar]:
    """Return the calendars of several Member States by code, in one query; unknown codes are left out."""
    rows = _calendars().filter(code__in=codes).values_list("code", "timezone", "weekend", "off")
    return {code: _calendar(*row) for code, *row in rows}


def due(clock: str, start: datetime, ams: str) -> datetime:
    """Return when the clock started at `start` runs out, in UTC: the end of its last day in the AMS's zone.

    The day of `start`, in that zone, is not counted. Working days leave out the weekend and the
    holidays of the AMS; calendar days leave out none. One query. Raises LookupError for an unknown
    clock or AMS, ValueError for a `start` without a time zone.
    """
    ticks = Clock.objects.filter(code=clock)
    row = (
        _calendars()
        .filter(code=ams)
        .annotate(days=Subquery(ticks.values("days")), counts=Subquery(ticks.values("counts")))
        .values_list("timezone", "weekend", "off", "days", "counts")
        .first()
    )
    if row is None or row[3] is None:
        raise LookupError(f"There is no clock “{clock}”" if row else f"There is no Member State “{ams}”")
    here, days = _calendar(*row[:3]), row[3]
    first = here.day(start)
    return here.end_of(here.add(first, days) if row[4] == Counts.WORKING else first + DAY * days)


def add_working_days(start: datetime, days: int, ams: str) -> datetime:
    """Return the same time of day `days` working days of the AMS after `start`, in UTC."""
    return calendar(ams).later(start, days)


def working_days_between(start: datetime, end: datetime, ams: str) -> int:
    """Return how many working days of the AMS follow the day of `start`, up to and with that of `end`.

    Negative when `end` is earlier: minus the working days from `end` to `start`.
    """
    here = calendar(ams)
    return here.between(here.day(start), here.day(end))


def put_off(due_at: datetime, paused: datetime, resumed: datetime, ams: str) -> datetime:
    """Return the deadline after a pause: later by the working days that the clock stood still. Raise as `add_working_days`."""
    return add_working_days(due_at, working_days_between(paused, resumed, ams), ams)


def _calendars() -> QuerySet[Any]:
    off = Holiday.objects.filter(ams=OuterRef("code")).order_by().values("date")
    return MemberState.objects.annotate(off=ArraySubquery(off)).order_by()


def _calendar(zone: str, weekend: list[int], off: list[date]) -> Calendar:
    return Calendar(zone_of(zone), frozenset(weekend), frozenset(off))
