"""What an app above shows beside a section of a proposal: links in words. Each registers its own from `AppConfig.ready`."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from aipbi.accounts.capacity import Capacity
from proposals.models import Proposal


@dataclass(frozen=True, slots=True)
class Beside:
    """A link that stands under a section (by its slug)."""

    section: str
    words: str
    url: str


_BESIDE: list[Callable[[Capacity, Proposal], Iterable[Beside]]] = []


def register(function: Callable[[Capacity, Proposal], Iterable[Beside]]) -> None:
    """Let `function` say what the reader finds beside the sections of a proposal."""
    if function not in _BESIDE:
        _BESIDE.append(function)


def of(viewer: Capacity, proposal: Proposal) -> dict[str, list[Beside]]:
    """Return what stands beside each section, by slug, as far as the reader may see it."""
    found = defaultdict(list)
    for function in _BESIDE:
        for one in function(viewer, proposal):
            found[one.section].append(one)
    return found
