"""The day by which appointments begin and end."""

from datetime import date
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

SECRETARIAT = ZoneInfo(settings.SECRETARIAT_TIME_ZONE)


def today() -> date:
    """Return the day at the Secretariat: one for all, wherever the reader sits."""
    return timezone.localdate(timezone=SECRETARIAT)
