"""Page numbers in addresses: what one asks for, and the address of another page."""

from django.http import HttpRequest
from django.utils.translation import gettext as _

FARTHEST = 200
_DIGITS = 6


def asked(request: HttpRequest) -> tuple[int, list[str]]:
    """Return the page the address asks for, counted from 1, and in words what could not be had."""
    given = request.GET.get("page", "1")
    if not given.isdecimal() or len(given) > _DIGITS or int(given) < 1:
        return 1, [_("“%(given)s” is not the number of a page; this is the first.") % {"given": given[:20]}]
    if int(given) > FARTHEST:
        return FARTHEST, [_("The list is turned over as far as page %(farthest)s.") % {"farthest": FARTHEST}]
    return int(given), []


def address(query: str, page: int) -> str:
    """Return the query that asks for this page of a list."""
    return "?" + "&".join(filter(None, [query, f"page={page}" if page > 1 else ""]))
