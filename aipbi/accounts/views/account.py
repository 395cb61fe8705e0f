"""A person's own pages: who they are here, their time zone, and as what they act."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from aipbi.accounts import access
from aipbi.accounts.forms.organisation import OrganisationForm
from aipbi.accounts.forms.person import ProfileForm
from aipbi.accounts.middleware import SESSION_KEY
from aipbi.accounts.request import PortalRequest
from aipbi.accounts.verbs import invitations, organisations
from aipbi.accounts.views.page import form_page, try_to


@access.account
@require_safe
def account(request: PortalRequest) -> HttpResponse:
    """Show name, address, time zone, ways to sign in, and the capacities held."""
    return render(request, "accounts/account.html", {"invitations": invitations.waiting_for(request.user)})


@access.account
def profile(request: PortalRequest) -> HttpResponse:
    """Change name and time zone."""
    form = ProfileForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Your name and time zone are saved."))
        return redirect("account")
    return form_page(request, form, title=_("Name and time zone"), button=_("Save"), back="account")


@access.account
@require_safe
def no_capacity(request: PortalRequest) -> HttpResponse:
    """Say what somebody can do who holds no office and belongs to no organisation."""
    if request.capacities:
        return redirect("desk")
    return render(request, "accounts/no_capacity.html", {"invitations": invitations.waiting_for(request.user)})


@access.account
def found_organisation(request: PortalRequest) -> HttpResponse:
    """Make an organisation, as its owner (U1)."""
    form = OrganisationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = try_to(form, lambda: organisations.found(person=request.user, **form.described()))
        if made:
            request.session[SESSION_KEY] = f"organisation-{made.pk}"
            messages.success(request, _("%(name)s is made, and you are its owner.") % {"name": made})
            return redirect("organisation")
    return form_page(request, form, title=_("Create an organisation"), button=_("Create"), back="account")


@access.account
@require_POST
def switch(request: PortalRequest) -> HttpResponse:
    """Act in another capacity from now on; one that is not held does not exist (U5)."""
    key = request.POST.get("capacity", "")
    if not any(capacity.key == key for capacity in request.capacities):
        raise Http404
    request.session[SESSION_KEY] = key
    return redirect("desk")
