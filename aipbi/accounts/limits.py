"""How often somebody may have the portal do what costs it work: counted by the hour in the cache."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.cache import cache
from django.http import HttpResponseBase
from django.shortcuts import render
from redis.exceptions import RedisError

from aipbi.accounts.request import PortalRequest
from aipbi.asean import defaults

HOUR = 3600

View = Callable[..., HttpResponseBase]


def hourly(setting: str) -> Callable[[View], View]:
    """Decorate a view that one person opens so often an hour as the setting says; beyond it answers 429 in plain words.

    A HEAD does no work and is not counted. Without the cache nothing is counted and nothing refused.
    """

    def limited(view: View) -> View:
        @wraps(view)
        def counted(request: PortalRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            most = defaults.get(setting)
            if request.method == "HEAD" or times(f"{setting}:{request.user.pk}") <= most:
                return view(request, *args, **kwargs)
            answer = render(request, "accounts/limited.html", {"most": most}, status=429)
            answer["Retry-After"] = str(HOUR)
            return answer

        return counted

    return limited


def times(what: str) -> int:
    """Return how often this came within the hour that began with the first time, this one included; 0 without the cache."""
    key = f"limit:{what}"
    try:
        return 1 if cache.add(key, 1, HOUR) else cache.incr(key)
    except ValueError:
        # The hour ended between the two.
        return 1
    except RedisError:
        return 0
