"""Which cells of frozen figures an audience may be told, in the light of all that was given before (M5)."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from aipbi.asean import defaults
from aipbi.asean.models import Indicator as Row
from aipbi.asean.models import IndicatorEdition
from aipbi.asean.names import member_state_names, sector_names
from monitoring.disclosure import (
    Contributions,
    Dimension,
    Earlier,
    Indicator,
    Outcome,
    Parameters,
    Proof,
    Reason,
    Status,
    Table,
    protect,
)
from monitoring.models import Telling
from monitoring.portfolio.figures import measured
from monitoring.releases.enums import Audience

# CPU time for one family of indicators, from building its system to the proof; a release has about a dozen, twice.
SECONDS = 10.0
ONE_WAY = (("ams",), ("sector",), ("year",))
# The FG-GVC also reads where what was added when. Protected with the margins, and with all that is public, as one system.
CROSSED = (("ams", "year"), ("sector", "year"))
TABLES = {Audience.PUBLIC: ONE_WAY, Audience.INSIDE: (*ONE_WAY, *CROSSED)}
TOLD = {Status.PUBLISHED.value, Status.ZERO.value}
# Whoever is told one may know the others, too: FG-GVC members and researchers read what is public.
KNOWN = {
    Audience.PUBLIC: (Audience.PUBLIC, Audience.RESEARCH),
    Audience.RESEARCH: (Audience.PUBLIC, Audience.RESEARCH),
    Audience.INSIDE: (Audience.PUBLIC, Audience.RESEARCH, Audience.INSIDE),
}
REASONS = {
    Reason.THRESHOLD: _("too few corporate groups"),
    Reason.COUNT: _("counts add up to too few"),
    Reason.P_PERCENT: _("the largest group could be estimated too closely"),
    Reason.COALITION: _("a Member State that knows its own cases could tell the rest"),
    Reason.DOMINANCE: _("the two largest groups make up nearly all"),
    Reason.DIFFERENCING: _("the difference to an earlier release would tell"),
    Reason.RATIO: _("another part is suppressed: amount, numerator or denominator"),
    Reason.COMPLEMENTARY: _("it protects other suppressed figures"),
    Reason.FALLBACK: _("no safe choice was found in time"),
}


def indicators(on: date) -> list[Row]:
    """Return the indicators of the edition in force on a day, in order."""
    edition = IndicatorEdition.objects.filter(in_force_from__lte=on).order_by("-in_force_from").first()
    found = Row.objects.filter(edition=edition).select_related("goal")
    return list(found.order_by("goal__order", "order"))


def rules_for(audience: str) -> Parameters:
    """Return the rules as the settings say today."""
    groups = "disclosure_inside_groups" if audience == Audience.INSIDE else "disclosure_public_groups"
    return Parameters(
        min_contributors=defaults.get(groups),
        p_percent=float(defaults.get("disclosure_percent")),
        dominance_k=float(defaults.get("disclosure_dominance")),
        seconds=SECONDS,
    )


def dimensions(years: Iterable[str]) -> list[Dimension]:
    """Return the Member States, sectors and years by which figures are told."""
    return [
        Dimension("ams", dict.fromkeys(member_state_names())),
        Dimension("sector", dict.fromkeys(sector_names())),
        Dimension("year", dict.fromkeys(sorted(set(filter(None, years))))),
    ]


def earlier(audience: str) -> list[Earlier]:
    """Return everything given before that a reader of this audience may know."""
    given = Telling.objects.filter(audience__in=KNOWN[Audience(audience)], given__isnull=False)
    return [as_earlier(telling) for telling in given.select_related("figures").order_by("given__at", "pk")]


def as_earlier(telling: Telling) -> Earlier:
    """Return a telling as later ones must take it into account."""
    with telling.figures.content.open() as file:
        contributions = Contributions.restored(file.read())
    return Earlier(contributions, frozenset(_key(cell) for cell in telling.cells if cell["status"] in TOLD))


def _key(cell: dict[str, Any]) -> tuple[str, tuple[tuple[str, str], ...]]:
    return cell["indicator"], tuple(sorted(cell["at"].items()))


def decide(
    figures: Contributions,
    rows: Sequence[Row],
    audience: str,
    *,
    parents: dict[str, str],
    before: Sequence[Earlier],
    waived: frozenset[str] = frozenset(),
    tables: Sequence[tuple[str, ...]] = ONE_WAY,
    say: Callable[[int, int, str], None] | None = None,
) -> dict[str, Any]:
    """Return what `keep` writes down. Raises `disclosure.InputError` with every fault of the figures."""
    rules = rules_for(audience)
    years = {year for one in (figures, *(old.contributions for old in before)) for year in one.names["year"]}
    outcome = protect(
        figures, measured(rows), dimensions(years), tables=[Table(names) for names in tables], rules=rules,
        earlier=before, parents=parents, waived=waived, progress=say,
    )  # fmt: skip
    return {
        "audience": str(audience),
        "tables": [list(names) for names in tables],
        "rules": asdict(rules),
        "projects": outcome.projects,
        "cells": [_cell(cell) for cell in outcome.cells.values()],
        "proofs": [_proof(proof) for proof in outcome.proofs],
        "notes": outcome.notes,
    }


def told(decided: dict[str, Any], figures: Contributions) -> Earlier:
    """Return what was just decided as it binds another telling of the same figures."""
    return Earlier(figures, frozenset(_key(cell) for cell in decided["cells"] if cell["status"] in TOLD))


def _cell(cell: Any) -> dict[str, Any]:
    return {
        "indicator": cell.indicator,
        "at": dict(cell.coords),
        "status": cell.status.value,
        "value": cell.value,
        "reason": cell.reason.value if cell.reason else "",
        "interval": [_finite(end) for end in cell.interval] if cell.interval else None,
        "groups": cell.contributors,
    }


def _finite(end: float) -> float | None:
    return end if abs(end) < float("inf") else None


def _proof(proof: Proof) -> dict[str, Any]:
    return {**asdict(proof), "indicators": list(proof.indicators)}


__all__ = ["Indicator", "Outcome", "as_earlier", "decide", "dimensions", "earlier", "indicators", "rules_for", "told"]
