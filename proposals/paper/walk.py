"""A form's text in its order: answers by their controls, and whatever else stands there.

Word processors rewrite a document: they split runs, move controls around cells, rows and paragraphs, and
drop the frame of what repeats. A control is found by its tag wherever it sits; the thing an answer belongs
to by the frame that repeats, else by its table or row.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from xml.etree import ElementTree as ET

from proposals.paper.markup import name

# Deleted text, and the second copy of what older programs can't draw.
_LEFT_OUT = frozenset(map(name, ("w:del", "w:moveFrom", "mc:Fallback", "w:rPr", "w:pPr", "w:sdtPr", "w:instrText")))
_BREAKS = {name("w:br"): "\n", name("w:cr"): "\n", name("w:tab"): "\t", name("w:noBreakHyphen"): "\u2011"}
_TEXTS = frozenset((name("w:t"), name("m:t")))
_PICTURES = frozenset(map(name, ("w:drawing", "w:pict", "w:object")))
_TEXT_BOX = name("w:txbxContent")
_P, _TBL, _TR, _SDT = (name(short) for short in ("w:p", "w:tbl", "w:tr", "w:sdt"))
_OFF = frozenset(("0", "false", "off"))


@dataclass(frozen=True, slots=True)
class Frame:
    """Where a control sits: its repeated item, its table, its row; 0 for none."""

    item: int = 0
    table: int = 0
    row: int = 0


@dataclass(frozen=True, slots=True)
class Control:
    """A control with a tag: its text, whether a box is ticked (None for no box), and where it sits."""

    tag: str
    text: str
    ticked: bool | None
    # The text is what a word processor shows while there is none.
    hint: bool
    picture: bool
    frame: Frame


@dataclass(frozen=True, slots=True)
class Loose:
    """A paragraph outside the controls."""

    text: str
    style: str
    picture: bool


Found = Control | Loose


def walk(root: ET.Element, known: frozenset[str]) -> Iterator[Found]:
    """Yield what stands in a part, in order; `known` are the tags, without numbers, that mean an answer."""
    yield from _Walk(known).inside(root, Frame())


class _Walk:
    def __init__(self, known: frozenset[str]) -> None:
        self.known = known
        self.numbers = count(1)
        # Texts of the paragraphs that are open, the innermost last.
        self.texts: list[list[str]] = []
        self.pictures: list[bool] = []

    def inside(self, node: ET.Element, frame: Frame) -> Iterator[Found]:
        for child in node:
            yield from self.at(child, frame)

    def at(self, node: ET.Element, frame: Frame) -> Iterator[Found]:
        tag = node.tag
        if tag in _LEFT_OUT:
            return
        if tag == _SDT:
            yield from self.control(node, frame)
        elif tag == _P:
            yield from self.paragraph(node, frame)
        elif tag == _TBL:
            yield from self.inside(node, Frame(frame.item, next(self.numbers), 0))
        elif tag == _TR:
            yield from self.inside(node, Frame(frame.item, frame.table, next(self.numbers)))
        else:
            self.note(node)
            yield from self.inside(node, frame)

    def note(self, node: ET.Element) -> None:
        """Keep text and pictures for the paragraph that is open."""
        if self.texts:
            self.texts[-1].append(_BREAKS.get(node.tag, (node.text or "") if node.tag in _TEXTS else ""))
            self.pictures[-1] = self.pictures[-1] or (node.tag in _PICTURES and node.find(f".//{_TEXT_BOX}") is None)

    def paragraph(self, node: ET.Element, frame: Frame) -> Iterator[Found]:
        self.texts.append([])
        self.pictures.append(False)
        yield from self.inside(node, frame)
        text, picture = "".join(self.texts.pop()), self.pictures.pop()
        if text.strip() or picture:
            yield Loose(text.strip(), _style(node), picture)

    def control(self, node: ET.Element, frame: Frame) -> Iterator[Found]:
        settings, content = node.find(name("w:sdtPr")), node.find(name("w:sdtContent"))
        if content is None:
            return
        tag = _value(settings, "w:tag")
        if settings is not None and settings.find(name("w15:repeatingSectionItem")) is not None:
            frame = Frame(next(self.numbers), frame.table, frame.row)
        if tag.partition("[")[0] + tag.partition("]")[2].partition("=")[0] not in self.known:
            yield from self.inside(content, frame)
            return
        text = _text(content)
        yield Control(tag, text, _ticked(settings, text), _is_hint(settings), _has_picture(content), frame)


def _style(node: ET.Element) -> str:
    return _value(node.find(name("w:pPr")), "w:pStyle")


def _value(settings: ET.Element | None, short: str) -> str:
    found = None if settings is None else settings.find(name(short))
    return "" if found is None else found.get(name("w:val"), "")


def _is_hint(settings: ET.Element | None) -> bool:
    found = None if settings is None else settings.find(name("w:showingPlcHdr"))
    return found is not None and found.get(name("w:val"), "1") not in _OFF


def _ticked(settings: ET.Element | None, text: str) -> bool | None:
    """Return whether a box is ticked; a sign that stands for one counts where the box was lost."""
    found = None if settings is None else settings.find(f"{name('w14:checkbox')}/{name('w14:checked')}")
    if found is not None:
        return found.get(name("w14:val"), "1") not in _OFF
    return {"☒": True, "☑": True, "✓": True, "✔": True, "x": True, "☐": False, "": False}.get(text.strip().lower())


def _has_picture(content: ET.Element) -> bool:
    return any(node.tag in _PICTURES for node in content.iter())


def _text(content: ET.Element) -> str:
    """Return the text of a control: each paragraph from a new line."""
    pieces: list[str] = []
    _gather(content, pieces)
    return "".join(pieces).strip("\n")


def _gather(node: ET.Element, pieces: list[str]) -> None:
    for child in node:
        if child.tag in _LEFT_OUT:
            continue
        if child.tag == _P and pieces and not pieces[-1].endswith("\n"):
            pieces.append("\n")
        pieces.append(_BREAKS.get(child.tag, (child.text or "") if child.tag in _TEXTS else ""))
        _gather(child, pieces)
        if child.tag == _P:
            pieces.append("\n")
