"""Whether the mail server is away, as a hint in the cache: every page of ASEC says so, and no page asks the database.

The truth is in the rows that wait; where the hint is lost, the next attempt writes it anew.
"""

import contextlib
from datetime import datetime, timedelta

from django.core.cache import cache
from django.utils import timezone
from redis.exceptions import RedisError

_KEY = "workflow:mail-away"
_KEPT = timedelta(hours=2)


def tell(words: str) -> None:
    """Keep that e-mails do not go, why in words, and since when."""
    with contextlib.suppress(RedisError):
        known = cache.get(_KEY)
        cache.set(_KEY, (known[0] if known else timezone.now(), words), _KEPT.total_seconds())


def over() -> bool:
    """Forget it once an e-mail went; return whether it had been away."""
    try:
        return bool(cache.delete(_KEY))
    except RedisError:
        return False


def since() -> tuple[datetime, str] | None:
    """Return since when and why, or None while e-mails go."""
    try:
        return cache.get(_KEY)
    except RedisError:
        return None
