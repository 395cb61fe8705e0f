"""A meeting as an entry for people's calendars (RFC 5545)."""

from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from review.meetings.enums import MeetingState
from review.meetings.models import Meeting
from review.meetings.verbs import path


def entry(meeting: Meeting) -> bytes:
    """Return the entry; a later one of the same meeting replaces it, a cancelled meeting says so. Nothing confidential."""
    event = Event()
    event.add("uid", f"meeting-{meeting.case.code}@{urlsplit(settings.PORTAL_URL).hostname}")
    event.add("sequence", meeting.revision)
    event.add("dtstamp", meeting.called_at)
    event.add("dtstart", meeting.starts_at.astimezone(meeting.place_zone))
    event.add("dtend", meeting.ends_at.astimezone(meeting.place_zone))
    event.add("summary", f"{meeting.case.reference} {meeting.title}")
    page = f"{settings.PORTAL_URL}{path(meeting)}"
    event.add("url", page)
    lines = [_("Agenda and papers: %(page)s") % {"page": page}]
    if meeting.link:
        lines.append(_("Join from afar: %(link)s") % {"link": meeting.link})
    event.add("description", "\n".join(lines))
    if where := meeting.place or meeting.link:
        event.add("location", where)
    event.add("status", "CANCELLED" if meeting.state == MeetingState.CANCELLED else "CONFIRMED")
    calendar = Calendar()
    calendar.add("prodid", "-//AIPBI Portal//Meetings//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if meeting.state == MeetingState.CANCELLED else "PUBLISH")
    calendar.add_component(event)
    calendar.add_missing_timezones()
    return calendar.to_ical()
