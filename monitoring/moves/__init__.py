"""Moves of monitoring, by idea."""

from monitoring.moves import case, changes, checking, corrections, evidence, late, plan, report
from monitoring.releases import moves as releases
from monitoring.research import moves as research

__all__ = ["case", "changes", "checking", "corrections", "evidence", "late", "plan", "releases", "report", "research"]
