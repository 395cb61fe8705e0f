"""Tags that a word processor dropped, given back by where the control stands: the row's question, the table's heading."""

from collections.abc import Iterator
from xml.etree import ElementTree as ET

from django.utils.translation import gettext as _

from proposals.document.codes import Codes
from proposals.document.schema import Field, Kind, Many, One, asked
from proposals.paper.edition import FORM, TAG
from proposals.paper.form import ON_PAPER
from proposals.paper.layout import is_table
from proposals.paper.markup import el, name

_KINDS = tuple(map(name, ("w:text", "w:dropDownList", "w:comboBox", "w:date", "w14:checkbox")))
_TBL, _TR, _TC, _P, _T, _SDT = (name(f"w:{short}") for short in ("tbl", "tr", "tc", "p", "t", "sdt"))


def restore(root: ET.Element, codes: Codes) -> None:
    """Give a tag to every control without one that stands in a table of the form, or says which form it is."""
    for settings, control in list(_untagged(root)):
        if "".join(text.text or "" for text in control.iter(_T)).startswith(f"{FORM} "):
            settings.append(el("w:tag", val=TAG))
    blocks, tables = _blocks(), _tables()
    for n, table in enumerate(root.iter(_TBL)):
        head, *rows = [list(_own(row, _TC)) for row in _own(table, _TR)] or [[]]
        heads = tuple(_first(cell) for cell in head)
        if heads[1:] == (_("Your answer"),) and heads[0] in blocks:
            _restore_block(rows, *blocks[heads[0]], n, codes)
        elif heads in tables:
            _restore_table(rows, tables[heads], codes)


def _own(node: ET.Element, tag: str) -> Iterator[ET.Element]:
    """Yield the rows of a table, the cells of a row or the paragraphs of a cell, and not those of a table inside."""
    for child in node:
        if child.tag == tag:
            yield child
        elif child.tag != _TBL:
            yield from _own(child, tag)


def _blocks() -> dict[str, tuple[str, dict[str, Field]]]:
    """Return by heading of a table of questions: what its tags begin with, and its answers by their question."""
    found: dict[str, tuple[str, dict[str, Field]]] = {}
    for section in ON_PAPER:
        parts = list(asked(section))
        found[str(section.label)] = ("", {str(part.label): part for part in parts if isinstance(part, Field)})
        for part in parts:
            if isinstance(part, One):
                found[str(part.label)] = (f"{part.name}.", {str(field.label): field for field in part.fields})
            elif isinstance(part, Many) and not is_table(part):
                found[str(part.single)] = (f"{part.name}[%s].", {str(field.label): field for field in part.fields})
    return found


def _tables() -> dict[tuple[str, ...], Many]:
    """Return by the headings of its columns the list that is one table."""
    lists = [part for section in ON_PAPER for part in section.parts if isinstance(part, Many) and is_table(part)]
    return {tuple(str(field.label) for field in part.fields): part for part in lists}


def _restore_block(rows: list[list[ET.Element]], start: str, fields: dict[str, Field], n: int, codes: Codes) -> None:
    for cells in rows:
        field = fields.get(_first(cells[0])) if len(cells) > 1 else None
        if field:
            _tag(cells[1], f"{start % n if '%s' in start else start}{field.name}", field, codes)


def _restore_table(rows: list[list[ET.Element]], part: Many, codes: Codes) -> None:
    for n, cells in enumerate(rows):
        for field, cell in zip(part.fields, cells, strict=False):
            _tag(cell, f"{part.name}[{n}].{field.name}", field, codes)


def _tag(cell: ET.Element, tag: str, field: Field, codes: Codes) -> None:
    choices = {label: code for code, label in codes.labels(field.of).items()} if field.kind is Kind.CHOICES else {}
    for paragraph in _own(cell, _P):
        code = choices.get(_beside_box(paragraph)) if choices else None
        for settings, _control in _untagged(paragraph):
            if field.kind is not Kind.CHOICES:
                settings.append(el("w:tag", val=tag))
            elif code:
                settings.append(el("w:tag", val=f"{tag}={code}"))


def _untagged(node: ET.Element) -> Iterator[tuple[ET.Element, ET.Element]]:
    """Yield the settings of each control that has no tag, and the control."""
    for control in node.iter(_SDT):
        settings = control.find(name("w:sdtPr"))
        if settings is not None and settings.find(name("w:tag")) is None and any(one.tag in _KINDS for one in settings):
            yield settings, control


def _beside_box(paragraph: ET.Element) -> str:
    """Return the text beside a box."""
    inside = {text for control in paragraph.iter(_SDT) for text in control.iter(_T)}
    return "".join(text.text or "" for text in paragraph.iter(_T) if text not in inside).strip()


def _first(cell: ET.Element) -> str:
    """Return the text of the first paragraph of a cell."""
    first = next(cell.iter(_P), None)
    return "" if first is None else " ".join("".join(text.text or "" for text in first.iter(_T)).split())
