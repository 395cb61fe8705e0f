"""The benefits of the letter, and what a report says became of each (M3)."""

from typing import Any

from facilitation.enums import GIVEN
from facilitation.models import Benefit
from monitoring.models import BenefitUse, Report
from proposals.models import Proposal


def of_the_letter(proposal: Proposal) -> Any:
    """Return the benefits that were finalised and that at least one Member State gives, in order."""
    return (
        Benefit.objects.filter(proposal=proposal, finalised_at__isnull=False, concurrences__state__in=GIVEN)
        .standing()
        .select_related("category")
        .distinct()
        .order_by("number")
    )


def uses_of(report: Report) -> list[BenefitUse]:
    """Return for each benefit of the letter what the report says of it; what it says nothing of is not saved yet."""
    said = {use.benefit_id: use for use in report.uses.select_related("benefit__category")}
    return [said.get(one.pk) or BenefitUse(report=report, benefit=one) for one in of_the_letter(report.proposal)]


def save(report: Report, answers: dict[int, dict[str, str]]) -> list[str]:
    """Keep what was said of the benefits, in two queries; return which changed, in words for the trail."""
    changed = []
    for use in uses_of(report):
        answer = answers.get(use.benefit_id, {})
        if any(getattr(use, name) != value for name, value in answer.items()):
            for name, value in answer.items():
                setattr(use, name, value)
            changed.append(use)
    BenefitUse.objects.bulk_create(
        changed, update_conflicts=True, unique_fields=["report", "benefit"], update_fields=["use", "words"]
    )
    return [f"benefit {use.benefit.number}" for use in changed]
