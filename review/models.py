"""Nouns of `review`, gathered from its packages."""

from review.assessments.models import Assessment, CriterionVerdict, Filing, Rating
from review.clarifications.models import Clarification
from review.experts.dated import Absence, Employment
from review.experts.models import ExpertProfile, Invitation
from review.meetings.models import AgendaItem, Correction, Meeting, Pack, Record
from review.report.models import ConsolidatedReport, ReportDraft, ReportText
from review.rounds.models import Decision, Position, Round
from review.rounds.record import Clearing, Consultation, Escalation, EscalationAnswer
from review.similar.models import SetAside

__all__ = [
    "Absence",
    "AgendaItem",
    "Assessment",
    "Clarification",
    "Clearing",
    "ConsolidatedReport",
    "Consultation",
    "Correction",
    "CriterionVerdict",
    "Decision",
    "Employment",
    "Escalation",
    "EscalationAnswer",
    "ExpertProfile",
    "Filing",
    "Invitation",
    "Meeting",
    "Pack",
    "Position",
    "Rating",
    "Record",
    "ReportDraft",
    "ReportText",
    "Round",
    "SetAside",
]
