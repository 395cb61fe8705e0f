"""Who reads a file, by its purpose; apps that store files register theirs."""

from collections.abc import Callable, Collection
from functools import reduce
from operator import or_

from django.db.models import Q

from aipbi.accounts.capacity import Capacity

_READERS: dict[str, Callable[[Capacity], Q]] = {}


def register(purpose: str, rule: Callable[[Capacity], Q]) -> None:
    """Say which files of this purpose a capacity reads: `rule` returns a condition on StoredFile."""
    _READERS[purpose] = rule


def condition(viewer: Capacity, of: Collection[str] = ()) -> Q:
    """Return the condition for all files the capacity reads, or for those of some purposes."""
    parts = [Q(purpose=purpose) & _READERS[purpose](viewer) for purpose in of or _READERS]
    return reduce(or_, parts) if parts else Q(pk__in=[])
