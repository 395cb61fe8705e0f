"""The most urgent of what is owed, for all parts of a desk in one query (R7).

Written in SQL: what a capacity is owed is put into words once, and each light reads of it by its own index. Django's
UNION would put it into words anew for each light, which took longer than PostgreSQL takes to answer.
"""
# ruff: noqa: S608 - all words are our own; what is asked for goes beside them

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from itertools import chain
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.timezone import localtime

from aipbi.accounts.capacity import Capacity, today
from aipbi.templatetags.portal import SOON_DAYS
from aipbi.workflow.models import Obligation
from aipbi.workflow.obligations import KINDS

# The rule of each light. What has a date and what has none are asked apart: with an OR the index would be read from
# its beginning.
_RULES: Mapping[str, tuple[tuple[str, tuple[str, ...]], ...]] = {
    "": (("TRUE", ()),),
    "overdue": (("paused_at IS NULL AND due_at < %s", ("now",)),),
    "soon": (("paused_at IS NULL AND due_at >= %s AND due_at < %s", ("now", "soon")),),
    "later": (("paused_at IS NULL AND due_at >= %s", ("soon",)), ("paused_at IS NULL AND due_at IS NULL", ())),
    "paused": (("paused_at IS NOT NULL", ()),),
}


class Of(Enum):
    """Whose lines: whoever's they are, those that the reader can answer, or those that others must."""

    ALL, MINE, OTHERS = "all", "mine", "others"


_COLUMNS = ("id", "due_at", "paused_at", "case_id", "kind", "office_id", "begun_by_id")
# What the same party owes of the same kind on the same case; paused and running apart.
_SAME = """workflow_obligation same
     WHERE same.case_id = one.case_id AND same.kind = one.kind AND same.office_id = one.office_id
       AND same.closed_at IS NULL AND (same.paused_at IS NULL) = (one.paused_at IS NULL)"""
_FIRST = f"NOT (kind = ANY(%s) AND EXISTS (SELECT 1 FROM {_SAME} AND (same.due_at, same.id) < (one.due_at, one.id)))"
_ALIKE = f"CASE WHEN kind = ANY(%s) THEN (SELECT count(*) FROM {_SAME}) ELSE 1 END"


# Somebody else of the office can answer what the reader began (U2): it is not theirs, they wait for it.
_OTHERS = """begun_by_id IS DISTINCT FROM %s OR {}EXISTS (SELECT 1 FROM accounts_appointment other
     WHERE other.office_id = one.office_id AND other.person_id <> one.begun_by_id
       AND other.starts <= %s AND (other.ends IS NULL OR other.ends > %s))"""
_OF = {
    Of.ALL: "",
    Of.MINE: f"AND ({_OTHERS.format('NOT ')})",
    Of.OTHERS: f"AND (one.office_id IS DISTINCT FROM %s OR {_OTHERS.format('')})",
}


@dataclass(frozen=True, slots=True)
class Part:
    """Lines of a desk: the `first` to `last` most urgent of what was found and stands under the light, if one is named.

    With `once`, what is answered on one page is one line, and the most urgent stands for the others.
    """

    found: QuerySet[Obligation]
    first: int
    last: int
    light: str = ""
    once: bool = False
    of: Of = Of.ALL


def chosen(parts: Mapping[str, Part], viewer: Capacity) -> dict[str, dict[int, int]]:
    """Return by part the primary keys of its lines, and for how many obligations each stands; one query.

    The lights are those of the reader's clock, as the one beside a date has it.
    """
    of: dict[str, dict[int, int]] = {name: {} for name in parts}
    tables = _tables(part.found for part in parts.values())
    moments = _moments()
    lines = [
        _lines(name, part, tables[id(part.found)].name, moments, viewer)
        for name, part in parts.items()
        if id(part.found) in tables
    ]
    if not lines:
        return of
    named = ", ".join(f"{table.name} AS NOT MATERIALIZED ({table.words})" for table in tables.values())
    asked = " UNION ALL ".join(words for words, _values in lines)
    given = chain(*(table.values for table in tables.values()), *(values for _words, values in lines))
    with connection.cursor() as cursor:
        cursor.execute(f"WITH {named} {asked}", list(given))
        for name, pk, alike in cursor:
            of[name][pk] = alike
    return of


@dataclass(frozen=True, slots=True)
class _Table:
    """What was found, in words under a name, and the values for them."""

    name: str
    words: str
    values: Sequence[Any]


def _tables(found: Iterable[QuerySet[Obligation]]) -> dict[int, _Table]:
    """Return each of what was found once, by its identity; what can have no rows is left out."""
    tables: dict[int, _Table] = {}
    for one in found:
        if id(one) not in tables:
            with suppress(EmptyResultSet):
                words, values = one.order_by().values(*_COLUMNS).query.sql_with_params()
                tables[id(one)] = _Table(f"found_{len(tables)}", words, values)
    return tables


def _lines(
    name: str, part: Part, table: str, moments: Mapping[str, datetime], viewer: Capacity
) -> tuple[str, list[Any]]:
    """Return the words that choose the lines of a part, and the values for them."""
    folded = [[code for code, kind in KINDS.items() if kind.many]] if part.once else []
    only, alike = (f"AND {_FIRST}", _ALIKE) if part.once else ("", "1")
    day = today()
    of_whom: list[Any] = [] if part.of == Of.ALL else [viewer.person and viewer.person.pk, day, day]
    if part.of == Of.OTHERS:
        of_whom.insert(0, viewer.office and viewer.office.pk)
    either: list[str] = []
    given: list[Any] = [name, *folded]
    for rule, used in _RULES[part.light]:
        either.append(f"(SELECT * FROM {table} one WHERE {rule} {_OF[part.of]} {only} ORDER BY due_at, id LIMIT %s)")
        given += [*(moments[one] for one in used), *of_whom, *folded, part.last]
    words = f"(SELECT %s, id, {alike} FROM ({' UNION ALL '.join(either)}) one ORDER BY due_at, id LIMIT %s OFFSET %s)"
    return words, [*given, part.last - part.first, part.first]


def _moments() -> dict[str, datetime]:
    """Return when what is due is overdue, and when it is no longer soon: after the last of so many days."""
    now = timezone.now()
    midnight = localtime(now).replace(hour=0, minute=0, second=0, microsecond=0)
    return {"now": now, "soon": midnight + timedelta(days=SOON_DAYS + 1)}
