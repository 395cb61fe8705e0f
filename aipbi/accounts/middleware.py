"""Put the capacity in use on the request, and hold institutional offices to a second factor."""

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.cache import patch_cache_control

from aipbi.accounts import second_factor
from aipbi.accounts.capacity import Capacity, held_by
from aipbi.accounts.second_factor import DEMO_KEY

__all__ = ["DEMO_KEY", "SESSION_KEY", "CapacityMiddleware"]

SESSION_KEY = "capacity"
# Nobody's capacity matters there, so nothing is asked of the database.
WITHOUT_PEOPLE = ("/static/", "/healthz")
# What an institutional office may open before its second factor: setting one up, leaving,
# choosing another capacity, and the page about accessibility.
OPEN_PREFIXES = ("/accounts/", "/accessibility/")


class CapacityMiddleware:
    """Sets the capacity in use on the request and activates the reader's time zone.

    `request.capacities`: every capacity held today. `request.capacity`: the one in use; None for
    a stranger, for somebody who holds none, and as long as an institutional one waits for its
    second factor, so that a page which forgets to ask shows nothing (U3).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        """Answer one request; what somebody signed in reads is kept by no browser and no proxy (U5)."""
        answer = self._answer(request)
        if not request.path_info.startswith(WITHOUT_PEOPLE) and request.user.is_authenticated:
            patch_cache_control(answer, private=True, no_store=True)
        return answer

    def _answer(self, request: Any) -> HttpResponse:
        request.capacity = None
        request.capacities = []
        request.waits_for_second_factor = None
        if request.path_info.startswith(WITHOUT_PEOPLE) or not request.user.is_authenticated:
            return self.get_response(request)
        self._set(request)
        closed = request.waits_for_second_factor and not request.path_info.startswith(OPEN_PREFIXES)
        if closed or second_factor.guards(request):
            return redirect(second_factor.page_to_pass(request))
        with timezone.override(ZoneInfo(request.user.time_zone)):
            return self.get_response(request)

    def _set(self, request: Any) -> None:
        request.capacities = held_by(request.user)
        capacity = chosen(request.capacities, request.session.get(SESSION_KEY))
        if second_factor.must_pass(request, capacity):
            request.waits_for_second_factor = capacity
        else:
            request.capacity = capacity


def chosen(capacities: list[Capacity], key: str | None) -> Capacity | None:
    """Return the capacity named in the session, else the first one held."""
    return next((c for c in capacities if c.key == key), capacities[0] if capacities else None)
