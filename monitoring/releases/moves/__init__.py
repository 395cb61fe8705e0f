"""Moves of a release (M6): the worker's, ASEC's, the chair's."""

from monitoring.releases.moves import deciding, filing

__all__ = ["deciding", "filing"]
