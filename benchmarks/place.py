"""Where the benchmark lives: servers, databases and files of its own, never the portal's."""

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from urllib.parse import urlsplit, urlunsplit

import django
import psycopg2

from aipbi import embedded

HOME = embedded.folder().parent / "benchmark"
# A database of one case in each state; and one that is not filled to its end yet.
WALKED, UNFINISHED = "walked", "unfinished"
# A data set that a command changes for good.
COPY = "changed"


@cache
def _running() -> embedded.Servers:
    return embedded.start(HOME / "servers", durable=False)


@contextmanager
def servers() -> Iterator[None]:
    """Start the embedded servers in a folder beside the portal's, and set Django up on them."""
    # Whatever portal the environment names is not touched.
    for name in ("DATABASE_OWNER_URL", "STATIC_ROOT", "FILES_ROOT", "EMAIL_FOLDER", "EMAIL_HOST", "DEBUG"):
        os.environ.pop(name, None)
    os.environ.update(
        DATABASE_URL=_running().database_url_app,
        REDIS_URL=_running().redis_url,
        PORTAL_VAR=str(HOME),
        PORTAL_DEMO="1",
        LOG_LEVEL="WARNING",
        DJANGO_SETTINGS_MODULE="benchmarks.settings",
    )
    django.setup()
    try:
        yield
    finally:
        use("postgres")
        embedded.stop(HOME / "servers")


def use(database: str, *, owner: bool = False) -> None:
    """Point Django to a database, as the portal's role or as the one that owns the tables."""
    from django.core.cache import cache as remembered  # noqa: PLC0415 - Django is set up by now
    from django.db import connection  # noqa: PLC0415 - as above

    connection.close()
    url = urlsplit(_running().database_url_owner if owner else _running().database_url_app)
    connection.settings_dict.update(NAME=database, USER=url.username)
    remembered.clear()


def begin() -> None:
    """Make the database of walked cases, empty, and use it as the tables' owner."""
    empty(WALKED)


def empty(name: str) -> None:
    """Make an empty database of this name with tables and reference data, and use it as the tables' owner."""
    from django.core.management import call_command  # noqa: PLC0415 - Django is set up by now

    _make(name, "template1")
    call_command("migrate", interactive=False, verbosity=0)
    call_command("load_reference", verbosity=0)


def copy_walked() -> None:
    """Use a copy of the database with the walked cases, as the tables' owner."""
    _make(UNFINISHED, WALKED)


def finish(cases: int) -> None:
    """Give the filled database the name that `seeded` looks for, in the place of an earlier one."""
    use("postgres")
    _execute(
        f"DROP DATABASE IF EXISTS cases_{cases} WITH (FORCE)",
        f"ALTER DATABASE {UNFINISHED} RENAME TO cases_{cases}",
    )


def _make(name: str, template: str) -> None:
    use("postgres")
    _execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)", f"CREATE DATABASE {name} TEMPLATE {template}")
    use(name, owner=True)


def use_size(cases: int) -> None:
    """Point Django, as the portal's role, to the data set of this size; SystemExit where there is none."""
    if cases not in seeded():
        raise SystemExit(f"There is no data set of {cases} cases: python -m benchmarks seed --cases {cases}")
    use(f"cases_{cases}")


def use_copy(cases: int) -> None:
    """Point Django, as the portal's role, to a copy of the data set of this size, which may be changed."""
    use_size(cases)
    _make(COPY, f"cases_{cases}")
    use(COPY)


def copy_url() -> str:
    """Return the address of that copy for the portal's role."""
    return urlunsplit(urlsplit(_running().database_url_app)._replace(path=f"/{COPY}"))


def seeded() -> list[int]:
    """Return the sizes there are, the smallest first."""
    found = _execute("SELECT datname FROM pg_database WHERE datname LIKE 'cases\\_%'")
    return sorted(int(name.removeprefix("cases_")) for (name,) in found)


def _execute(*statements: str) -> list[tuple[str]]:
    url = urlunsplit(urlsplit(_running().database_url_owner)._replace(path="/postgres"))
    with closing(psycopg2.connect(url)) as server:
        server.autocommit = True
        with server.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []
