"""`GET /healthz`: whether the portal's parts work, for a person, a proxy or a monitor.

django-health-check was weighed and left: it answers 500 rather than 503, names internals
to strangers, and keeps Celery's check waiting.
"""

import logging
from collections.abc import Callable
from functools import cache

from celery import current_app
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from aipbi import heartbeat

log = logging.getLogger(__name__)

OK, FAILING = "ok", "failing"


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer 200 when every part works, else 503, as JSON or, to a browser, as a page.

    It says which part fails and never why: that stands in the log.
    """
    states = {name: _state(name, check) for name, (_label, check) in CHECKS.items()}
    well = all(state == OK for state in states.values())
    status = 200 if well else 503
    if request.get_preferred_type(["application/json", "text/html"]) == "text/html":
        rows = [(label, states[name] == OK) for name, (label, _check) in CHECKS.items()]
        # Without the request: no session, person or database may be needed to tell that one fails.
        return HttpResponse(render_to_string("health.html", {"rows": rows, "well": well}), status=status)
    return JsonResponse({"status": OK if well else FAILING, **states}, status=status)


def _state(name: str, check: Callable[[], None]) -> str:
    try:
        check()
    except Exception as fault:  # noqa: BLE001 - whatever a part raises, it fails
        log.warning("Health of the %s: %s: %s", name, type(fault).__name__, fault)
        return FAILING
    return OK


def _database() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _broker() -> None:
    with current_app.connection_for_write() as broker:
        broker.connect()


def _worker() -> None:
    if not heartbeat.alive():
        raise TimeoutError(f"no sign of life for {heartbeat.LAPSES_AFTER_SECONDS} seconds")


def _pdf_engine() -> None:
    if fault := _pdf_fault():
        raise ImportError(fault)


@cache
def _pdf_fault() -> str:
    try:
        import weasyprint  # noqa: F401, PLC0415 - half a second, and libraries of the system that may be missing
    except (ImportError, OSError) as fault:
        return str(fault)
    return ""


CHECKS = {
    "database": (_("Database"), _database),
    "broker": (_("Queue"), _broker),
    "worker": (_("Worker"), _worker),
    "pdf_engine": (_("PDF engine"), _pdf_engine),
}
