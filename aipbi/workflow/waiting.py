"""What is owed as plain lines, for lists and desks: one query, and no model built per row."""

from collections.abc import Collection
from typing import Any

from django.db.models import F

from aipbi.accounts.capacity import Capacity
from aipbi.accounts.enums import Role
from aipbi.accounts.models.office import label_of
from aipbi.workflow.models import Obligation
from aipbi.workflow.obligations import KINDS, address, known_to, ordered

READ = (
    "case_id", "kind", "subject_kind", "subject_pk", "due_at", "paused_at", "case__code", "case__reference",
    "office__role", "office__ams_id", "office__ams__name", "office__body__acronym", "organisation__name",
)  # fmt: skip


def lines(found: Any, *more: str) -> list[dict[str, Any]]:
    """Return the obligations as dicts of what was read and `more`, with `what`, `who` and `link` in words."""
    return dressed(list(found.values(*READ, *more)))


def dressed(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Add to what was read (`READ`) `what`, `who` and `link` in words; a line may stand for as many `alike`."""
    what = {kind: str(KINDS[kind].label) for kind in {row["kind"] for row in rows}}
    for row in rows:
        many, alike = KINDS[row["kind"]].many, row.get("alike", 1)
        row["what"] = many(alike) if many and alike > 1 else what[row["kind"]]
        row["who"] = _party(row)
        row["link"] = address(row["kind"], row["case__code"], row["subject_kind"], row["subject_pk"])
    return rows


def named(rows: list[dict[str, Any]]) -> None:
    """Let lines of a kind that names its subjects say what exactly is owed; one query for each such kind."""
    for kind in {row["kind"] for row in rows}:
        if name := KINDS[kind].named:
            mine = [row for row in rows if row["kind"] == kind]
            words = name({row["subject_pk"] for row in mine})
            for row in mine:
                row["what"] = words.get(row["subject_pk"], row["what"])


def first_by_case(viewer: Capacity, cases: Collection[int]) -> dict[int, dict[str, Any]]:
    """Return, by case, the most urgent line that a reader of these cases may know of; one whose clock runs first."""
    known = known_to(viewer, Obligation.objects.open().filter(case__in=cases))
    urgent = ordered(known, "case", F("paused_at").asc(nulls_first=True)).distinct("case")
    return {line["case_id"]: line for line in lines(urgent)}


def _party(row: dict[str, Any]) -> str:
    """Say who owes it as `Obligation.party_label` does."""
    if role := row["office__role"]:
        return label_of(role, row["office__ams__name"] or row["office__body__acronym"] or "")
    return row["organisation__name"] or str(Role.EXPERT.label)
