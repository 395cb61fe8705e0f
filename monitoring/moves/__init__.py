"""Moves of monitoring, by idea."""

from monitoring.moves import case, plan, report

__all__ = ["case", "plan", "report"]
