"""How much anybody may send at once: refused before it is read, so that no disk is filled by a stranger."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

MEGABYTE = 1024 * 1024
# One file with its form: who was signed out in the meantime keeps the words they typed.
MOST_OF_A_STRANGER = 30 * MEGABYTE
# As many files as a form takes at once; `deploy/Caddyfile` refuses no less.
MOST = 300 * MEGABYTE


class BodyMiddleware:
    """Answers 413 in place of a view whose form would be larger than its sender may send.

    It stands before the middleware that reads forms for their tokens. A view without such a
    token is left to its own limit.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Hand on."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, _args: Any, _named: Any) -> HttpResponse | None:
        """Refuse by the length that the sender names; a server reads no further than that."""
        length = int(request.META.get("CONTENT_LENGTH") or 0)
        # Who asks is looked up only where it matters.
        if length <= MOST_OF_A_STRANGER or getattr(view, "csrf_exempt", False):
            return None
        most = MOST if request.user.is_authenticated else MOST_OF_A_STRANGER
        if length <= most:
            return None
        return render(request, "413.html", {"most": most // MEGABYTE}, status=413)
