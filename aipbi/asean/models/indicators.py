"""The indicators of monitoring as versioned data (M1; Framework §3, Figure 6)."""

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from aipbi.asean.enums import Aggregation, Better
from aipbi.asean.history import tracked
from aipbi.asean.models.base import Coded, Reference, matches, one_of
from aipbi.asean.models.editions import Edition, edition_constraints

INDICATOR_CODE = r"^[A-Z][0-9]{1,2}[a-z]?$"


@tracked
class Goal(Coded):
    """A strategic goal of the AIPBI, or the heading for all of them together."""

    class Meta(Coded.Meta):
        verbose_name = _("strategic goal")
        verbose_name_plural = _("strategic goals")


@tracked
class IndicatorEdition(Edition):
    """One edition of the indicators."""

    class Meta(Edition.Meta):
        verbose_name = _("edition of the indicators")
        verbose_name_plural = _("editions of the indicators")
        constraints = edition_constraints("indicator_edition")


@tracked
class Indicator(Reference):
    """What is measured, and how it adds up (M1)."""

    natural = ("edition_id", "code")

    edition = models.ForeignKey(
        IndicatorEdition, models.CASCADE, related_name="indicators", verbose_name=_("edition"), db_index=False
    )
    code = models.CharField(
        _("code"),
        max_length=4,
        validators=[RegexValidator(INDICATOR_CODE, _("Write a capital letter and a number, for example C1 or C1p."))],
    )
    goal = models.ForeignKey(Goal, models.PROTECT, related_name="indicators", verbose_name=_("strategic goal"))
    name = models.CharField(_("name"), max_length=200)
    unit = models.CharField(_("unit"), max_length=40)
    by_ams = models.BooleanField(_("by Member State"))
    aggregation = models.CharField(_("how it adds up"), max_length=30, choices=Aggregation.choices)
    better = models.CharField(_("direction"), max_length=10, choices=Better.choices)
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        ordering = ("edition", "order", "code")
        verbose_name = _("indicator")
        verbose_name_plural = _("indicators")
        constraints = [
            models.UniqueConstraint(fields=["edition", "code"], name="indicator_code_once"),
            matches("code", INDICATOR_CODE, "indicator_code_letter_number"),
            one_of("aggregation", Aggregation, "indicator_aggregation_known"),
            one_of("better", Better, "indicator_better_known"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"
