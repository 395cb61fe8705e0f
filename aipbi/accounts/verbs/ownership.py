"""Who owns an organisation when somebody leaves (U4): handed over by its owner, given anew where no owner is left."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from aipbi.accounts import rules
from aipbi.accounts.capacity import Capacity
from aipbi.accounts.days import today
from aipbi.accounts.enums import Membership
from aipbi.accounts.models import Member, Organisation, Person
from aipbi.accounts.verbs import invitations, partners
from aipbi.accounts.verbs.saving import save


@transaction.atomic
def hand_over(*, to: Member, by: Capacity, leaves: bool) -> Member:
    """Make a colleague owner in the owner's place, who stays as editor or leaves today; return the new owner's row.

    Raises ValidationError for somebody who has left, can't sign in or is the owner who hands over.
    """
    rules.require(rules.runs_organisation(by, to.organisation), by)
    Organisation.objects.select_for_update().get(pk=to.organisation_id)
    rules.require(rules.runs_organisation(by, to.organisation), by)
    held = Member.objects.current(today()).filter(organisation_id=to.organisation_id)
    if to.person == by.person or not held.filter(pk=to.pk, person__is_active=True).exists():
        raise ValidationError(_("This person can’t take it over. Choose a colleague who works here today."))
    owner = _become(to.organisation, to.person, Membership.OWNER)
    if leaves:
        _end(held.get(person=by.person))
    else:
        _become(to.organisation, by.person, Membership.EDITOR)  # type: ignore[arg-type]
    return owner


@transaction.atomic
def give(*, organisation: Organisation, to: Person, by: Capacity) -> Member:
    """Make a person owner of an organisation that has none who can sign in; an ASEC administrator's alone.

    Raises ValidationError where there is one: then it is theirs to hand over.
    """
    rules.require(rules.runs_offices(by), by)
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    if not orphaned().filter(pk=organisation.pk).exists():
        raise ValidationError(
            _("%(organisation)s has an owner, who can hand it over.") % {"organisation": organisation}
        )
    if not to.is_active:
        raise ValidationError(_("The account of %(person)s is closed.") % {"person": to})
    colleagues = Member.objects.current(today()).filter(organisation=organisation)
    if not colleagues.filter(person=to).exists() and not invitations.verified(to, to.email):
        raise ValidationError(
            _("Whoever registered %(email)s has not proved that it is theirs. Ask them to sign in first.")
            % {"email": to.email}
        )
    for gone in colleagues.filter(role=Membership.OWNER):
        _end(gone)
    partners.become_colleague(to, organisation)
    return _become(organisation, to, Membership.OWNER)


def orphaned() -> "QuerySet[Organisation]":
    """Return the organisations that no owner who can sign in runs today."""
    return Organisation.objects.exclude(
        pk__in=Member.objects.current(today())
        .filter(role=Membership.OWNER, person__is_active=True)
        .values("organisation_id")
    )


def _become(organisation: Organisation, person: Person, role: Membership) -> Member:
    """Let somebody do this from today; what they did before stays dated."""
    current = Member.objects.current(today()).filter(organisation=organisation, person=person).first()
    if current and current.role == role:
        return current
    if current:
        _end(current)
    follower = Member(person=person, organisation=organisation, role=role, starts=today())
    save(follower)
    return follower


def _end(member: Member) -> None:
    member.ends = today()
    save(member)
