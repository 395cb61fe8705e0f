"""What a higher app has to say on a page of a lower one: sentences, registered from `AppConfig.ready`."""

from collections.abc import Callable, Iterable
from typing import Any

from aipbi.accounts.capacity import Capacity

Remark = Callable[[Capacity, Any], Iterable[str]]

_REMARKS: dict[str, list[Remark]] = {}


def register(tab: str, function: Remark) -> None:
    """Let `function` say in whole sentences what a reader of this tab should know of the proposal."""
    known = _REMARKS.setdefault(tab, [])
    if function not in known:
        known.append(function)


def of(tab: str, viewer: Capacity, proposal: Any) -> list[str]:
    """Return what there is to say on the tab, in the order of the apps."""
    return [sentence for function in _REMARKS.get(tab, ()) for sentence in function(viewer, proposal)]
