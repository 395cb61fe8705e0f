"""Nouns of `accounts`: person, organisation, partner, office, appointment, invitation."""

from aipbi.accounts.models.invitation import Invitation
from aipbi.accounts.models.office import Appointment, Office
from aipbi.accounts.models.organisation import CorporateGroup, Member, Organisation
from aipbi.accounts.models.partner import Partner, Team
from aipbi.accounts.models.person import Person

__all__ = [
    "Appointment",
    "CorporateGroup",
    "Invitation",
    "Member",
    "Office",
    "Organisation",
    "Partner",
    "Person",
    "Team",
]
