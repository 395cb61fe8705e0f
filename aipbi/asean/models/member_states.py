"""The Member States, their calendars, and who chairs when."""

from datetime import date
from typing import ClassVar
from zoneinfo import available_timezones

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from aipbi.asean.history import tracked
from aipbi.asean.models.base import NaturalManager, Reference, ends_after_it_starts, matches

AMS_CODE = r"^[A-Z]{2}$"


def iana_zone(name: str) -> None:
    """Raise ValidationError unless `name` is a zone of the IANA database."""
    if name not in available_timezones():
        raise ValidationError(_("“%(name)s” is not a time zone of the IANA database."), params={"name": name})


@tracked
class MemberState(Reference):
    """An ASEAN Member State, in ASEAN's own spelling."""

    code = models.CharField(
        _("code"),
        max_length=2,
        primary_key=True,
        validators=[RegexValidator(AMS_CODE, _("Use the two capital letters of ISO 3166."))],
    )
    name = models.CharField(_("name"), max_length=60, unique=True)
    in_text = models.CharField(_("name inside a sentence"), max_length=60)
    acceded_on = models.DateField(_("acceded on"))
    timezone = models.CharField(_("time zone"), max_length=40, validators=[iana_zone])
    weekend = ArrayField(
        models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(7)]),
        size=6,
        verbose_name=_("weekend"),
        help_text=_("Days of the week on which offices are closed: 1 is Monday, 7 is Sunday. For example 6,7."),
    )
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        ordering = ("order", "code")
        verbose_name = _("Member State")
        verbose_name_plural = _("Member States")
        constraints = [
            matches("code", AMS_CODE, "member_state_code_iso"),
            models.CheckConstraint(
                condition=Q(weekend__contained_by=[1, 2, 3, 4, 5, 6, 7]) & Q(weekend__len__range=(1, 6)),
                name="member_state_weekend_days",
            ),
        ]

    def __str__(self) -> str:
        return self.name


@tracked
class Holiday(Reference):
    """A day on which the offices of one Member State are closed."""

    natural = ("ams_id", "date")

    ams = models.ForeignKey(
        MemberState, models.PROTECT, related_name="holidays", verbose_name=_("Member State"), db_index=False
    )
    date = models.DateField(_("date"))
    name = models.CharField(_("name"), max_length=200)
    estimated = models.BooleanField(
        _("estimated"),
        default=False,
        help_text=_("The day hangs on the moon or on an announcement and may still move."),
    )

    class Meta:
        ordering = ("date", "ams")
        verbose_name = _("holiday")
        verbose_name_plural = _("holidays")
        constraints = [models.UniqueConstraint(fields=["ams", "date"], name="holiday_once_per_day")]

    def __str__(self) -> str:
        return f"{self.ams_id} {self.date}: {self.name}"


class ChairTerms(NaturalManager["ChairTerm"]):
    """Terms of the chair, found by date."""

    def on(self, day: date) -> str | None:
        """Return the code of the Member State that chairs the FG-GVC on `day`, or None (U1)."""
        return (
            self.filter(Q(ends__isnull=True) | Q(ends__gte=day), starts__lte=day)
            .values_list("ams_id", flat=True)
            .first()
        )


@tracked
class ChairTerm(Reference):
    """From when until when a Member State chairs the FG-GVC; stored, not computed (U1)."""

    natural = ("ams_id", "starts")

    ams = models.ForeignKey(MemberState, models.PROTECT, related_name="chair_terms", verbose_name=_("Member State"))
    starts = models.DateField(_("first day"))
    ends = models.DateField(_("last day"), null=True, blank=True, help_text=_("Empty means until further notice."))

    objects: ClassVar[ChairTerms] = ChairTerms()

    class Meta:
        ordering = ("-starts",)
        verbose_name = _("chair's term")
        verbose_name_plural = _("chairs' terms")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends__isnull=True) | Q(ends__gte=F("starts")),
                name="chair_term_ends_after_start",
                violation_error_message=_("The last day must not be before the first day."),
            ),
            ExclusionConstraint(
                name="chair_term_no_overlap",
                expressions=[
                    (
                        Func("starts", "ends", Value("[]"), function="daterange", output_field=DateRangeField()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                violation_error_message=_(
                    "Another Member State chairs on some of these days. Two cannot chair at once."
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.ams_id} {self.starts} – {self.ends or '…'}"

    def clean(self) -> None:
        """Raise ValidationError for days the wrong way round."""
        super().clean()
        ends_after_it_starts(self)
