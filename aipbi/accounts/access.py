"""Who may open a page at all: the first thing every view says."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, resolve_url

from aipbi.accounts.enums import Role
from aipbi.accounts.request import PortalRequest
from aipbi.accounts.unsent import closed, unsent

P = ParamSpec("P")
View = Callable[Concatenate[PortalRequest, P], HttpResponseBase]


def signed_in(view: View[P]) -> View[P]:
    """Decorate a view for whoever acts in a capacity, whatever it is.

    A stranger is led to the sign-in page and back; somebody who holds no office and belongs to
    no organisation is told what to do, and keeps what they just sent; an institutional office without its second factor never
    comes this far (U3).
    """

    @wraps(view)
    def guarded(request: Any, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.user.is_authenticated:
            return to_sign_in(request)
        if request.capacity is None:
            return closed(request) if request.method == "POST" else redirect("no_capacity")
        return view(request, *args, **kwargs)

    return guarded


def account(view: View[P]) -> View[P]:
    """Decorate a view for whoever has an account, also without any capacity."""

    @wraps(view)
    def guarded(request: Any, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        return view(request, *args, **kwargs) if request.user.is_authenticated else to_sign_in(request)

    return guarded


def roles(*allowed: Role) -> Callable[[View[P]], View[P]]:
    """Decorate a view for these roles; to any other the page does not exist (U5)."""

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(request: Any, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if request.capacity.role not in allowed:
                raise Http404
            return view(request, *args, **kwargs)

        return signed_in(guarded)

    return decorate


def to_sign_in(request: HttpRequest) -> HttpResponseBase:
    """Lead to the sign-in page and back to the page asked for; what was being sent in is not lost."""
    if request.method == "POST":
        return unsent(request)
    address = resolve_url(settings.LOGIN_URL)
    back = request.get_full_path() if request.method in ("GET", "HEAD") else ""
    return redirect(f"{address}?{urlencode({REDIRECT_FIELD_NAME: back})}" if back else address)
