"""Moves of facilitation: challenges, requests to bodies, benefits and concurrence, letters."""

from facilitation.moves import benefits, challenges, issuing, letters, requests, superseding

__all__ = ["benefits", "challenges", "issuing", "letters", "requests", "superseding"]
