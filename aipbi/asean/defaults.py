"""What the rules marked *default* read: the settings that an administrator changes without code."""

from typing import Any

from aipbi.asean.cache import forget, remember
from aipbi.asean.models import Default


def get(key: str) -> Any:
    """Return the value of the setting: a str, bool or int, as its kind says. Raise LookupError for an unknown key."""
    known = remember(Default._meta.label, lambda: dict(Default.objects.values_list("key", "value")))
    try:
        return known[key]
    except KeyError:
        raise LookupError(f"There is no setting “{key}”; run load_reference") from None


def changed(**kwargs: Any) -> None:
    """Forget the settings once one has been saved or deleted."""
    forget(Default._meta.label)
