"""Tabs of the case page; each app registers its own from `AppConfig.ready`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from aipbi.accounts.capacity import Capacity


@dataclass(frozen=True, slots=True)
class Tab:
    """A tab: its word in addresses (also its URL name), label, place, and who sees it on which proposal."""

    code: str
    label: Any
    order: int
    shows: Callable[[Capacity, Any], bool]

    def url(self, case_code: str) -> str:
        """Return the tab's address on a case."""
        return reverse(self.code, args=[case_code])


_TABS: dict[str, Tab] = {}


def register(code: str, label: Any, *, order: int, shows: Callable[[Capacity, Any], bool]) -> None:
    """Make a tab known; its page is the URL named `code`, taking the case's code."""
    _TABS[code] = Tab(code, label, order, shows)


def open_to(capacity: Capacity, proposal: Any) -> list[Tab]:
    """Return the tabs this capacity sees on this proposal, in order."""
    return [tab for tab in sorted(_TABS.values(), key=lambda t: t.order) if tab.shows(capacity, proposal)]
