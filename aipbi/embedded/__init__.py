"""The database and the queue that come with the portal.

A laptop or a test needs no installed server: PostgreSQL and Valkey from the locked Python
packages run in one private folder and answer on private sockets alone. Whoever uses them
holds a shared lock; the last one to leave stops them. After a hard kill they live on, and
the next command adopts them.

`DATABASE_URL` and `REDIS_URL` in the environment win; with both set nothing is started.
"""

import atexit
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from aipbi.embedded import locks, postgres, valkey
from aipbi.embedded.place import EmbeddedError, Place

__all__ = ["EmbeddedError", "Servers", "ensure", "erase", "folder", "start", "stop"]

BASE_DIR = Path(__file__).resolve().parent.parent.parent


@dataclass(frozen=True)
class Servers:
    """Where the running servers answer, as the settings write it."""

    database_url_owner: str
    database_url_app: str
    redis_url: str


def folder() -> Path:
    """Return the folder of the servers: `servers` in `PORTAL_VAR`, by default `var` here."""
    return Path(os.environ.get("PORTAL_VAR") or BASE_DIR / "var").absolute() / "servers"


def start(where: Path, *, durable: bool = True) -> Servers:
    """Start or adopt both servers in `where` and hold them until `stop` or the process ends.

    With `durable` off a crash of the machine may lose data: for tests. Raises EmbeddedError
    with one plain line.
    """
    place = Place.prepare(where)
    with locks.starting(place.folder):
        locks.hold(place.folder)
        try:
            postgres.start(place, durable=durable)
            valkey.start(place)
        except BaseException:
            _leave(place)
            raise
    return _servers(place)


def stop(where: Path) -> None:
    """Let go of the servers in `where`; stop them when nobody else holds them."""
    place = Place.prepare(where)
    with locks.starting(place.folder):
        _leave(place)


def _leave(place: Place) -> None:
    if locks.let_go(place.folder):
        valkey.stop(place)
        postgres.stop(place)


def erase(where: Path) -> None:
    """Remove the servers' data in `where`. Raises EmbeddedError while anybody uses them."""
    place = Place.prepare(where)
    with locks.starting(place.folder):
        locks.hold(place.folder)
        if not locks.let_go(place.folder):
            message = f"Another process uses the database in {place.folder}; stop it first."
            raise EmbeddedError(message)
        valkey.stop(place)
        postgres.stop(place)
        for found in place.folder.iterdir():
            if found.is_dir():
                shutil.rmtree(found)
            elif found.suffix != ".lock":
                found.unlink()
        if place.sockets != place.folder:
            shutil.rmtree(place.sockets)


def ensure(*, owner: bool = False) -> None:
    """Complete `DATABASE_URL` and `REDIS_URL` in the environment, starting the servers if one is missing.

    With `owner`, `DATABASE_URL` becomes `DATABASE_OWNER_URL`, where there is one: the role
    that owns the tables. Raises EmbeddedError.
    """
    if "DATABASE_URL" not in os.environ or "REDIS_URL" not in os.environ:
        servers = start(folder())
        atexit.register(stop, folder())
        if "DATABASE_URL" not in os.environ:
            os.environ["DATABASE_URL"] = servers.database_url_app
            os.environ["DATABASE_OWNER_URL"] = servers.database_url_owner
        os.environ.setdefault("REDIS_URL", servers.redis_url)
    if owner and os.environ.get("DATABASE_OWNER_URL"):
        os.environ["DATABASE_URL"] = os.environ["DATABASE_OWNER_URL"]


def _servers(place: Place) -> Servers:
    host = quote(str(place.sockets), safe="")
    return Servers(
        database_url_owner=f"postgresql://{postgres.OWNER}@{host}/{postgres.DATABASE}",
        database_url_app=f"postgresql://{postgres.APP}@{host}/{postgres.DATABASE}",
        redis_url=f"unix://{place.sockets / valkey.SOCKET}",
    )
