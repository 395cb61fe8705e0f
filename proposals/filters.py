"""The filters of the case list."""

from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from aipbi.asean import names
from proposals.enums import State
from proposals.models import Proposal


class CaseFilter(django_filters.FilterSet):
    """Words, state, Member State, sector; an unknown value is an error beside its field, not an empty list."""

    q = django_filters.CharFilter(label=_("Search"), method="search", max_length=200)
    state = django_filters.ChoiceFilter(label=_("State"), choices=State, empty_label=_("All states"))
    ams = django_filters.ChoiceFilter(label=_("Member State"), method="named", empty_label=_("All Member States"))
    sector = django_filters.ChoiceFilter(label=_("Sector"), empty_label=_("All sectors"))

    class Meta:
        model = Proposal
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["ams"].extra["choices"] = list(names.member_state_names().items())
        self.filters["sector"].extra["choices"] = list(names.sector_names().items())
        self.form.mark_optional = False
        self.form.fields["q"].widget = forms.TextInput(attrs={"type": "search"})

    def search(self, found: QuerySet[Proposal], _name: str, words: str) -> QuerySet[Proposal]:
        """Keep the cases whose title, reference or organisation has every word."""
        for word in words.split()[:6]:
            found = found.filter(search_text__icontains=word)
        return found

    def named(self, found: QuerySet[Proposal], _name: str, ams: str) -> QuerySet[Proposal]:
        """Keep the cases that name the Member State."""
        return found.filter(participations__ams=ams)
