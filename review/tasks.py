"""What the worker does for review, gathered from its packages."""

from review.meetings import work as meetings
from review.report import work as reports

__all__ = ["meetings", "reports"]
