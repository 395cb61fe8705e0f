"""A place of its own for each test process: a database, two Valkey databases, and a folder.

All test processes share one embedded cluster. Each takes the first free slot and holds its
lock until it ends, however it ends, so nothing of an earlier run has to be cleaned away by
hand and any number of runs go on side by side.
"""

import atexit
import contextlib
import fcntl
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psutil

from aipbi import embedded

SLOTS = 32
HOME = "PORTAL_TESTS"


@dataclass(frozen=True)
class Slot:
    """What this test process has to itself."""

    number: int
    home: Path
    """Shared by all slots: the cluster, its locks, the collected static files."""
    folder: Path
    owner_url: str
    """The database's address for the role that owns the tables."""

    @property
    def database(self) -> str:
        return f"test_{self.number}"


_mine: Slot | None = None


def take() -> Slot:
    """Take a slot and put its addresses in the environment, before settings are read."""
    global _mine  # noqa: PLW0603 - one slot per process, like its environment
    if _mine is None:
        _mine = _take()
    return _mine


def _take() -> Slot:
    # Kept under a name of its own: worker processes inherit the environment changed below.
    home = Path(os.environ.setdefault(HOME, str(embedded.folder().parent / "test")))
    servers = embedded.start(home / "servers", durable=False)
    atexit.register(embedded.stop, home / "servers")
    # Root's servers may live elsewhere: then nothing has made this folder.
    home.mkdir(parents=True, exist_ok=True)
    number = _free(home)
    folder = home / f"slot-{number}"
    _end_leftovers(folder)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    (home / "static").mkdir(exist_ok=True)
    database = f"test_{number}"
    os.environ.update(
        DATABASE_URL=_named(servers.database_url_app, database),
        REDIS_URL=servers.redis_url,
        REDIS_QUEUE_DB=str(2 * number),
        REDIS_CACHE_DB=str(2 * number + 1),
        PORTAL_VAR=str(folder),
        STATIC_ROOT=str(home / "static"),
    )
    os.environ.pop("DATABASE_OWNER_URL", None)
    return Slot(number, home, folder, _named(servers.database_url_owner, database))


def _end_leftovers(folder: Path) -> None:
    """End the portal that a killed run left in this slot: its worker would take this run's tasks."""
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if process.environ().get("PORTAL_VAR") == str(folder):
                process.kill()


def _free(home: Path) -> int:
    for number in range(SLOTS):
        # Left open: the lock lasts as long as the process.
        descriptor = os.open(home / f"slot-{number}.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
        else:
            return number
    raise RuntimeError(f"All {SLOTS} test slots in {home} are taken.")


def _named(url: str, database: str) -> str:
    return urlunsplit(urlsplit(url)._replace(path=f"/{database}"))
