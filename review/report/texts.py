"""Keeping versions of the report's texts: who wrote what, and when (R6)."""

from datetime import datetime

from aipbi.accounts.models import Person
from proposals.models import Proposal
from review.enums import Kept
from review.report.models import ReportDraft, ReportText


def begin(proposal: Proposal) -> ReportDraft:
    """Return the draft of the case's report, made empty where there is none; called inside a move."""
    return ReportDraft.objects.get_or_create(proposal=proposal)[0]


def keep(draft: ReportDraft, why: Kept, *, by: Person, at: datetime) -> ReportText | None:
    """Keep the draft's texts as a version, unless they are those of the last one."""
    last = draft.versions.order_by("-number").first()
    if last is not None and last.texts == draft.texts:
        return None
    number = last.number + 1 if last else 1
    return ReportText.objects.create(draft=draft, number=number, why=why, written_at=at, written_by=by, **draft.texts)
