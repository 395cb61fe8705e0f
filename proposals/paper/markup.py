"""Elements of WordprocessingML: making them, and reading a stranger's XML without harm."""

import re
from typing import Any
from xml.etree import ElementTree as ET

SPACES = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "w14": "http://schemas.microsoft.com/office/word/2010/wordml",
    "w15": "http://schemas.microsoft.com/office/word/2012/wordml",
    "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
    "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
}
# Of a document as word processors write it: a tenth of these.
DEEPEST, MOST = 120, 600_000
_KEPT = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LINE_ENDS = re.compile("\r\n?")

for _prefix, _address in SPACES.items():
    ET.register_namespace(_prefix, _address)


class BrokenError(ValueError):
    """The XML has no end, declares entities, or is nested deeper than any document."""


class TooMuchError(ValueError):
    """There are more elements than any form has."""


def name(short: str) -> str:
    """Return the full name of `w:p`."""
    prefix, _colon, local = short.partition(":")
    return f"{{{SPACES[prefix]}}}{local}"


def el(short: str, *children: ET.Element, **attributes: Any) -> ET.Element:
    """Make an element; its attributes belong to its own namespace, as Word writes them."""
    space = name(short).rpartition("}")[0]
    made = ET.Element(name(short), {f"{space}}}{key}": str(value) for key, value in attributes.items()})
    made.extend(children)
    return made


def storable(text: str) -> str:
    """Return a text with line ends as `\\n`; signs that XML cannot hold become a question mark in a diamond."""  # noqa: D301 - a sign in words
    return _KEPT.sub("\ufffd", _LINE_ENDS.sub("\n", text))


def run(text: str, style: str = "") -> ET.Element:
    """Make a run of text; line ends and tabs keep their place."""
    made = el("w:r")
    if style:
        made.append(el("w:rPr", el("w:rStyle", val=style)))
    for n, line in enumerate(storable(text).split("\n")):
        if n:
            made.append(el("w:br"))
        for place, piece in enumerate(line.split("\t")):
            if place:
                made.append(el("w:tab"))
            if piece:
                said = el("w:t")
                said.text = piece
                said.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
                made.append(said)
    return made


def paragraph(*runs: ET.Element, style: str = "") -> ET.Element:
    """Make a paragraph of runs and controls."""
    return el("w:p", *([el("w:pPr", el("w:pStyle", val=style))] if style else []), *runs)


def said(text: Any, style: str = "") -> ET.Element:
    """Make a paragraph of one text."""
    return paragraph(run(str(text)), style=style)


def written(root: ET.Element) -> bytes:
    """Return the XML of a part."""
    return ET.tostring(root, encoding="UTF-8", xml_declaration=True)


class _Tree(ET.TreeBuilder):
    """Builds a tree, refusing document types, depth and number."""

    depth = count = 0

    def __init__(self, most: int) -> None:
        super().__init__()
        self.most = most

    def doctype(self, *_said: Any) -> None:
        """Refuse a document type, which could declare entities."""
        raise BrokenError

    def start(self, tag: Any, attrs: Any, /) -> ET.Element:
        """Go one deeper."""
        self.depth += 1
        self.count += 1
        if self.depth > DEEPEST:
            raise BrokenError
        if self.count > self.most:
            raise TooMuchError
        return super().start(tag, attrs)

    def end(self, tag: str, /) -> ET.Element:
        """Come back."""
        self.depth -= 1
        return super().end(tag)


def parsed(xml: bytes, *, most: int = MOST) -> ET.Element:
    """Return the tree of a part that came from elsewhere. Raises BrokenError, or TooMuchError past `most` elements."""
    parser = ET.XMLParser(target=_Tree(most))  # noqa: S314 - document types are refused above
    try:
        parser.feed(xml)
        found: ET.Element = parser.close()
    except TooMuchError:
        raise
    except (ET.ParseError, LookupError, ValueError) as fault:
        raise BrokenError from fault
    return found
