"""The reasoning of `consensus` in words (D5); a decision keeps the codes, so that it can be read in any language."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from review.consensus import Reason, Why
from review.states import in_words

# There are eleven Member States.
NUMBERS = (
    _("none"), _("one"), _("two"), _("three"), _("four"), _("five"), _("six"), _("seven"), _("eight"), _("nine"),
    _("ten"), _("eleven"),
)  # fmt: skip
_WORDS: dict[Why, Any] = {
    Why.STEPS_ASIDE: ngettext_lazy(
        "%(states)s steps aside under ASEAN Minus X.", "%(states)s step aside under ASEAN Minus X.", "many"
    ),
    Why.OBJECTS: ngettext_lazy("%(states)s objects.", "%(states)s object.", "many"),
    Why.ASKS_TO_WAIT: ngettext_lazy(
        "%(states)s asks to put it off until a question is answered; nobody decides over that.",
        "%(states)s ask to put it off until a question is answered; nobody decides over that.",
        "many",
    ),
    Why.CONDITIONS: ngettext_lazy(
        "%(states)s approves with conditions.", "%(states)s approve with conditions.", "many"
    ),
    Why.ALL_ANSWERED: ngettext_lazy(
        "%(states)s, the only one that takes part, has answered.",
        "All %(number)s confirmed Member States have answered: %(states)s.",
        "many",
    ),
    Why.REMAINING_ANSWERED: ngettext_lazy(
        "%(states)s, the only one that remains, has answered.",
        "All %(number)s that remain have answered: %(states)s.",
        "many",
    ),
    Why.AWAITED: _("Still awaited: %(states)s."),
    Why.SILENCE_COUNTS: _(
        "The deadline has passed without an answer from %(states)s; the round was opened so that this counts as no objection."
    ),
    Why.SILENCE_DOES_NOT_COUNT: _(
        "The deadline has passed without an answer from %(states)s; in this round silence does not count."
    ),
    Why.NONE_OBJECTS: _("None objects."),
    Why.TOO_FEW_REMAIN: _("Fewer than two Member States would remain."),
    Why.ORIGINATING_MISSING: _("%(states)s, the originating Member State, would not be among those that remain."),
    Why.CRITERION_2_FAILS: _(
        "Criterion 2 does not hold: at least two of those that remain must both take part and benefit."
    ),
    Why.CRITERION_2_HOLDS: _("Criterion 2 holds: %(states)s take part and benefit."),
}


def sentences(reasons: Iterable[Reason]) -> list[str]:
    """Return one sentence a reason, with the names of the Member States."""
    return [_sentence(one) for one in reasons]


def _sentence(one: Reason) -> str:
    many = len(one.states)
    number = NUMBERS[many] if many < len(NUMBERS) else many
    words = str(_WORDS[one.why] % {"many": many, "number": number, "states": in_words(one.states)})
    return capfirst(words)


def kept(reasons: Iterable[Reason]) -> list[list[object]]:
    """Return the reasons as a decision keeps them."""
    return [[reason.why.value, list(reason.states)] for reason in reasons]


def thaw(stored: Sequence[Sequence[Any]]) -> list[Reason]:
    """Return the reasons a decision keeps."""
    return [Reason(Why(why), tuple(states)) for why, states in stored]
