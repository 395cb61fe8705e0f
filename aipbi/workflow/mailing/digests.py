"""Digests: when one is due on the reader's own clock, and what goes into it (N3)."""

from collections import defaultdict
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone

from aipbi.accounts.models import Person
from aipbi.asean import defaults
from aipbi.workflow.models import Digest, DigestTime, MailState, Notice, Pace

DAY = timedelta(days=1)
WEEK = 7


def last_slot(now: datetime, zone: ZoneInfo, hour: int, weekday: int | None = None) -> tuple[date, datetime]:
    """Return the last day, on the zone's calendar, whose hour has come by `now`, and that moment in UTC.

    With a `weekday` (1 is Monday), the last such day of the week. An hour that a clock change
    leaves out comes when the clock has jumped over it; one that comes twice counts the first time.
    """
    day = now.astimezone(zone).date()
    for _n in range(WEEK + 2):
        moment = datetime.combine(day, time(hour), zone).astimezone(UTC)
        if moment <= now and weekday in (None, day.isoweekday()):
            return day, moment
        day -= DAY
    raise AssertionError("a week has every day")


def times_of(person: Person) -> tuple[int, int]:
    """Return the hour and the day of the week of the person's digests, or the defaults."""
    own = DigestTime.objects.filter(person=person).first()
    return (own.hour, own.weekday) if own else (defaults.get("digest_hour"), defaults.get("digest_weekday"))


def gather(now: datetime | None = None) -> int:
    """Put what is due into today's digest of each person whose hour has come; return how many digests were made.

    The digest and its notices are one transaction, and a person has one digest a day: whatever
    crashes, a notice is in one digest and that digest is one row, mailed like any other.
    """
    moment = now or timezone.now()
    waiting: dict[int, list[tuple[int, str, datetime]]] = defaultdict(list)
    found = Notice.objects.filter(mail_state=MailState.DIGEST, digest=None)
    for person_id, *line in found.values_list("person_id", "pk", "pace", "created_at").iterator(chunk_size=5000):
        waiting[person_id].append(tuple(line))  # type: ignore[arg-type]
    if not waiting:
        return 0
    people = Person.objects.filter(pk__in=waiting).select_related("digest_time")
    return sum(_gather_one(person, waiting[person.pk], moment) for person in people)


def _gather_one(person: Person, waiting: list[tuple[int, str, datetime]], now: datetime) -> bool:
    own: DigestTime | None = getattr(person, "digest_time", None)
    hour = own.hour if own else defaults.get("digest_hour")
    weekday = own.weekday if own else defaults.get("digest_weekday")
    zone = ZoneInfo(person.time_zone)
    day, daily = last_slot(now, zone, hour)
    last = {Pace.DAILY: daily, Pace.WEEKLY: last_slot(now, zone, hour, weekday)[1]}
    due = [pk for pk, pace, created_at in waiting if created_at < last[Pace(pace)]]
    if not due:
        return False
    with transaction.atomic():
        # A change of the person's choices holds the same lock: no notice goes both ways.
        Person.objects.select_for_update(no_key=True).get(pk=person.pk)
        still = Notice.objects.filter(pk__in=due, mail_state=MailState.DIGEST, digest=None)
        if not still.exists():
            return False
        digest, made = Digest.objects.get_or_create(person=person, day=day, defaults={"next_try_at": now})
        if made:
            still.update(digest=digest)
    return made
