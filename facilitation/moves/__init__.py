"""Moves of facilitation: challenges, requests to bodies, benefits and concurrence, letters."""

from facilitation.moves import benefits, challenges, letters, requests

__all__ = ["benefits", "challenges", "letters", "requests"]
