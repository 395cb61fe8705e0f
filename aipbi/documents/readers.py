"""Who reads a file, by its purpose; apps that store files register theirs."""

from collections.abc import Callable
from functools import reduce
from operator import or_

from django.db.models import Q

from aipbi.accounts.capacity import Capacity

_READERS: dict[str, Callable[[Capacity], Q]] = {}


def register(purpose: str, rule: Callable[[Capacity], Q]) -> None:
    """Say which files of this purpose a capacity reads: `rule` returns a condition on StoredFile."""
    _READERS[purpose] = rule


def condition(viewer: Capacity) -> Q:
    """Return the condition for all files the capacity reads."""
    parts = [Q(purpose=purpose) & rule(viewer) for purpose, rule in _READERS.items()]
    return reduce(or_, parts) if parts else Q(pk__in=[])
