"""How much anybody may send at once: refused before it is read, so that no disk is filled by a stranger."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve

MEGABYTE = 1024 * 1024
# One file with its form: who was signed out in the meantime keeps the words they typed.
MOST_OF_A_STRANGER = 30 * MEGABYTE
# As many files as a form takes at once; `deploy/Caddyfile` refuses no less.
MOST = 300 * MEGABYTE


class BodyMiddleware:
    """Answers 413 in place of any page, there or not, to a form larger than its sender may send.

    It stands last: only what comes after all middleware reads forms. A view without a form's token is left
    to its own limit.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Refuse by the length that the sender names; a server reads no further than that."""
        length = int(request.META.get("CONTENT_LENGTH") or 0)
        # Who asks, and for what, is looked up only where it matters.
        if length <= MOST_OF_A_STRANGER or _limits_itself(request):
            return self.get_response(request)
        most = MOST if request.user.is_authenticated else MOST_OF_A_STRANGER
        if length <= most:
            return self.get_response(request)
        return render(request, "413.html", {"most": most // MEGABYTE}, status=413)


def _limits_itself(request: HttpRequest) -> bool:
    try:
        return getattr(resolve(request.path_info).func, "csrf_exempt", False)
    except Resolver404:
        return False
