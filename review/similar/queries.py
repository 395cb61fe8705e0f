"""Which cases resemble one, as far as the reader may see them: three questions to the database (P9).

Of each sign of likeness the newest hundred are weighed, so that the cost does not grow with the portal.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import Any

from django.contrib.postgres.search import SearchQuery, TrigramSimilarity

from aipbi.accounts.capacity import Capacity
from aipbi.accounts.enums import Role
from proposals.enums import State
from proposals.models import UNTITLED, Profile, Proposal
from proposals.models.profile import ProfileQuerySet
from review.experts.models import Invitation
from review.similar.likeness import Facts, Kind, Labels, Likeness, between
from review.similar.models import SetAside

WEIGHED, SHOWN = 100, 12
# What nobody pursues any more neither completes nor competes.
GIVEN_UP = frozenset({State.WITHDRAWN, State.LAPSED})
_MOST_PAIRS = 12
_WORD = re.compile(r"\w{4,}")


@dataclass(frozen=True, slots=True)
class Similar:
    """Another case, and what it may be to the one at hand."""

    pk: int
    code: str
    caption: str
    title: Any
    state: Any
    likeness: Likeness


def similar(proposal: Proposal, viewer: Capacity) -> list[Similar]:
    """Return the cases that resemble the proposal and the capacity may open, the most alike first."""
    own = Profile.objects.filter(pk=proposal.pk).defer("words").first()
    if own is None:
        return []
    seen = Profile.objects.visible_to(viewer).exclude(family=own.family_id).exclude(proposal__state__in=GIVEN_UP)
    found = _appointed(viewer) if viewer.role == Role.EXPERT else _bearing(seen, own, proposal.title)
    rows = (
        # Its own number, which its family keeps out, lets the page cost the same with nothing to show.
        seen.filter(pk__in=[own.pk, *found])
        .annotate(titles=TrigramSimilarity("proposal__title", proposal.title))
        .order_by("-frozen_at", "-pk")
        .values(
            "pk", "value_chain", "places", "products", "sites", "titles", "proposal__title", "proposal__state",
            "proposal__case__code", "proposal__case__reference", "proposal__organisation__name",
        )
    )  # fmt: skip
    mine, labels = _facts(own.__dict__), Labels.now()
    weighed = ((row, between(mine, _facts(row), labels, titles=row["titles"])) for row in rows)
    similar_ones = [_similar(row, likeness) for row, likeness in weighed if likeness]
    return sorted(similar_ones, key=lambda one: -one.likeness.weight)


def by_kind(found: list[Similar]) -> list[tuple[Kind, list[Similar]]]:
    """Return the first of each kind, the kinds that there are in their order."""
    groups = [(kind, [one for one in found if one.likeness.kind == kind][:SHOWN]) for kind in Kind]
    return [(kind, ones) for kind, ones in groups if ones]


def set_aside(proposal: Proposal, viewer: Capacity) -> list[SetAside]:
    """Return what the capacity's office said is not relevant, with the other cases."""
    return list(
        SetAside.objects.visible_to(viewer).filter(proposal=proposal).select_related("other__case").defer("other__answers")
    )  # fmt: skip


def _bearing(seen: ProfileQuerySet, own: Profile, title: str) -> list[int]:
    """Return the cases that bear any of the signs, of each the newest."""
    signs = [seen.filter(**one).order_by("-frozen_at").values("pk")[:WEIGHED] for one in _signs(own, title)]
    return [pk for (pk,) in signs[0].union(*signs[1:]).values_list("pk")]


def _appointed(viewer: Capacity) -> list[int]:
    """Return the cases an expert is on, which are few: walking all the newest for them would take long."""
    mine = Invitation.objects.visible_to(viewer).appointed().order_by("-pk")
    return list(mine.values_list("proposal_id", flat=True)[: 4 * WEIGHED])


def _signs(own: Profile, title: str) -> Iterator[dict[str, Any]]:
    yield {"value_chain": own.value_chain}
    yield {"products__overlap": own.products}
    yield {"sites__overlap": own.sites}
    if pairs := _pairs(title):
        yield {"words": SearchQuery(pairs, search_type="raw", config="english")}


def _pairs(title: str) -> str:
    """Return a search for two neighbouring words of the title; one alone is too common to say anything."""
    words = _WORD.findall(title)
    return " | ".join(f"('{one}' & '{two}')" for one, two in islice(pairwise(words), _MOST_PAIRS))


def _facts(row: Mapping[str, Any]) -> Facts:
    return Facts.of(row["value_chain"], row["places"], row["products"], row["sites"])


def _similar(row: Mapping[str, Any], likeness: Likeness) -> Similar:
    return Similar(
        pk=row["pk"],
        code=row["proposal__case__code"],
        caption=" · ".join(filter(None, [row["proposal__case__reference"], row["proposal__organisation__name"]])),
        title=row["proposal__title"] or UNTITLED,
        state=State(row["proposal__state"]).label,
        likeness=likeness,
    )
