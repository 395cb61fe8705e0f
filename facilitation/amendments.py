"""Whom a change affects, what still stands against it, and who is the proponent now (D6)."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from aipbi.asean.models import MemberState
from aipbi.asean.names import category_names, member_state_names
from facilitation.enums import GIVEN, AmendmentState, Change, Said
from facilitation.models import Amendment, AmendmentWord, Benefit, Concurrence
from facilitation.queries import in_a_sentence, not_agreed, participating
from proposals.models import Proposal
from proposals.taking import takes_part_in
from review.rounds import verbs, words


def open_one(proposal: Proposal) -> Amendment | None:
    """Return the amendment on which Member States are asked now."""
    return Amendment.objects.filter(proposal=proposal, state=AmendmentState.OPEN).first()


def affected(amendment: Amendment) -> list[MemberState]:
    """Return whom the change affects among those that take part, in ASEAN's order; the originating one where it is nobody else.

    A site: the Member State it lies in. A category: those that give something in it, else those that take part in it.
    The proponent: everybody who gives something, and the originating Member State. A Member State that joins or
    leaves: itself, the originating one, and whoever gives a benefit together with it.
    """
    proposal = amendment.proposal
    codes: set[str] = set()
    for change in amendment.changes:
        codes |= _AFFECTED[Change(change)](amendment)
    found = [one for one in participating(proposal) if one.code in codes]
    return found or [one for one in participating(proposal) if one.code == proposal.originating_ams_id]


def _by_site(amendment: Amendment) -> set[str]:
    return set(amendment.states)


def _by_category(amendment: Amendment) -> set[str]:
    giving = _giving(amendment.proposal, benefit__category__in=amendment.categories)
    return giving or {code for category in amendment.categories for code in takes_part_in(amendment.proposal, category)}


def _by_proponent(amendment: Amendment) -> set[str]:
    return _giving(amendment.proposal) | _origin(amendment.proposal)


def _by_member_state(amendment: Amendment) -> set[str]:
    together = Benefit.objects.filter(proposal=amendment.proposal, concurrences__ams__in=amendment.states).standing()
    return set(amendment.states) | _origin(amendment.proposal) | _giving(amendment.proposal, benefit__in=together)


_AFFECTED = {
    Change.SITE: _by_site,
    Change.CATEGORY: _by_category,
    Change.PROPONENT: _by_proponent,
    Change.MEMBER_STATE: _by_member_state,
}


def _origin(proposal: Proposal) -> set[str]:
    return {str(proposal.originating_ams_id)}


def _giving(proposal: Proposal, **which: Any) -> set[str]:
    standing = Benefit.objects.filter(proposal=proposal).standing()
    found = Concurrence.objects.filter(Q(**which), benefit__in=standing, state__in=GIVEN)
    return set(found.values_list("ams_id", flat=True))


def touched(found: Iterable[Amendment]) -> None:
    """Add to each amendment, as `about`, the names of the Member States and categories that it touches."""
    names, categories = member_state_names(), category_names()
    for one in found:
        about = [*(names[ams] for ams in one.states), *(categories.get(key, key) for key in one.categories)]
        one.about = about  # type: ignore[attr-defined]


def lacking(amendment: Amendment) -> Iterator[str]:
    """Yield what keeps an open amendment from being agreed, in words."""
    said = AmendmentWord.objects.filter(amendment=amendment).select_related("ams").order_by("ams__order")
    taking_part = {one.code for one in participating(amendment.proposal)}
    held = [one for one in said if one.ams_id in taking_part]
    awaited = [one.ams for one in held if one.state == Said.ASKED]
    against = [one.ams for one in held if one.state == Said.OBJECTS]
    if awaited:
        yield _("It waits for %(states)s.") % {"states": in_a_sentence(awaited)}
    if against:
        yield _("%(states)s objected. Consult again, or give the amendment up.") % {"states": in_a_sentence(against)}
    yield from not_agreed(amendment.proposal)
    if reasons := verbs.fails(amendment.proposal):
        yield _("Those that take part now cannot carry the project.")
        yield from words.sentences(reasons)


def unfinished(proposal: Proposal) -> list[int]:
    """Return the numbers of the benefits that were proposed and are not final."""
    found = Benefit.objects.filter(proposal=proposal, finalised_at__isnull=True).standing()
    return list(found.order_by("number").values_list("number", flat=True))


def told_in(amendments: Iterable[Amendment]) -> str:
    """Return the changes as the letter tells them, one to a line."""
    return "\n".join(" ".join(one.what.split()) for one in amendments)
