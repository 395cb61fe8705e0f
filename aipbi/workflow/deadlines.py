"""A deadline that a person gives: it lies ahead, and all who must keep it work on that day (L5)."""

from collections.abc import Collection
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from aipbi.accounts.days import today
from aipbi.asean.models import Holiday, MemberState
from aipbi.templatetags.portal import day_in_words

# No Member State closes its offices longer than this at a stretch.
_LOOK_AHEAD = 31


def check(day: date, states: Collection[str]) -> date:
    """Return the day if it lies after today and offices of all these Member States (their codes) are open on it.

    Raises ValidationError in words: which day it is, who is closed and why, and the next day on which all work.
    """
    if day <= today():
        raise ValidationError(_("The deadline must be later than today."), code="past")
    closed = _closed(states, day)
    if why := closed.get(day):
        free = next((day + timedelta(n) for n in range(1, _LOOK_AHEAD) if day + timedelta(n) not in closed), None)
        words = _("%(day)s is no working day: %(why)s.") % {"day": day_in_words(day), "why": "; ".join(why)}
        if free:
            words += " " + _("The next day on which all work is %(free)s (%(iso)s).") % {
                "free": day_in_words(free),
                "iso": free.isoformat(),
            }
        raise ValidationError(words, code="closed")
    return day


def _closed(states: Collection[str], day: date) -> dict[date, list[str]]:
    """Return, for the day and those after it, why somebody's offices are closed."""
    days = [day + timedelta(n) for n in range(_LOOK_AHEAD)]
    members = {row.code: row for row in MemberState.objects.filter(code__in=states).order_by("order")}
    closed: dict[date, list[str]] = {}
    for one in days:
        resting = [row.name for row in members.values() if one.isoweekday() in row.weekend]
        if resting:
            where = _("weekend") if len(resting) == len(members) else _("weekend in %(where)s") % {
                "where": ", ".join(resting)
            }  # fmt: skip
            closed.setdefault(one, []).append(where)
    off = Holiday.objects.filter(ams__in=members, date__range=(days[0], days[-1])).order_by("ams__order", "name")
    for holiday in off:
        closed.setdefault(holiday.date, []).append(
            _("%(name)s in %(where)s") % {"name": holiday.name, "where": members[holiday.ams_id].name}
        )
    return closed
