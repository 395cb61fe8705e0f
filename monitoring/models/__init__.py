"""Nouns of `monitoring`: plan, its lines and dates; report and its figures; releases."""

from monitoring.models.plan import Plan, PlanLine, ReportingDate
from monitoring.models.report import Report, ReportFigure
from monitoring.releases.models import Given, Release, Telling

__all__ = ["Given", "Plan", "PlanLine", "Release", "Report", "ReportFigure", "ReportingDate", "Telling"]
