"""What an invited expert is shown before the declaration: enough to tell a conflict of interest, no answer (R2)."""

from dataclasses import dataclass
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from aipbi.accounts import countries
from proposals.models import Proposal
from review.states import in_words


@dataclass(frozen=True, slots=True)
class Fact:
    """A line of the outline."""

    label: str
    value: str


def facts(proposal: Proposal) -> list[Fact]:
    """Return who stands behind the project, what it is about and where it is."""
    document: dict[str, Any] = proposal.version.document if proposal.version else {}
    partners = [_organisation(one) for one in document.get("partners") or []]
    found = [
        Fact(_("Lead organisation"), _organisation(document.get("lead") or {})),
        Fact(_("Partners"), "; ".join(filter(None, partners))),
        Fact(_("Member States"), capfirst(in_words(one.ams_id for one in proposal.participations.on_the_case()))),
        Fact(_("Sector"), str(proposal.sector or "")),
        Fact(_("Value chain"), str(proposal.value_chain or "")),
    ]
    return [fact for fact in found if fact.value]


def _organisation(one: dict[str, Any]) -> str:
    """Return an organisation with its group and country."""
    group = one.get("corporate_group")
    parts = [group if group != one.get("name") else "", countries.name(str(one.get("country") or ""))]
    beside = ", ".join(str(part) for part in parts if part)
    return f"{one.get('name')} ({beside})" if one.get("name") else ""
