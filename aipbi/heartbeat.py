"""The worker's sign of life: a key in the cache that lapses when nobody renews it.

Celery's main process renews it every two seconds, also while its children work, so reading
it costs a health check next to nothing and never waits.
"""

from typing import Any

from celery.signals import heartbeat_sent

KEY = "worker-alive"
LAPSES_AFTER_SECONDS = 15


@heartbeat_sent.connect
def renew(**_signal: Any) -> None:
    """Renew the sign of life."""
    _cache().set(KEY, 1, LAPSES_AFTER_SECONDS)


def alive() -> bool:
    """Whether a worker renewed its sign of life a moment ago."""
    return _cache().get(KEY) is not None


def _cache() -> Any:
    from django.core.cache import cache  # noqa: PLC0415 - Celery imports this module before Django is set up

    return cache
