"""An assessment as it was filed, kept whole with the words of the criteria it answered (R3)."""

import hashlib
import json
from typing import Any

from review.assessments.models import Assessment, Filing
from review.enums import Assessing


def content(assessment: Assessment) -> dict[str, Any]:
    """Return all that was answered, each beside the question and the levels as they stood."""
    return {
        "version": assessment.version.number,
        "version_sha256": assessment.version.sha256,
        "criteria_edition": assessment.proposal.criteria_edition_id,
        "ratings": [
            {
                "number": one.parameter.number,
                "question": one.parameter.question,
                "levels": list(one.parameter.levels),
                "level": one.level,
                "justification": one.justification,
                "evidence": one.evidence,
            }
            for one in assessment.ratings.select_related("parameter")
        ],
        "verdicts": [
            {"number": one.criterion.number, "title": one.criterion.title, "verdict": one.verdict}
            for one in assessment.verdicts.select_related("criterion")
        ],
        "overall": assessment.overall,
        "conditions": assessment.conditions,
        "confidence": assessment.confidence,
        "comments": assessment.comments,
    }


def keep(assessment: Assessment) -> Filing:
    """Keep the assessment as it is filed now; called inside the move."""
    found = content(assessment)
    text = json.dumps(found, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return Filing.objects.create(  # type: ignore[misc]
        assessment=assessment,
        number=assessment.filings.count() + 1,
        content=found,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        filed_at=assessment.filed_at,
    )


def changed_after_reading(assessment: Assessment) -> list[int]:
    """Return the parameters (by number) whose level differs from the last filing before the expert read the others.

    The assessment comes with its ratings. Empty where the expert never read the others, or has not changed a level since.
    """
    if assessment.read_others_at is None or assessment.state != Assessing.FILED:
        return []
    before = [one for one in assessment.filings.all() if one.filed_at <= assessment.read_others_at]
    if not before:
        return []
    told = {one["number"]: one["level"] for one in max(before, key=lambda one: one.number).content["ratings"]}
    return [one.parameter.number for one in assessment.ratings.all() if one.level != told.get(one.parameter.number)]
