"""A document in words: labels for codes, money and months as people write them, items numbered."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from proposals.document import codes as known_codes
from proposals.document.codes import Codes
from proposals.document.faults import blank, item_path
from proposals.document.rules import is_number
from proposals.document.schema import SECTIONS, Field, Kind, Many, One, Part, Section
from proposals.document.values import month


def anchor(path: str) -> str:
    """Return the id by which a page of the document is opened at an answer or an item: `roadblocks[0]` is `at-roadblocks-0`."""
    return f"at-{re.sub(r'[^a-z0-9_]+', '-', path).strip('-')}" if path else ""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: its place, its label, and the words (empty when there is none)."""

    path: str
    label: str
    text: str
    numeric: bool = False
    prose: bool = False

    @property
    def anchor(self) -> str:
        """Where a page of the document shows it."""
        return anchor(self.path)

    @property
    def item_anchor(self) -> str:
        """Where a page of the document shows the item it belongs to."""
        return anchor(self.path.rpartition(".")[0])


@dataclass(frozen=True, slots=True)
class Item:
    """One thing of a list, or a part with several answers; `key` tells it from the others."""

    path: str
    title: str
    answers: tuple[Answer, ...]
    key: str = ""

    @property
    def anchor(self) -> str:
        """Where a page of the document shows it."""
        return anchor(self.path)


@dataclass(frozen=True, slots=True)
class Block:
    """A part of a section: single answers together, or items under a heading."""

    name: str
    label: str
    items: tuple[Item, ...]
    repeats: bool
    columns: tuple[str, ...] = ()

    @property
    def rows(self) -> list[tuple[Answer, ...]]:
        """The items as rows of a table: the answers named by `columns`, in that order."""
        named = [{answer.path.rpartition(".")[2]: answer for answer in item.answers} for item in self.items]
        return [tuple(answers[name] for name in self.columns) for answers in named]


@dataclass(frozen=True, slots=True)
class Words:
    """A section in words."""

    section: Section
    blocks: tuple[Block, ...]


def read(
    document: dict[str, Any], codes: Codes | None = None, *, sections: tuple[Section, ...] = SECTIONS
) -> list[Words]:
    """Return the document in words, section by section; takes drafts as they are."""
    known = codes or known_codes.load()
    return [Words(section, tuple(_blocks(document, section, known))) for section in sections]


def _blocks(document: dict[str, Any], section: Section, codes: Codes) -> list[Block]:
    chain = document.get("value_chain")
    single = [part for part in section.parts if isinstance(part, Field)]
    found = []
    if single:
        answers = tuple(_answer(document.get(field.name), field, field.name, codes, chain) for field in single)
        found.append(Block("", "", (Item("", "", answers),), repeats=False))
    found += [
        _block(document.get(part.name), part, codes, chain) for part in section.parts if not isinstance(part, Field)
    ]
    return found


def _block(value: Any, part: Part, codes: Codes, chain: Any) -> Block:
    if isinstance(part, One):
        given = value if isinstance(value, dict) else {}
        shown = part.required or not blank(given)
        only = (Item(part.name, "", _answers(given, part, part.name, codes, chain)),) if shown else ()
        return Block(part.name, str(part.label), only, repeats=False)
    assert isinstance(part, Many)  # noqa: S101 - for the reader and the type checker: the only other kind
    things = [one if isinstance(one, dict) else {} for one in value] if isinstance(value, list) else []
    numbered = list(enumerate(things))
    if part.ranked:
        numbered.sort(
            key=lambda pair: (
                not is_number(pair[1].get("rank")),
                pair[1].get("rank") if is_number(pair[1].get("rank")) else 0,
            )
        )
    found = []
    for number, (place, one) in enumerate(numbered, 1):
        path = item_path(part.name, place)
        answers = _answers(one, part, path, codes, chain)
        found.append(Item(path, _title(number, one, part, codes), answers, _key(one, part, number)))
    return Block(part.name, str(part.label), tuple(found), repeats=True, columns=part.columns)


def _answers(value: dict[str, Any], part: One | Many, path: str, codes: Codes, chain: Any) -> tuple[Answer, ...]:
    return tuple(
        _answer(value.get(field.name), field, f"{path}.{field.name}", codes, chain)
        for field in part.fields
        if field.kind is not Kind.RANK
    )


def _title(number: int, one: dict[str, Any], part: Many, codes: Codes) -> str:
    """Name an item by what tells it from the others, else by its number."""
    if part.ranked:
        rank = one.get("rank")
        return _("Priority %(rank)s") % {"rank": rank if is_number(rank) and rank < 1000 else number}  # type: ignore[operator]  # noqa: PLR2004 - shown as it is
    fields = {field.name: field for field in part.fields}
    told = [words(one.get(name), fields[name], codes) for name in part.key]
    if part.key and all(told) and part.key != ("sha256",):
        return ", ".join(told)
    return f"{part.single} {number}"


def _key(one: dict[str, Any], part: Many, number: int) -> str:
    """What an item is recognised by in another version: its key, its rank, or its place."""
    if part.ranked:
        return str(one.get("rank") or number)
    return "|".join(str(one.get(name) or "") for name in part.key) or str(number)


def _answer(value: Any, field: Field, path: str, codes: Codes, chain: Any) -> Answer:
    return Answer(
        path,
        str(field.label),
        words(value, field, codes, chain=chain),
        numeric=field.kind in (Kind.MONEY, Kind.NUMBER, Kind.WHOLE),
        prose=field.kind in (Kind.PROSE, Kind.LINES),
    )


def words(value: Any, field: Field, codes: Codes, *, chain: Any = None) -> str:
    """Return one answer in words; what is not right yet comes back as it was typed."""
    if field.kind is Kind.FLAG:
        return _("Yes") if value is True else _("No")
    if blank(value):
        return ""
    if field.kind is Kind.CHOICE:
        return codes.words(field.of, value, chain=chain)
    if isinstance(value, list):
        told = [codes.words(field.of, one) if field.kind is Kind.CHOICES else str(one) for one in value]
        return (", " if field.kind is Kind.CHOICES else "\n").join(told)
    if field.kind is Kind.MONTH and (found := month(value)):
        return date_format(date(*found, 1), "F Y")
    if field.kind in (Kind.MONEY, Kind.NUMBER, Kind.WHOLE) and is_number(value):
        value = f"USD {number(value)}" if field.kind is Kind.MONEY else number(value)
    return str(value)


def number(value: float) -> str:
    """Write a number with its thousands apart, and no digit lost: 118,000,000 or 12.345."""
    if isinstance(value, int) and abs(value) >= 10**30:
        return "…"  # Python refuses to write out numbers of thousands of digits.
    return f"{value:,}".removesuffix(".0")
