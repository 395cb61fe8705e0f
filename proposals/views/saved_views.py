"""Saved views of the case list: all of them, and one to save, rename, share, prefer and delete (R7)."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from aipbi.accounts.access import roles
from aipbi.accounts.request import PortalRequest
from proposals.forms.views import ViewForm
from proposals.inbox import views
from proposals.inbox.listing import Listing
from proposals.models import DefaultView, SavedView
from proposals.views.cases import READERS


@roles(*READERS)
@require_safe
def all_views(request: PortalRequest) -> HttpResponse:
    """List one's own views and those that one's office shares."""
    return render(request, "proposals/inbox/views.html", {"views": views.known_to(request.capacity)})


@roles(*READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def save_view(request: PortalRequest) -> HttpResponse:
    """Save the list that the address asks for under a name."""
    listing = Listing(request.GET, request.capacity)
    if not listing.valid:
        return redirect(f"{reverse('cases')}?{listing.address()}")
    viewer = request.capacity
    view = SavedView(person=viewer.person, held_as=viewer.key, query=listing.address())
    return _form(request, view, listing)


@roles(*READERS)
@require_http_methods(["GET", "HEAD", "POST"])
def view(request: PortalRequest, pk: int) -> HttpResponse:
    """Rename, share or prefer a view of one's own."""
    found = _own(request, pk)
    return _form(request, found, Listing(QueryDict(found.query), request.capacity))


@roles(*READERS)
@require_POST
def delete_view(request: PortalRequest, pk: int) -> HttpResponse:
    """Delete a view of one's own, for those who share it too."""
    found = _own(request, pk)
    found.delete()
    messages.success(request, _("The view “%(name)s” was deleted.") % {"name": found.name})
    return redirect("saved_views")


@roles(*READERS)
@require_POST
def prefer_view(request: PortalRequest, pk: int) -> HttpResponse:
    """Open one's list with a view, one's own or a shared one, or no longer."""
    found = SavedView.objects.visible_to(request.capacity).filter(pk=pk).first()
    if found is None:
        raise Http404
    views.prefer(found, request.capacity, default="default" in request.POST)
    return redirect("saved_views")


def _own(request: PortalRequest, pk: int) -> SavedView:
    found = SavedView.objects.of(request.capacity).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _form(request: PortalRequest, found: SavedView, listing: Listing) -> HttpResponse:
    viewer, status = request.capacity, 200
    mine = DefaultView.objects.filter(person=viewer.person, view=found.pk)
    default = mine.exists()
    form = ViewForm(request.POST or None, instance=found, viewer=viewer, initial={"default": default})
    if request.method == "POST":
        if form.is_valid():
            saved = form.save()
            views.prefer(saved, viewer, default=form.cleaned_data["default"])
            messages.success(request, _("The view “%(name)s” is saved.") % {"name": saved.name})
            return redirect(f"{reverse('cases')}?view={saved.pk}")
        status = 422
    context: dict[str, Any] = {"form": form, "view": found, "listing": listing, "asked": _asked(listing)}
    return render(request, "proposals/inbox/view.html", context, status=status)


def _asked(listing: Listing) -> list[dict[str, Any]]:
    """Return what the list asks for, in words."""
    columns = ", ".join(str(column.label) for column in listing.columns)
    return [
        *listing.in_words(),
        {"label": _("Sorted by"), "value": listing.sorted_by.label},
        {"label": _("Columns"), "value": columns},
    ]
