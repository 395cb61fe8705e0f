"""Nouns of `workflow`: case, trail, obligation, notice, digest, message, calendar link, job, edge."""

from aipbi.workflow.models.case import Case, Subject, SubjectQuerySet
from aipbi.workflow.models.edge import Edge
from aipbi.workflow.models.feed import CalendarFeed
from aipbi.workflow.models.job import Job, JobState
from aipbi.workflow.models.mailed import Digest, MailEvent, MailState
from aipbi.workflow.models.message import Message, StandardText
from aipbi.workflow.models.notice import Notice
from aipbi.workflow.models.obligation import Obligation, Reminder
from aipbi.workflow.models.pace import DigestTime, Pace, PaceChoice
from aipbi.workflow.models.state import StateField
from aipbi.workflow.models.trail import Audience, TrailEntry

__all__ = [
    "Audience",
    "CalendarFeed",
    "Case",
    "Digest",
    "DigestTime",
    "Edge",
    "Job",
    "JobState",
    "MailEvent",
    "MailState",
    "Message",
    "Notice",
    "Obligation",
    "Pace",
    "PaceChoice",
    "Reminder",
    "StandardText",
    "StateField",
    "Subject",
    "SubjectQuerySet",
    "TrailEntry",
]
