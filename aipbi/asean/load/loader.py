"""Filling the tables: whole or not at all, and only with what was never there.

A row is known by its natural key. One that the history has seen, even if an administrator has
since changed its key or deleted it, is not brought back: a holiday that moved stays moved.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import DataError, IntegrityError, connection, models, transaction

from aipbi.asean import names
from aipbi.asean.cache import forget
from aipbi.asean.files import DATA, Fault, FaultyFilesError, Row
from aipbi.asean.load.tables import TABLES, Table
from aipbi.asean.models import Default
from aipbi.asean.models.base import Reference

# Any number, as long as nothing else locks by it.
ONE_AT_A_TIME = 0xA5EA
WORDS = {"yes": True, "no": False}

Key = tuple[Any, ...]


def load(folder: Path = DATA) -> dict[str, int]:
    """Create the reference data that is missing; return how many rows of each kind were created.

    One transaction. Raises FaultyFilesError with everything wrong in the files; then nothing is loaded.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ONE_AT_A_TIME])
        created = _Loader(folder).run()
        forget(Default._meta.label, *(model._meta.label for model in names.LABELS))
    return created


@dataclass(slots=True)
class _Entry:
    """A row of a file as values of a model, its references still natural keys."""

    row: Row
    values: dict[str, Any] = field(default_factory=dict)
    refers: dict[str, Key] = field(default_factory=dict)


@dataclass(slots=True)
class _Loaded:
    """What is known of a table: entries of the files by key, and keys of the database."""

    entries: dict[Key, _Entry] = field(default_factory=dict)
    pks: dict[Key, Any] = field(default_factory=dict)
    ever: set[Key] = field(default_factory=set)
    created: set[Key] = field(default_factory=set)
    readable: bool = True


class _Loader:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.faults: list[Fault] = []
        self.tables: dict[type[models.Model], _Loaded] = {}

    def run(self) -> dict[str, int]:
        for table in TABLES:
            self.tables[table.model] = self._known(table)
            self._read(table)
        for table in TABLES:
            self._check_references(table.model)
        self._stop_at_faults()
        for table in TABLES:
            self._create(table)
        return {str(table.model._meta.verbose_name_plural): len(self.tables[table.model].created) for table in TABLES}

    def _stop_at_faults(self) -> None:
        if self.faults:
            raise FaultyFilesError(self.faults)

    # --- from the files

    def _known(self, table: Table) -> _Loaded:
        known = _Loaded()
        if not table.part_of:
            natural = table.model.natural
            known.pks = {row[:-1]: row[-1] for row in table.model.objects.order_by().values_list(*natural, "pk")}
            known.ever = set(table.model.pgh_event_model.objects.order_by().values_list(*natural).distinct())  # type: ignore[attr-defined]
            known.ever |= known.pks.keys()
        return known

    def _read(self, table: Table) -> None:
        loaded = self.tables[table.model]
        try:
            rows = table.read(self.folder)
        except FaultyFilesError as error:
            self.faults += error.faults
            loaded.readable = False
            return
        for row in rows:
            found = list(self._faults(table.model, row, entry := _Entry(row)))
            if found:
                self.faults += found
                loaded.readable = False
                continue
            key = _key(table.model, entry)
            first = loaded.entries.setdefault(key, entry)
            if first is not entry:
                self.faults.append(row.fault(f"{_words(table.model, key)} stands on line {first.row.line} already"))

    def _faults(self, model: type[Reference], row: Row, entry: _Entry) -> Iterator[Fault]:
        """Fill `entry` from `row`, and return what stands in the way."""
        for column, raw in row.items():
            try:
                target = model._meta.get_field(column)
            except FieldDoesNotExist:
                yield row.fault(f"“{column}” is not known")
                continue
            if not isinstance(target, models.Field):
                yield row.fault(f"“{column}” is not known")
            elif target.is_relation:
                if raw not in ("", None):
                    entry.refers[column] = raw if isinstance(raw, tuple) else (raw,)
                elif not target.null:
                    yield row.fault(f"{column}: this must not be empty")
            else:
                try:
                    entry.values[column] = target.clean(_prepared(target, raw), None)
                except ValidationError as error:
                    yield row.fault(f"{column}: {' '.join(error.messages)}")
        for target in model._meta.concrete_fields:
            if target.name not in row and not (
                target.has_default() or target.null or isinstance(target, models.AutoField)
            ):
                yield row.fault(f"“{target.name}” is missing")

    def _check_references(self, model: type[Reference]) -> None:
        above: set[Key] = set()
        for key, entry in self.tables[model].entries.items():
            for name, wanted in entry.refers.items():
                target = _target(model, name)
                there = self.tables[target]
                if wanted in there.entries:
                    if target is model and wanted not in above:
                        self.faults.append(entry.row.fault(f"{name}: {_words(target, wanted)} must stand above"))
                elif there.readable and wanted not in there.ever:
                    self.faults.append(entry.row.fault(f"{name}: there is no {_words(target, wanted)}"))
            above.add(key)

    # --- into the database

    def _create(self, table: Table) -> None:
        loaded = self.tables[table.model]
        fresh = {key: entry for key, entry in loaded.entries.items() if self._is_new(table, key, entry)}
        if not fresh:
            return
        if any(target.related_model is table.model for target in table.model._meta.concrete_fields):
            batches = [{key: entry} for key, entry in fresh.items()]
        else:
            batches = [fresh]
        for batch in batches:
            made = {
                key: self._instance(table.model, entry)
                for key, entry in batch.items()
                if self._has_references(table.model, entry)
            }
            wanted = {key: row for key, row in made.items() if not table.fits or table.fits(row)}
            try:
                with transaction.atomic():
                    table.model.objects.bulk_create(wanted.values())
            except (IntegrityError, DataError):
                self._blame(wanted, loaded)
            loaded.pks |= {key: row.pk for key, row in wanted.items()}
            loaded.created |= wanted.keys()

    def _is_new(self, table: Table, key: Key, entry: _Entry) -> bool:
        if table.part_of:
            return entry.refers[table.part_of] in self.tables[_target(table.model, table.part_of)].created
        return key not in self.tables[table.model].ever

    def _has_references(self, model: type[Reference], entry: _Entry) -> bool:
        """Whether what the entry refers to is there still; else an administrator has removed it."""
        return all(wanted in self.tables[_target(model, name)].pks for name, wanted in entry.refers.items())

    def _instance(self, model: type[Reference], entry: _Entry) -> Reference:
        pks = {f"{name}_id": self.tables[_target(model, name)].pks[wanted] for name, wanted in entry.refers.items()}
        return model(**entry.values, **pks)

    def _blame(self, wanted: dict[Key, Reference], loaded: _Loaded) -> None:
        """Find the rows that the database refuses, one by one, and stop."""
        for key, instance in wanted.items():
            try:
                with transaction.atomic():
                    instance.save(force_insert=True)
            except (IntegrityError, DataError) as error:
                self.faults.append(loaded.entries[key].row.fault(_reason(type(instance), error)))
        self._stop_at_faults()


def _target(model: type[Reference], name: str) -> type[Reference]:
    return model._meta.get_field(name).related_model  # type: ignore[return-value]


def _prepared(target: models.Field, raw: Any) -> Any:
    """Return the text of a file as the field reads it."""
    if raw == "" and target.null:
        return None
    if isinstance(target, ArrayField):
        return [target.base_field.to_python(part) for part in raw.split(";") if part]
    return WORDS.get(raw, raw) if isinstance(target, models.BooleanField) else raw


def _key(model: type[Reference], entry: _Entry) -> Key:
    parts: list[Any] = []
    for name in model.natural:
        plain = name.removesuffix("_id")
        parts += entry.refers[plain] if plain in entry.refers else [entry.values[plain]]
    return tuple(parts)


def _words(model: type[models.Model], key: Key) -> str:
    return f"{model._meta.verbose_name} “{' '.join(str(part) for part in key)}”"


def _reason(model: type[models.Model], error: Exception) -> str:
    told = error.__cause__.diag  # type: ignore[union-attr]
    for constraint in model._meta.constraints:
        if constraint.name == told.constraint_name and constraint.violation_error_code != "unique":
            return str(constraint.get_violation_error_message())
    return str(told.message_detail or told.message_primary)
