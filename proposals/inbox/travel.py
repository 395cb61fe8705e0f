"""The list one came from travels with the reader: previous and next on the page of a case (R7).

A signed cookie holds the codes on the page of the list and one beside it at each end. It opens
nothing: before a neighbour is offered the database is asked whether the reader may see it now (U5).
"""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse, QueryDict

from aipbi.accounts.capacity import Capacity
from aipbi.accounts.request import PortalRequest
from proposals import paging
from proposals.inbox.listing import MOST_COUNTED, Listing
from proposals.models import Proposal

COOKIE, SALT, PATH = "aipbi_list", "proposals.inbox.travel", "/cases/"
PAGE = 50
# A longer query stays behind: a cookie has few thousand signs.
_LONGEST = 1500


@dataclass(frozen=True, slots=True)
class Held:
    """A stretch of a list: whose, of which query, from which place (counted from 0), the codes, how many in all."""

    key: str
    query: str
    start: int
    codes: list[str]
    total: int


@dataclass(frozen=True, slots=True)
class Place:
    """Where a case stands in the list: its place counted from 1, how many in all, its neighbours, the way back."""

    number: int
    total: int
    more: bool
    previous: str
    next: str
    back: str


def stretch(page: int) -> tuple[int, int]:
    """Return the places of a page, with one more at each end."""
    return max(0, (page - 1) * PAGE - 1), page * PAGE + 1


def remember(answer: HttpResponse, held: Held) -> None:
    """Let the list travel with the reader."""
    if len(held.query) > _LONGEST:
        answer.delete_cookie(COOKIE, path=PATH)
        return
    value = signing.dumps(
        [held.key, held.query, held.start, ",".join(held.codes), held.total], salt=SALT, compress=True
    )
    answer.set_cookie(
        COOKIE, value, path=PATH, secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax",
    )  # fmt: skip


def place(request: PortalRequest, code: str) -> tuple[Place | None, Held | None]:
    """Return where the case stands in the list one came from, if it does; and the next stretch, at the end of this one."""
    held = _read(request)
    if held is None or held.key != request.capacity.key or code not in held.codes:
        return None, None
    at = held.codes.index(code)
    further = None
    more = held.total > MOST_COUNTED or held.start + at + 1 < held.total
    if (at == 0 and held.start > 0) or (at == len(held.codes) - 1 and more):
        further = _further(held, held.start + at, request.capacity)
        if code in further.codes:
            held, at = further, further.codes.index(code)
    return _place(held, at, request.capacity), further


def _place(held: Held, at: int, viewer: Capacity) -> Place:
    before = held.codes[at - 1] if at else ""
    after = held.codes[at + 1] if at + 1 < len(held.codes) else ""
    near = Proposal.objects.visible_to(viewer).filter(case__code__in=[before, after])
    open_now = set(near.values_list("case__code", flat=True))
    number = held.start + at + 1
    page = (number - 1) // PAGE + 1
    return Place(
        number=number,
        total=min(held.total, MOST_COUNTED),
        more=held.total > MOST_COUNTED,
        previous=before if before in open_now else "",
        next=after if after in open_now else "",
        back=PATH + paging.address(held.query or "view=all", page),
    )


def _further(held: Held, place_of_it: int, viewer: Capacity) -> Held:
    """Return the stretch of the page on which this place stands."""
    start, stop = stretch(place_of_it // PAGE + 1)
    keys = Listing(QueryDict(held.query), viewer).keys(start, stop)
    return Held(held.key, held.query, start, [code for _pk, code in keys], held.total)


def _read(request: HttpRequest) -> Held | None:
    try:
        found: list[Any] = signing.loads(request.COOKIES[COOKIE], salt=SALT)
        key, query, start, codes, total = found
        return Held(key, query, start, codes.split(","), total)
    except (KeyError, signing.BadSignature, ValueError):
        return None
