"""A section as a page: reading what was posted, and building what is shown (P5)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from proposals.document import Fault, Weight
from proposals.document import codes as known_codes
from proposals.document.codes import Codes
from proposals.document.examples import EXAMPLES
from proposals.document.faults import blank
from proposals.document.rules import taking_part
from proposals.document.schema import Field, Kind, Many, One, Section, asked
from proposals.forms import typed
from proposals.forms.controls import Answers, control, texts

MOST_POSTED = 500
_NUMBER = re.compile(r"\d{1,4}\Z", re.ASCII)


@dataclass(slots=True)
class Item:
    """One thing of a list on the page; `id` is where a link to it leads."""

    number: int
    title: str
    id: str
    form: Answers
    first: bool
    last: bool
    # The priority as the box shows it, where the list is ranked.
    rank: str = ""
    wrong: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Block:
    """A part of the page: one form, or the items of a list with what can be done with them."""

    name: str
    label: str
    hint: str
    single: str
    repeats: bool
    ranked: bool
    items: list[Item]
    wrong: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Trouble:
    """An entry of the error summary."""

    message: str
    target: str


# --- Reading ---


def read(section: Section, data: QueryDict, document: dict[str, Any]) -> dict[str, Any]:
    """Return what a posted page says: top-level name → value, as it is stored."""
    found: dict[str, Any] = {}
    for part in section.parts:
        match part:
            case Field() if not part.derived:
                found[part.name] = typed.stored(data.getlist(part.name), part)
            case One():
                value = _object(part.fields, data, part.name, document.get(part.name))
                found[part.name] = value if part.required or not blank(value) else None
            case Many():
                found[part.name] = _list(part, data, document.get(part.name))
    if "value_chain" in found:
        sector_of = known_codes.load().sector_of
        found["sector"] = sector_of.get(found["value_chain"], document.get("sector") or "")
    return found


def _object(fields: Iterable[Field], data: QueryDict, prefix: str, stands: Any) -> dict[str, Any]:
    found = {one.name: typed.stored(data.getlist(f"{prefix}-{one.name}"), one) for one in fields if not one.derived}
    for name, chosen in found.items():
        # The page lists choices in its own order; the same ones chosen are no change.
        before = stands.get(name) if isinstance(stands, dict) else None
        if (
            isinstance(chosen, list)
            and isinstance(before, list)
            and len(chosen) == len(before)
            and all(one in chosen for one in before)
        ):
            found[name] = before
    return found


def _list(part: Many, data: QueryDict, stands: Any) -> list[dict[str, Any]]:
    """Return the things that say anything, in the order of the page after the button pressed, ranked by it where they are."""
    count = data.get(f"{part.name}-count", "")
    many = min(int(count), MOST_POSTED) if _NUMBER.match(count) else 0
    before = stands if isinstance(stands, list) else []
    things = [
        _object(part.fields, data, f"{part.name}-{n}", before[n] if n < len(before) else None) for n in range(many)
    ]
    typed_ranks = [data.get(f"{part.name}-{n}-rank", "").strip() if part.ranked else "" for n in range(many)]
    order = rearranged(by_rank(typed_ranks), part.name, data.get("do", ""))
    order = [n for n in order if not blank(things[n])]
    if not part.ranked:
        return [things[n] for n in order]
    return [
        {**things[n], "rank": typed_ranks[n] if typed_ranks[n] and not _NUMBER.match(typed_ranks[n]) else rank}
        for rank, n in enumerate(order, 1)
    ]


def by_rank(typed_ranks: list[str]) -> list[int]:
    """Return the places on the page in the order of the ranks typed: whoever's was changed goes there, the others make room."""
    wanted = {n: int(rank) for n, rank in enumerate(typed_ranks) if _NUMBER.match(rank) and int(rank) != n + 1}
    order = [n for n in range(len(typed_ranks)) if n not in wanted]
    for n, rank in sorted(wanted.items(), key=lambda pair: (pair[1], -pair[0])):
        order.insert(max(rank - 1, 0), n)
    return order


def rearranged(order: list[int], name: str, what: str) -> list[int]:
    """Return the order after a button of the list: `remove:requests:2`, `up:requests:2`, `down:requests:2`."""
    verb, _colon, rest = what.partition(":")
    of, _colon, number = rest.partition(":")
    if of != name or not _NUMBER.match(number) or int(number) not in order:
        return order
    order, place = list(order), order.index(int(number))
    other = place + {"up": -1, "down": 1}.get(verb, 0)
    if verb == "remove":
        del order[place]
    elif 0 <= other < len(order):
        order[place], order[other] = order[other], order[place]
    return order


# --- Showing ---


class Page:
    """The blocks of a section with the answers as they stand, and what is wrong when it is asked for."""

    def __init__(
        self, section: Section, document: dict[str, Any], *, more: str = "", codes: Codes | None = None
    ) -> None:
        self.section = section
        self.document = document
        self.codes = codes or known_codes.load()
        self.chain = document.get("value_chain")
        self.blocks = self._blocks(more)
        self.troubles: list[Trouble] = []

    def _blocks(self, more: str) -> list[Block]:
        parts = list(asked(self.section))
        found = []
        if single := tuple(part for part in parts if isinstance(part, Field)):
            found.append(
                Block("", "", "", "", repeats=False, ranked=False, items=[self._item(self.document, single, "")])
            )
        found += [self._block(part, more) for part in parts if not isinstance(part, Field)]
        return found

    def _block(self, part: One | Many, more: str) -> Block:
        value = self.document.get(part.name)
        if isinstance(part, One):
            only = self._item(value, part.fields, part.name)
            return Block(part.name, str(part.label), str(part.hint), "", repeats=False, ranked=False, items=[only])
        things = list(value) if isinstance(value, list) else []
        if part.ranked and all(isinstance(one, dict) and isinstance(one.get("rank"), int) for one in things):
            things.sort(key=lambda one: one["rank"])
        things += [{}] * max(part.least - len(things), 1 if more == part.name or not things else 0)
        items = [
            self._item(one, part.fields, f"{part.name}-{n}", number=n + 1, of=len(things), title=self._title(part, n))
            for n, one in enumerate(things[: part.most])
        ]
        return Block(
            part.name,
            str(part.label),
            f"{part.hint} {part.page_hint}".strip(),
            str(part.single),
            repeats=True,
            ranked=part.ranked,
            items=items,
        )

    def _title(self, part: Many, n: int) -> str:
        return _("Priority %(rank)s") % {"rank": n + 1} if part.ranked else f"{part.single} {n + 1}"

    def _item(
        self, value: Any, fields: tuple[Field, ...], prefix: str, *, number: int = 1, of: int = 1, title: str = ""
    ) -> Item:
        asked_for = tuple(one for one in fields if not one.derived)
        among = taking_part(self.document)
        controls = {
            one.name: control(
                one, self.codes, chain=self.chain, among=self._among(one, value, among) if one.of == "participants" else None,
            )
            for one in asked_for
        }  # fmt: skip
        if number == 1:
            self._exemplify(controls, prefix.partition("-")[0])
        form = Answers(controls, texts(value, asked_for), prefix)
        ranked = value.get("rank") if isinstance(value, dict) else None
        rank = ranked if isinstance(ranked, str) else str(number)
        return Item(number, title, prefix or "answers", form, first=number == 1, last=number == of, rank=rank)

    def _exemplify(self, controls: dict[str, Any], part: str) -> None:
        """Put an example beside each question that has one; a list shows them at its first thing."""
        for name, one in controls.items():
            one.example = EXAMPLES.get(f"{part}.{name}" if part else name, "")

    def _among(self, one: Field, value: Any, named: list[str]) -> list[str] | None:
        """Offer the Member States that take part, and whatever was chosen before; all while none is named."""
        if len(named) < 2:  # noqa: PLR2004 - with fewer there is nothing to choose among
            return None
        given = value if isinstance(value, dict) else {}
        chosen = given.get(one.name) or []
        kept = [*named, *(chosen if isinstance(chosen, list) else [chosen])]
        return [code for code in kept if one.kind is not Kind.CHOICES or code != given.get("ams") or code in chosen]

    def tell(self, faults: Iterable[Fault]) -> None:
        """Put the faults of this section beside the answers and in the summary."""
        for fault in faults:
            if fault.section == self.section.slug:
                self.troubles.append(Trouble(f"{fault.place}: {fault.message}", self._beside(fault)))

    def _beside(self, fault: Fault) -> str:
        """Show a fault where it belongs; return the id to link to."""
        root, number, name = split(fault.path)
        name = {"sector": "value_chain"}.get(name, name)
        block = next(
            (one for one in self.blocks if one.name == (root if number is not None or root != name else "")), None
        )
        block = block or next((one for one in self.blocks if one.name == root), self.blocks[0])
        place = self._place_on_page(root, number)
        item = block.items[place] if place < len(block.items) else None
        if item and name in item.form.fields:
            item.form.say(name, fault.message)
            return str(item.form[name].first_id)  # type: ignore[attr-defined]
        if item and number is not None:
            item.wrong.append(fault.message)
            return item.id
        block.wrong.append(fault.message)
        return f"part-{block.name}"

    def _place_on_page(self, root: str, number: int | None) -> int:
        """Return where the thing of that place in the document stands on the page, which shows it by rank."""
        things = self.document.get(root)
        if number is None or not isinstance(things, list):
            return number or 0
        order = list(range(len(things)))
        if any(block.name == root and block.ranked for block in self.blocks) and all(
            isinstance(one, dict) and isinstance(one.get("rank"), int) for one in things
        ):
            order.sort(key=lambda n: things[n]["rank"])
        return order.index(number) if number in order else number


def split(path: str) -> tuple[str, int | None, str]:
    """Split a path into part, item and answer: `requests[2].rank` is requests, 2, rank; `title` is title, None, title."""
    head, _dot, name = path.partition(".")
    root, _bracket, number = head.rstrip("]").partition("[")
    return root, int(number) if number.isdecimal() else None, name or ("" if number else root)


# --- How far a section is ---


def status(section: Section, document: dict[str, Any], faults: Iterable[Fault]) -> str:
    """Return `done`, `progress`, `none`, or `optional` for a section nobody has to fill in (P5)."""
    begun = any(not blank(document.get(part.name)) for part in section.parts)
    mine = [fault for fault in faults if fault.section == section.slug]
    if not begun:
        return "none" if mine else "optional"
    return "progress" if mine else "done"


def worst(section: Section, faults: Iterable[Fault]) -> Weight | None:
    """Return the gravest weight of the faults of a section."""
    return max((fault.weight for fault in faults if fault.section == section.slug), default=None)
