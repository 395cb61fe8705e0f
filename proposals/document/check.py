"""All faults of a document, each with its place (P1–P5). Takes any JSON and never raises."""

from collections.abc import Collection, Iterator
from difflib import get_close_matches
from typing import Any

from django.utils.translation import gettext as _

from proposals.document import codes as known_codes
from proposals.document import rules
from proposals.document.codes import Codes
from proposals.document.faults import Fault, Weight, blank, item_path
from proposals.document.schema import (
    FORMAT,
    LISTS,
    NUMERIC,
    ORDER,
    PARTS,
    SECTION_OF,
    SECTIONS,
    Field,
    Kind,
    Many,
    One,
    Part,
)
from proposals.document.values import check, shown

# To guess what a name was meant to be takes longer than all other checks of it.
GUESSED = 20


def faults(document: Any, *, strict: bool = True) -> list[Fault]:
    """Return the faults of a document in the order of the form.

    `strict` is what a submission needs; else only what not even a draft can hold.
    """
    found = list(_Walk(known_codes.load()).document(document))
    if not strict:
        found = [fault for fault in found if fault.weight is Weight.SHAPE]
    return sorted(found, key=_place_in_form)


def unkeepable(document: dict[str, Any], names: Collection[str], codes: Codes) -> list[Fault]:
    """Return what not even a draft can hold in the answers named, in the order of the form."""
    walk = _Walk(codes)
    walk.chain = document.get("value_chain")
    found = [fault for name in names for fault in walk.part(document.get(name), PARTS[name])]
    return sorted((fault for fault in found if fault.weight is Weight.SHAPE), key=_place_in_form)


_PLACES = {
    part.name: (number, *([field.name for field in part.fields] if isinstance(part, One | Many) else []))
    for number, part in enumerate(part for section in SECTIONS for part in section.parts)
}


def _place_in_form(fault: Fault) -> tuple[int, int, int]:
    """Order faults as the form asks: part, item, answer."""
    number, *fields = _PLACES.get(_root(fault.path), (-1,))
    item, name = fault.path.partition("[")[2].partition("]")[0], fault.path.rpartition(".")[2]
    return number, int(item) if item.isdecimal() else -1, fields.index(name) if name in fields else -1  # type: ignore[return-value]


class _Walk:
    def __init__(self, codes: Codes) -> None:
        self.codes = codes
        self.chain: Any = None

    def document(self, document: Any) -> Iterator[Fault]:
        """Walk the whole document."""
        if not isinstance(document, dict):
            yield Fault(
                "", _("This is not a proposal: it should be one object, in curly brackets."), "", weight=Weight.SHAPE
            )
            return
        self.chain = document.get("value_chain")
        if document.get("format") != FORMAT:
            yield Fault(
                "format",
                _("This should be “%(format)s”; nothing else can be read.") % {"format": FORMAT},
                "",
                _("Format"),
                Weight.SHAPE,
            )
        yield from self.unknown(document, ORDER, "", "", "")
        for name, part in PARTS.items():
            if not (
                isinstance(part, Field)
                and part.follows
                and blank(document.get(name))
                and blank(document.get(part.follows))
            ):
                yield from self.part(document.get(name), part)
        for path, weight, message in rules.between(document, self.codes):
            yield self.fault(path, weight, message)

    def part(self, value: Any, part: Part) -> Iterator[Fault]:
        match part:
            case Field():
                yield from self.answer(value, part, part.name)
            case One():
                yield from self.one(value, part)
            case Many():
                yield from self.many(value, part)

    def one(self, value: Any, part: One) -> Iterator[Fault]:
        if value is not None and not isinstance(value, dict):
            yield self.fault(part.name, Weight.SHAPE, _("This should be an object, in curly brackets."))
        elif isinstance(value, dict):
            yield from self.fields(value, part, part.name, asked=part.required or not blank(value))
        elif part.required:
            yield from self.fields({}, part, part.name, asked=True)

    def many(self, value: Any, part: Many) -> Iterator[Fault]:
        if value is not None and not isinstance(value, list):
            yield self.fault(part.name, Weight.SHAPE, _("This should be a list, in square brackets."))
            return
        given = value or []
        if len(given) > part.most:
            yield self.fault(
                part.name,
                Weight.SHAPE,
                _("There are %(count)s; the most is %(most)s.") % {"count": len(given), "most": part.most},
            )
        if part.least and not given:
            words = (
                _("Give at least one.") if part.least == 1 else _("Give at least %(least)s.") % {"least": part.least}
            )
            yield self.fault(part.name, Weight.GAP, words)
        for n, one in enumerate(given[: part.most]):
            if isinstance(one, dict):
                yield from self.fields(one, part, item_path(part.name, n), asked=True)
            else:
                yield self.fault(
                    item_path(part.name, n), Weight.SHAPE, _("This should be an object, in curly brackets.")
                )

    def fields(self, value: dict[str, Any], part: One | Many, path: str, *, asked: bool) -> Iterator[Fault]:
        yield from self.unknown(
            value, [field.name for field in part.fields], f"{path}.", SECTION_OF[part.name].slug, place(path)
        )
        for field in part.fields:
            if field.name in value or asked:
                yield from self.answer(value.get(field.name), field, f"{path}.{field.name}", asked=asked)

    def answer(self, value: Any, field: Field, path: str, *, asked: bool = True) -> Iterator[Fault]:
        wrong_shape = False
        if not blank(value) or isinstance(value, list | dict):
            for weight, message in check(value, field, self.codes, chain=self.chain):
                wrong_shape = wrong_shape or weight is Weight.SHAPE
                yield self.fault(path, weight, message)
        if blank(value) and field.required and asked and not wrong_shape:
            yield self.fault(path, Weight.GAP, _missing(field))

    def unknown(self, value: dict[str, Any], known: Any, prefix: str, section: str, where: str) -> Iterator[Fault]:
        for place_in_list, key in enumerate(key for key in value if key not in known):
            near = get_close_matches(key[:80], known, n=1) if place_in_list < GUESSED else []
            words = _("“%(key)s” is not part of the format.") % {"key": shown(key)}
            if near:
                words = _("“%(key)s” is not part of the format. Was “%(near)s” meant?") % {
                    "key": shown(key),
                    "near": near[0],
                }
            yield Fault(f"{prefix}{shown(key)}", words, section, where, Weight.SHAPE)

    def fault(self, path: str, weight: Weight, message: str) -> Fault:
        return Fault(path, message, SECTION_OF[_root(path)].slug, place(path), weight)


def _missing(field: Field) -> str:
    if field.kind in (Kind.CHOICE, Kind.CHOICES):
        return _("Choose one.") if field.kind is Kind.CHOICE else _("Choose at least one.")
    if field.kind in NUMERIC:
        return _("Write a number; 0 where there is none.")
    return _("Give at least one.") if field.kind in LISTS else _("This answer is missing.")


def _root(path: str) -> str:
    return path.partition(".")[0].partition("[")[0]


def place(path: str) -> str:
    """Return a path in words: `requests[2].measure` is “Request 3 – Measure wanted”."""
    root = _root(path)
    part = PARTS.get(root)
    if part is None:
        return path
    if isinstance(part, Field):
        return str(part.label)
    number = path.partition("[")[2].partition("]")[0]
    name = path.rpartition(".")[2] if "." in path else ""
    label = next((str(field.label) for field in part.fields if field.name == name), "")
    head = f"{part.single} {int(number) + 1}" if isinstance(part, Many) and number.isdecimal() else str(part.label)
    return f"{head} – {label}" if label else head
