"""Who may do what with people, offices and organisations (U1, U4)."""

from django.core.exceptions import PermissionDenied

from aipbi.accounts.capacity import Capacity, in_force
from aipbi.accounts.enums import Membership, Role
from aipbi.accounts.models import Invitation, Organisation, Team


def runs_offices(capacity: Capacity) -> bool:
    """Only an ASEC administrator gives, changes and ends offices (U1)."""
    return capacity.role == Role.ADMIN


def runs_organisation(capacity: Capacity, organisation: Organisation | None) -> bool:
    """Only an owner invites colleagues and changes what they may do (U4)."""
    return (
        organisation is not None and capacity.organisation == organisation and capacity.membership == Membership.OWNER
    )


def runs_team(capacity: Capacity, team: Team) -> bool:
    """Only an owner of the proposal's organisation lets partners in and ends it (U4)."""
    return runs_organisation(capacity, team.organisation)


def runs_invitation(capacity: Capacity, invitation: Invitation) -> bool:
    """Whoever could send it may withdraw it or send it again."""
    if invitation.organisation:
        return runs_organisation(capacity, invitation.organisation)
    if invitation.team:
        return runs_team(capacity, invitation.team)
    return runs_offices(capacity)


def require(allowed: bool, capacity: Capacity) -> None:  # noqa: FBT001 - reads as a sentence
    """Raise PermissionDenied unless it is allowed and the capacity still holds in the database."""
    if not allowed or not in_force(capacity):
        raise PermissionDenied
