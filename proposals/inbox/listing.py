"""A list of cases as its address asks for it: what is kept, in which order, with which columns (R7)."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.http import QueryDict
from django.utils.translation import gettext as _

from aipbi.accounts.capacity import Capacity
from aipbi.workflow import waiting
from proposals.enums import PUBLIC_LABELS, UNCONFIRMED, State
from proposals.filters import CaseFilter
from proposals.inbox import deadlines
from proposals.inbox.columns import ALWAYS, DUE, FIRST, NEWEST, USUAL, Column, Row, columns_for, order_by
from proposals.models import UNTITLED, Participation, Proposal
from proposals.search.language import nearest

FILTERS = ("q", "state", "ams", "sector")
# What an address says of a list; anything else in it belongs to the page.
NAMES = (*FILTERS, "sort", "columns")
MOST_COUNTED = 1000
_LONGEST = 40


class Listing:
    """One reader's list. `faults` says, in words, what the address asks for that there is not."""

    def __init__(self, params: QueryDict, viewer: Capacity) -> None:
        self.viewer = viewer
        self.faults: list[str] = []
        found = CaseFilter(params, Proposal.objects.visible_to(viewer), viewer=viewer)
        self.form = found.form
        self.valid = self.form.is_valid()
        # A query that can't be read finds nothing: the whole list would look like its result.
        self.found = found.qs if self.valid else found.qs.none()
        self.known = columns_for(viewer)
        self.columns = self._columns(params)
        self.sort = self._sort(params.get("sort", ""))
        self.asked = {name: params.get(name, "").strip() for name in FILTERS}

    @property
    def filtered(self) -> bool:
        """Whether anything narrows the list."""
        return any(self.asked.values())

    def in_words(self) -> list[dict[str, Any]]:
        """Return what narrows the list: the label and value of each in words, and as `without` the list without it."""
        found = []
        for name, value in self.asked.items():
            if value:
                field: Any = self.form.fields[name]
                shown = {str(key): label for key, label in getattr(field, "choices", ())}.get(value, value)
                found.append(
                    {"label": field.label, "value": shown, "without": self.address(**{name: ""}) or "view=all"}
                )
        return found

    @property
    def descending(self) -> bool:
        """Whether the order runs backwards."""
        return self.sort.startswith("-")

    @property
    def sorted_by(self) -> Column:
        """The column of the order."""
        return self.known[self.sort.removeprefix("-")]

    def address(self, **changed: Any) -> str:
        """Return the query that asks for this list, always spelt the same, with what is changed; empty for the plain list."""
        codes = [column.code for column in self.columns]
        given = {**self.asked, "sort": self.sort, "columns": ",".join(codes), **changed}
        if given["sort"] == NEWEST:
            given["sort"] = ""
        if given["columns"] == ",".join(USUAL):
            given["columns"] = ""
        return urlencode({name: value for name, value in given.items() if value})

    def keys(self, start: int, stop: int | None) -> list[deadlines.Key]:
        """Return number and code of the cases from place `start` (counted from 0) up to `stop`."""
        column = self.sorted_by
        if column.by == DUE:
            return deadlines.window(self.found, self.viewer, start, stop, descending=self.descending)
        rows = self.found.order_by(*order_by(column, descending=self.descending))
        return list(rows.values_list("case_id", "case__code")[start:stop])

    def window(self, start: int, stop: int) -> tuple[list[deadlines.Key], int]:
        """Return the keys of a stretch as `keys` does, and `count`; words are looked for once for both."""
        # Along the deadlines a case costs more than to count it.
        until = stop if self.sorted_by.by == DUE else max(stop, MOST_COUNTED + 1)
        found = self.keys(start, until)
        told = (len(found) < until - start or until > MOST_COUNTED) if found else not start
        return found[: stop - start], start + len(found) if told else self.count()

    def count(self) -> int:
        """Return how many cases there are; one more than `MOST_COUNTED` for more than that."""
        return self.found.order_by()[: MOST_COUNTED + 1].count()

    def rows(self, keys: Sequence[int]) -> list[Row]:
        """Return what the columns show of these cases, in this order; those the reader may not see any more are left out."""
        reads = {*ALWAYS, *(name for column in self.columns for name in column.reads)}
        rows = Proposal.objects.visible_to(self.viewer).filter(pk__in=keys)
        if "named" in reads:
            named = (
                Participation.objects.on_the_case().filter(proposal=OuterRef("pk")).order_by("ams_id").values("ams_id")
            )
            rows = rows.annotate(named=ArraySubquery(named))
        by_key = {row["case_id"]: row for row in rows.values(*reads)}
        owed = waiting.first_by_case(self.viewer, list(by_key)) if self._shows("waiting") else {}
        found = [by_key[key] for key in keys if key in by_key]
        self._say(found, owed)
        return found

    def _shows(self, code: str) -> bool:
        return any(column.code == code for column in self.columns)

    def _say(self, rows: list[Row], owed: dict[int, dict[str, Any]]) -> None:
        """Add to the rows what several columns show in words."""
        labels = PUBLIC_LABELS if self.viewer.proposes else {state: state.label for state in State}
        words = {state: str(labels[State(state)]) for state in {row["state"] for row in rows}}
        untitled = str(UNTITLED)
        for row in rows:
            entered = row["unconfirmed"] and row["state"] == State.DRAFT
            row["code"], row["name"] = row["case__code"], row["title"] or untitled
            row["state_words"] = str(UNCONFIRMED) if entered else words[row["state"]]
            row["about"] = " · ".join(
                filter(None, [row["case__reference"], row.get("organisation__name"), row.get("sector__label")])
            )
            row["states"] = " ".join(row.get("named") or ()) or row.get("originating_ams_id") or ""
            row["waiting"] = owed.get(row["case_id"])

    def _columns(self, params: QueryDict) -> list[Column]:
        asked = dict.fromkeys(code for part in params.getlist("columns") for code in part.split(",") if code)
        for code in asked:
            if code not in self.known:
                self.faults.append(_unknown(_("“%(word)s” is not a column, and was left out."), code, self.known))
        chosen = dict.fromkeys([FIRST, *(code for code in asked if code in self.known)]) if asked else USUAL
        return [self.known[code] for code in chosen]

    def _sort(self, asked: str) -> str:
        column = self.known.get(asked.removeprefix("-"))
        if column and column.by is not None:
            return asked
        if asked:
            sortable = [code for code, one in self.known.items() if one.by is not None]
            word = asked.removeprefix("-")
            said = _("The list can't be sorted by “%(word)s”; the last moved come first.")
            self.faults.append(_unknown(said, word, sortable))
        return NEWEST


def _unknown(said: str, word: str, known: Any) -> str:
    near = nearest(word[:_LONGEST], list(known))
    told = said % {"word": word[:_LONGEST]}
    return f"{told} {_('Did you mean “%(nearest)s”?') % {'nearest': near}}" if near else told
