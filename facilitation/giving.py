"""Who can give a benefit: the Member States that take part in its category and are party to what it rests on (F3)."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from aipbi.accounts.capacity import today
from aipbi.asean.models import Agreement, Category, MemberState
from aipbi.asean.models.agreements import not_party
from aipbi.templatetags.portal import day_in_words
from proposals.enums import Taking
from proposals.models import Proposal
from proposals.taking import takes_part_in


def outside_agreement(
    agreement: Agreement | None, states: Iterable[MemberState], *, starts: date | None, ends: date | None
) -> dict[str, str]:
    """Return, by code, each of the Member States that is not party to the agreement as long as the benefit lasts, and why in words.

    Without a first day the benefit begins today; without a last one its first day is what counts.
    """
    if agreement is None:
        return {}
    named = {state.pk: state for state in states}
    first = starts or today()
    found = not_party(agreement, list(named.values()), first, ends)
    return {code: _why(named[code], agreement, rows, first) for code, rows in found.items()}


# Why a Member State that is on the case, or not, cannot be asked.
_NO_PART: dict[str | None, Any] = {
    None: _l("%(state)s is not on the case."),
    Taking.NAMED: _l("%(state)s has not said yet whether it takes part."),
    Taking.DECLINED: _l("%(state)s declined to take part."),
    Taking.OBSERVING: _l("%(state)s observes the project and gives nothing."),
    Taking.LEFT: _l("%(state)s no longer takes part."),
    Taking.ASIDE: _l("%(state)s stepped aside at the decision."),
    Taking.WISHING: _l("%(state)s wishes to join and was not admitted yet."),
    Taking.NOT_ADMITTED: _l("%(state)s was not admitted to the case."),
    Taking.CONFIRMED: _l("%(state)s takes part, but not in this category."),
}


def outside_category(proposal: Proposal, category: Category | None, states: Iterable[MemberState]) -> dict[str, str]:
    """Return, by code, each of the Member States that gives nothing in the category, and why in words (D6)."""
    if category is None:
        return {}
    inside = takes_part_in(proposal, category.pk)
    outside = [state for state in states if state.pk not in inside]
    said = dict(proposal.participations.values_list("ams_id", "state")) if outside else {}
    return {one.pk: str(_NO_PART[said.get(one.pk)]) % {"state": _capital(one.in_text)} for one in outside}


def _why(state: MemberState, agreement: Agreement, rows: list[Any], first: date) -> str:
    words = {"state": _capital(state.in_text), "agreement": agreement.label}
    if not rows:
        return _("%(state)s is not party to “%(agreement)s”.") % words
    later = [row for row in rows if row.starts > first]
    if later:
        words["day"] = day_in_words(later[0].starts)
        return _("%(state)s is party to “%(agreement)s” from %(day)s only.") % words
    words["day"] = day_in_words(rows[-1].ends)
    return _("%(state)s is party to “%(agreement)s” until %(day)s only.") % words


def _capital(words: str) -> str:
    return words[0].upper() + words[1:]
