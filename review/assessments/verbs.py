"""Beginning an assessment: an empty form of the case's own edition of the criteria."""

from django.utils import timezone

from aipbi.accounts.capacity import Capacity
from aipbi.asean.models import Criterion, Parameter
from aipbi.workflow import trail
from proposals.models import Proposal
from review.assessments.models import Assessment, CriterionVerdict, Rating
from review.experts.models import ExpertProfile


def begin(expert: ExpertProfile, proposal: Proposal) -> Assessment:
    """Return the expert's assessment of the case, made empty where there is none yet.

    Called inside a move; the caller holds the case's lock. One that was filed before stays filed.
    """
    assessment, made = Assessment.objects.get_or_create(  # type: ignore[misc]
        proposal=proposal, expert=expert, defaults={"version_id": proposal.version_id},
    )  # fmt: skip
    if made:
        edition = proposal.criteria_edition_id
        Rating.objects.bulk_create(
            Rating(assessment=assessment, parameter=one)
            for one in Parameter.objects.filter(edition=edition).order_by("number")
        )
        CriterionVerdict.objects.bulk_create(
            CriterionVerdict(assessment=assessment, criterion=one)
            for one in Criterion.objects.filter(edition=edition).order_by("number")
        )
    return assessment


def note_reading(assessment: Assessment, reader: Capacity) -> None:
    """Keep when an expert first read the others' work: what is changed after that says so (R4)."""
    first = Assessment.objects.filter(pk=assessment.pk, read_others_at=None)
    if assessment.read_others_at is None and first.update(read_others_at=timezone.now()):
        subject = (assessment.kind, assessment.pk)
        trail.note(assessment.proposal_id, as_=reader, action="read_others", subject=subject)
