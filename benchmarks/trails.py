"""The trails of copied cases, chained and sealed by the portal's own function."""

import json
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

from aipbi.workflow import trail
from aipbi.workflow.models import TrailEntry
from benchmarks.copies import Copy
from benchmarks.multiply import STRIDE
from benchmarks.tables import copy_in

AT_ONCE = 500
_COLUMNS = [field.attname for field in TrailEntry._meta.concrete_fields]


def write_trails(copies: Sequence[Copy]) -> int:
    """Write every copy's trail, set its `trail_head`, and return how many entries there are."""
    walked: dict[int, list[dict[str, Any]]] = {}
    for entry in TrailEntry.objects.filter(case__in={one.walked for one in copies}).order_by("case", "number").values():
        walked.setdefault(entry["case_id"], []).append(dict(entry))
    written = 0
    for first in range(0, len(copies), AT_ONCE):
        rows = [row for one in copies[first : first + AT_ONCE] for row in _trail(walked[one.walked], one)]
        copy_in(TrailEntry._meta.db_table, _COLUMNS, rows)
        written += len(rows)
    return written


def _trail(walked: list[dict[str, Any]], one: Copy) -> list[list[Any]]:
    rows = []
    for entry in walked:
        row = {
            **entry,
            "id": entry["id"] + one.number * STRIDE,
            "case_id": one.walked + one.number * STRIDE,
            "at": entry["at"] - one.age,
            "subject_pk": entry["subject_pk"] + one.number * STRIDE,
            "details": _renamed(entry["details"], one),
            "previous": one.trail_head,
        }
        if entry["organisation_id"] == one.organisation:
            row |= {"organisation_id": one.new_organisation, "person_id": one.new_person, "capacity": one.new_name}
        one.trail_head = row["digest"] = trail.digest(SimpleNamespace(**row))  # type: ignore[arg-type] # reads alike
        rows.append([row[column] for column in _COLUMNS])
    return rows


def _renamed(details: dict[str, Any], one: Copy) -> dict[str, Any]:
    text = json.dumps(details)
    if one.code not in text and not (one.reference and one.reference in text):
        return details
    text = text.replace(one.code, one.new_code)
    return json.loads(text.replace(one.reference, one.new_reference) if one.reference else text)
