"""What was typed is not lost when the session ended meanwhile (P5).

The page sent in by somebody no longer signed in, or with the form's seal of an earlier session,
comes back with everything in it and a button that sends it again.
"""

from collections.abc import Callable, Container
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.shortcuts import render, resolve_url
from django.utils.translation import gettext as _
from django.views.csrf import csrf_failure as expired

# Sent by scripts that save by themselves: they are answered in JSON.
BY_ITSELF = "X-Saves-By-Itself"
LEFT_OUT = ("csrfmiddlewaretoken",)
# What reading a form raises that no browser sends, or that broke off on its way.
_UNREADABLE = (UnreadablePostError, SuspiciousOperation, MultiPartParserError, BadRequest)

# What an app above knows of why a form is no longer open to who sent it: '' where it knows nothing.
Why = Callable[[HttpRequest], str]
_WHY: list[Why] = []


def explains(function: Why) -> None:
    """Let `function` say in words why a form that was sent is closed to its sender; the first answer is shown."""
    if function not in _WHY:
        _WHY.append(function)


def _why(request: HttpRequest) -> str:
    return next((words for function in _WHY if (words := function(request))), "")


def unsent(request: HttpRequest) -> HttpResponse:
    """Answer a form that was not taken with a page that holds what was typed; 403."""
    signed_in = request.user.is_authenticated
    if request.headers.get(BY_ITSELF):
        return JsonResponse({"signed_out": not signed_in, "expired": signed_in}, status=403)
    context = {
        "typed": _typed(request),
        "read": words(request),
        "files": list(request.FILES),
        "address": request.get_full_path(),
        "sign_in": "" if signed_in else f"{resolve_url(settings.LOGIN_URL)}?{urlencode({REDIRECT_FIELD_NAME: '/'})}",
    }
    return render(request, "accounts/unsent.html", context, status=403)


def again(request: HttpRequest) -> dict[str, Any]:
    """Return what a page of faults needs to send a form of the portal's own again; nothing where there is none."""
    try:
        if request.method != "POST" or request.path_info.startswith("/accounts/") or not _from_own_page(request):
            return {}
        typed, token = _typed(request), request.POST.get("csrfmiddlewaretoken", "")
    except _UNREADABLE:
        return {}
    files = list(request.FILES)
    return {"address": request.get_full_path(), "typed": typed, "token": token, "read": words(request), "files": files}


def closed(request: HttpRequest) -> HttpResponse:
    """Answer a form sent to what is not there or no longer open: what was typed stays to be copied; 404.

    Somebody whose access ended while they were writing loses it at once, and not their words (U4, P5).
    """
    keeps = request.method == "POST" and not request.path_info.startswith("/accounts/") and _from_own_page(request)
    if keeps and request.headers.get(BY_ITSELF):
        said = _("Not saved: this is no longer open to you. Copy what you typed before you leave the page.")
        return JsonResponse({"refused": " ".join(filter(None, [said, _why(request)]))}, status=404)
    return render(request, "404.html", _kept(request) | {"why": _why(request)} if keeps else {}, status=404)


def _kept(request: HttpRequest) -> dict[str, Any]:
    """Return the texts that somebody wrote, and beside them figures and short answers."""
    try:
        texts = words(request)
        short = [value for name, value in _typed(request) if value.strip() and value not in texts and _answers(name)]
    except _UNREADABLE:
        return {}
    return {"texts": texts, "short": short}


def _answers(name: str) -> bool:
    """Whether a part of a form is an answer, not what the page needs to work."""
    return name not in ("seen", "do", "both") and not name.endswith("-count")


def words(request: HttpRequest, held: Container[str] = ()) -> list[str]:
    """Return every text in a form that was sent, to be read and copied: of more than one word, or in a script of its own.

    Thai, Lao, Khmer and Burmese are written without blanks between words. What the page shows again in its
    fields, `held`, is left out.
    """
    typed = [value for name, value in _typed(request) if name not in held]
    return [value for value in typed if len(value.split()) > 1 or not value.isascii()]


def _typed(request: HttpRequest) -> list[tuple[str, str]]:
    return [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name not in LEFT_OUT and "password" not in name
    ]


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Keep what was typed on the portal's own pages; anything from elsewhere is refused as ever."""
    if request.method == "POST" and _from_own_page(request) and not request.path_info.startswith("/accounts/"):
        return unsent(request)
    return expired(request, reason=reason)


def _from_own_page(request: HttpRequest) -> bool:
    """Whether the browser says that the form stood on a page of this portal."""
    origin = urlsplit(request.headers.get("Origin", ""))
    return (origin.scheme, origin.netloc) == (request.scheme, request.get_host())
