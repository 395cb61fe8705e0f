"""Remembering small tables between requests, and forgetting them the moment they change.

A reader inside a transaction asks the database, so it sees what its own transaction wrote and
nothing uncommitted reaches the cache. A writer, once committed, holds the place empty for longer
than a reader that asked before the commit can take to bring the old value back.
"""

import logging
from collections.abc import Callable
from typing import TypeVar, cast

from django.core.cache import cache
from django.db import connection, transaction
from redis.exceptions import RedisError

T = TypeVar("T")
SECONDS = 300
HELD_SECONDS = 10
HELD: tuple[()] = ()

logger = logging.getLogger(__name__)


def remember(name: str, read: Callable[[], T]) -> T:
    """Return what `read` returns, from the cache where it is known; without a cache, from the database."""
    if connection.in_atomic_block:
        return read()
    try:
        found = cache.get(f"asean:{name}")
    except RedisError:
        return read()
    if found:
        return cast("T", found[0])
    value = read()
    try:
        # `add` leaves the place alone where a writer holds it.
        cache.add(f"asean:{name}", (value,), SECONDS)
    except RedisError:
        logger.warning("Reference data could not be cached.")
    return value


def forget(*names: str) -> None:
    """Forget these once the transaction has committed."""
    transaction.on_commit(lambda: _hold(names))


def _hold(names: tuple[str, ...]) -> None:
    try:
        cache.set_many({f"asean:{name}": HELD for name in names}, HELD_SECONDS)
    except RedisError:
        logger.warning("The cache did not answer; it may show old reference data for %s seconds.", SECONDS)
