"""What the Framework leaves open: clocks and defaults, changed in the admin without code (L5)."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Cast
from django.db.models.lookups import Exact, GreaterThanOrEqual, LessThanOrEqual
from django.utils.translation import gettext_lazy as _

from aipbi.asean.enums import Counts, DefaultKind
from aipbi.asean.history import tracked
from aipbi.asean.models.base import Reference, one_of, slug

MOST_DAYS = 366


@tracked
class Clock(Reference):
    """How long an office or a person has for something (L5)."""

    code = models.CharField(_("code"), max_length=40, primary_key=True, validators=[slug])
    label = models.CharField(_("label"), max_length=120)
    days = models.PositiveSmallIntegerField(_("days"), validators=[MinValueValidator(1), MaxValueValidator(MOST_DAYS)])
    counts = models.CharField(_("counts"), max_length=10, choices=Counts.choices)

    class Meta:
        ordering = ("label",)
        verbose_name = _("clock")
        verbose_name_plural = _("clocks")
        constraints = [
            one_of("counts", Counts, "clock_counts_known"),
            models.CheckConstraint(condition=Q(days__range=(1, MOST_DAYS)), name="clock_days_range"),
        ]

    def __str__(self) -> str:
        return self.label


# A whole number where the setting holds one, else null, which fails no check.
_NUMBER = models.Case(
    models.When(kind=DefaultKind.NUMBER, then=Cast("value", models.IntegerField())),
    default=None,
    output_field=models.IntegerField(),
)


@tracked
class Default(Reference):
    """A value that rules marked *default* read; its kind and limits come with the portal."""

    natural = ("key",)

    key = models.CharField(_("key"), max_length=40, primary_key=True, validators=[slug])
    label = models.CharField(_("label"), max_length=120)
    help = models.TextField(_("help"))
    kind = models.CharField(_("kind"), max_length=10, choices=DefaultKind.choices)
    value = models.JSONField(_("value"))
    minimum = models.IntegerField(_("smallest"), null=True, blank=True)
    maximum = models.IntegerField(_("largest"), null=True, blank=True)

    class Meta:
        ordering = ("key",)
        verbose_name = _("setting")
        verbose_name_plural = _("settings")
        constraints = [
            one_of("kind", DefaultKind, "default_kind_known"),
            models.CheckConstraint(
                condition=Exact(Func("value", function="jsonb_typeof", output_field=models.TextField()), F("kind")),
                name="default_value_of_its_kind",
                violation_error_message=_("The value is not of the setting's kind."),
            ),
            models.CheckConstraint(
                condition=GreaterThanOrEqual(_NUMBER, F("minimum")),
                name="default_value_minimum",
                violation_error_message=_("The value is smaller than the smallest allowed."),
            ),
            models.CheckConstraint(
                condition=LessThanOrEqual(_NUMBER, F("maximum")),
                name="default_value_maximum",
                violation_error_message=_("The value is larger than the largest allowed."),
            ),
        ]

    def __str__(self) -> str:
        return self.label

    def clean(self) -> None:
        """Raise ValidationError, in words for the form, where the value is not of its kind or out of limits."""
        super().clean()
        if fault := self._fault(self.value):
            raise ValidationError({"value": fault})

    def _fault(self, value: Any) -> str:
        match self.kind:
            case DefaultKind.BOOLEAN:
                return "" if isinstance(value, bool) else str(_("Write true or false."))
            case DefaultKind.STRING:
                return "" if isinstance(value, str) and value.strip() else str(_("Write a text."))
        if not isinstance(value, int) or isinstance(value, bool):
            return str(_("Write a whole number, in digits."))
        if self.minimum is not None and value < self.minimum:
            return str(_("Write %(limit)s or more.") % {"limit": self.minimum})
        if self.maximum is not None and value > self.maximum:
            return str(_("Write %(limit)s or less.") % {"limit": self.maximum})
        return ""
