"""Two versions of the report's texts side by side (R6)."""

from collections.abc import Mapping
from typing import Any

from proposals.comparison import Row, pieces
from proposals.models import Proposal
from review.report.forms import ReportForm
from review.report.models import TEXTS, ReportText


def compared(proposal: Proposal, asked: Mapping[str, str]) -> dict[str, Any]:
    """Return the versions of the case, and the two asked for (`a` and `b`; else the last two) text by text."""
    versions = list(ReportText.objects.filter(draft__proposal=proposal).select_related("written_by").order_by("number"))
    if not versions:
        return {"versions": []}
    by_number = {str(one.number): one for one in versions}
    after = by_number.get(asked.get("b", ""), versions[-1])
    before = by_number.get(asked.get("a", ""), versions[max(len(versions) - 2, 0)])
    return {"versions": versions, "before": before, "after": after, "rows": list(map(_row(before, after), TEXTS))}


def _row(before: ReportText, after: ReportText) -> Any:
    def row(name: str) -> Row:
        one, other = getattr(before, name), getattr(after, name)
        left, right = pieces(one, other)
        return Row(str(ReportForm.base_fields[name].label), left, right, changed=one != other)

    return row
