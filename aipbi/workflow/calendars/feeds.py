"""Private links to a calendar: made, shown once, revoked, and recognised again (N3)."""

import hashlib
import secrets
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from aipbi.accounts.capacity import Capacity, held_by
from aipbi.accounts.models import Person
from aipbi.workflow.models import CalendarFeed

# Programs fetch often; who looks at the page wants to know the day and about the hour.
_NOTED_EVERY = timedelta(minutes=10)


def make(capacity: Capacity) -> str:
    """Make the capacity's link anew, ending the one before it; return its secret, which is kept nowhere."""
    secret = secrets.token_urlsafe(32)
    with transaction.atomic():
        # Of two made at the same moment the later one holds.
        Person.objects.select_for_update(no_key=True).get(pk=_person(capacity).pk)
        revoke(capacity)
        CalendarFeed.objects.create(person=_person(capacity), capacity=capacity.key, digest=digest(secret))
    return secret


def revoke(capacity: Capacity) -> bool:
    """End the capacity's link; return whether it had one."""
    mine = CalendarFeed.objects.filter(person=_person(capacity), capacity=capacity.key, revoked_at=None)
    return bool(mine.update(revoked_at=timezone.now()))


def open_of(capacities: list[Capacity]) -> dict[str, CalendarFeed]:
    """Return the open links of one person's capacities, by the capacity's key."""
    people = {capacity.person for capacity in capacities}
    return {feed.capacity: feed for feed in CalendarFeed.objects.filter(person__in=people, revoked_at=None)}


def behind(secret: str) -> Capacity | None:
    """Return the capacity that a link stands for; None where it is unknown, revoked, or the capacity has ended."""
    feed = CalendarFeed.objects.select_related("person").filter(digest=digest(secret), revoked_at=None).first()
    if feed is None or not feed.person.is_active:
        return None
    capacity = next((one for one in held_by(feed.person) if one.key == feed.capacity), None)
    now = timezone.now()
    if capacity and (feed.used_at is None or feed.used_at < now - _NOTED_EVERY):
        CalendarFeed.objects.filter(pk=feed.pk).update(used_at=now)
    return capacity


def digest(secret: str) -> str:
    """Return what a secret is recognised by: its SHA-256, in hexadecimal. It is random, so it needs no salt."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _person(capacity: Capacity) -> Person:
    assert capacity.person  # noqa: S101 - the clock has no calendar
    return capacity.person
