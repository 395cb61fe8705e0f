"""What an assessment still lacks before it can be filed (R3)."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from review.assessments.models import Assessment, Rating
from review.enums import Overall


@dataclass(frozen=True, slots=True)
class Missing:
    """One gap: in words, and the place on the form's page that fills it."""

    words: str
    anchor: str


def missing(assessment: Assessment) -> list[Missing]:
    """Return every gap, in the order of the form."""
    ratings = assessment.ratings.select_related("parameter")
    found = [Missing(words, f"parameter-{one.parameter.number}") for one in ratings if (words := _of(one))]
    for verdict in assessment.verdicts.select_related("criterion"):
        if not verdict.verdict:
            words = _("Criterion %(n)s has no verdict.") % {"n": verdict.criterion.number}
            found.append(Missing(words, f"criterion-{verdict.criterion.number}"))
    if not assessment.overall:
        found.append(Missing(_("The verdict on the whole is missing."), "whole"))
    if assessment.overall == Overall.WITH_CONDITIONS and not assessment.conditions.strip():
        found.append(Missing(_("The verdict is “eligible with conditions”, but no condition is named."), "whole"))
    if not assessment.confidence:
        found.append(Missing(_("How sure you are is missing."), "whole"))
    return found


def _of(rating: Rating) -> str:
    why, number = rating.justification.strip(), {"n": rating.parameter.number}
    if rating.level is None:
        words = _("Parameter %(n)s has no rating.") if why else _("Parameter %(n)s has no rating and no justification.")
        return words % number
    return "" if why else _("Parameter %(n)s has no justification.") % number
