"""Nouns of `proposals`: proposal, participation, version, profile."""

from proposals.models.participation import Participation
from proposals.models.profile import Profile
from proposals.models.proposal import UNTITLED, Proposal, ReferenceCounter
from proposals.models.version import Version

__all__ = ["UNTITLED", "Participation", "Profile", "Proposal", "ReferenceCounter", "Version"]
