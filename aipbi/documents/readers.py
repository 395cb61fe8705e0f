"""Who reads a file, by its purpose; apps that store files register theirs."""

from collections.abc import Callable, Collection
from functools import reduce
from operator import or_

from django.db.models import Q

from aipbi.accounts.capacity import Capacity

Rule = Callable[[Capacity], Q]


def _anywhere(_viewer: Capacity) -> Q:
    return Q()


_READERS: dict[str, tuple[Rule, Rule]] = {}


def register(purpose: str, rule: Rule, *, within: Rule = _anywhere) -> None:
    """Say which files of this purpose a capacity reads: `rule` returns a condition on StoredFile.

    It reads none that do not meet `within` too, which is asked once for all purposes that share it.
    """
    _READERS[purpose] = (within, rule)


def condition(viewer: Capacity, of: Collection[str] = ()) -> Q:
    """Return the condition for all files the capacity reads, or for those of some purposes."""
    parts: dict[Rule, Q] = {}
    for purpose in of or _READERS:
        within, rule = _READERS[purpose]
        parts[within] = parts.get(within, Q()) | Q(purpose=purpose) & rule(viewer)
    return reduce(or_, (within(viewer) & part for within, part in parts.items()), Q()) or Q(pk__in=[])
