"""What the middleware puts on a request."""

from django.http import HttpRequest

from aipbi.accounts.capacity import Capacity
from aipbi.accounts.models import Person


class PortalRequest(HttpRequest):
    """The request that a view behind `aipbi.accounts.access` gets; for annotations only."""

    user: Person
    capacity: Capacity
    """The capacity in use; views behind `access.account` must not read it, since it may be missing there."""
    capacities: list[Capacity]
    """Every capacity the person holds today."""
    waits_for_second_factor: Capacity | None
    """The institutional capacity that is chosen and not open yet (U3)."""
