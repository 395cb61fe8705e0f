"""Nouns of `workflow`: case, trail, obligation, notice, job, edge."""

from aipbi.workflow.models.case import Case, Subject, SubjectQuerySet
from aipbi.workflow.models.edge import Edge
from aipbi.workflow.models.job import Job, JobState
from aipbi.workflow.models.notice import MailState, Notice
from aipbi.workflow.models.obligation import Obligation, Reminder
from aipbi.workflow.models.trail import Audience, TrailEntry

__all__ = [
    "Audience",
    "Case",
    "Edge",
    "Job",
    "JobState",
    "MailState",
    "Notice",
    "Obligation",
    "Reminder",
    "Subject",
    "SubjectQuerySet",
    "TrailEntry",
]
