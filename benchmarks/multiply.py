"""Copying walked cases with whatever the apps keep beside them.

Each table is copied by one `INSERT … SELECT`. Row `pk` of copy `n` gets the number `pk + n · STRIDE`,
so that every reference inside a case moves by the same sum; codes and references are made anew,
owners exchanged, times moved into the past. Trails are written by `benchmarks.trails`.
"""

import re
from collections.abc import Sequence
from dataclasses import astuple, fields
from datetime import timedelta

from django.db import connection
from django.db.models import AutoField, DateField, Field, Model

from aipbi.accounts.models import Organisation, Person
from aipbi.workflow.models import Case, TrailEntry
from benchmarks.copies import Copy
from benchmarks.tables import belonging_to_cases, copy_in
from proposals.models import Proposal

# More than any table of the walked cases has rows.
STRIDE = 100_000
_SQL = {int: "bigint", str: "text", timedelta: "interval"}
# Columns whose value does not follow from the walked case's.
_TITLE = "left(t.title, 280) || ' ' || c.number"
_ANEW = {
    (Case, "trail_head"): "c.trail_head",
    (Proposal, "title"): _TITLE,
    (Proposal, "search_text"): f"concat_ws(E'\\n', nullif(c.new_reference, ''), {_TITLE}, c.new_name)",
}


def multiply(copies: Sequence[Copy]) -> int:
    """Write the copies in every table but the trail's, and return how many rows that are."""
    columns = {field.name: _SQL[field.type] for field in fields(Copy)}  # type: ignore[index] # types, not names
    with connection.cursor() as cursor:
        listed = ", ".join(f"{name} {kind}" for name, kind in columns.items())
        cursor.execute(f"CREATE TEMP TABLE copy ({listed}) ON COMMIT DROP")
        cursor.execute("CREATE TEMP TABLE part (pk bigint, of_case bigint) ON COMMIT DROP")
    copy_in("copy", list(columns), (astuple(one) for one in copies))
    names = {name for one in copies for name in (one.code, one.reference) if name}
    copying = _Copying(belonging_to_cases(), {one.walked for one in copies}, re.compile("|".join(names)))
    written = sum(copying.copy(model) for model in copying.ways if model is not TrailEntry)
    for model in copying.ways:
        _continue_numbers(model)
    return written


def _continue_numbers(model: type[Model]) -> None:
    """Let the next row that the portal writes get a number after the copies'."""
    key, table = model._meta.pk, model._meta.db_table
    if isinstance(key, AutoField):
        with connection.cursor() as cursor:
            cursor.execute(
                f'SELECT setval(pg_get_serial_sequence(%s, %s), max("{key.column}")) FROM "{table}"',  # noqa: S608 - our own names
                [f'"{table}"', key.column],
            )


class _Copying:
    """Copies one table after the other."""

    def __init__(self, ways: dict[type[Model], str], cases: set[int], names: re.Pattern[str]) -> None:
        self.ways, self.cases, self.names = ways, cases, names

    def copy(self, model: type[Model]) -> int:
        """Copy the rows of walked cases."""
        way, table = self.ways[model], model._meta.db_table
        rows = list(model._default_manager.filter(**{f"{way}__in": self.cases}).order_by().values("pk", way))
        chosen = {field.column: self._value(model, field) for field in model._meta.concrete_fields}
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE part")
            copy_in("part", ["pk", "of_case"], ([row["pk"], row[way]] for row in rows))
            cursor.execute("ANALYZE part")
            cursor.execute(
                f"""INSERT INTO "{table}" ({", ".join(f'"{column}"' for column in chosen)})
                SELECT {", ".join(chosen.values())} FROM part p
                JOIN "{table}" t ON t."{model._meta.pk.column}" = p.pk JOIN copy c ON c.walked = p.of_case""",  # noqa: S608 - our own names
            )
            return cursor.rowcount

    def _value(self, model: type[Model], field: Field) -> str:  # noqa: PLR0911 - one answer per kind of column
        """Return, in SQL, what a copy has in a column."""
        column, target = f't."{field.column}"', getattr(field.remote_field, "model", None)
        if (model, field.name) in _ANEW:
            return _ANEW[model, field.name]
        if target in self.ways or isinstance(field, AutoField) or field.name == "subject_pk":
            return f"{column} + c.number * {STRIDE}"
        if target is Organisation:
            return f"CASE {column} WHEN c.organisation THEN c.new_organisation ELSE {column} END"
        if target is Person:
            return f"CASE {column} WHEN c.person THEN c.new_person ELSE {column} END"
        if isinstance(field, DateField):
            return f"({column} - c.age)::{field.db_type(connection)}"
        if field.get_internal_type() in ("CharField", "TextField", "JSONField", "SlugField", "FileField"):
            return self._words(model, field, column)
        return column

    def _words(self, model: type[Model], field: Field, column: str) -> str:
        there = model._default_manager.order_by().values_list(field.name, flat=True)
        if any(self.names.search(str(value)) for value in there):
            changed = f"replace(replace({column}::text, c.code, c.new_code), c.reference, c.new_reference)"
            return f"{changed}::{field.db_type(connection)}"
        if field.unique:
            return f"left(md5({column} || c.number), length({column}))"
        return column
