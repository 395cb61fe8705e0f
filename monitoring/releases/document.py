"""What is told of a release, as one document: page, PDF, workbook, CSV and JSON are all made from it (M6).

It holds values and signs, and nothing that only the Secretariat may know.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aipbi.asean.models import Indicator as Row
from aipbi.asean.names import member_state_names, sector_names
from monitoring.disclosure import SIGNS, Kind, Status
from monitoring.portfolio.figures import measured

SCHEMA = "/releases/release-1.json"
WAYS = {
    "ams": gettext_lazy("By Member State"),
    "sector": gettext_lazy("By sector"),
    "year": gettext_lazy("By year"),
}
# What a year tells depends on what is measured: not everything adds up over the years.
BY_YEAR = {
    Kind.AMOUNT: gettext_lazy("By year, what it added"),
    Kind.COUNT: gettext_lazy("By year, what it added"),
    Kind.DISTINCT: gettext_lazy("By year, each counted once in each"),
}
HUNDRED, DIGITS = 100.0, 4


def signs() -> list[dict[str, str]]:
    """Return what each sign stands for."""
    return [
        {"sign": SIGNS[Status.SUPPRESSED], "means": _("confidential: it could tell a company's figure, or help to")},
        {"sign": SIGNS[Status.ZERO], "means": _("zero: reported, and nothing")},
        {"sign": SIGNS[Status.NOT_REPORTED], "means": _("not reported: no project has a figure here")},
    ]


def labels(document: dict[str, Any], way: str) -> dict[str, str]:
    """Return the labels of Member States, sectors or years by code, in order."""
    return {place["code"]: place["label"] for place in document["places"][way]}


def _listed(names: dict[str, str]) -> list[dict[str, str]]:
    """Return them as a list: the database keeps no order of keys."""
    return [{"code": code, "label": label} for code, label in names.items()]


def compose(cells: Iterable[dict[str, Any]], rows: Sequence[Row], *, projects: int, until: date) -> dict[str, Any]:
    """Return the document, with labels as they stand now; number and day are added when it is published."""
    kinds = {one.code: one.kind for one in measured(rows)}
    told = [_told(cell, kinds[cell["indicator"]]) for cell in cells if cell["indicator"] in kinds]
    years = sorted({cell["year"] for cell in told if "year" in cell})
    return {
        "figures_until": until.isoformat(),
        "projects": projects,
        "nothing_passes": not any(isinstance(cell["value"], float) for cell in told),
        "signs": signs(),
        "places": {
            "ams": _listed(member_state_names()), "sector": _listed(sector_names()),
            "year": _listed({year: year for year in years}),
        },
        "indicators": [
            {
                "code": row.code, "name": row.name, "unit": row.unit, "goal": row.goal_id, "goal_label": row.goal.label,
                "kind": kinds[row.code].value, "better": row.better,
            }
            for row in rows
            if row.code in kinds
        ],
        "cells": told,
    }  # fmt: skip


def _told(cell: dict[str, Any], kind: Kind) -> dict[str, Any]:
    status = Status(cell["status"])
    value: float | None = None
    if status == Status.PUBLISHED:
        value = rounded(cell["value"] * (HUNDRED if kind == Kind.RATIO else 1))
    elif status == Status.ZERO:
        value = 0.0
    return {"indicator": cell["indicator"], **cell["at"], "value": value, "sign": SIGNS.get(status, "")}


def rounded(value: float) -> float:
    """Round to hundredths, and what is below one to four digits."""
    return round(value, 2) if abs(value) >= 1 else float(f"{value:.{DIGITS}g}")


def public(document: dict[str, Any], *, number: int, published_on: date, address: str) -> dict[str, Any]:
    """Return the document as it leaves the portal, in the order in which a reader wants it."""
    return {
        "$schema": f"{address.partition('/releases/')[0]}{SCHEMA}",
        "release": number,
        "published_on": published_on.isoformat(),
        "address": address,
        **document,
    }


def in_unit(unit: str, value: float | None) -> str:
    """Return the unit as it stands behind a number: what is counted has a plural, a measure such as `GWh` has none."""
    if unit not in _PLURALS or value is None or value == 1:
        return unit
    return str(_PLURALS[unit])


_PLURALS = {
    "company": gettext_lazy("companies"),
    "firm": gettext_lazy("firms"),
    "HS code": gettext_lazy("HS codes"),
    "policy": gettext_lazy("policies"),
    "project": gettext_lazy("projects"),
    "value chain": gettext_lazy("value chains"),
}


def is_count(indicator: dict[str, Any]) -> bool:
    """Whether it counts things rather than tells what changed; those come last (M7)."""
    return indicator["kind"] in {Kind.COUNT.value, Kind.DISTINCT.value}


def laid_out(document: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the document for the page: what changed by goal, then how many; each with its bars on one scale."""
    cells: dict[str, list[dict[str, Any]]] = {}
    for cell in document["cells"]:
        cells.setdefault(cell["indicator"], []).append(cell)
    groups: dict[str, dict[str, Any]] = {}
    places = {way: labels(document, way) for way in WAYS}
    for one in document["indicators"]:
        if one["code"] not in cells:
            continue
        counted = is_count(one)
        key = "counts" if counted else one["goal"]
        label = _("How many") if counted else one["goal_label"]
        group = groups.setdefault(key, {"key": key, "label": label, "indicators": []})
        group["indicators"].append(_indicator(one, cells[one["code"]], places))
    counts = groups.pop("counts", None)
    return [*groups.values(), *([counts] if counts else [])]


def _indicator(one: dict[str, Any], cells: list[dict[str, Any]], places: dict[str, dict[str, str]]) -> dict[str, Any]:
    total = next((cell for cell in cells if not set(cell) & set(places)), None)
    ways = []
    for name, label in WAYS.items():
        own = {cell[name]: cell for cell in cells if name in cell and len(set(cell) & set(places)) == 1}
        if any(cell["sign"] != SIGNS[Status.NOT_REPORTED] for cell in own.values()):
            said = BY_YEAR.get(Kind(one["kind"]), label) if name == "year" else label
            ways.append({"name": name, "label": said, "rows": _bars(own, places[name])})
    reported = bool(ways) or (total is not None and total["sign"] != SIGNS[Status.NOT_REPORTED])
    unit = in_unit(one["unit"], total["value"] if total else None)
    return {**one, "total": total, "total_unit": unit, "ways": ways, "reported": reported}


def crossed(document: dict[str, Any], code: str) -> list[dict[str, Any]]:
    """Return an indicator's two-way tables, each with its totals and its bars on one scale; none where none were told."""
    own = {_place(cell): cell for cell in document["cells"] if cell["indicator"] == code}
    years = labels(document, "year")
    tables = []
    for way in ("ams", "sector"):
        inner = {place: cell for place, cell in own.items() if {name for name, _code in place} == {way, "year"}}
        told = {cell[way] for cell in inner.values() if cell["sign"] != SIGNS[Status.NOT_REPORTED]}
        longest = max((abs(cell["value"] or 0.0) for cell in inner.values()), default=0.0)
        rows = [
            {
                "place": label,
                "cells": [_barred(own[frozenset({(way, at), ("year", year)})], longest) for year in years],
                "total": own.get(frozenset({(way, at)})),
            }
            for at, label in labels(document, way).items()
            if at in told
        ]
        if rows:
            totals = [own.get(frozenset({("year", year)})) for year in years]
            tables.append(
                {"name": way, "rows": rows, "years": list(years), "totals": totals, "total": own.get(frozenset())}
            )
    return tables


def _place(cell: dict[str, Any]) -> frozenset[tuple[str, str]]:
    return frozenset((name, cell[name]) for name in WAYS if name in cell)


def _barred(cell: dict[str, Any], longest: float) -> dict[str, Any]:
    bar = f"{abs(cell['value']) / longest * HUNDRED:.2f}" if longest and cell["value"] else ""
    return {**cell, "bar": bar}


def _bars(own: dict[str, dict[str, Any]], places: dict[str, str]) -> list[dict[str, Any]]:
    longest = max((abs(cell["value"] or 0.0) for cell in own.values()), default=0.0)
    return [
        {
            "place": label,
            **_barred(own[code], longest),
        }
        for code, label in places.items()
        if code in own
    ]
