"""Who may confirm for an organisation: nobody gets into one that has people by being named by ASEC (P8, U4)."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aipbi.accounts.capacity import Capacity, held_by, today
from aipbi.accounts.enums import Membership, Role
from aipbi.accounts.models import Appointment, Member, Organisation, Person
from aipbi.accounts.verbs import organisations
from aipbi.accounts.verbs.invitations import verified

_OWN_WORK = gettext_lazy(
    "%(email)s belongs to somebody at the ASEAN Secretariat. Only the proponent confirms what the Secretariat entered."
)
WRITERS = (Membership.OWNER, Membership.EDITOR)


def fault(organisation: Organisation, email: str) -> str:
    """Return in words why this address can't be asked to confirm for the organisation; empty when it can."""
    if _of_asec(person__email__iexact=email):
        return _OWN_WORK % {"email": email}
    if not Member.objects.filter(organisation=organisation).exists():
        return ""
    writers = Member.objects.current(today()).filter(
        organisation=organisation, role__in=WRITERS, person__email__iexact=email, person__is_active=True
    )
    if any(verified(member.person, email) for member in writers.select_related("person")):
        return ""
    return _(
        "%(organisation)s is on the portal already, and none of its owners and editors has the address %(email)s. "
        "Name one of them, or ask its owner to invite this person first."
    ) % {"organisation": organisation, "email": email}


def barred(organisation: Organisation, person: Person) -> str:
    """Return in words why this person can't answer for the organisation today; empty when they can.

    Who was asked may have left since: the link alone lets nobody read what the organisation is asked.
    """
    if _of_asec(person=person):
        return _OWN_WORK % {"email": person.email}
    if not Member.objects.filter(organisation=organisation).exists():
        return ""
    if Member.objects.current(today()).filter(organisation=organisation, role__in=WRITERS, person=person).exists():
        return ""
    return _(
        "%(organisation)s is on the portal already, and you are not one of its owners or editors. Ask its owner "
        "to invite you, then open this link again."
    ) % {"organisation": organisation}


def _of_asec(**who: Any) -> bool:
    """Whether somebody runs the process: they do not confirm what their own office entered."""
    held = Appointment.objects.current(today()).filter(office__role__in=(Role.ASEC, Role.ADMIN), **who)
    return held.exists()


def acting(organisation: Organisation, person: Person) -> Capacity:
    """Return the capacity in which the person confirms; the first of a new organisation becomes its owner.

    Called inside the transaction that confirms. Raises ValidationError for somebody who does not write there.
    """
    if not Member.objects.filter(organisation=organisation).exists():
        organisations.own_first(organisation=organisation, person=person)
    for held in held_by(person):
        if held.organisation == organisation and held.writes:
            return held
    raise ValidationError(barred(organisation, person))
