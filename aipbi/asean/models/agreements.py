"""ASEAN's agreements that a benefit can rest on, and from when until when each Member State is party (F3)."""

from datetime import date
from typing import Any, ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from aipbi.asean.history import tracked
from aipbi.asean.models.base import Coded, NaturalManager, Reference, ends_after_it_starts
from aipbi.asean.models.bodies import Category
from aipbi.asean.models.member_states import MemberState


@tracked
class Agreement(Coded):
    """An agreement, known by its short name; `categories` are the codes of those in which a benefit may rest on it."""

    name = models.CharField(_("full name"), max_length=200)
    signed_on = models.DateField(_("signed on"), null=True, blank=True)
    in_force_from = models.DateField(_("in force from"), null=True, blank=True)
    categories = ArrayField(
        models.CharField(max_length=40), verbose_name=_("categories of facilitation"), blank=True, default=list
    )

    class Meta(Coded.Meta):
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")

    def clean(self) -> None:
        """Raise ValidationError for a category that there is not."""
        super().clean()
        known = set(Category.objects.values_list("code", flat=True))
        if unknown := sorted(set(self.categories or ()) - known):
            words = _("There is no category of facilitation with the code %(codes)s.")
            raise ValidationError({"categories": ValidationError(words, params={"codes": ", ".join(unknown)})})


class Parties(NaturalManager["AgreementParty"]):
    """Who is party to what, by date."""

    def throughout(self, agreement: str, first: date, last: date | None) -> models.QuerySet["AgreementParty"]:
        """Return the rows that hold on every day from `first` to `last`; `last` None asks for the first day alone."""
        return self.filter(Q(ends__isnull=True) | Q(ends__gte=last or first), agreement=agreement, starts__lte=first)


@tracked
class AgreementParty(Reference):
    """That a Member State is party to an agreement, from its first day to its last."""

    natural = ("agreement_id", "ams_id", "starts")

    agreement = models.ForeignKey(
        Agreement, models.CASCADE, related_name="parties", verbose_name=_("agreement"), db_index=False
    )
    ams = models.ForeignKey(MemberState, models.PROTECT, related_name="+", verbose_name=_("Member State"))
    starts = models.DateField(_("party from"))
    ends = models.DateField(_("last day"), null=True, blank=True, help_text=_("Empty means until further notice."))
    checked = models.BooleanField(
        _("checked"), default=False, help_text=_("ASEC has compared the row with the depositary's record.")
    )
    note = models.CharField(_("note"), max_length=300, blank=True)

    objects: ClassVar[Parties] = Parties()

    class Meta:
        ordering = ("agreement", "ams", "starts")
        verbose_name = _("party to an agreement")
        verbose_name_plural = _("parties to agreements")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends__isnull=True) | Q(ends__gte=F("starts")),
                name="agreement_party_ends_after_start",
                violation_error_message=_("The last day must not be before the first day."),
            ),
            ExclusionConstraint(
                name="agreement_party_no_overlap",
                expressions=[
                    ("agreement", RangeOperators.EQUAL),
                    ("ams", RangeOperators.EQUAL),
                    (
                        Func("starts", "ends", Value("[]"), function="daterange", output_field=DateRangeField()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                violation_error_message=_("The Member State is party on some of these days by another row already."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agreement_id} {self.ams_id} {self.starts} – {self.ends or '…'}"

    def clean(self) -> None:
        """Raise ValidationError for days the wrong way round."""
        super().clean()
        ends_after_it_starts(self)


def not_party(agreement: Agreement, states: list[MemberState], first: date, last: date | None) -> dict[str, Any]:
    """Return, by code of each of `states` that is not party throughout, its rows of the agreement, the earliest first; one query, or two."""
    inside = set(AgreementParty.objects.throughout(agreement.pk, first, last).values_list("ams_id", flat=True))
    outside: dict[str, Any] = {state.pk: [] for state in states if state.pk not in inside}
    if outside:
        for row in AgreementParty.objects.filter(agreement=agreement, ams__in=outside).order_by("starts"):
            outside[row.ams_id].append(row)
    return outside
