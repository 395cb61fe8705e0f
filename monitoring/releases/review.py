"""What ASEC looks through before a release leaves it: how much is kept, and each suppression with its reason (M6)."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from monitoring.disclosure import Reason, Status
from monitoring.models import Release, Telling
from monitoring.releases.document import WAYS, labels, rounded
from monitoring.releases.protecting import REASONS

HUNDRED, DUST = 100.0, 1e-9


@dataclass(frozen=True, slots=True)
class Summary:
    """How much of what was reported is told, what is suppressed why, and what the audit did."""

    telling: Telling
    reported: int
    told: int
    reasons: list[tuple[Any, int]]
    questions: int
    unanswered: int
    fallbacks: int

    @property
    def suppressed(self) -> int:
        """Reported cells that are not told."""
        return self.reported - self.told


def summary(telling: Telling) -> Summary:
    """Return the summary of one telling."""
    states = Counter(cell["status"] for cell in telling.cells)
    hidden = states[Status.SUPPRESSED.value]
    reported = len(telling.cells) - states[Status.NOT_REPORTED.value]
    reasons = Counter(cell["reason"] for cell in telling.cells if cell["reason"])
    return Summary(
        telling,
        reported,
        reported - hidden,
        [(REASONS[Reason(reason)], count) for reason, count in reasons.most_common()],
        sum(proof["questions"] for proof in telling.proofs),
        sum(proof["unanswered"] for proof in telling.proofs),
        sum(proof["fallback"] for proof in telling.proofs),
    )


def summaries(release: Release) -> list[Summary]:
    """Return those of all audiences."""
    return [summary(telling) for telling in Telling.objects.filter(case=release.pk).order_by("pk")]


def suppressed(telling: Telling, document: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the suppressed cells in the order of the document, in words."""
    known = {one["code"]: one for one in document["indicators"]}
    places = {way: labels(document, way) for way in WAYS}
    rows = []
    for cell in telling.cells:
        if cell["status"] != Status.SUPPRESSED.value:
            continue
        one = known[cell["indicator"]]
        scale = HUNDRED if one["kind"] == "ratio" else 1
        rows.append(
            {
                "indicator": one,
                "place": ", ".join(places[way].get(code, code) for way, code in cell["at"].items()),
                "value": rounded(cell["value"] * scale),
                "groups": cell["groups"],
                "reason": REASONS[Reason(cell["reason"])],
                "low": _end(cell, 0),
                "high": _end(cell, 1),
            }
        )
    return rows


def _end(cell: dict[str, Any], which: int) -> float | None:
    end = cell["interval"][which] if cell["interval"] else None
    if end is None:
        return None
    # What the solver's arithmetic leaves of nothing is nothing.
    return rounded(end) if abs(end) > abs(cell["value"]) * DUST else 0.0
