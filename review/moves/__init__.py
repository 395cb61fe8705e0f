"""Moves of review and decision, gathered from its packages."""

from review.assessments import moves as assessments
from review.assessments import start
from review.clarifications import answers
from review.clarifications import moves as clarifications
from review.experts import moves as experts
from review.meetings import moves as meetings
from review.report import moves as report
from review.report import writing
from review.rounds import consulting, deciding, participants, positions, reopening
from review.rounds import moves as rounds
from review.similar import moves as similar

__all__ = [
    "answers", "assessments", "clarifications", "consulting", "deciding", "experts", "meetings", "participants", "positions",
    "reopening", "report", "rounds", "similar", "start", "writing",
]  # fmt: skip
