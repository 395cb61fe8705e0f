"""What sort of answer an indicator asks, read from its row, so that a new indicator takes no code (M1)."""

from enum import StrEnum

from aipbi.asean.enums import Aggregation
from aipbi.asean.models import Indicator

# Figure 6 puts these beside the projects, not in them: no project reports on all projects together.
PORTFOLIO_GOAL = "overall"
WORDS_UNIT = "text"


class Kind(StrEnum):
    """A quantity may have decimals, a count may not, a share keeps numerator and denominator, words have no figure."""

    QUANTITY = "quantity"
    COUNT = "count"
    SHARE = "share"
    WORDS = "words"


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
