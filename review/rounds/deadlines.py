"""Until when the Member States can be asked: a day that is still to come, and on which all of them work (D1, L5)."""

from collections.abc import Iterable
from datetime import date, datetime

from django.utils.translation import gettext as _

from aipbi.asean import clocks
from aipbi.asean.clocks import DAY, Calendar
from review.states import in_words

SECRETARIAT = "ID"


def end_of(day: date) -> datetime:
    """Return the end of the day in Jakarta, in UTC: the one moment that counts, whatever a reader's clock says."""
    return clocks.calendar(SECRETARIAT).end_of(day)


def usual(now: datetime, members: Iterable[str]) -> date:
    """Return the usual deadline (L5: 20 working days), moved on to a day on which all work."""
    here = clocks.calendar(SECRETARIAT)
    return common(here.day(clocks.due("position", now, SECRETARIAT)), _calendars(members))


def fault(day: date, now: datetime, members: Iterable[str]) -> str:
    """Say what stands against the day, and which one would do; nothing where all is well."""
    calendars = _calendars(members)
    if day <= calendars[SECRETARIAT].day(now):
        return _("The deadline must be later than today.")
    closed = [code for code, calendar in calendars.items() if not calendar.works(day)]
    if not closed:
        return ""
    states, at_home = [code for code in closed if code in set(members)], SECRETARIAT in closed
    free = common(day, calendars).isoformat()
    where = _("at the Secretariat") if not states else _("in %(states)s") % {"states": in_words(states)}
    if states and at_home and SECRETARIAT not in states:
        where = _("in %(states)s and at the Secretariat") % {"states": in_words(states)}
    return _("%(day)s is a weekend or holiday %(where)s. The next day on which all of them work is %(free)s.") % {
        "day": day.isoformat(), "where": where, "free": free,
    }  # fmt: skip


def common(day: date, calendars: dict[str, Calendar]) -> date:
    """Return the first day from `day` on, that day included, on which everybody works."""
    while not all(calendar.works(day) for calendar in calendars.values()):
        day += DAY
    return day


def _calendars(members: Iterable[str]) -> dict[str, Calendar]:
    return clocks.calendars({SECRETARIAT, *members})
