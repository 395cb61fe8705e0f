"""Pages of the portfolio, for the FG-GVC and ASEC."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from aipbi.accounts.access import roles
from aipbi.accounts.request import PortalRequest
from monitoring.portfolio import dashboard
from monitoring.releases import document
from monitoring.releases.rules import READERS


@roles(*READERS)
@require_safe
def portfolio(request: PortalRequest) -> HttpResponse:
    """Show what all projects have changed by goal, indicator, Member State, sector and year; outcomes first (M7)."""
    release = dashboard.newest()
    context: dict[str, Any] = {"release": release}
    if release:
        told = dashboard.told(release)
        context |= {"told": told, "groups": document.laid_out(told)}
    return render(request, "monitoring/portfolio/portfolio.html", context)
