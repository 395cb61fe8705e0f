"""Two windows on one assessment: what the other one saved stays, and what this one typed stays (L2, R3)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aipbi.workflow.models import Subject, TrailEntry


@dataclass(frozen=True, slots=True)
class Clash:
    """An answer changed in both windows: its label, what the other window saved, and the field it stands in."""

    label: str
    theirs: str
    anchor: str


def since(subject: Subject, seen: int, empty: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the answers as the page showed them at revision `seen`, and those that were changed after it.

    Read from the trail, where each saving holds what it changed; `empty` has every answer before the first one.
    """
    saved = TrailEntry.objects.filter(
        case_id=subject.case_pk, subject_kind=subject.kind, subject_pk=subject.pk
    ).order_by("number")
    entries = list(saved.values_list("details", flat=True))
    known = max(len(entries) - (subject.revision - seen), 0)
    shown = dict(empty)
    for details in entries[:known]:
        shown |= {name: value for name, value in details.items() if name in empty}
    after: dict[str, Any] = {}
    for details in entries[known:]:
        after |= {name: value for name, value in details.items() if name in empty}
    return shown, after
