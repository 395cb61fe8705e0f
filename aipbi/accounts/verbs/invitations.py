"""Inviting by e-mail: to an office by an ASEC administrator (U1), to an organisation or a proposal by its owner (U4)."""

from datetime import timedelta

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from aipbi.accounts import rules, tasks
from aipbi.accounts.capacity import Capacity
from aipbi.accounts.days import today
from aipbi.accounts.enums import InvitationState, Membership
from aipbi.accounts.models import Appointment, Invitation, Member, Office, Organisation, Partner, Person, Team
from aipbi.accounts.models.invitation import LASTS, new_token
from aipbi.accounts.verbs import offices, partners
from aipbi.accounts.verbs.saving import save

COLLEAGUES_A_DAY = 20
BEFORE_ANOTHER = timedelta(hours=1)
# What an invitation's place in words reads.
PLACES = ("office__ams", "office__body", "organisation", "team__organisation")


@transaction.atomic
def invite_to_office(*, email: str, office: Office, by: Capacity, alternate: bool = False) -> Invitation:
    """Ask an address into an office. Raises ValidationError where it is asked already, or the seat is taken."""
    rules.require(rules.runs_offices(by), by)
    if offices.free_from(office, alternate=alternate) is None:
        raise ValidationError(
            _("%(office)s is held by somebody else. End that appointment first, or invite an alternate.")
            % {"office": office.label}
        )
    return _write(Invitation(email=email.lower(), office=office, alternate=alternate, invited_by=by.person))


@transaction.atomic
def invite_colleague(*, email: str, organisation: Organisation, membership: Membership, by: Capacity) -> Invitation:
    """Ask an address into an organisation. Raises ValidationError where it is asked already or works there."""
    rules.require(rules.runs_organisation(by, organisation), by)
    if Member.objects.current(today()).filter(organisation=organisation, person__email__iexact=email).exists():
        raise ValidationError(_("%(email)s works in this organisation already.") % {"email": email})
    _one_at_a_time(by)
    _refuse_too_many(by)
    invitation = Invitation(email=email.lower(), organisation=organisation, membership=membership, invited_by=by.person)
    return _write(invitation)


@transaction.atomic
def invite_partner(*, email: str, team: Team, membership: Membership, company: str, by: Capacity) -> Invitation:
    """Ask an address onto one proposal, for a partner company. Raises ValidationError as `refuse_partner`."""
    rules.require(rules.runs_team(by, team), by)
    _one_at_a_time(by)
    refuse_partner(email=email, organisation=team.organisation, team=team, by=by)
    invitation = Invitation(
        email=email.lower(), team=team, membership=membership, company=company, invited_by=by.person
    )
    return _write(invitation)


def refuse_partner(*, email: str, organisation: Organisation, team: Team | None, by: Capacity) -> None:
    """Raise ValidationError where the address needs no invitation, has one, or too many were written."""
    partners.refuse_colleague(email, organisation)
    if team and Partner.objects.current(today()).filter(team=team, person__email__iexact=email).exists():
        raise ValidationError(_("%(email)s works on this proposal already.") % {"email": email})
    if team:
        _refuse_waiting(Invitation(email=email, team=team))
    _refuse_too_many(by)


def _one_at_a_time(by: Capacity) -> None:
    """Let invitations of one person wait for one another: counted side by side, too many would pass."""
    Person.objects.select_for_update(no_key=True).get(pk=by.person.pk)  # type: ignore[union-attr]


def _refuse_too_many(by: Capacity) -> None:
    """Anyone may found an organisation: the portal's e-mails are not theirs to send to whom they like, without end."""
    since = timezone.now() - timedelta(days=1)
    written = Invitation.objects.filter(invited_by=by.person, office__isnull=True, created_at__gte=since)
    if written.count() >= COLLEAGUES_A_DAY:
        raise ValidationError(
            _("You have invited %(n)d people since yesterday. Invite the others tomorrow.") % {"n": COLLEAGUES_A_DAY}
        )


def _write(invitation: Invitation) -> Invitation:
    _refuse_waiting(invitation)
    save(invitation)
    tasks.wake()
    return invitation


def _refuse_waiting(invitation: Invitation) -> None:
    waiting = Invitation.objects.filter(
        email__iexact=invitation.email,
        office=invitation.office,
        organisation=invitation.organisation,
        team=invitation.team,
        accepted_at=None,
        withdrawn_at=None,
    )
    if waiting.exists():
        raise ValidationError(
            _("%(email)s has been invited already. Send that invitation again, or withdraw it first.")
            % {"email": invitation.email}
        )


@transaction.atomic
def withdraw(*, invitation: Invitation, by: Capacity) -> None:
    """Take an invitation back; what has been accepted stays. Raises ValidationError."""
    invitation = _locked(invitation, by)
    invitation.withdrawn_at = timezone.now()
    invitation.save(update_fields=["withdrawn_at"])


@transaction.atomic
def send_again(*, invitation: Invitation, by: Capacity) -> None:
    """Send an invitation anew, with a new link and its full time; the old link stops working. Raises ValidationError."""
    invitation = _locked(invitation, by)
    now = timezone.now()
    if not invitation.office and invitation.sent_at and now - invitation.sent_at < BEFORE_ANOTHER:
        raise ValidationError(_("It was sent a short while ago. Wait an hour before you send it again."))
    invitation.token, invitation.expires_at = new_token(), now + LASTS
    invitation.sent_at, invitation.attempts, invitation.next_try_at, invitation.error = None, 0, now, ""
    invitation.save()
    tasks.wake()


def _locked(invitation: Invitation, by: Capacity) -> Invitation:
    rules.require(rules.runs_invitation(by, invitation), by)
    invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if invitation.state in (InvitationState.ACCEPTED, InvitationState.WITHDRAWN):
        raise ValidationError(_("This invitation is closed: %(state)s.") % {"state": invitation.state.label.lower()})
    return invitation


@transaction.atomic
def accept(*, invitation: Invitation, person: Person) -> Appointment | Member | Partner:
    """Let the person take the place they were asked into; once only, and only under the address that was asked.

    Raises ValidationError with the reason where that can't be.
    """
    invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if fault := why_not(invitation, person):
        raise ValidationError(fault)
    taken = _place(invitation, person)
    save(taken)
    invitation.accepted_at, invitation.accepted_by = timezone.now(), person
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    return taken


def _place(invitation: Invitation, person: Person) -> Appointment | Member | Partner:
    if invitation.office:
        return _appointment(invitation, person)
    return _partner(invitation, person) if invitation.team else _member(invitation, person)


def _appointment(invitation: Invitation, person: Person) -> Appointment:
    office = invitation.office
    assert office  # noqa: S101 - told apart by the caller
    starts = offices.free_from(office, alternate=invitation.alternate)
    if starts is None:
        raise ValidationError(
            _("%(office)s is held by somebody else at present. Tell the ASEAN Secretariat.") % {"office": office.label}
        )
    return Appointment(person=person, office=office, starts=starts, alternate=invitation.alternate)


def _member(invitation: Invitation, person: Person) -> Member:
    organisation = invitation.organisation
    assert organisation  # noqa: S101 - told apart by the caller
    if Member.objects.current(today()).filter(person=person, organisation=organisation).exists():
        raise ValidationError(_("You work in %(organisation)s already.") % {"organisation": organisation})
    partners.become_colleague(person, organisation)
    return Member(person=person, organisation=organisation, role=invitation.membership, starts=today())


def _partner(invitation: Invitation, person: Person) -> Partner:
    team = invitation.team
    assert team  # noqa: S101 - told apart by the caller
    if Partner.objects.current(today()).filter(person=person, team=team).exists():
        raise ValidationError(_("You work on this proposal already."))
    partners.refuse_colleague(person.email, team.organisation)
    return Partner(person=person, team=team, company=invitation.company, role=invitation.membership, starts=today())


def why_not(invitation: Invitation, person: Person) -> str:
    """Return in words why this person can't accept the invitation; an empty text when they can."""
    again = _("Ask whoever invited you to send it again.")
    match invitation.state:
        case InvitationState.ACCEPTED:
            return _("This invitation has been used.")
        case InvitationState.WITHDRAWN:
            return _("This invitation was withdrawn.")
        case InvitationState.EXPIRED:
            return f"{_('This invitation has expired.')} {again}"
    if not verified(person, invitation.email):
        return _(
            "This invitation was sent to another address. Sign in with the address that received it, "
            "or ask whoever invited you to invite %(email)s."
        ) % {"email": person.email}
    return ""


def waiting_for(person: Person) -> list[Invitation]:
    """Return the invitations that the person could accept now."""
    found = Invitation.objects.filter(
        email__iexact=person.email, accepted_at=None, withdrawn_at=None, expires_at__gt=timezone.now()
    )
    found = found.select_related(*PLACES, "invited_by").order_by("pk")
    return [invitation for invitation in found if not why_not(invitation, person)]


def verified(person: Person, email: str) -> bool:
    """Whether the address is the person's own and proved to be."""
    return EmailAddress.objects.filter(user=person, email__iexact=email, verified=True).exists()
