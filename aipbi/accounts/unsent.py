"""What was typed is not lost when the session ended meanwhile (P5).

The page sent in by somebody no longer signed in, or with the form's seal of an earlier session,
comes back with everything in it and a button that sends it again.
"""

from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.shortcuts import render, resolve_url
from django.views.csrf import csrf_failure as expired

# Sent by scripts that save by themselves: they are answered in JSON.
BY_ITSELF = "X-Saves-By-Itself"
LEFT_OUT = ("csrfmiddlewaretoken",)


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
        if request.method != "POST" or request.path.startswith("/accounts/") or not _from_own_page(request):
            return {}
        typed, token = _typed(request), request.POST.get("csrfmiddlewaretoken", "")
    except (UnreadablePostError, SuspiciousOperation):
        return {}
    files = list(request.FILES)
    return {"address": request.get_full_path(), "typed": typed, "token": token, "read": words(request), "files": files}


def words(request: HttpRequest) -> list[str]:
    """Return every text of more than one word in a form that was sent, to be read and copied."""
    return [value for _name, value in _typed(request) if len(value.split()) > 1]


def _typed(request: HttpRequest) -> list[tuple[str, str]]:
    return [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name not in LEFT_OUT and "password" not in name
    ]


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Keep what was typed on the portal's own pages; anything from elsewhere is refused as ever."""
    if request.method == "POST" and _from_own_page(request) and not request.path.startswith("/accounts/"):
        return unsent(request)
    return expired(request, reason=reason)


def _from_own_page(request: HttpRequest) -> bool:
    """Whether the browser says that the form stood on a page of this portal."""
    origin = urlsplit(request.headers.get("Origin", ""))
    return (origin.scheme, origin.netloc) == (request.scheme, request.get_host())
