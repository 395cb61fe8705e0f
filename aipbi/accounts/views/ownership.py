"""Handing an organisation over, and giving an owner to one that nobody runs (U4)."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from aipbi.accounts.access import roles
from aipbi.accounts.days import today
from aipbi.accounts.enums import Role
from aipbi.accounts.forms.organisation import HandOverForm, NewOwnerForm
from aipbi.accounts.models import Member
from aipbi.accounts.request import PortalRequest
from aipbi.accounts.rules import runs_organisation
from aipbi.accounts.verbs import ownership
from aipbi.accounts.views.page import form_page, try_to

MOST = 200


@roles(Role.PROPONENT)
def hand_over(request: PortalRequest) -> HttpResponse:
    """Let the owner put a colleague in their place; without a colleague, say what to do first."""
    own = request.capacity.organisation
    if own is None or not runs_organisation(request.capacity, own):
        raise Http404
    colleagues = (
        Member.objects.current(today())
        .filter(organisation=own, person__is_active=True)
        .exclude(person=request.user)
        .select_related("person", "organisation")
        .order_by("person__name", "pk")
    )
    if not colleagues.exists():
        return render(request, "accounts/nobody_to_hand_over_to.html", {"organisation": own})
    form = HandOverForm(request.POST or None, colleagues=colleagues)
    if request.method == "POST" and form.is_valid():
        to, leaves = form.cleaned_data["to"], form.cleaned_data["then"] == "leave"
        if try_to(form, lambda: ownership.hand_over(to=to, by=request.capacity, leaves=leaves)):
            done = {"person": to.person, "organisation": own}
            messages.success(request, _("%(person)s is now an owner of %(organisation)s.") % done)
            return redirect("desk" if leaves else "organisation")
    return form_page(
        request,
        form,
        title=_("Hand %(organisation)s over") % {"organisation": own},
        intro=_(
            "The new owner invites colleagues and changes what they may do. Drafts, cases and what is owed on them "
            "stay with the organisation."
        ),
        button=_("Hand it over"),
        back="organisation",
        warning=True,
    )


@roles(Role.ADMIN)
@require_safe
def orphans(request: PortalRequest) -> HttpResponse:
    """List the organisations that no owner runs."""
    found = list(ownership.orphaned().order_by("name", "pk")[: MOST + 1])
    return render(request, "accounts/orphans.html", {"organisations": found[:MOST], "more": len(found) > MOST})


@roles(Role.ADMIN)
def give_owner(request: PortalRequest, pk: int) -> HttpResponse:
    """Give an owner to an organisation that has none; to others the page does not exist."""
    found = get_object_or_404(ownership.orphaned(), pk=pk)
    form = NewOwnerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        person = form.cleaned_data["email"]
        if try_to(form, lambda: ownership.give(organisation=found, to=person, by=request.capacity)):
            done = {"person": person, "organisation": found}
            messages.success(request, _("%(person)s is now an owner of %(organisation)s.") % done)
            return redirect("orphans")
    return form_page(
        request,
        form,
        title=_("Give an owner to %(organisation)s") % {"organisation": found},
        intro=_("Nobody who can sign in owns this organisation. Its cases stay as they are."),
        button=_("Make this person owner"),
        back="orphans",
    )
