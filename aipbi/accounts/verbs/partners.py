"""Ending the access of a partner's staff to one proposal (U4)."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from aipbi.accounts import rules
from aipbi.accounts.capacity import Capacity
from aipbi.accounts.days import today
from aipbi.accounts.models import Member, Organisation, Partner, Person
from aipbi.accounts.verbs.saving import save


@transaction.atomic
def end(*, partner: Partner, by: Capacity) -> Partner:
    """End it today: an owner of the proposal's organisation ends anybody's, everybody their own.

    Raises ValidationError where it has ended already.
    """
    own = by.team == partner.team and by.person == partner.person
    rules.require(own or rules.runs_team(by, partner.team), by)
    partner = Partner.objects.select_for_update(of=("self",)).select_related("person", "team").get(pk=partner.pk)
    if partner.ends:
        raise ValidationError(_("This person has left the proposal already."))
    partner.ends = today()
    save(partner)
    return partner


def become_colleague(person: Person, organisation: Organisation) -> None:
    """End what somebody held on the organisation's proposals as a partner: from now on their membership says it all.

    Otherwise the end of the membership would leave them what they had before it.
    """
    for partner in Partner.objects.current(today()).filter(person=person, team__organisation=organisation):
        partner.ends = today()
        save(partner)


def refuse_colleague(email: str, organisation: Organisation) -> None:
    """Raise ValidationError for somebody of the organisation itself, who reads its proposals anyway."""
    if Member.objects.current(today()).filter(organisation=organisation, person__email__iexact=email).exists():
        raise ValidationError(
            _("%(email)s works in %(organisation)s already.") % {"email": email, "organisation": organisation}
        )
