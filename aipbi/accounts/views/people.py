"""An ASEC administrator's pages: offices and who held them when, people, invitations (U1, U2)."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from aipbi.accounts.access import roles
from aipbi.accounts.days import today
from aipbi.accounts.enums import OF_AN_AMS, Role
from aipbi.accounts.forms.offices import AppointmentForm, EndForm, InvitationForm, by_role
from aipbi.accounts.models import Appointment, Invitation, Office, Person
from aipbi.accounts.request import PortalRequest
from aipbi.accounts.verbs import invitations, offices, second_factors
from aipbi.accounts.views.organisation import change
from aipbi.accounts.views.page import form_page, try_to

PER_PAGE = 50


@roles(Role.ADMIN)
@require_safe
def people(request: PortalRequest) -> HttpResponse:
    """List every office with who holds it now."""
    offices.complete()
    holders: dict[int, list[Appointment]] = {}
    held = Appointment.objects.current(today()).select_related("person").order_by("alternate", "person__name")
    for appointment in held:
        holders.setdefault(appointment.office_id, []).append(appointment)
    groups = [
        {"label": label, "offices": [{"office": office, "holders": holders.get(office.pk, [])} for office in found]}
        for label, found in by_role()
    ]
    return render(request, "accounts/people.html", {"groups": groups})


@roles(Role.ADMIN)
@require_safe
def office(request: PortalRequest, pk: int) -> HttpResponse:
    """Show who holds an office, who held it and who is to follow."""
    found = get_object_or_404(Office.objects.select_related("ams", "body"), pk=pk)
    held = Appointment.objects.filter(office=found).select_related("person").order_by("-starts", "-pk")
    context = {
        "office": found,
        "seat_for_one": found.role in OF_AN_AMS,
        "held": [a for a in held if a.ends is None or a.ends > today()],
        "past": [a for a in held if a.ends and a.ends <= today()],
        "today": today(),
        "invitations": Invitation.objects.filter(office=found, accepted_at=None, withdrawn_at=None).order_by("email"),
    }
    return render(request, "accounts/office.html", context)


@roles(Role.ADMIN)
def appoint(request: PortalRequest, pk: int) -> HttpResponse:
    """Appoint a person who has an account."""
    found = get_object_or_404(Office.objects.select_related("ams", "body"), pk=pk)
    form = AppointmentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data: dict[str, Any] = {**form.cleaned_data}
        data["person"] = data.pop("email")
        if try_to(form, lambda: offices.appoint(office=found, by=request.capacity, **data)):
            messages.success(request, _("%(person)s is appointed.") % {"person": data["person"]})
            return redirect("office", pk=pk)
    title = _("Appoint: %(office)s") % {"office": found.label}
    return form_page(request, form, title=title, button=_("Appoint"), back=reverse("office", args=[pk]))


@roles(Role.ADMIN)
def end_appointment(request: PortalRequest, pk: int) -> HttpResponse:
    """End an appointment on a day; it is kept."""
    found = get_object_or_404(Appointment.objects.select_related("person", "office__ams", "office__body"), pk=pk)
    form = EndForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        on = form.cleaned_data["on"]
        if try_to(form, lambda: offices.end(appointment=found, on=on, by=request.capacity)):
            messages.success(request, _("The appointment of %(person)s ends.") % {"person": found.person})
            return redirect("office", pk=found.office_id)
    return form_page(
        request,
        form,
        title=_("End the appointment of %(person)s") % {"person": found.person},
        intro=_("%(office)s. The appointment is kept with its dates; work that waits stays with the office.")
        % {"office": found.office.label},
        button=_("End the appointment"),
        back=reverse("office", args=[found.office_id]),
        warning=True,
    )


@roles(Role.ADMIN)
@require_POST
def exchange(request: PortalRequest, pk: int) -> HttpResponse:
    """Make a principal an alternate, or the other way round."""
    found = get_object_or_404(Appointment.objects.select_related("person", "office"), pk=pk)
    try:
        now = offices.exchange(appointment=found, by=request.capacity)
    except ValidationError as fault:
        messages.error(request, " ".join(fault.messages))
    else:
        done = (
            _("%(person)s is an alternate from today.")
            if now.alternate
            else _("%(person)s is the principal from today.")
        )
        messages.success(request, done % {"person": found.person})
    return redirect("office", pk=found.office_id)


@roles(Role.ADMIN)
@require_safe
def person(request: PortalRequest, pk: int) -> HttpResponse:
    """Show a person with all offices and organisations, past and present."""
    found = get_object_or_404(Person, pk=pk)
    appointments = found.appointments.select_related("office__ams", "office__body").order_by("-starts", "-pk")
    context = {
        "person": found,
        "appointments": appointments,
        "memberships": found.memberships.select_related("organisation").order_by("-starts", "-pk"),
        "partnerships": found.partnerships.select_related("team__organisation").order_by("-starts", "-pk"),
        "second_factor": Authenticator.objects.filter(user=found).exists(),
    }
    return render(request, "accounts/person.html", context)


@roles(Role.ADMIN)
@require_POST
def remove_second_factor(request: PortalRequest, pk: int) -> HttpResponse:
    """Free somebody who lost their device; they set up another before they see a case again (U3)."""
    found = get_object_or_404(Person, pk=pk)
    second_factors.remove(person=found, by=request.capacity)
    messages.success(
        request, _("The second factor of %(person)s is removed, and they are told by e-mail.") % {"person": found}
    )
    return redirect("person", pk=pk)


@roles(Role.ADMIN)
@require_safe
def invitation_list(request: PortalRequest) -> HttpResponse:
    """List the invitations to offices, the newest first."""
    found = Invitation.objects.filter(organisation=None).select_related("office__ams", "office__body", "invited_by")
    page = Paginator(found.order_by("-created_at", "-pk"), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "accounts/invitations.html", {"page": page})


@roles(Role.ADMIN)
def invite(request: PortalRequest) -> HttpResponse:
    """Invite an address into an office."""
    offices.complete()
    form = InvitationForm(request.POST or None, initial={"office": request.GET.get("office")})
    if request.method == "POST" and form.is_valid():
        sent = try_to(form, lambda: invitations.invite_to_office(by=request.capacity, **form.cleaned_data))
        if sent:
            messages.success(request, _("An invitation is on its way to %(email)s.") % form.cleaned_data)
            return redirect("invitations")
    return form_page(
        request,
        form,
        title=_("Invite to an office"),
        intro=_("They get an e-mail with a link. It holds for 14 days and works only for that address."),
        button=_("Send the invitation"),
        back="invitations",
    )


@roles(Role.ADMIN)
@require_POST
def change_invitation(request: PortalRequest, pk: int, what: str) -> HttpResponse:
    """Withdraw an invitation or send it again."""
    return change(request, get_object_or_404(Invitation, pk=pk, organisation=None), what, back="invitations")
