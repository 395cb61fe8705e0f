"""Where an ASEC administrator keeps the reference data."""

from contextlib import AbstractContextManager
from typing import Any

import pghistory
from django import forms
from django.contrib import admin, messages
from django.db.models import Max, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from aipbi.asean import editions
from aipbi.asean.enums import DefaultKind
from aipbi.asean.models import (
    Agreement,
    AgreementParty,
    Body,
    BodyCategory,
    Category,
    ChairTerm,
    Clock,
    CriteriaEdition,
    Criterion,
    Default,
    Expertise,
    Goal,
    Holiday,
    HSChapter,
    Indicator,
    IndicatorEdition,
    MemberState,
    Parameter,
    Sector,
    Stage,
    ValueChain,
)


class ReferenceAdmin(admin.ModelAdmin):
    """Keeps codes as they were first written, and names the administrator in the row history."""

    fixed: tuple[str, ...] = ("code",)
    """What others store and compare, so that only a new row may set it."""

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Add what is fixed to what is never written."""
        return (*super().get_readonly_fields(request, obj), *(self.fixed if obj else ()))

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Show or save one row."""
        with _acting(request):
            return super().changeform_view(request, *args, **kwargs)

    def changelist_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Show the list, or run an action on it."""
        with _acting(request):
            return super().changelist_view(request, *args, **kwargs)

    def delete_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Ask, then delete one row."""
        with _acting(request):
            return super().delete_view(request, *args, **kwargs)


def _acting(request: HttpRequest) -> AbstractContextManager[Any]:
    return pghistory.context(user=request.user.pk, path=request.path)


class FixedAdmin(ReferenceAdmin):
    """Rows that the code asks for by name: they are changed, never added or removed."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody may add one: nothing would read it."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody may delete one: something reads it."""
        return False


# --- Member States and bodies


class MemberStateForm(forms.ModelForm):
    """The weekend as days to tick, instead of numbers to type."""

    weekend = forms.TypedMultipleChoiceField(
        label=_("Weekend"),
        coerce=int,
        choices=[(number + 1, name) for number, name in WEEKDAYS.items()],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Days of the week on which offices are closed."),
    )


@admin.register(MemberState)
class MemberStateAdmin(ReferenceAdmin):
    """Member States, with the day up to which their holidays are known."""

    form = MemberStateForm
    list_display = ("name", "code", "acceded_on", "timezone", "weekend", "holidays_until")

    def get_queryset(self, request: HttpRequest) -> QuerySet[MemberState]:
        """Add the day up to which holidays are known."""
        return super().get_queryset(request).annotate(holidays_until=Max("holidays__date"))

    @admin.display(description=_("holidays known until"), ordering="holidays_until")
    def holidays_until(self, obj: Any) -> Any:
        """Return the last holiday: after it, clocks leave out weekends alone."""
        return obj.holidays_until


@admin.register(Holiday)
class HolidayAdmin(ReferenceAdmin):
    """Holidays; the estimated ones are to be confirmed."""

    fixed = ()
    list_display = ("date", "ams", "name", "estimated")
    list_filter = ("ams", "estimated")
    list_select_related = ("ams",)
    search_fields = ("name",)
    date_hierarchy = "date"


@admin.register(ChairTerm)
class ChairTermAdmin(ReferenceAdmin):
    """The chair by date."""

    fixed = ()
    list_display = ("ams", "starts", "ends")
    list_select_related = ("ams",)


@admin.register(Category)
class CategoryAdmin(FixedAdmin):
    """The categories of facilitation: their words alone change."""

    list_display = ("label", "code", "order")


class BodyCategoryInline(admin.TabularInline):
    """The categories in which a body can act."""

    model = BodyCategory
    extra = 0


@admin.register(Body)
class BodyAdmin(ReferenceAdmin):
    """ASEAN bodies; one that ended gets a last day instead of being deleted."""

    fixed = ("acronym",)
    list_display = ("acronym", "name", "kind", "parent", "active_from", "active_until")
    list_filter = ("kind", "categories")
    list_select_related = ("parent",)
    search_fields = ("acronym", "name")
    inlines = (BodyCategoryInline,)


@admin.register(Agreement)
class AgreementAdmin(ReferenceAdmin):
    """Agreements that a benefit can rest on."""

    list_display = ("label", "name", "signed_on", "in_force_from", "categories")
    search_fields = ("label", "name")


@admin.register(AgreementParty)
class AgreementPartyAdmin(ReferenceAdmin):
    """Who is party from when until when; what ASEC has not yet compared with the depositary's record is marked so."""

    fixed = ()
    list_display = ("agreement", "ams", "starts", "ends", "checked", "note")
    list_filter = ("checked", "agreement", "ams")
    list_select_related = ("agreement", "ams")


# --- Taxonomy


class StageInline(admin.TabularInline):
    """The stages of a value chain."""

    model = Stage
    extra = 0


@admin.register(Sector)
class SectorAdmin(ReferenceAdmin):
    """Sectors."""

    list_display = ("label", "code", "order")


@admin.register(ValueChain)
class ValueChainAdmin(ReferenceAdmin):
    """Value chains with their stages."""

    list_display = ("label", "code", "sector", "order")
    list_filter = ("sector",)
    list_select_related = ("sector",)
    inlines = (StageInline,)


@admin.register(Expertise)
class ExpertiseAdmin(ReferenceAdmin):
    """Fields of expertise, each with the codes of what it bears on."""

    list_display = ("label", "code", "sectors", "categories", "parameters", "order")


@admin.register(HSChapter)
class HSChapterAdmin(ReferenceAdmin):
    """Chapters of the Harmonized System."""

    list_display = ("code", "title")
    search_fields = ("code", "title")


# --- Editions


class EditionAdmin(ReferenceAdmin):
    """Editions are copied, then reworded; one that a case began with keeps its structure."""

    list_display = ("code", "label", "in_force_from")
    actions = ("copy_edition",)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Keep the date of an edition in use."""
        used = obj is not None and editions.in_use(obj)
        return (*super().get_readonly_fields(request, obj), *(("in_force_from",) if used else ()))

    @admin.action(description=_("Make a new edition as a copy"), permissions=["add"])
    def copy_edition(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Copy each chosen edition, and say when the copy comes into force."""
        for edition in queryset:
            made = editions.copy(edition)
            words = _(
                "%(new)s is a copy of %(old)s. It comes into force on %(day)s: change its wording and date before then."
            )
            messages.success(request, words % {"new": made.code, "old": edition.code, "day": made.in_force_from})


class PartAdmin(ReferenceAdmin):
    """A part of an edition: its wording may always be mended, its structure only before any case uses it."""

    structure: tuple[str, ...] = ()

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """Keep the structure of an edition in use."""
        used = obj is not None and editions.in_use(obj.edition)
        return (*super().get_readonly_fields(request, obj), *(self.structure if used else ()))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse for an edition in use."""
        used = obj is not None and editions.in_use(obj.edition)
        return not used and super().has_delete_permission(request, obj)

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        """Say so where cases use the edition."""
        obj = self.get_object(request, object_id)
        if request.method == "GET" and obj is not None and editions.in_use(obj.edition):
            words = _(
                "Cases use this edition. Mend its wording only where the meaning stays; for anything else "
                "make a new edition as a copy. Every change is kept in the history."
            )
            messages.warning(request, words)
        return super().change_view(request, object_id, *args, **kwargs)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Offer only what belongs to editions that no case uses."""
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if db_field.name in ("edition", "criterion") and field is not None:
            model = db_field.model._meta.get_field("edition").related_model
            used = [edition.pk for edition in model.objects.all() if editions.in_use(edition)]
            own = "pk__in" if db_field.name == "edition" else "edition__in"
            field.queryset = field.queryset.exclude(**{own: used})  # type: ignore[union-attr]
        return field


@admin.register(CriteriaEdition)
class CriteriaEditionAdmin(EditionAdmin):
    """Editions of the criteria."""


@admin.register(IndicatorEdition)
class IndicatorEditionAdmin(EditionAdmin):
    """Editions of the indicators."""


@admin.register(Criterion)
class CriterionAdmin(PartAdmin):
    """The three criteria of each edition."""

    fixed = ()
    structure = ("edition", "number")
    list_display = ("number", "title", "edition")
    list_filter = ("edition",)
    list_select_related = ("edition",)


@admin.register(Parameter)
class ParameterAdmin(PartAdmin):
    """The nine parameters of each edition, with what each rating means."""

    fixed = ()
    structure = ("criterion", "number", "code")
    list_display = ("number", "question", "criterion", "edition")
    list_filter = ("edition",)
    list_select_related = ("criterion", "edition")


@admin.register(Goal)
class GoalAdmin(ReferenceAdmin):
    """The strategic goals."""

    list_display = ("label", "code", "order")


@admin.register(Indicator)
class IndicatorAdmin(PartAdmin):
    """The indicators of each edition."""

    fixed = ()
    structure = (
        "edition", "code", "goal", "unit", "by_ams", "aggregation", "better", "numerator", "denominator", "price_year",
        "own",
    )  # fmt: skip
    list_display = ("code", "name", "goal", "unit", "by_ams", "aggregation", "edition")
    list_filter = ("edition", "goal")
    list_select_related = ("edition", "goal")


# --- Clocks and settings


@admin.register(Clock)
class ClockAdmin(FixedAdmin):
    """How long each office has."""

    list_display = ("label", "code", "days", "counts")


class DefaultForm(forms.ModelForm):
    """The value as a field of its kind, instead of JSON."""

    class Meta:
        model = Default
        fields = ("value",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        label = Default._meta.get_field("value").verbose_name
        match self.instance.kind:
            case DefaultKind.BOOLEAN:
                self.fields["value"] = forms.BooleanField(label=label, required=False)
            case DefaultKind.NUMBER:
                limits = {"min_value": self.instance.minimum, "max_value": self.instance.maximum}
                self.fields["value"] = forms.IntegerField(label=label, **limits)
            case _:
                self.fields["value"] = forms.CharField(label=label)


@admin.register(Default)
class DefaultAdmin(FixedAdmin):
    """The settings that rules marked *default* read."""

    form = DefaultForm
    fixed = ()
    fields = ("label", "help", "value", "minimum", "maximum")
    readonly_fields = ("label", "help", "minimum", "maximum")
    list_display = ("label", "value", "key")
