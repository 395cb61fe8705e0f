"""Which Member States may be asked to support a proposal, after one of them did not (decline_support, P3)."""

from typing import Any

from proposals.document.rules import counting, taking_part
from proposals.enums import State
from proposals.models import Proposal


def eligible(document: dict[str, Any]) -> list[str]:
    """Return the codes of those that both take part and benefit, in the document's order: others cannot originate it."""
    count = counting(document)
    return [code for code in taking_part(document) if code in count]


def declined(proposal: Proposal) -> set[str]:
    """Return the codes of those that did not support the proposal or one it follows."""
    found: set[str] = set()
    one: Proposal | None = proposal
    while one is not None:
        if one.state == State.NOT_SUPPORTED and one.originating_ams_id:
            found.add(one.originating_ams_id)
        one = one.follows
    return found
