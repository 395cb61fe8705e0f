"""Calling a library that runs an event loop of its own, from wherever one is."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any


def in_own_thread(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Return what the function returns, called in a thread of its own.

    A thread that has an event loop would refuse the library's.
    """
    with ThreadPoolExecutor(max_workers=1) as apart:
        return apart.submit(function, *args, **kwargs).result()
