"""What of a letter could not be printed, found in its words before it is checked and approved (F8)."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aipbi.documents import glyphs

_MOST = 6
_PLACES: dict[str, Any] = {
    "initiative": gettext_lazy("the name of the initiative"),
    "addressee": gettext_lazy("the addressee"),
    "decision": gettext_lazy("the decision"),
    "supersedes": gettext_lazy("why it takes the place of the letter before"),
    "subject": gettext_lazy("the subject"),
    "opening": gettext_lazy("the opening"),
    "reporting": gettext_lazy("the reporting duty"),
    "standing": gettext_lazy("the standing of the letter"),
    "closing": gettext_lazy("the closing"),
    "schedule": gettext_lazy("the schedule of benefits"),
    "signatory": gettext_lazy("the signature"),
}


def faults(said: dict[str, Any]) -> Iterator[str]:
    """Yield, for each part of a letter, the signs that no font has; `said` is what `compose.shown` returns."""
    for part, label in _PLACES.items():
        signs = glyphs.missing("".join(_texts(said.get(part))))
        if signs:
            shown = ", ".join(map(glyphs.named, signs[:_MOST])) + (" …" if len(signs) > _MOST else "")
            yield _(
                "In %(place)s no font has %(signs)s; it would be printed as boxes. Write it in another script, "
                "or have a font for it installed on the server."
            ) % {"place": label, "signs": shown}


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from _texts(one)
    elif isinstance(value, list):
        for one in value:
            yield from _texts(one)
