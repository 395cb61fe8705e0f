"""Questions and answers as the case's page shows them: each follow-up below what it follows."""

from dataclasses import dataclass, field
from datetime import datetime

from aipbi.accounts.capacity import Capacity
from aipbi.documents.models import StoredFile
from aipbi.workflow.models import Obligation
from aipbi.workflow.obligations import known_to
from proposals.models import Proposal
from review.clarifications.answers import PURPOSE
from review.models import Clarification
from review.obligations import ANSWER


@dataclass(slots=True)
class Question:
    """A question with what belongs to it."""

    row: Clarification
    files: list[StoredFile]
    due_at: datetime | None
    after: "list[Question]" = field(default_factory=list)


def threads(proposal: Proposal, viewer: Capacity) -> list[Question]:
    """Return the questions the reader may read, oldest first, each with its follow-ups."""
    found = Clarification.objects.visible_to(viewer).filter(proposal=proposal.pk)
    rows = list(found.select_related("asked_by", "parameter").order_by("pk"))
    if not rows:
        return []
    owed = Obligation.objects.open().filter(case=proposal.pk, kind=ANSWER, paused_at__isnull=True)
    due = dict(known_to(viewer, owed).values_list("subject_pk", "due_at"))
    files = list(StoredFile.objects.visible_to(viewer).filter(case=proposal.pk, purpose=PURPOSE))
    known: dict[int, Question] = {}
    top: list[Question] = []
    for row in rows:
        row.proposal = proposal
        one = Question(row, [file for file in files if file.subject_pk == row.pk], due.get(row.pk))
        known[row.pk] = one
        (known[row.follows_id].after if row.follows_id in known else top).append(one)
    return top
