"""The columns of the case list: what each shows on the screen, writes into a file, and is sorted by (R7).

Cells are written out here and not by a template: a page has hundreds of them.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape  # Django's asks each time whether the text is a lazy one
from typing import Any

from django.db.models import Case, F, IntegerField, Value, When
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aipbi.accounts.capacity import Capacity
from aipbi.accounts.enums import Role
from aipbi.templatetags.portal import day_in_words, due, light_of
from proposals.desk import LIGHTS
from proposals.enums import State

Row = dict[str, Any]
NO_BREAK = "\N{NO-BREAK SPACE}"

# Cases in the order of their life.
_STAGES = Case(
    *(When(state=state, then=Value(place)) for place, state in enumerate(State)), output_field=IntegerField()
)


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of the file: its heading, its value, its width in characters."""

    label: Any
    value: Callable[[Row], Any]
    width: int = 18


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its word in addresses, its heading, what it reads, shows, writes, and is sorted by.

    `by` is what an ascending order compares; `DUE` stands for the first deadline of each case.
    """

    code: str
    label: Any
    reads: tuple[str, ...]
    html: Callable[[Row], str]
    cells: tuple[Cell, ...]
    by: Any = None
    only: frozenset[Role] | None = None


DUE = "due"


def _get(name: str) -> Callable[[Row], Any]:
    return lambda row: row[name]


def _text(name: str) -> Callable[[Row], str]:
    return lambda row: escape(row[name] or "–")


def _whole(words: str) -> str:
    """Keep a date or a sum on one line."""
    return words.replace(" ", NO_BREAK)


def _day(name: str) -> Callable[[Row], str]:
    return lambda row: _whole(day_in_words(localtime(row[name]))) if row[name] else "–"


def tick(row: Row) -> str:
    """Return the cell with which a case is ticked for what is done to many at once."""
    code, name = row["case__code"], escape(row["name"])
    return (
        '<td class="govuk-table__cell portal-tick">'
        f'<input type="checkbox" name="case" value="{code}" form="bulk" aria-label="{name}">'
        f'<input type="hidden" name="shown" value="{code}" form="bulk"></td>'
    )


def _case(row: Row) -> str:
    return (
        f'<a class="govuk-link" href="/cases/{row["case__code"]}/">{escape(row["name"])}</a>'
        f'<br><span class="portal-muted">{escape(row["about"])}</span>'
    )


def _state(row: Row) -> str:
    moved = _whole(day_in_words(localtime(row["moved_at"])))
    return f'{escape(row["state_words"])}<br><span class="portal-muted">{moved}</span>'


def _waiting(row: Row) -> str:
    owed = row["waiting"]
    if not owed:
        return "–"
    until = escape(_("Clock paused")) if owed["paused_at"] else due(owed["due_at"])
    return f"{escape(owed['who'])}: {escape(owed['what'])}<br>{until}"


def _owed(name: str) -> Callable[[Row], Any]:
    return lambda row: row["waiting"][name] if row["waiting"] else None


def _light(row: Row) -> str:
    owed = row["waiting"]
    if not owed:
        return ""
    code = "paused" if owed["paused_at"] else light_of(owed["due_at"], timezone.now()) or "later"
    return str(LIGHTS[code].label)


def _money(row: Row) -> str:
    given = row["investment_usd"]
    return "–" if given is None else _whole(f"USD {number_format(given, decimal_pos=0, force_grouping=True)}")


def _dated(code: str, label: Any) -> Column:
    return Column(code, label, (f"{code}_at",), _day(f"{code}_at"), (Cell(label, _get(f"{code}_at")),), by=f"{code}_at")


def _named(code: str, label: Any, name: str, **more: Any) -> Column:
    return Column(code, label, (name,), _text(name), (Cell(label, _get(name), 28),), by=name, **more)


_ALL = (
    Column(
        "case", gettext_lazy("Case"), ("title", "case__reference", "organisation__name", "sector__label"), _case,
        (
            Cell(gettext_lazy("Reference"), _get("case__reference")),
            Cell(gettext_lazy("Title"), _get("name"), 48),
            Cell(gettext_lazy("Organisation"), _get("organisation__name"), 32),
            Cell(gettext_lazy("Sector"), _get("sector__label"), 28),
        ),
        by="title",
    ),
    Column(
        "state", gettext_lazy("State"), ("state", "moved_at", "unconfirmed"), _state,
        (Cell(gettext_lazy("State"), _get("state_words"), 28), Cell(gettext_lazy("Last moved"), _get("moved_at"))),
        by=_STAGES,
    ),
    Column(
        "ams", gettext_lazy("Member States"), ("named", "originating_ams_id"), _text("states"),
        (Cell(gettext_lazy("Member States"), _get("states")),),
    ),
    Column(
        "waiting", gettext_lazy("Waits for"), (), _waiting,
        (
            Cell(gettext_lazy("Waits for"), _owed("who"), 28),
            Cell(gettext_lazy("What is awaited"), _owed("what"), 36),
            Cell(gettext_lazy("Until"), _owed("due_at")),
            Cell(gettext_lazy("Traffic light"), _light),
        ),
        by=DUE,
    ),
    _named("reference", gettext_lazy("Reference"), "case__reference"),
    _named("organisation", gettext_lazy("Organisation"), "organisation__name"),
    _named("sector", gettext_lazy("Sector"), "sector__label"),
    _named("chain", gettext_lazy("Value chain"), "value_chain__label"),
    _named("origin", gettext_lazy("Originating Member State"), "originating_ams__name"),
    _named("officer", gettext_lazy("Case officer"), "case_officer__name", only=frozenset({Role.ASEC})),
    Column(
        "investment", gettext_lazy("Investment"), ("investment_usd",), _money,
        (Cell(gettext_lazy("Investment in USD"), _get("investment_usd")),), by="investment_usd",
    ),
    _dated("moved", gettext_lazy("Last moved")),
    _dated("submitted", gettext_lazy("Handed in")),
    _dated("registered", gettext_lazy("Registered")),
)  # fmt: skip
# What every list reads, whatever its columns.
ALWAYS = ("case_id", "case__code", "case__reference", "title", "state", "unconfirmed")
FIRST = "case"
USUAL = ("case", "state", "ams", "waiting")
NEWEST = "-moved"


def columns_for(viewer: Capacity) -> dict[str, Column]:
    """Return the columns that this reader may choose, by their words, in their order."""
    return {one.code: one for one in _ALL if one.only is None or viewer.role in one.only}


def order_by(column: Column, *, descending: bool) -> Sequence[Any]:
    """Return the order of a column that is not `DUE`; what has no value comes last either way."""
    if column.code == NEWEST[1:]:
        # Never empty: written so that the index of the newest serves.
        return ("-moved_at", "-case") if descending else ("moved_at", "case")
    by = F(column.by) if isinstance(column.by, str) else column.by
    last = by.desc(nulls_last=True) if descending else by.asc(nulls_last=True)
    return (last, "-case")
