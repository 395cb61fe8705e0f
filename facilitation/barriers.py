"""Barriers over all cases: the challenges that a reader may see, narrowed, counted and laid out by state (F1)."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, Value, When, Window
from django.db.models.functions import RowNumber
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aipbi.accounts.capacity import Capacity
from aipbi.asean.models import Body, Category, MemberState, Sector
from facilitation.enums import WORKED_ON, ChallengeState, CommonState, Severity
from facilitation.models import BodyRequest, Challenge, CommonBarrier

OPEN = "worked_on"
STATES = (("", gettext_lazy("Any")), (OPEN, gettext_lazy("Not ended")), *ChallengeState.choices)
UNRATED = "unrated"
SEVERITIES = (("", gettext_lazy("Any")), *Severity.choices, (UNRATED, gettext_lazy("Not rated yet")))
COLUMN, MOST = 20, 50
_BY_WEIGHT = Case(
    *(When(severity=level, then=Value(place)) for place, level in enumerate(Severity)),
    default=Value(len(Severity)), output_field=IntegerField(),
)  # fmt: skip


class Filter(forms.Form):
    """What the reader narrows the list to; each choice stands in the address."""

    mark_optional = False

    category = forms.ModelChoiceField(
        label=gettext_lazy("Category"), queryset=Category.objects.order_by("order"), required=False, empty_label=gettext_lazy("Any"),
    )  # fmt: skip
    ams = forms.ModelChoiceField(
        label=gettext_lazy("Member State"), queryset=MemberState.objects.order_by("order"), required=False, empty_label=gettext_lazy("Any"),
    )  # fmt: skip
    body = forms.ModelChoiceField(
        label=gettext_lazy("Body asked"), queryset=Body.objects.order_by("acronym"), required=False, empty_label=gettext_lazy("Any"),
    )  # fmt: skip
    sector = forms.ModelChoiceField(
        label=gettext_lazy("Sector"), queryset=Sector.objects.order_by("order"), required=False, empty_label=gettext_lazy("Any"),
    )  # fmt: skip
    state = forms.ChoiceField(label=gettext_lazy("State"), choices=STATES, required=False)
    severity = forms.ChoiceField(label=gettext_lazy("Severity"), choices=SEVERITIES, required=False)
    words = forms.CharField(label=gettext_lazy("Words, or a case"), required=False, max_length=200)

    def apply(self, found: QuerySet[Challenge]) -> QuerySet[Challenge]:
        """Keep what fits; where a choice could not be read, nothing."""
        if not self.is_valid():
            return found.none()
        data = self.cleaned_data
        plain = {"category": data["category"], "ams": data["ams"], "proposal__sector": data["sector"]}
        found = found.filter(**{name: value for name, value in plain.items() if value})
        if data["body"]:
            asked = BodyRequest.objects.filter(body=data["body"], sent_at__isnull=False)
            found = found.filter(Q(pk__in=asked.values("challenge")) | Q(common__in=asked.values("common")))
        if data["state"]:
            found = found.filter(state__in=WORKED_ON if data["state"] == OPEN else [data["state"]])
        if data["severity"]:
            found = found.filter(severity="" if data["severity"] == UNRATED else data["severity"])
        for word in data["words"].split():
            found = found.filter(
                Q(description__icontains=word)
                | Q(evidence__icontains=word)
                | Q(proposal__title__icontains=word)
                | Q(proposal__case__reference__iexact=word)
            )
        return found


def found_by(viewer: Capacity, narrowed: Filter) -> QuerySet[Challenge]:
    """Return the challenges that the reader may see and asked for."""
    return narrowed.apply(Challenge.objects.visible_to(viewer))


def together(viewer: Capacity) -> QuerySet[CommonBarrier]:
    """Return the barriers that are worked on for several cases now, each with how many."""
    found = CommonBarrier.objects.visible_to(viewer).filter(state=CommonState.OPEN).select_related("case")
    return found.annotate(cases=Count("challenges__proposal", distinct=True)).order_by("-opened_at")[:MOST]


def laid_out(found: QuerySet[Challenge]) -> QuerySet[Challenge]:
    """Read what a line or a card shows: the heaviest first, then the oldest."""
    read = found.select_related("category", "common__case", "proposal__case", "proposal__sector").defer(
        "proposal__answers"
    )
    return read.prefetch_related("ams").order_by(_BY_WEIGHT, "opened_at", "pk")


def like(one: Challenge, viewer: Capacity) -> QuerySet[Challenge]:
    """Return what the reader may see of the category of `one` and could join it: not ended, not worked on together yet."""
    alike = Challenge.objects.visible_to(viewer).filter(category=one.category_id, common=None, state__in=WORKED_ON)
    return laid_out(alike)


# --- which recur ---
@dataclass(frozen=True, slots=True)
class Recurs:
    """How many challenges of how many cases share a value, and the address that lists them."""

    label: str
    challenges: int
    cases: int
    url: str


@dataclass(frozen=True, slots=True)
class Way:
    """One way to count."""

    label: Any
    rows: list[Recurs]


def recurring(found: QuerySet[Challenge], kept: dict[str, str]) -> list[Way]:
    """Count what was found by category, Member State, body and sector; one query each. `kept` stays in the links."""
    ways: tuple[tuple[str, Any, str, str], ...] = (
        ("category", _("By category"), "category", "category__label"),
        ("ams", _("By Member State"), "ams", "ams__name"),
        ("body", _("By body asked"), "requests__body", "requests__body__acronym"),
        ("sector", _("By sector"), "proposal__sector", "proposal__sector__label"),
    )
    chosen = found.order_by().values("pk")
    return [Way(label, _counted(chosen, kept, name, path, words)) for name, label, path, words in ways]


def _counted(chosen: Any, kept: dict[str, str], name: str, path: str, label: str) -> list[Recurs]:
    rows = (
        Challenge.objects.filter(pk__in=chosen, **{f"{path}__isnull": False})
        .values_list(path, label)
        .annotate(challenges=Count("pk", distinct=True), cases=Count("proposal", distinct=True))
        .order_by("-cases", "-challenges", label)
    )
    return [
        Recurs(str(words), challenges, cases, "?" + urlencode({**kept, name: value}))
        for value, words, challenges, cases in rows
    ]


# --- the board ---
@dataclass(frozen=True, slots=True)
class Column:
    """The challenges of one state: the first of them, how many there are, and where all are listed."""

    state: str
    label: Any
    cards: list[Challenge]
    number: int
    url: str


def columns(found: QuerySet[Challenge], kept: dict[str, str], address: str) -> list[Column]:
    """Lay out what was found by state; three queries whatever there is."""
    numbers = dict(found.order_by().values_list("state").annotate(n=Count("pk", distinct=True)))
    place = Window(RowNumber(), partition_by=F("state"), order_by=[_BY_WEIGHT, F("opened_at"), F("pk")])
    all_of_them = Challenge.objects.filter(pk__in=found.order_by().values("pk"))
    cards = list(laid_out(all_of_them).annotate(place=place).filter(place__lte=COLUMN))
    return [
        Column(
            state.value, state.label, [one for one in cards if one.state == state], numbers.get(state.value, 0),
            f"{address}?{urlencode({**kept, 'state': state.value})}",
        )
        for state in ChallengeState
    ]  # fmt: skip
