"""Who starts the embedded servers, and who is using them.

Two locks of the kernel, freed when their process ends however it ends: `starting` is held
by one process while it starts or stops servers; `using` is shared by all that use them.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_held: dict[tuple[int, Path], int] = {}


@contextmanager
def starting(folder: Path) -> Iterator[None]:
    """Wait until nobody else starts or stops servers here."""
    descriptor = _open(folder / "starting.lock")
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def hold(folder: Path) -> None:
    """Note this process among the users; a second time changes nothing."""
    key = (os.getpid(), folder)
    if key not in _held:
        descriptor = _open(folder / "using.lock")
        fcntl.flock(descriptor, fcntl.LOCK_SH)
        _held[key] = descriptor


def let_go(folder: Path) -> bool:
    """Forget this process among the users; return whether it was one and the last one."""
    descriptor = _held.pop((os.getpid(), folder), None)
    if descriptor is None:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    finally:
        os.close(descriptor)
    return True


def _open(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
