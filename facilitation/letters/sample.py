"""A letter as it would read in a real case, of words that are being written and are not saved anywhere (F4)."""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from aipbi.accounts.capacity import Capacity, today
from facilitation.enums import BENEFITS, DECIDED, Purpose
from facilitation.letters import compose, coverage, first, superseding
from facilitation.models import Letter
from proposals.models import Proposal

_LISTED = 25


def cases(viewer: Capacity) -> QuerySet[Proposal]:
    """Return the cases that the reader may open, those that moved last first."""
    return Proposal.objects.visible_to(viewer).select_related("case", "organisation").order_by("-moved_at", "-pk")


def offered(viewer: Capacity) -> list[Proposal]:
    """Return the cases to choose from at once; any other is found by its reference or code."""
    return list(cases(viewer).defer("answers")[:_LISTED])


def find(viewer: Capacity, name: str) -> Proposal | None:
    """Return the reader's case with this reference or code, however it is spelt."""
    name = name.strip().partition(" ")[0]
    found = cases(viewer)
    return found.filter(case__reference__iexact=name).first() or found.filter(case__code=name.lower()).first()


def shown(purpose: str, words: Mapping[str, str], proposal: Proposal) -> dict[str, Any]:
    """Return what a letter of this kind and these words would say in the case today.

    What the case does not have yet, as reasons or a letter before, is named in brackets.
    """
    letter = Letter(
        proposal=proposal,
        purpose=purpose,
        addressee=first.addressee(proposal),
        decision_reference=_decision(purpose, proposal),
        particulars=first.particulars(proposal, purpose),
        contact=first.contact(),
        **words,
    )
    if not letter.particulars and purpose not in BENEFITS:
        letter.particulars = _("(the reasons, or what is missing)")
    if purpose in (Purpose.AMENDMENT, Purpose.REVOCATION):
        before = superseding.last_issued(proposal) or Letter(
            proposal=proposal, number=_("(the letter before)"), dated=today(), content={}
        )
        if purpose == Purpose.REVOCATION:
            letter.revokes = before
        else:
            letter.supersedes = before
            because = superseding.reason(proposal, before) if before.pk else ""
            letter.superseding_because = because or _("(what changed)")
    return compose.shown(letter)


def _decision(purpose: str, proposal: Proposal) -> str:
    """Return the decision, for the kinds of letter that tell one."""
    if purpose not in DECIDED - {Purpose.REVOCATION}:
        return ""
    return first.decision_reference(proposal) or _("(the decision)")


def unprintable(said: dict[str, Any]) -> list[str]:
    """Return what of it no font has."""
    return list(coverage.faults(said))
