"""The filters of the case list."""

from typing import Any

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from aipbi.accounts.capacity import Capacity
from aipbi.asean import names
from proposals.enums import State
from proposals.models import Participation, Proposal
from proposals.search.field import SearchField


class SearchFilter(django_filters.Filter):
    """Keeps what the query of the search box asks for."""

    field_class = SearchField

    def filter(self, found: QuerySet[Proposal], condition: Q | None) -> QuerySet[Proposal]:
        """Keep what fits the condition that the field read."""
        return found.filter(condition) if condition is not None else found


class CaseFilter(django_filters.FilterSet):
    """Words, state, Member State, sector; an unknown value is an error beside its field, not an empty list."""

    q = SearchFilter(label=_("Search"), max_length=200)
    state = django_filters.ChoiceFilter(label=_("State"), choices=State, empty_label=_("All states"))
    ams = django_filters.ChoiceFilter(label=_("Member State"), method="named", empty_label=_("All Member States"))
    sector = django_filters.ChoiceFilter(label=_("Sector"), empty_label=_("All sectors"))

    class Meta:
        model = Proposal
        fields: list[str] = []

    def __init__(self, *args: Any, viewer: Capacity, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["ams"].extra["choices"] = list(names.member_state_names().items())
        self.filters["sector"].extra["choices"] = list(names.sector_names().items())
        self.form.mark_optional = False
        self.form.fields["q"].viewer = viewer
        self.form.fields["q"].widget = forms.TextInput(attrs={"type": "search"})

    def named(self, found: QuerySet[Proposal], _name: str, ams: str) -> QuerySet[Proposal]:
        """Keep the cases that name the Member State."""
        return found.filter(Exists(Participation.objects.on_the_case().filter(proposal=OuterRef("pk"), ams=ams)))
