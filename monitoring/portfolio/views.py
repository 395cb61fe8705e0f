"""Pages of the portfolio, for the FG-GVC and ASEC."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from aipbi.accounts.access import roles
from aipbi.accounts.enums import Role
from aipbi.accounts.request import PortalRequest
from aipbi.accounts.rules import runs_organisation
from monitoring.portfolio import dashboard, process, waivers
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


@roles(*READERS)
@require_safe
def crossed(request: PortalRequest) -> HttpResponse:
    """Show one indicator by Member State and year, and by sector and year; which one is chosen in the address."""
    release = dashboard.newest()
    context: dict[str, Any] = {"release": release, "signs": document.signs()}
    if release:
        context |= dashboard.crossed(dashboard.told(release), request.GET.get("indicator", ""))
    return render(request, "monitoring/portfolio/crossed.html", context)


@roles(*READERS)
@require_safe
def mechanism(request: PortalRequest) -> HttpResponse:
    """Show how long each stage takes, on whom it waits, and which barriers recur, so that the mechanism can be judged."""
    context = {
        "stages": process.stages(request.capacity),
        "offices": process.offices(request.capacity),
        "ways": process.recurring(request.capacity),
    }
    return render(request, "monitoring/portfolio/process.html", context)


@roles(Role.PROPONENT)
@require_http_methods(["GET", "HEAD", "POST"])
def waiver(request: PortalRequest) -> HttpResponse:
    """Show whether the organisation's own figures are protected; an owner waives that, or takes the waiver back (M5)."""
    capacity = request.capacity
    if request.method == "POST":
        try:
            if request.POST.get("what") == "give":
                waivers.give(as_=capacity)
            elif request.POST.get("what") == "revoke":
                waivers.revoke(as_=capacity)
        except PermissionDenied as fault:
            raise Http404 from fault
        messages.success(request, _("Written down; it holds for the releases to come"))
        return redirect("figures_waiver")
    found = waivers.of(capacity.organisation) if capacity.organisation else None
    context = {"waiver": found, "owner": runs_organisation(capacity, capacity.organisation)}
    return render(request, "monitoring/portfolio/waiver.html", context)
