"""How far experts agree: r*wg(J), the within-group agreement of Lindell, Brandt and Whitney (1999). Pure but for words.

For each parameter the variance of the experts' levels (n - 1 in the divisor) is compared with the variance that would
come of levels given at random, each of the five as likely as any other: (5² - 1) / 12 = 2 (James, Demaree and Wolf
1984). r*wg = 1 - mean variance / 2. 1 is full agreement; 0 is what chance would give; below 0 the experts are further
apart than chance. One parameter's own measure is the same with its variance alone. `docs/decisions/agreement.md` says
why this one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

NAME = "r*wg"
LEVELS = 5
AT_RANDOM = Decimal(LEVELS**2 - 1) / 12
ENOUGH = 2
_PLACES = Decimal("0.01")

# From which value on which words hold (LeBreton and Senter 2008).
WORDS: tuple[tuple[Decimal, Any], ...] = (
    (Decimal("0.91"), _("very strong agreement")),
    (Decimal("0.71"), _("strong agreement")),
    (Decimal("0.51"), _("moderate agreement")),
    (Decimal("0.31"), _("weak agreement")),
    (Decimal("0.00"), _("hardly any agreement")),
)
BEYOND = _("no agreement: the experts are further apart than chance would put them")


@dataclass(frozen=True, slots=True)
class Agreement:
    """The measure over all parameters, two places; None where there are fewer than two experts."""

    value: Decimal | None

    @property
    def words(self) -> Any:
        """What the value means."""
        if self.value is None:
            return _("with one expert there is nothing to compare")
        return next((words for least, words in WORDS if self.value >= least), BEYOND)


def variance(levels: Sequence[int]) -> Decimal:
    """Return the variance of the levels with n - 1 in the divisor. Raises ValueError for fewer than two."""
    if len(levels) < ENOUGH:
        raise ValueError("a variance needs two levels")
    mean = Decimal(sum(levels)) / len(levels)
    return sum(((level - mean) ** 2 for level in levels), Decimal(0)) / (len(levels) - 1)


def measure(rows: Sequence[Sequence[int]]) -> Agreement:
    """Return the agreement over parameters; each row has the levels (0 to 4) of all experts, the same number in each."""
    if not rows or any(len(row) < ENOUGH for row in rows):
        return Agreement(None)
    found = 1 - sum(map(variance, rows), Decimal(0)) / len(rows) / AT_RANDOM
    return Agreement(found.quantize(_PLACES, ROUND_HALF_UP))
