"""Moves of facilitation: challenges, requests to bodies, benefits and concurrence, letters."""

from facilitation.moves import (
    amendments,
    approving,
    benefits,
    challenges,
    concurrence,
    finalising,
    issuing,
    letters,
    requests,
    revoking,
    sheet,
    superseding,
)

__all__ = [
    "amendments",
    "approving",
    "benefits",
    "challenges",
    "concurrence",
    "finalising",
    "issuing",
    "letters",
    "requests",
    "revoking",
    "sheet",
    "superseding",
]
