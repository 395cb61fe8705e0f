"""The public pages: what AIPBI is, how a proposal travels, accessibility."""

import sys
from typing import Any

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import Resolver404
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe
from redis.exceptions import RedisError

from aipbi.accounts import unsent
from aipbi.asean.models import Category, Clock

# What is raised while the database or the queue's server is away.
AWAY = (OperationalError, InterfaceError, RedisError)
TRY_AGAIN_SECONDS = 60


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Explain AIPBI and lead to signing in or beginning."""
    return render(request, "pages/start.html", {"categories": Category.objects.order_by("order")})


@require_safe
def how_it_works(request: HttpRequest) -> HttpResponse:
    """Tell the steps of a proposal, who takes each and how long it may take."""
    return render(request, "pages/how_it_works.html", {"clocks": _clocks()})


def _clocks() -> list[dict[str, Any]]:
    """Return the steps that have a clock, with the days in force today (L5)."""
    days = {clock.code: clock for clock in Clock.objects.all()}
    return [
        {"what": what, "who": who, "time": _time(days[code])} for code, (what, who) in _STEPS.items() if code in days
    ]


def _time(clock: Clock) -> str:
    if clock.counts == "working":
        return ngettext("%(n)d working day", "%(n)d working days", clock.days) % {"n": clock.days}
    return ngettext("%(n)d calendar day", "%(n)d calendar days", clock.days) % {"n": clock.days}


_STEPS = {
    "seom": (_("Decide on support"), _("SEOM lead of the originating Member State")),
    "completeness": (_("Check for completeness"), _("ASEAN Secretariat")),
    "completion": (_("Complete the proposal, when asked"), _("Proponent")),
    "completion_lapse": (_("After which a proposal that was not completed lapses"), _("Proponent")),
    "conflict": (_("Declare conflicts of interest and accept"), _("Technical experts")),
    "assessment": (_("Assess the proposal"), _("Technical experts")),
    "position": (_("State positions"), _("Participating Member States")),
    "sectoral_body": (_("Answer on a barrier"), _("Sectoral body")),
    "plan": (_("Agree a monitoring plan"), _("Proponent and FG-GVC")),
}


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """Say how accessible the portal is and whom to tell of a barrier."""
    return render(request, "pages/accessibility.html")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Say that there is no such page, or not for this reader (U5); a form sent to it keeps its words.

    No form of the portal leads where there is no address at all: nothing that is sent there is read.
    """
    return render(request, "404.html", status=404) if isinstance(exception, Resolver404) else unsent.closed(request)


def fault(request: HttpRequest) -> HttpResponse:
    """Tell of a fault in words and never why: 503 while a server that the portal needs is away, else 500."""
    typed = unsent.again(request)
    if not isinstance(sys.exc_info()[1], AWAY):
        return HttpResponse(render_to_string("500.html", typed), status=500)
    away = render_to_string("503.html", typed)
    return HttpResponse(away, status=503, headers={"Retry-After": str(TRY_AGAIN_SECONDS)})
