"""Saved views: reading which list an address means, and keeping one (R7)."""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.http import QueryDict

from aipbi.accounts.capacity import Capacity
from proposals.inbox.listing import NAMES, Listing
from proposals.models import DefaultView, SavedView

MOST = 50
ALL = "all"


@dataclass(frozen=True, slots=True)
class Wanted:
    """The list an address means: what it asks for, the view it names or opens with, and whether that view is gone."""

    params: QueryDict
    view: SavedView | None
    gone: bool
    # Every view the reader may open.
    views: list[SavedView]


def read(given: QueryDict, viewer: Capacity) -> Wanted:
    """Return what an address means; one that asks for nothing means the default view. One query."""
    named = given.get("view", "")
    asks = bool(named) or any(name in given for name in NAMES)
    views = _by_name(SavedView.objects.visible_to(viewer)) if asks else known_to(viewer)
    if named:
        view = next((one for one in views if str(one.pk) == named), None)
    else:
        view = None if asks else next((one for one in views if one.is_default), None)  # type: ignore[attr-defined]
    if view is None:
        return Wanted(given, None, gone=named not in ("", ALL), views=views)
    params = QueryDict(view.query, mutable=True)
    for name in NAMES:
        if name in given:
            params.setlist(name, given.getlist(name))
    return Wanted(params, view, gone=False, views=views)


def known_to(viewer: Capacity) -> list[SavedView]:
    """Return the views the reader may open, by name, each with `is_default`."""
    default = DefaultView.objects.filter(person=viewer.person, held_as=viewer.key, view=OuterRef("pk"))
    return _by_name(SavedView.objects.visible_to(viewer).annotate(is_default=Exists(default)).select_related("person"))


def _by_name(found: QuerySet[SavedView]) -> list[SavedView]:
    return list(found.order_by("name", "pk"))


def prefer(view: SavedView, viewer: Capacity, *, default: bool) -> None:
    """Open the reader's list with this view from now on, or no longer."""
    mine = DefaultView.objects.filter(person=viewer.person, held_as=viewer.key)
    with transaction.atomic():
        if default:
            mine.update_or_create(person=viewer.person, held_as=viewer.key, defaults={"view": view})
        else:
            mine.filter(view=view).delete()


def shown(listing: Listing, wanted: Wanted) -> SavedView | None:
    """Return the view whose very list this is, whatever way one came to it."""
    address = listing.address()
    same = [one for one in wanted.views if one.query == address]
    return wanted.view if wanted.view in same else next(iter(same), None)
