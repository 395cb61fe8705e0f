"""Nouns of `proposals`: proposal, participation, version, profile, what ASEC enters on behalf, bulk runs, internal notes."""

from proposals.bulk.models import Bulk, BulkLine
from proposals.models.on_behalf import OnBehalf
from proposals.models.participation import Participation
from proposals.models.profile import Profile
from proposals.models.proposal import UNTITLED, Proposal, ReferenceCounter
from proposals.models.version import Version
from proposals.notes.models import Note

__all__ = [
    "UNTITLED", "Bulk", "BulkLine", "Note", "OnBehalf", "Participation", "Profile", "Proposal", "ReferenceCounter", "Version",
]  # fmt: skip
