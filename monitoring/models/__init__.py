"""Nouns of `monitoring`: plan, its lines and dates; report and its figures; releases."""

from monitoring.models.plan import Plan, PlanLine, ReportingDate
from monitoring.models.report import BenefitUse, Report, ReportFigure
from monitoring.portfolio.models import DisclosureWaiver
from monitoring.releases.models import Given, Release, Telling
from monitoring.research.models import Research, ResearchAccess

__all__ = [
    "BenefitUse",
    "DisclosureWaiver",
    "Given",
    "Plan",
    "PlanLine",
    "Release",
    "Report",
    "ReportFigure",
    "ReportingDate",
    "Research",
    "ResearchAccess",
    "Telling",
]
