"""Nouns of `proposals`: proposal, participation, version."""

from proposals.models.participation import Participation
from proposals.models.proposal import Proposal, ReferenceCounter
from proposals.models.version import Version

__all__ = ["Participation", "Proposal", "ReferenceCounter", "Version"]
