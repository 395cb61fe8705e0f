"""Moves of facilitation: challenges, requests to bodies, benefits and concurrence, letters."""

from facilitation.moves import (
    amendments,
    approving,
    benefits,
    challenges,
    issuing,
    letters,
    requests,
    revoking,
    superseding,
)

__all__ = [
    "amendments",
    "approving",
    "benefits",
    "challenges",
    "issuing",
    "letters",
    "requests",
    "revoking",
    "superseding",
]
