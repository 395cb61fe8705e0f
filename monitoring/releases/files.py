"""A release as PDF, workbook, CSV and JSON, all of one document (M6)."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from aipbi.accounts.days import SECRETARIAT
from aipbi.documents import pdf, sheets
from aipbi.templatetags.portal import day_in_words
from monitoring.models import Release
from monitoring.releases import document

TYPES = {
    "pdf": "application/pdf",
    "xlsx": sheets.XLSX_TYPE,
    "csv": sheets.CSV_TYPE,
    "json": "application/json",
}


@dataclass(frozen=True, slots=True)
class Made:
    """One file: its name, type and content."""

    name: str
    media_type: str
    content: bytes


def name(number: int, kind: str) -> str:
    """Return what a file of a release is called."""
    return f"aipbi-release-{number}.{kind}"


def make(release: Release) -> list[Made]:
    """Make all four."""
    told = whole(release)
    as_json = json.dumps(told, ensure_ascii=False, indent=1).encode()
    contents = {"json": as_json, "csv": _csv(told), "xlsx": _xlsx(told), "pdf": _pdf(release, told, as_json)}
    return [Made(name(release.number or 0, kind), TYPES[kind], contents[kind]) for kind in TYPES]


def whole(release: Release) -> dict[str, Any]:
    """Return the document with number, day and stable address."""
    on = (
        timezone.localdate(release.published_at, SECRETARIAT)
        if release.published_at
        else timezone.localdate(timezone=SECRETARIAT)
    )
    address = f"{settings.PORTAL_URL}{reverse('release_public', args=[release.number])}"
    return document.public(release.document, number=release.number or 0, published_on=on, address=address)


def _labels(told: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
    known = {one["code"]: one for one in told["indicators"]}
    places = {way: document.labels(told, way) for way in document.WAYS}
    for cell in told["cells"]:
        one = known[cell["indicator"]]
        place = {way: places[way].get(cell.get(way, ""), "") for way in document.WAYS}
        yield (
            one["goal_label"], one["code"], one["name"], one["unit"], place["ams"], place["sector"], place["year"],
            cell["value"], cell["sign"],
        )  # fmt: skip


def _columns() -> list[sheets.Column]:
    return [
        sheets.Column(_("Strategic goal"), 28), sheets.Column(_("Code"), 8), sheets.Column(_("Indicator"), 44),
        sheets.Column(_("Unit"), 14), sheets.Column(_("Member State"), 20), sheets.Column(_("Sector"), 34),
        sheets.Column(_("Year"), 8), sheets.Column(_("Value"), 20), sheets.Column(_("Sign"), 6),
    ]  # fmt: skip


def sheet(told: dict[str, Any]) -> sheets.Sheet:
    """Return the figures of a document as one sheet, a row per cell."""
    return sheets.Sheet(_("Figures"), _columns(), _labels(told))


def _csv(told: dict[str, Any]) -> bytes:
    to = BytesIO()
    sheets.write_csv(sheet(told), to)
    return to.getvalue()


def _xlsx(told: dict[str, Any]) -> bytes:
    facts: list[tuple[Any, Any]] = [
        (_("Release"), told["release"]), (_("Published on"), told["published_on"]),
        (_("Periods that ended until"), told["figures_until"]), (_("Projects that report"), told["projects"]),
        (_("Address"), told["address"]), *((one["sign"], one["means"]) for one in told["signs"]),
        (_("No place, sector or year"), _("The total of all projects")),
    ]  # fmt: skip
    about = sheets.Sheet(_("About"), [sheets.Column(_("What"), 28), sheets.Column(_("It says"), 80)], facts)
    to = BytesIO()
    sheets.write_xlsx([sheet(told), about], to)
    return to.getvalue()


def _pdf(release: Release, told: dict[str, Any], as_json: bytes) -> bytes:
    return pdf.render(
        "monitoring/releases/release_pdf.html",
        {
            "told": told, "groups": document.laid_out(told), "changes": release.changes,
            "published_on": day_in_words(date.fromisoformat(told["published_on"])),
            "until": day_in_words(date.fromisoformat(told["figures_until"])),
        },
        title=_("What AIPBI projects have changed: release %(n)d") % {"n": told["release"]},
        attachments=[pdf.Attachment(name(told["release"], "json"), as_json, _("The same figures as data"), "Data", release.published_at)],
    )  # fmt: skip
