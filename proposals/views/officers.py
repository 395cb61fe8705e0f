"""The Secretariat's officers with their cases; all of one officer's are handed over at once (R7)."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from aipbi.accounts.access import roles
from aipbi.accounts.enums import Role
from aipbi.accounts.request import PortalRequest
from proposals import officers as who


@roles(Role.ASEC)
@require_safe
def officers(request: PortalRequest) -> HttpResponse:
    """List the officers; the button beside each prepares handing over, and nothing is done before its dry run is confirmed."""
    return render(
        request,
        "proposals/officers.html",
        {"loads": who.loads(request.capacity), "nobody": who.held_by_nobody(request.capacity)},
    )
