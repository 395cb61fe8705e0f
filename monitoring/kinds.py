"""What sort of answer an indicator asks, read from its row, so that a new indicator takes no code (M1)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from aipbi.asean.enums import Aggregation
from aipbi.asean.models import Indicator

# Figure 6 puts these beside the projects, not in them: no project reports on all projects together.
PORTFOLIO_GOAL = "overall"
WORDS_UNIT = "text"


class Kind(TextChoices):
    """A quantity may have decimals, a count may not, a share keeps numerator and denominator, words have no figure."""

    QUANTITY = "quantity", _("A quantity, with decimals where there are some")
    COUNT = "count", _("A count of whole things")
    SHARE = "share", _("A share in per cent, from a numerator and a denominator")
    WORDS = "words", _("Told in words, without a figure")


def kind_of(indicator: Indicator) -> Kind:
    """Return what the indicator asks."""
    if indicator.unit == WORDS_UNIT:
        return Kind.WORDS
    if indicator.aggregation == Aggregation.RATIO_OF_SUMS:
        return Kind.SHARE
    counted = indicator.aggregation in (Aggregation.COUNT_DISTINCT, Aggregation.COUNT_DISTINCT_BY_STATUS)
    return Kind.COUNT if counted else Kind.QUANTITY


def adds_up(indicator: Indicator) -> bool:
    """Whether the figures of several Member States may be summed."""
    return indicator.aggregation in (Aggregation.SUM, Aggregation.SUM_EXPORTER_SIDE, Aggregation.SUM_SAME_METHOD)
