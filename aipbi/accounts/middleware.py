"""Put the capacity in use on the request, and hold institutional offices to a second factor."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from aipbi.accounts.capacity import Capacity, held_by

SESSION_KEY = "capacity"
DEMO_KEY = "demo_office"
# Pages somebody without a second factor may open: setting one up, leaving, choosing another capacity.
OPEN_PREFIXES = ("/accounts/", "/static/", "/healthz")


class CapacityMiddleware:
    """Sets `request.capacity` (None for a stranger) and `request.capacities`; activates the reader's zone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.capacity = None
        request.capacities = []
        if not request.path.startswith(("/static/", "/healthz")) and request.user.is_authenticated:
            timezone.activate(ZoneInfo(request.user.time_zone))
            request.capacities = held_by(request.user)
            request.capacity = chosen(request.capacities, request.session.get(SESSION_KEY))
            if needs_second_factor(request) and not request.path.startswith(OPEN_PREFIXES):
                return redirect(f"{reverse('mfa_index')}?required=1")
        try:
            return self.get_response(request)
        finally:
            timezone.deactivate()


def chosen(capacities: list[Capacity], key: str | None) -> Capacity | None:
    """Return the capacity named in the session, else the first one held."""
    return next((c for c in capacities if c.key == key), capacities[0] if capacities else None)


def needs_second_factor(request: HttpRequest) -> bool:
    """Whether the capacity in use is institutional and the person has no second factor yet (U3)."""
    capacity = request.capacity
    if capacity is None or not capacity.institutional:
        return False
    if settings.PORTAL_DEMO and request.session.get(DEMO_KEY):
        return False
    return not is_mfa_enabled(request.user)
