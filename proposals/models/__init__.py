"""Nouns of `proposals`: proposal, participation, version."""

from proposals.models.participation import Participation
from proposals.models.proposal import UNTITLED, Proposal, ReferenceCounter
from proposals.models.version import Version

__all__ = ["UNTITLED", "Participation", "Proposal", "ReferenceCounter", "Version"]
