"""Reading which tables belong to a case, and writing many rows at once."""

import io
import json
import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.models import ForeignKey, Model

from aipbi.workflow.models import Case

_ODD = re.compile(r"[\\\t\n\r]")
_ESCAPED = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def belonging_to_cases() -> dict[type[Model], str]:
    """Return the models whose rows belong to a case, each with the way from it to the case's number.

    A row belongs to a case when it points to it, or to another row that does.
    """
    ways: dict[type[Model], str] = {Case: "pk"}
    left = [model for model in apps.get_models(include_auto_created=True) if _is_table(model)]
    while True:
        found = {model: way for model in left if model not in ways and (way := _way(model, ways))}
        if not found:
            return ways
        ways |= found


def _is_table(model: type[Model]) -> bool:
    return model._meta.managed and not model._meta.proxy and not hasattr(model, "pgh_tracked_model")


def _way(model: type[Model], ways: dict[type[Model], str]) -> str:
    """Return the way to the case by the surest reference: one that cannot be empty."""
    steps = [field for field in model._meta.concrete_fields if isinstance(field, ForeignKey)]
    known = [field for field in steps if field.remote_field.model in ways]
    sure = sorted(known, key=lambda field: field.null)
    return f"{sure[0].name}__{ways[sure[0].remote_field.model]}" if sure else ""


def copy_in(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write rows by PostgreSQL's COPY."""
    names = ", ".join(f'"{name}"' for name in columns)
    lines = "".join("\t".join([_text(value) for value in row]) + "\n" for row in rows)
    with connection.cursor() as cursor:
        cursor.copy_expert(f'COPY "{table}" ({names}) FROM STDIN', io.StringIO(lines))


def _text(value: Any) -> str:
    if value is None:
        return "\\N"
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, dict | list):
        value = json.dumps(value, ensure_ascii=False)
    text = str(value)
    return text.translate(_ESCAPED) if _ODD.search(text) else text
