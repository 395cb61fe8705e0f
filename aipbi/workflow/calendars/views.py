"""The page on which a person makes and revokes calendar links, and the address that calendar programs fetch."""

import hashlib

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from aipbi.accounts.access import signed_in
from aipbi.accounts.capacity import Capacity
from aipbi.accounts.limits import HOUR, times
from aipbi.accounts.request import PortalRequest
from aipbi.workflow.calendars import feeds, ics

# Programs fetch every few minutes at most; more is a mistake or a search for links.
PER_HOUR = 120


@signed_in
@require_safe
def links(request: PortalRequest) -> HttpResponse:
    """List the person's capacities, with the calendar link of each."""
    return _page(request)


@signed_in
@require_POST
def make(request: PortalRequest, key: str) -> HttpResponse:
    """Make a capacity's link, or make it anew, and show it this once."""
    capacity = _held(request, key)
    address = f"{settings.PORTAL_URL}{reverse('calendar_feed', args=[feeds.make(capacity)])}"
    return _page(request, made=capacity, address=address)


@signed_in
@require_POST
def revoke(request: PortalRequest, key: str) -> HttpResponse:
    """End a capacity's link."""
    capacity = _held(request, key)
    if feeds.revoke(capacity):
        messages.success(request, _("The calendar link of %(who)s no longer works.") % {"who": capacity.label})
    return redirect("calendar_links")


def _held(request: PortalRequest, key: str) -> Capacity:
    for capacity in request.capacities:
        if capacity.key == key:
            return capacity
    raise Http404


def _page(request: PortalRequest, **context: object) -> HttpResponse:
    known = feeds.open_of(request.capacities)
    rows = [{"capacity": capacity, "feed": known.get(capacity.key)} for capacity in request.capacities]
    return render(request, "workflow/calendar_links.html", {"rows": rows, **context})


@require_http_methods(["GET", "HEAD"])
def feed(request: HttpRequest, secret: str) -> HttpResponse:
    """Answer a calendar program; nobody signs in here, the link itself is the key."""
    capacity = feeds.behind(secret)
    # The fetches of a link are counted, or of an address that guesses links.
    whose = feeds.digest(secret) if capacity else get_adapter().get_client_ip(request)
    if times(f"calendar:{whose}") > PER_HOUR:
        answer = HttpResponse(_("This calendar is fetched too often. Try again in an hour."), status=429)
        answer["Retry-After"] = str(HOUR)
        return answer
    if capacity is None:
        raise Http404
    body = ics.calendar_of(capacity)
    etag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    whole = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    whole["Content-Disposition"] = 'inline; filename="aipbi-deadlines.ics"'
    answer = get_conditional_response(request, etag=etag, response=whole) or whole
    answer["ETag"] = etag
    answer["Cache-Control"] = "private, no-cache"
    answer["X-Robots-Tag"] = "noindex"
    return answer
