"""Answering the script that saves a draft while somebody types; what it cannot do it leaves to the button."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse

from aipbi.templatetags.portal import in_words
from facilitation.drafts import OvertakenError


def by_itself(request: HttpRequest, form: Any, keep: Callable[..., Any]) -> HttpResponse:
    """Keep a draft's form by `keep`, which takes request and form, and say so: saved, refused with the faults, or overtaken."""
    if not form.is_valid():
        faults = [str(text) for errors in form.errors.values() for text in errors]
        return JsonResponse({"refused": " ".join(faults), "faults": faults}, status=422)
    try:
        kept = keep(request, form)
    except OvertakenError:
        return JsonResponse({"overtaken": True}, status=409)
    also = {"draft": kept.revision}
    return JsonResponse({"seen": request.POST.get("seen", ""), "saved": in_words(kept.saved_at), "also": also})
