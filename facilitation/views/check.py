"""Check a letter, for anyone (F6): by its code, or by the SHA-256 of its PDF."""

import hashlib
from typing import Any

from allauth.core.internal.ratelimit import consume_or_429
from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from aipbi.documents import selfmade
from facilitation.letters import checking

MOST_BYTES = 25 * 1024 * 1024
# What a browser puts around the file.
_AROUND = 64 * 1024
LIMITS = {"check_letter": "30/m/ip,300/h/ip"}


class Digesting(FileUploadHandler):
    """Reads a file once for its SHA-256 and keeps nothing of it; stops at the limit."""

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        self.digest, self.size = hashlib.sha256(), 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Count and digest; nothing is handed on."""
        self.size += len(raw_data)
        if self.size > MOST_BYTES:
            raise StopUpload(connection_reset=True)
        self.digest.update(raw_data)

    def file_complete(self, file_size: int) -> None:
        """Give no file to the view."""


@csrf_exempt  # It changes nothing and knows nobody, so there is nothing to forge.
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def check_letter(request: HttpRequest) -> HttpResponse:
    """Say what a letter is worth; a code that was guessed and one that is wrong get the same answer."""
    context: dict[str, Any] = {"code": request.GET.get("code", "")[:60], "demonstration": selfmade.in_use()}
    sha256 = request.GET.get("sha256", "")[:128]
    if request.method == "POST" or context["code"] or sha256:
        if refused := consume_or_429(request, app="facilitation", action="check_letter", config=LIMITS, limit_get=True):
            return refused
        if request.method == "POST":
            sha256, fault = _digest(request)
            if fault:
                return render(
                    request, "facilitation/check.html", {**context, "fault": fault}, status=413 if sha256 else 400
                )
        context |= {
            "asked": True,
            "by_file": not context["code"],
            "answer": checking.by_code(context["code"]) if context["code"] else checking.by_digest(sha256),
        }
    return render(request, "facilitation/check.html", context)


@require_safe
def schedule_schema(_request: HttpRequest) -> FileResponse:
    """Send the JSON Schema of the schedule inside a letter, at an address that stays (F5)."""
    found = settings.BASE_DIR / "static" / "schemas" / "letter-schedule-1.json"
    return FileResponse(found.open("rb"), content_type="application/schema+json")


def _digest(request: HttpRequest) -> tuple[str, str]:
    """Return the SHA-256 of the file sent, and nothing; or why there is none (with a word before it where it is too large)."""
    too_large = ("large", _("This file has more than 25 MB; no letter is so large. Choose the PDF of the letter."))
    if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES + _AROUND:
        return too_large
    reader = Digesting(request)
    request.upload_handlers = [reader]
    _files = request.FILES
    if reader.size > MOST_BYTES:
        return too_large
    if not reader.size:
        return "", _("Choose the PDF of the letter first.")
    return reader.digest.hexdigest(), ""
