"""What the worker does for review, gathered from its packages."""

from review.meetings import work

__all__ = ["work"]
