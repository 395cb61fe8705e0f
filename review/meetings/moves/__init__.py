"""Moves on meetings, gathered by what they are about."""

from review.meetings.moves import arranging, calling, minutes, packing, sitting

__all__ = ["arranging", "calling", "minutes", "packing", "sitting"]
