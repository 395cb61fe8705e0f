"""Giving an office to a person and ending it, by dates, nothing ever deleted (U1, U2)."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from aipbi.accounts import rules
from aipbi.accounts.capacity import Capacity
from aipbi.accounts.days import today
from aipbi.accounts.enums import OF_AN_AMS, Role
from aipbi.accounts.models import Appointment, Office, Person
from aipbi.accounts.verbs.saving import save
from aipbi.asean.models import Body, MemberState


def complete() -> None:
    """Make the seats that reference data calls for and that have never been used."""
    wanted: set[tuple[str, str | None, int | None]]
    wanted = {(role.value, ams, None) for role in OF_AN_AMS for ams in MemberState.objects.values_list("pk", flat=True)}
    wanted |= {(Role.BODY_CONTACT.value, None, body.pk) for body in Body.objects.on(today())}
    wanted |= {(role.value, None, None) for role in (Role.EXPERT, Role.ASEC, Role.ADMIN)}
    wanted -= set(Office.objects.values_list("role", "ams_id", "body_id"))
    missing = [Office(role=role, ams_id=ams, body_id=body) for role, ams, body in wanted]
    Office.objects.bulk_create(missing, ignore_conflicts=True)


@transaction.atomic
def appoint(
    *, person: Person, office: Office, by: Capacity, starts: date, ends: date | None = None, alternate: bool = False
) -> Appointment:
    """Let the person hold the office from `starts` until `ends`, that day not included.

    Raises ValidationError where they hold it already, or where somebody else is its principal in that time.
    """
    rules.require(rules.runs_offices(by), by)
    appointment = Appointment(person=person, office=office, starts=starts, ends=ends, alternate=alternate)
    save(appointment)
    return appointment


@transaction.atomic
def end(*, appointment: Appointment, on: date, by: Capacity) -> Appointment:
    """End an appointment on a day, from which it gives no access; a day gone by can't be given back.

    Raises ValidationError for such a day, for an appointment over by then, and for the last administrator's.
    """
    rules.require(rules.runs_offices(by), by)
    office = Office.objects.select_for_update().get(pk=appointment.office_id)
    appointment.refresh_from_db()
    if appointment.ends and appointment.ends <= on:
        raise ValidationError(_("This appointment is over by that day."))
    if on < max(today(), appointment.starts):
        raise ValidationError(_("Choose today or a later day, not before the appointment begins."))
    if office.role == Role.ADMIN and not _others(appointment, on):
        raise ValidationError(_("Somebody must remain ASEC administrator. Appoint another one first."))
    appointment.ends = on
    save(appointment)
    return appointment


def _others(appointment: Appointment, on: date) -> bool:
    held = Appointment.objects.filter(office_id=appointment.office_id, person__is_active=True, starts__lte=on)
    return held.filter(Q(ends=None) | Q(ends__gt=on)).exclude(person_id=appointment.person_id).exists()


@transaction.atomic
def exchange(*, appointment: Appointment, by: Capacity) -> Appointment:
    """Make a principal an alternate, or the other way round, from today; the past stays as it was.

    Raises ValidationError where the appointment is over, or the seat has another principal.
    """
    rules.require(rules.runs_offices(by), by)
    appointment.refresh_from_db()
    if appointment.ends and appointment.ends <= today():
        raise ValidationError(_("This appointment is over."))
    if appointment.starts > today():
        appointment.alternate = not appointment.alternate
        save(appointment)
        return appointment
    until, appointment.ends = appointment.ends, today()
    save(appointment)
    follower = Appointment(
        person=appointment.person,
        office=appointment.office,
        starts=today(),
        ends=until,
        alternate=not appointment.alternate,
    )
    save(follower)
    return follower


def free_from(office: Office, *, alternate: bool) -> date | None:
    """Return the first day from which somebody new may hold the office; None while its principal has no end."""
    if alternate or office.role not in OF_AN_AMS:
        return today()
    later = Appointment.objects.filter(Q(ends=None) | Q(ends__gt=today()), office=office, alternate=False)
    ends = list(later.values_list("ends", flat=True))
    return None if None in ends else max([today(), *(day for day in ends if day)])
