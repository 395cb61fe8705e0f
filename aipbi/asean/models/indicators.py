"""The indicators of monitoring as versioned data (M1; Framework §3, Figure 6)."""

from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aipbi.asean.enums import Aggregation, Better
from aipbi.asean.history import tracked
from aipbi.asean.models.base import Coded, Reference, matches, one_of
from aipbi.asean.models.editions import Edition, edition_constraints

INDICATOR_CODE = r"^[A-Z][0-9]{1,2}[a-z]?$"
# The unit of money: its figures hold at the prices of one year, so that they add up over years.
MONEY = "USD"
PRICE_YEARS = (2000, 2099)


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
    """What is measured, and how it adds up (M1).

    `numerator` and `denominator` say in words what a share is made of; `price_year` is the year at
    whose prices money is told. Where `own` is set, a project may measure under it what it defines itself.
    """

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
    numerator = models.CharField(_("numerator"), max_length=300, blank=True, help_text=_("Of a share: the part."))
    denominator = models.CharField(
        _("denominator"), max_length=300, blank=True, help_text=_("Of a share: the whole that it is a part of.")
    )
    price_year = models.PositiveSmallIntegerField(
        _("prices of the year"),
        null=True,
        blank=True,
        validators=[MinValueValidator(PRICE_YEARS[0]), MaxValueValidator(PRICE_YEARS[1])],
        help_text=_("Of money: the year at whose prices every figure is told."),
    )
    own = models.BooleanField(_("projects define their own under it"), default=False)
    method = models.TextField(_("notes on the method"), blank=True)
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
            models.CheckConstraint(
                condition=(Q(aggregation=Aggregation.RATIO_OF_SUMS) & ~Q(numerator="") & ~Q(denominator=""))
                | (~Q(aggregation=Aggregation.RATIO_OF_SUMS) & Q(numerator="", denominator="")),
                name="indicator_share_says_its_parts",
                violation_error_message=_(
                    "A share says what its numerator and its denominator are; nothing else does."
                ),
            ),
            models.CheckConstraint(
                condition=Q(unit=MONEY, price_year__range=PRICE_YEARS) | (~Q(unit=MONEY) & Q(price_year__isnull=True)),
                name="indicator_money_says_its_prices",
                violation_error_message=_("Money says of which year its prices are; nothing else does."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"
