"""The common measures that come with the portal: loaded once, then ASEC's to edit (F3)."""

import json
from pathlib import Path

from aipbi.asean.names import category_names
from facilitation.models import MeasureTemplate

FILE = Path(__file__).resolve().parent / "data" / "measures.json"


def load() -> int:
    """Make the first version of each common measure that was never there; return how many were made. Safe to repeat."""
    have = set(MeasureTemplate.objects.values_list("code", flat=True))
    fresh = [one for one in json.loads(FILE.read_text(encoding="utf-8")) if one["code"] not in have]
    MeasureTemplate.objects.bulk_create(MeasureTemplate(number=1, **one) for one in fresh)
    return len(fresh)


def latest(code: str) -> MeasureTemplate | None:
    """Return the version in force of the measure with this code, unless it is no longer offered."""
    found = MeasureTemplate.objects.filter(code=code).order_by("-number").first()
    return found if found and not found.retired else None


def by_category() -> list[tuple[str, list[MeasureTemplate]]]:
    """Return the versions in force by the labels of the categories, in their order."""
    newest = MeasureTemplate.objects.order_by("code", "-number").distinct("code")
    offered = sorted((one for one in newest if not one.retired), key=lambda one: one.title)
    return [
        (label, found)
        for code, label in category_names().items()
        if (found := [one for one in offered if one.category == code])
    ]
