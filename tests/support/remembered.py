"""What many tests begin with is brought about through the door once in each process, and later laid back as it stood.

A walk of a case over twenty moves takes seconds, its rows some milliseconds. Laid back is only what a function made
of a database as its template is; of any other it makes its case anew, through the door, as if it were not remembered.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from functools import wraps
from io import BytesIO
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from django.conf import UserSettingsHolder, settings
from django.core.cache import cache as kept
from django.db import connection, transaction
from django.db.models import Model

from aipbi.accounts.capacity import today
from tests.support import database
from tests.support.people import People

P = ParamSpec("P")
R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class _World:
    """The rows of each table that a template has empty, the files beside them, and what the function returned."""

    rows: dict[str, bytes]
    files: dict[Path, bytes]
    returned: Any
    # The database whose counters have gone past these rows.
    made_in: set[int] = field(default_factory=set)


_WORLDS: dict[tuple[Any, ...], _World] = {}
# How many rows each table has before anything is done.
_TEMPLATE: dict[str, int] = {}


def remembered(function: Callable[P, R]) -> Callable[P, R]:
    """Let a function that fills an empty database do so once for the same words, numbers and day."""

    @wraps(function)
    def either(*args: P.args, **kwargs: P.kwargs) -> R:
        key = _key(function, args, kwargs)
        if key is None or not _untouched():
            return function(*args, **kwargs)
        if key in _WORLDS:
            return _laid_back(_WORLDS[key])
        before = set(_files())
        returned = function(*args, **kwargs)
        _WORLDS[key] = _World(
            _rows(),
            {path: path.read_bytes() for path in _files() if path not in before},
            deepcopy(returned),
            {database.number()},
        )
        return returned

    return either


def _key(function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> tuple[Any, ...] | None:
    """Return under what a call is remembered; nothing where it says more than words, or settings are changed for a test."""
    said = [one for one in args if not isinstance(one, People)]
    if isinstance(settings._wrapped, UserSettingsHolder) or any(
        isinstance(one, Model) for one in (*said, *kwargs.values())
    ):
        return None
    return (function.__module__, function.__qualname__, today(), repr(said), repr(sorted(kwargs.items())))


@contextmanager
def anew() -> Iterator[None]:
    """Within the block everything is brought about again: for a test that changes what it is made of."""
    known = dict(_TEMPLATE)
    _TEMPLATE.clear()
    try:
        yield
    finally:
        _TEMPLATE.update(known)


def _untouched() -> bool:
    """Whether the database is as its template: what changes a row of the reference data adds one to its history.

    Of the tables that are empty then, those of accounts tell it: without people there is no case.
    """
    if not _TEMPLATE:
        return False
    told = [table for table, count in _TEMPLATE.items() if count or table.startswith("accounts_")]
    return all(count == _TEMPLATE[table] for table, count in _counted(told).items())


def learn() -> None:
    """Note how many rows each table of a database that nobody has used has; called once, before the first test."""
    _TEMPLATE.update(_counted(connection.introspection.table_names()))


@contextmanager
def _as_owner() -> Iterator[Any]:
    """A cursor under the role that owns the tables; whoever was here before is here again afterwards."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL ROLE {database.owner()}")
        yield cursor
        cursor.execute("RESET ROLE")


def _counted(tables: Iterable[str]) -> dict[str, int]:
    with _as_owner() as cursor:
        cursor.execute(" UNION ALL ".join(f"SELECT '{table}', count(*) FROM {table}" for table in tables))
        return dict(cursor.fetchall())


def _go_past(cursor: Any, tables: Iterable[str]) -> None:
    """Let the counters of a database made anew give no number that these rows have."""
    for table in tables:
        cursor.execute(
            "SELECT pg_get_serial_sequence(%s, attname), attname FROM pg_attribute WHERE attrelid = %s::regclass AND attidentity <> ''",
            [table, table],
        )
        for sequence, column in cursor.fetchall():
            # Never back: other rows that were laid back may have greater ones.
            cursor.execute(
                f"SELECT setval(%s, greatest(max({column}), (SELECT last_value FROM {sequence}))) FROM {table}",
                [sequence],
            )


def _rows() -> dict[str, bytes]:
    """Return the rows of all tables that have some and had none."""
    found = {}
    filled = [table for table, count in _counted(_TEMPLATE).items() if count and not _TEMPLATE[table]]
    undone = connection.in_atomic_block
    with _as_owner() as cursor:
        if not undone:
            # A worker may be sending what was written: all tables are read as of one moment.
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        for table in filled:
            copied = BytesIO()
            cursor.copy_expert(f"COPY {table} TO STDOUT", copied)
            found[table] = copied.getvalue()
    return found


def _laid_back(world: _World) -> Any:
    with _as_owner() as cursor:
        # As they stood: no guard, no history and no key is asked a second time.
        cursor.execute("SET LOCAL session_replication_role = replica")
        for table, rows in world.rows.items():
            cursor.copy_expert(f"COPY {table} FROM STDIN", BytesIO(rows))
        cursor.execute("SET LOCAL session_replication_role = origin")
        if database.number() not in world.made_in:
            _go_past(cursor, world.rows)
            world.made_in.add(database.number())
    for path, content in world.files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    # What was counted of these people and cases before belongs to another test.
    kept.clear()
    return deepcopy(world.returned)


def _files() -> Iterator[Path]:
    return (path for path in Path(settings.FILES_ROOT).rglob("*") if path.is_file())
