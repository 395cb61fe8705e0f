"""Moves of monitoring, by idea."""

from monitoring.moves import case, plan, report
from monitoring.releases import moves as releases
from monitoring.research import moves as research

__all__ = ["case", "plan", "releases", "report", "research"]
