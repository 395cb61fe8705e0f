"""An organisation's own pages: its colleagues, their roles, invitations (U4)."""

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from aipbi.accounts import countries
from aipbi.accounts.access import roles
from aipbi.accounts.days import today
from aipbi.accounts.enums import Membership, Role
from aipbi.accounts.forms.organisation import ColleagueForm, OrganisationForm, RoleForm
from aipbi.accounts.models import Invitation, Member, Organisation
from aipbi.accounts.request import PortalRequest
from aipbi.accounts.rules import runs_organisation
from aipbi.accounts.verbs import invitations, organisations
from aipbi.accounts.views.page import form_page, try_to


@roles(Role.PROPONENT)
@require_safe
def organisation(request: PortalRequest) -> HttpResponse:
    """Show the organisation in use; whoever is no owner reads it only."""
    own = Organisation.objects.select_related("corporate_group").get(pk=_own(request).pk)
    waiting = Invitation.objects.filter(organisation=own, accepted_at=None, withdrawn_at=None).order_by("email")
    context = {
        "organisation": own,
        "country": countries.name(own.country),
        "members": Member.objects.current(today())
        .filter(organisation=own)
        .select_related("person")
        .order_by("person__name"),
        "past": Member.objects.filter(organisation=own, ends__lte=today())
        .select_related("person")
        .order_by("-ends", "pk"),
        "invitations": waiting,
        "runs": runs_organisation(request.capacity, own),
    }
    return render(request, "accounts/organisation.html", context)


@roles(Role.PROPONENT)
def describe(request: PortalRequest) -> HttpResponse:
    """Change the organisation's name, country, kind and group."""
    own = _run(request)
    group = own.corporate_group.name if own.corporate_group else ""
    known = {"organisation": own.name, "country": own.country, "kind": own.kind, "corporate_group": group}
    form = OrganisationForm(request.POST or None, initial=known)
    if request.method == "POST" and form.is_valid():
        try_to(form, lambda: organisations.describe(organisation=own, by=request.capacity, **form.described()))
        if not form.errors:
            messages.success(request, _("The organisation’s details are saved."))
            return redirect("organisation")
    return form_page(request, form, title=_("The organisation’s details"), button=_("Save"), back="organisation")


@roles(Role.PROPONENT)
def invite(request: PortalRequest) -> HttpResponse:
    """Invite a colleague by e-mail."""
    own = _run(request)
    form = ColleagueForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        email, role = form.cleaned_data["email"], Membership(form.cleaned_data["role"])
        sent = try_to(
            form,
            lambda: invitations.invite_colleague(email=email, organisation=own, membership=role, by=request.capacity),
        )
        if sent:
            messages.success(request, _("An invitation is on its way to %(email)s.") % {"email": email})
            return redirect("organisation")
    return form_page(
        request,
        form,
        title=_("Invite a colleague"),
        intro=_("They get an e-mail with a link. It holds for 14 days and works only for that address."),
        button=_("Send the invitation"),
        back="organisation",
    )


@roles(Role.PROPONENT)
def change_role(request: PortalRequest, pk: int) -> HttpResponse:
    """Let a colleague do more or less."""
    member = _member(request, pk)
    form = RoleForm(request.POST or None, initial={"role": member.role})
    if request.method == "POST" and form.is_valid():
        role = Membership(form.cleaned_data["role"])
        if try_to(form, lambda: organisations.change_role(member=member, role=role, by=request.capacity)):
            messages.success(
                request, _("%(person)s is now %(role)s.") % {"person": member.person, "role": role.label.lower()}
            )
            return redirect("organisation")
    title = _("What %(person)s may do") % {"person": member.person}
    return form_page(request, form, title=title, button=_("Save"), back="organisation")


@roles(Role.PROPONENT)
def end_membership(request: PortalRequest, pk: int) -> HttpResponse:
    """End a colleague's membership, or leave oneself; the last owner can't."""
    own = _own(request)
    member = get_object_or_404(Member.objects.current(today()).select_related("person"), pk=pk, organisation=own)
    leaving = member.person_id == request.user.pk
    if not leaving and not runs_organisation(request.capacity, own):
        raise Http404
    names = {"person": member.person, "organisation": own}
    form = forms.Form(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try_to(form, lambda: organisations.end(member=member, by=request.capacity))
        if not form.errors:
            messages.success(request, _("%(person)s no longer works in %(organisation)s.") % names)
            return redirect("desk" if leaving else "organisation")
    return form_page(
        request,
        form,
        title=(_("Leave %(organisation)s") if leaving else _("End the membership of %(person)s")) % names,
        intro=_(
            "From now on nothing of the organisation can be seen. What was written stays, with the name and the dates."
        ),
        button=_("Leave") if leaving else _("End the membership"),
        back="organisation",
        warning=True,
    )


@roles(Role.PROPONENT)
@require_POST
def change_invitation(request: PortalRequest, pk: int, what: str) -> HttpResponse:
    """Withdraw an invitation or send it again."""
    own = _run(request)
    found = get_object_or_404(Invitation, pk=pk, organisation=own)
    return change(request, found, what, back="organisation")


def change(request: PortalRequest, found: Invitation, what: str, *, back: str) -> HttpResponse:
    """Carry out what an owner or an administrator asks of an invitation, and say so."""
    verb = {"withdraw": invitations.withdraw, "send-again": invitations.send_again}.get(what)
    if verb is None:
        raise Http404
    try:
        verb(invitation=found, by=request.capacity)
    except ValidationError as fault:
        messages.error(request, " ".join(fault.messages))
    else:
        done = (
            _("The invitation of %(email)s is withdrawn.")
            if what == "withdraw"
            else _("A new invitation is on its way to %(email)s.")
        )
        messages.success(request, done % {"email": found.email})
    return redirect(back)


def _own(request: PortalRequest) -> Organisation:
    """Return the organisation in use."""
    if request.capacity.organisation is None:
        raise Http404
    return request.capacity.organisation


def _run(request: PortalRequest) -> Organisation:
    """Return the organisation in use; to whoever does not run it the page does not exist (U5)."""
    own = _own(request)
    if not runs_organisation(request.capacity, own):
        raise Http404
    return own


def _member(request: PortalRequest, pk: int) -> Member:
    return get_object_or_404(
        Member.objects.current(today()).select_related("person"), pk=pk, organisation=_run(request)
    )
