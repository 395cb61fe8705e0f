"""Waiting for other processes, without a guess at how long they take."""

import time
from collections.abc import Callable
from typing import Any

SECONDS = 180


def until(what: Callable[[], Any], told: Callable[[], Any] = lambda: "It did not come true.") -> Any:
    """Wait until `what()` is true and return it; fail with what is `told` when it stays false."""
    end = time.monotonic() + SECONDS
    while not (found := what()):
        assert time.monotonic() < end, told()
        time.sleep(0.02)
    return found
