"""Nouns of `proposals`: proposal, participation, version, profile, what ASEC enters on behalf."""

from proposals.models.on_behalf import OnBehalf
from proposals.models.participation import Participation
from proposals.models.profile import Profile
from proposals.models.proposal import UNTITLED, Proposal, ReferenceCounter
from proposals.models.version import Version

__all__ = ["UNTITLED", "OnBehalf", "Participation", "Profile", "Proposal", "ReferenceCounter", "Version"]
