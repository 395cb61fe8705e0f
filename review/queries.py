"""What pages and moves ask of review and decision."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch
from django.utils.translation import gettext as _

from aipbi.accounts.capacity import Capacity
from proposals.models import Proposal
from review.assessments import figures as sums
from review.assessments import filing
from review.assessments.figures import Figures
from review.assessments.models import Assessment, CriterionVerdict, Rating
from review.enums import Assessing, Overall
from review.experts.models import Invitation
from review.report.models import ConsolidatedReport
from review.rounds.models import Decision


def filed_by_each(proposal: Proposal) -> list[bool]:
    """Return, for each expert on the case, whether the assessment is filed; one query (R4)."""
    filed = Assessment.objects.filter(proposal=OuterRef("proposal"), expert=OuterRef("expert"), state=Assessing.FILED)
    there = Invitation.objects.appointed().filter(proposal=proposal)
    return list(there.annotate(filed=Exists(filed)).values_list("filed", flat=True))


def with_parts(found: Any) -> Any:
    """Fetch assessments with their ratings and verdicts, in the order of the criteria, and their experts."""
    return found.select_related("expert__person", "version").prefetch_related(
        Prefetch("ratings", Rating.objects.select_related("parameter").order_by("parameter__number")),
        "filings",
        Prefetch("verdicts", CriterionVerdict.objects.select_related("criterion").order_by("criterion__number")),
    )


def filed(proposal: Proposal) -> list[Assessment]:
    """Return the assessments that count, with their parts: expert A is the first, B the second."""
    return list(with_parts(Assessment.objects.counted().filter(proposal=proposal).order_by("pk")))


def figures(assessments: Sequence[Assessment]) -> Figures:
    """Return the figures of filed assessments, fetched with their parts. Raises ValueError for none."""
    if not assessments:
        raise ValueError("no assessment has been filed")
    late = [filing.changed_after_reading(one) for one in assessments]
    return Figures(
        experts=tuple(sums.letter(place) for place in range(len(assessments))),
        lines=tuple(
            sums.line(
                row[0].parameter.number,
                row[0].parameter.code,
                row[0].parameter.question,
                [one.level for one in row],
                [place for place, numbers in enumerate(late) if row[0].parameter.number in numbers],
            )
            for row in zip(*(one.ratings.all() for one in assessments), strict=True)
        ),
        criteria=tuple(
            sums.count(str(row[0].criterion), [one.verdict for one in row])
            for row in zip(*(one.verdicts.all() for one in assessments), strict=True)
        ),
        overall=sums.count(_("The whole"), [one.overall for one in assessments]),
        confidence=tuple(one.confidence for one in assessments),
        conditions=tuple(_conditions(assessments)),
    )


def _conditions(assessments: Sequence[Assessment]) -> list[str]:
    """Return the conditions that experts propose, one to a line, each once; without who proposes which (R4)."""
    lines = (
        line.strip()
        for one in assessments
        if one.overall == Overall.WITH_CONDITIONS
        for line in one.conditions.splitlines()
    )
    return list(dict.fromkeys(filter(None, lines)))


@dataclass(frozen=True, slots=True)
class Told:
    """What a proponent is told of a decision: never a position, a name or a figure (access table)."""

    outcome: str
    reasons: str
    conditions: str
    at: datetime
    question: str
    clearing: str
    clear_by: date | None


def told(proposal: Proposal, viewer: Capacity) -> list[Told]:
    """Return the outcomes recorded on a case the capacity may open, the newest first."""
    return [
        Told(
            one.get_outcome_display(),
            one.reasons,
            one.conditions,
            one.recorded_at,
            one.question,
            one.clearing,
            one.clear_by,
        )
        for one in Decision.objects.filter(
            proposal__in=Proposal.objects.visible_to(viewer), proposal_id=proposal.pk
        ).order_by("-pk")
    ]


@dataclass(frozen=True, slots=True)
class Summary:
    """What a proponent reads of the consolidated report after the decision."""

    summary: str
    conditions: str


def summary(proposal: Proposal, viewer: Capacity) -> Summary | None:
    """Return the summary of the last report once the case is decided, on a case the capacity may open."""
    if proposal.decided_at is None:
        return None
    own = ConsolidatedReport.objects.filter(proposal__in=Proposal.objects.visible_to(viewer), proposal_id=proposal.pk)
    last = own.order_by("-edition").first()
    return Summary(last.summary, last.conditions) if last else None
