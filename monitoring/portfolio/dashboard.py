"""The FG-GVC's dashboard: the newest figures put before it, at its own threshold (M5, M7)."""

from typing import Any

from django.core.cache import cache
from django.utils.translation import gettext_lazy

from aipbi.accounts.days import today
from monitoring.models import Release, Telling
from monitoring.releases import document, protecting
from monitoring.releases.enums import SHARED, Audience

CROSSED = {"ams": gettext_lazy("By Member State and year"), "sector": gettext_lazy("By sector and year")}
DRAWN_SECONDS = 60 * 60


def newest() -> Release | None:
    """Return the release whose figures the FG-GVC reads."""
    found = Release.objects.filter(state__in=SHARED).select_related("case").defer("document")
    return found.order_by("-begun_at").first()


def told(release: Release) -> dict[str, Any]:
    """Return its figures for the inside, as a document with labels as they stand; remembered, as they are frozen."""
    key = f"portfolio:{release.pk}"
    found: dict[str, Any] | None = cache.get(key)
    if found is None:
        telling = Telling.objects.get(case=release.pk, audience=Audience.INSIDE)
        rows = protecting.indicators(today())
        found = document.compose(telling.cells, rows, projects=telling.projects, until=release.figures_until)
        cache.set(key, found, DRAWN_SECONDS)
    return found


def crossed(told: dict[str, Any], asked: str) -> dict[str, Any]:
    """Return what the page of one indicator reads: its two-way tables, and the indicators to choose from, outcomes first.

    Those come that are told by year; the first is shown where `asked` is none of them.
    """
    yearly = {cell["indicator"] for cell in told["cells"] if "year" in cell and ("ams" in cell or "sector" in cell)}
    choices = [one for group in document.laid_out(told) for one in group["indicators"] if one["code"] in yearly]
    chosen = next((one for one in choices if one["code"] == asked), choices[0] if choices else None)
    tables = document.crossed(told, chosen["code"]) if chosen else []
    return {"choices": choices, "chosen": chosen, "tables": [{**one, "label": CROSSED[one["name"]]} for one in tables]}
