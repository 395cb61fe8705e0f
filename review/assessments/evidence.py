"""What the proposal says on each parameter, taken from the version assessed, to be read beside the rating."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format, number_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from aipbi.accounts import countries
from aipbi.asean.names import stage_names
from proposals.document.faults import item_path
from proposals.document.schema import SECTIONS
from proposals.document.values import month
from review.states import in_words

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Said:
    """One answer: its place in the document, a short heading and the text, line breaks kept."""

    path: str
    heading: str
    text: str


def said(parameter: str, document: Document) -> list[Said]:
    """Return the answers that bear on the parameter (by its code), without the empty ones."""
    found = _SECTIONS.get(parameter, lambda _document: [])(document)
    return [one for one in found if one.text.strip()]


def section(parameter: str) -> str:
    """Return the section of the document that answers the parameter (by its code); the first for an unknown one."""
    return next((one.slug for one in SECTIONS if parameter in one.parameters), SECTIONS[0].slug)


def _text(value: object) -> str:
    if isinstance(value, bool) or value is None:
        return ""
    if isinstance(value, (int, float)):
        return number_format(value, force_grouping=True)
    return str(value)


def _rows(document: Document, key: str) -> list[dict[str, Any]]:
    return [row for row in document.get(key) or [] if isinstance(row, dict)]


def _placed(document: Document, key: str) -> list[tuple[str, dict[str, Any]]]:
    """Return the items of a list with their places, as the document's own pages name them."""
    found = enumerate(document.get(key) or [])
    return [(item_path(key, place), row) for place, row in found if isinstance(row, dict)]


def _named(codes: object) -> str:
    return in_words([codes] if isinstance(codes, str) else list(codes) if isinstance(codes, list) else [])


def _lines(*pairs: tuple[str, object]) -> str:
    return "\n".join(f"{label}: {_text(value)}" for label, value in pairs if _text(value))


def _month(value: object) -> str:
    found = month(value)
    return date_format(date(*found, 1), "F Y") if found else _text(value)


def _project(document: Document) -> list[Said]:
    lead = document.get("lead") or {}
    partners = [f"{one.get('name')} ({countries.name(str(one.get('country')))})" for one in _rows(document, "partners")]
    facts = _lines(
        (_("Lead organisation"), lead.get("name")),
        (_("Partners"), "; ".join(partners)),
        (_("From"), _month(document.get("starts"))),
        (_("Until"), _month(document.get("ends"))),
        (_("Investment, USD"), document.get("investment_usd")),
    )
    return [
        Said("summary", _("Summary"), _text(document.get("summary"))),
        Said("background", _("Background"), _text(document.get("background"))),
        Said("objectives", _("Objectives"), _text(document.get("objectives"))),
        Said("lead", _("Facts"), facts),
    ]


def _roadblocks(document: Document) -> list[Said]:
    return [
        Said(
            path,
            _("Roadblock in %(states)s") % {"states": _named(row.get("ams"))},
            "\n".join(filter(None, [_text(row.get("description")), _lines((_("Evidence"), row.get("evidence")))])),
        )
        for path, row in _placed(document, "roadblocks")
    ]


def _requests(document: Document) -> list[Said]:
    return [
        Said(
            path,
            _("Request %(rank)s, to %(body)s and %(states)s")
            % {"rank": row.get("rank"), "body": row.get("body") or "–", "states": _named(row.get("ams"))},
            "\n".join(
                filter(None, [_text(row.get("measure")), _lines((_("Expected effect"), row.get("expected_effect")))])
            ),
        )
        for path, row in _placed(document, "requests")
    ]


def _participants(document: Document) -> list[Said]:
    chain = str(document.get("value_chain"))
    return [
        Said(
            path,
            capfirst(_named(row.get("ams"))),
            _lines(
                (_("Role"), row.get("role")),
                (_("Stage"), stage_names().get((chain, str(row.get("stage"))), row.get("stage"))),
                (_("Sites"), "; ".join(map(str, row.get("sites") or []))),
                (_("Passes on to"), _named(row.get("flows_to"))),
            ),
        )
        for path, row in _placed(document, "participants")
    ]


def _impacts(*columns: tuple[str, str]) -> Callable[[Document], list[Said]]:
    def section(document: Document) -> list[Said]:
        return [
            Said(
                path,
                f"{capfirst(_named(row.get('ams')))}, {row.get('year')}",
                _lines(
                    *[(_(label), row.get(key)) for key, label in columns],
                    (_("Method"), row.get("method")),
                    (_("Source"), row.get("source")),
                    (_("Baseline year"), str(row.get("baseline_year") or "")),
                ),
            )
            for path, row in _placed(document, "impacts")
        ]

    return section


def _decarbonisation(document: Document) -> list[Said]:
    part = document.get("decarbonisation") or {}
    return [
        Said(
            "decarbonisation",
            _("Decarbonisation"),
            _lines(
                (_("Avoided per year, tonnes of CO₂ equivalent"), part.get("tco2e_per_year")),
                (_("Baseline"), part.get("baseline")),
                (_("Method"), part.get("method")),
            ),
        ),
    ]


def _inclusion(document: Document) -> list[Said]:
    return [
        Said(
            path,
            _text(row.get("group")),
            _lines((_("Measure"), row.get("measure")), (_("People reached"), row.get("people"))),
        )
        for path, row in _placed(document, "inclusion")
    ]


_SECTIONS: dict[str, Callable[[Document], list[Said]]] = {
    "project_details": _project,
    "challenges_faced": _roadblocks,
    "facilitation_request": _requests,
    "number_of_ams": _participants,
    "economic_growth": _impacts(("gdp_usd", "Value added, USD"), ("exports_usd", "Exports, USD")),
    "job_creation": _impacts(("jobs_direct", "Direct jobs"), ("jobs_indirect", "Indirect jobs")),
    "msmes_and_suppliers": _impacts(("msmes", "MSMEs and suppliers")),
    "decarbonisation": _decarbonisation,
    "inclusive_development": _inclusion,
}
PARAMETERS = tuple(_SECTIONS)
