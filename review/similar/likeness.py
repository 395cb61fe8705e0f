"""What two proposals have in common, and what that makes of them, in words (P9). No database."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from aipbi.asean.names import chain_names, member_states_in_text, stage_names
from review.states import in_words

# From this similarity of trigrams on (0 to 1), two titles say much the same.
TITLES_ALIKE = 0.45
_HEADING, _MOST_SITES = 4, 5


class Kind(TextChoices):
    """What another case may be to one, the weightiest first."""

    COMPETES = "competes", gettext_lazy("May compete with it")
    COMPLEMENTS = "complements", gettext_lazy("May complement it")
    ALIKE = "alike", gettext_lazy("Alike in another way")


@dataclass(frozen=True, slots=True)
class Labels:
    """The labels that reasons are written with: read once for a whole list."""

    chains: Mapping[str, str]
    stages: Mapping[tuple[str, str], str]
    ams: Mapping[str, str]

    @classmethod
    def now(cls) -> "Labels":
        """Read them; three questions to the database where they are not remembered."""
        return cls(chain_names(), stage_names(), member_states_in_text())

    def stage(self, chain: str, stage: str) -> str:
        """Return the label of a stage of a value chain."""
        return self.stages.get((chain, stage), stage)


@dataclass(frozen=True, slots=True)
class Facts:
    """What a proposal says: its value chain, `stage:AMS`, headings and subheadings of the HS, sites."""

    value_chain: str
    places: frozenset[str]
    products: frozenset[str]
    sites: frozenset[str]

    @classmethod
    def of(cls, chain: str, places: Sequence[str], products: Sequence[str], sites: Sequence[str]) -> "Facts":
        """Take the columns of a profile."""
        return cls(chain, frozenset(places), frozenset(products), frozenset(sites))

    @property
    def ams(self) -> set[str]:
        """The Member States that take part."""
        return {place.rpartition(":")[2] for place in self.places}

    @property
    def by_stage(self) -> dict[str, set[str]]:
        """Which Member States take part at each stage."""
        found: dict[str, set[str]] = {}
        for place in sorted(self.places):
            stage, _colon, ams = place.rpartition(":")
            found.setdefault(stage, set()).add(ams)
        return found


@dataclass(slots=True)
class Likeness:
    """What the other case may be, why, and how much speaks for it."""

    kind: Kind = Kind.ALIKE
    reasons: list[str] = field(default_factory=list)
    weight: float = 0

    def add(self, weight: float, reason: str) -> None:
        """One more reason."""
        self.reasons.append(reason)
        self.weight += weight


def between(own: Facts, other: Facts, labels: Labels, *, titles: float) -> Likeness | None:
    """Return what `other` may be to `own`, None for nothing; `titles` is the similarity of their titles, 0 to 1.

    Competing is having a product and a stage in common in different Member States; complementing is being
    at another stage of the same value chain, or in another Member State.
    """
    found = Likeness()
    contested = _competes(found, own, other, labels)
    _complements(found, own, other, contested, labels)
    _alike(found, own, other)
    if titles >= TITLES_ALIKE:
        found.add(4 * titles, _("The titles say much the same."))
    return found if found.reasons else None


def _competes(found: Likeness, own: Facts, other: Facts, labels: Labels) -> set[str]:
    """Say at which stages both have the same product in different Member States; return those stages."""
    shared = _in_common(own, other)
    mine, theirs = own.by_stage, other.by_stage
    stages = {stage for stage in mine.keys() & theirs.keys() if mine[stage] != theirs[stage]} if shared else set()
    for stage in sorted(stages):
        found.kind = Kind.COMPETES
        found.add(
            20 + 5 * _exact(shared),
            _("Both have %(products)s at the stage “%(stage)s”: this one in %(own)s, that one in %(other)s.")
            % {
                "products": _products(shared),
                "stage": labels.stage(own.value_chain, stage),
                "own": in_words(mine[stage], labels.ams),
                "other": in_words(theirs[stage], labels.ams),
            },
        )
    return stages


def _complements(found: Likeness, own: Facts, other: Facts, contested: set[str], labels: Labels) -> None:
    if own.value_chain != other.value_chain:
        return
    mine, theirs = own.by_stage, other.by_stage
    chain = labels.chains.get(own.value_chain, own.value_chain)
    for stage in sorted(theirs.keys() - mine.keys()):
        words = {
            "chain": chain,
            "stage": labels.stage(own.value_chain, stage),
            "ams": in_words(theirs[stage], labels.ams),
        }
        _complement(
            found, 8,
            _("Same value chain (%(chain)s), another stage: that one has “%(stage)s” in %(ams)s.") % words,
        )  # fmt: skip
    new = set().union(*(theirs[stage] for stage in theirs.keys() & mine.keys() - contested)) - own.ams
    if new:
        words = {"chain": chain, "ams": in_words(new, labels.ams)}
        _complement(
            found, 6,
            _("Same value chain (%(chain)s), another Member State: that one is in %(ams)s, this one is not.") % words,
        )  # fmt: skip


def _complement(found: Likeness, weight: float, reason: str) -> None:
    if found.kind == Kind.ALIKE:
        found.kind = Kind.COMPLEMENTS
    found.add(weight, reason)


def _alike(found: Likeness, own: Facts, other: Facts) -> None:
    shared = _in_common(own, other)
    same_chain = own.value_chain == other.value_chain
    if same_chain and own.places == other.places and own.products == other.products:
        found.add(
            15, _("Same value chain, stages, Member States and products: it may be the same project.")
        )  # fmt: skip
    elif same_chain and found.kind == Kind.ALIKE:
        found.add(3, _("Same value chain, at stages and in Member States where this one is too."))
    if shared and found.kind != Kind.COMPETES and own.products != other.products:
        found.add(2 + _exact(shared), _("Both name %(products)s.") % {"products": _products(shared)})
    if sites := sorted(own.sites & other.sites):
        names = ", ".join(site.title() for site in sites[:_MOST_SITES])
        found.add(
            3 * len(sites),
            ngettext("Both name the site %(sites)s.", "Both name the sites %(sites)s.", len(sites)) % {"sites": names},
        )


def _in_common(own: Facts, other: Facts) -> list[str]:
    """Return the codes in common, as they are written: a subheading instead of its heading."""
    both = own.products & other.products
    fine = {code for code in both if len(code) > _HEADING}
    return sorted(fine | {code for code in both if not any(one.startswith(code) for one in fine)})


def _exact(shared: Iterable[str]) -> int:
    return sum(len(code) > _HEADING for code in shared)


def _products(shared: Sequence[str]) -> str:
    codes = [f"{code[:_HEADING]}.{code[_HEADING:]}".rstrip(".") for code in shared]
    return _("HS %(codes)s") % {"codes": ", ".join(codes)}
