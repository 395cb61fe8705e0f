"""Nouns of `monitoring`: plan, its lines and dates; report and its figures."""

from monitoring.models.plan import Plan, PlanLine, ReportingDate
from monitoring.models.report import Report, ReportFigure

__all__ = ["Plan", "PlanLine", "Report", "ReportFigure", "ReportingDate"]
