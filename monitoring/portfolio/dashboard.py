"""The FG-GVC's dashboard: the newest figures put before it, at its own threshold (M5, M7)."""

from typing import Any

from django.core.cache import cache

from aipbi.accounts.days import today
from monitoring.models import Release, Telling
from monitoring.releases import document, protecting
from monitoring.releases.enums import SHARED, Audience

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
