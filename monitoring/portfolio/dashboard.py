"""The FG-GVC's dashboard: the newest figures put before it, at its own threshold (M5, M7)."""

from typing import Any

from django.core.cache import cache
from django.utils.translation import gettext_lazy

from aipbi.accounts.days import today
from monitoring.disclosure import Kind
from monitoring.models import Release, Telling
from monitoring.releases import document, protecting
from monitoring.releases.enums import SHARED, Audience

CROSSED = {"ams": gettext_lazy("By Member State and year"), "sector": gettext_lazy("By sector and year")}
_ADDED = gettext_lazy("A year is told by what it added.")
A_YEAR = {
    Kind.AMOUNT: _ADDED,
    Kind.COUNT: _ADDED,
    Kind.DISTINCT: gettext_lazy(
        "A year tells what was reported on in it, each counted once; over all years each is counted once too, so that the years do not add up."
    ),
    Kind.RATIO: gettext_lazy("A share is told over all years: the years do not add up."),
}
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
    return {
        "choices": choices,
        "chosen": chosen,
        "year": A_YEAR[Kind(chosen["kind"])] if chosen else "",
        "tables": [{**one, "label": CROSSED[one["name"]]} for one in tables],
    }
