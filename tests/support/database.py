"""The test database: copied from a template that is built once per state of the code.

The template is migrated and filled with reference data by the role that owns the tables.
Tests then run as the portal's own role, under the very grants it has in production.
"""

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from fnmatch import fnmatch
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg2
import redis
from django.core.management import call_command
from django.db import connection, connections

from tests.support import slot

ROOT = Path(__file__).resolve().parent.parent.parent
# What the template's content follows from.
SOURCES = (
    "*/migrations/*.py",
    "aipbi/migrating.py",
    "*/models.py",
    "*/models/*.py",
    "*/moves/*.py",
    "aipbi/asean/*.py",
    "aipbi/asean/data/*",
    "facilitation/data/letters/*",
    "aipbi/workflow/*.py",
    "requirements.lock",
)
ROOMS = ("aipbi", "proposals", "review", "facilitation", "monitoring")
TEMPLATES_KEPT = 6


_number = 0


def number() -> int:
    """Return how many databases this process has had."""
    return _number


def owner() -> str:
    """Return the role that owns the tables."""
    return str(urlsplit(slot.take().owner_url).username)


def create() -> None:
    """Make this process's database anew, as its template is."""
    global _number  # noqa: PLW0603 - one database at a time
    mine = slot.take()
    template = _template(mine)
    with _server(mine) as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {mine.database} WITH (FORCE)")
        cursor.execute(f"CREATE DATABASE {mine.database} TEMPLATE {template} STRATEGY FILE_COPY")
    _number += 1


def recreate() -> None:
    """Undo all that was committed: the trail refuses to be emptied, so the database goes."""
    connections.close_all()
    empty_queue_and_cache()
    create()


def drop() -> None:
    """Remove this process's database."""
    connections.close_all()
    mine = slot.take()
    with _server(mine) as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS {mine.database} WITH (FORCE)")


@contextmanager
def away() -> Iterator[None]:
    """Let nobody into this process's database until the block ends, and throw out who is in."""
    connections.close_all()
    mine = slot.take()
    with _server(mine) as cursor:
        cursor.execute(f"ALTER DATABASE {mine.database} ALLOW_CONNECTIONS false")
        try:
            cursor.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [mine.database])
            yield
        finally:
            cursor.execute(f"ALTER DATABASE {mine.database} ALLOW_CONNECTIONS true")


def empty_queue_and_cache() -> None:
    """Forget what Valkey holds for this process."""
    for name in ("REDIS_QUEUE_DB", "REDIS_CACHE_DB"):
        with closing(redis.Redis.from_url(f"{os.environ['REDIS_URL']}?db={os.environ[name]}")) as server:
            server.flushdb()


@cache
def _template(mine: slot.Slot) -> str:
    """Return the template's name; this process keeps to it, also when files change meanwhile."""
    name = f"template_{_digest()}"
    with (mine.home / "template.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with _server(mine) as cursor:
            # Only who asks to be the owner is: the portal's role has its own grants and no others. Under the lock,
            # as PostgreSQL refuses two who grant at once.
            cursor.execute(f"GRANT {owner()} TO {connection.settings_dict['USER']} WITH INHERIT FALSE, SET TRUE")
            cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE 'template\\_%' ORDER BY oid DESC")
            known = [found for (found,) in cursor.fetchall()]
            if name in known:
                return name
            for old in known[TEMPLATES_KEPT - 1 :]:
                cursor.execute(f"DROP DATABASE {old} WITH (FORCE)")
            cursor.execute("DROP DATABASE IF EXISTS building WITH (FORCE)")
            cursor.execute("CREATE DATABASE building")
            with owning(mine, "building"):
                call_command("migrate", interactive=False, verbosity=0)
                call_command("load_reference", verbosity=0)
            cursor.execute(f"ALTER DATABASE building RENAME TO {name}")
    return name


def _digest() -> str:
    digest = hashlib.sha256()
    rooms = [path for room in ROOMS for path in (ROOT / room).rglob("*")]
    for path in sorted({*rooms, ROOT / "requirements.lock"}):
        name = path.relative_to(ROOT)
        if path.is_file() and any(fnmatch(str(name), pattern) for pattern in SOURCES):
            digest.update(f"{name}\0".encode() + path.read_bytes())
    return digest.hexdigest()[:16]


@contextmanager
def owning(mine: slot.Slot, database: str) -> Iterator[None]:
    """Point Django to another database as the owner of its tables."""
    before = {key: connection.settings_dict[key] for key in ("NAME", "USER")}
    connection.close()
    connection.settings_dict.update(NAME=database, USER=owner())
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(before)


@contextmanager
def _server(mine: slot.Slot) -> Iterator["psycopg2.extensions.cursor"]:
    url = urlunsplit(urlsplit(mine.owner_url)._replace(path="/postgres"))
    with closing(psycopg2.connect(url)) as server:
        server.autocommit = True
        with server.cursor() as cursor:
            yield cursor
