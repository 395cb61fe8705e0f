"""A capacity's deadlines as a calendar (RFC 5545): what, until when, link, reference, and nothing else (N1)."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from aipbi.accounts.capacity import Capacity
from aipbi.asean import clocks
from aipbi.asean.clocks import END_OF_DAY
from aipbi.asean.models import MemberState
from aipbi.templatetags.portal import in_words
from aipbi.workflow.models import Obligation
from aipbi.workflow.obligations import KINDS, link

# How long what is settled stays in the calendar, cancelled, so that every program takes it out.
KEPT = timedelta(days=60)
MOST = 1000


def calendar_of(capacity: Capacity) -> bytes:
    """Return the capacity's own deadlines as an iCalendar file; the same bytes as long as nothing changed."""
    calendar = Calendar()
    calendar.add("prodid", "-//AIPBI Portal//Deadlines//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", _("AIPBI deadlines: %(who)s") % {"who": _who(capacity)})
    calendar.add("refresh-interval", timedelta(hours=1), parameters={"VALUE": "DURATION"})
    zones = {code: clocks.zone_of(zone) for code, zone in MemberState.objects.values_list("code", "timezone")}
    for owed in _owed(capacity):
        calendar.add_component(_event(owed, zones[owed.calendar]))
    return calendar.to_ical()


def _who(capacity: Capacity) -> str:
    """Name the calendar by the office; a company's name does not leave the portal."""
    return capacity.office.label if capacity.office else str(capacity.role.label)


def _owed(capacity: Capacity) -> Any:
    mine = Obligation.objects.owed_by(capacity).filter(due_at__isnull=False)
    still = mine.filter(closed_at=None) | mine.filter(closed_at__gt=timezone.now() - KEPT)
    return still.select_related("case", "closed_by").order_by("due_at", "pk")[:MOST]


def _event(owed: Obligation, zone: Any) -> Event:
    due: datetime = owed.due_at  # type: ignore[assignment]
    local, event = due.astimezone(zone), Event()
    name = owed.case.reference or _("a proposal (%(code)s)") % {"code": owed.case.code}
    summary = f"{KINDS[owed.kind].label} – {name}"
    if owed.paused_at and not owed.closed_at:
        summary = _("Clock stopped: %(what)s") % {"what": summary}
    event.add("uid", _uid(owed))
    event.add("summary", summary)
    if local.time().replace(microsecond=0) == END_OF_DAY:
        # The whole day, as the office that owes it counts it.
        event.add("dtstart", local.date())
        event.add("dtend", local.date() + timedelta(days=1))
    else:
        event.add("dtstart", due.astimezone(clocks.UTC))
        event.add("dtend", due.astimezone(clocks.UTC))
    with timezone.override(zone):
        address = f"{settings.PORTAL_URL}{link(owed)}"
        until = _("Until %(moment)s") % {"moment": in_words(due)}
    event.add("description", f"{until}\n{address}")
    event.add("url", address)
    event.add("transp", "TRANSPARENT")
    event.add("class", "PRIVATE")
    event.add("dtstamp", owed.closed_at or owed.paused_at or owed.opened_at)
    event.add("sequence", 1 if owed.closed_at else 0)
    event.add("status", "CANCELLED" if owed.closed_at else "TENTATIVE" if owed.paused_at else "CONFIRMED")
    return event


def _uid(owed: Obligation) -> str:
    """Name the event for good, without a number from which others' work could be counted (R4)."""
    host = settings.PORTAL_URL.partition("://")[2].split(":")[0]
    return f"{salted_hmac('workflow.calendar', str(owed.pk)).hexdigest()}@{host}"
