"""Content controls: places for answers that a word processor keeps apart and a program finds by their tag."""

from collections.abc import Iterable
from xml.etree import ElementTree as ET

from django.utils.translation import gettext as _

from proposals.paper.markup import el, name, run

PLACEHOLDER = "PlaceholderText"
CHECKED, UNCHECKED = "\u2612", "\u2610"
_SIGNS = "MS Gothic"


def hints() -> dict[str, str]:
    """Return what stands in a control while it holds no answer: for texts, texts in narrow columns, and choices."""
    return {"text": _("Click here to write"), "short": _("Write …"), "choice": _("Choose one")}


def text(
    tag: str, alias: str, value: str, *, fixed: bool = False, alone: bool = False, narrow: bool = False
) -> ET.Element:
    """Make a control for plain text of any number of lines; `fixed` text cannot be changed, `alone` cannot be deleted."""
    lock = "sdtContentLocked" if fixed else "sdtLocked" if alone else ""
    return _control(
        tag, alias, el("w:text", multiLine=1), value, hint=hints()["short" if narrow else "text"], lock=lock
    )


def choice(tag: str, alias: str, labels: Iterable[str], value: str, *, alone: bool = False) -> ET.Element:
    """Make a drop-down list; a word processor stores the label that was chosen."""
    listed = [el("w:listItem", displayText=label, value=label) for label in dict.fromkeys(labels)]
    lock = "sdtLocked" if alone else ""
    return _control(tag, alias, el("w:dropDownList", *listed), value, hint=hints()["choice"], lock=lock)


def box(tag: str, alias: str, *, checked: bool) -> ET.Element:
    """Make a box to tick."""
    kind = el(
        "w14:checkbox",
        el("w14:checked", val=int(checked)),
        el("w14:checkedState", val="2612", font=_SIGNS),
        el("w14:uncheckedState", val="2610", font=_SIGNS),
    )
    sign = run(CHECKED if checked else UNCHECKED)
    sign.insert(0, el("w:rPr", el("w:rFonts", ascii=_SIGNS, eastAsia=_SIGNS, hAnsi=_SIGNS, hint="eastAsia")))
    return el("w:sdt", el("w:sdtPr", el("w:alias", val=alias[:64]), el("w:tag", val=tag), kind), _content(sign))


def repeating(tag: str, title: str, things: Iterable[list[ET.Element]]) -> ET.Element:
    """Make a part that can be repeated by its plus sign; each thing is some rows, or some blocks."""
    items = [el("w:sdt", el("w:sdtPr", el("w15:repeatingSectionItem")), _content(*thing)) for thing in things]
    kind = el("w15:repeatingSection", el("w15:sectionTitle", val=title[:64]))
    return el("w:sdt", el("w:sdtPr", el("w:alias", val=title[:64]), el("w:tag", val=tag), kind), _content(*items))


def number(root: ET.Element) -> None:
    """Give every control a number of its own, which a word processor asks for."""
    for n, settings in enumerate(root.iter(name("w:sdtPr")), 1):
        settings.insert(sum(part.tag in (name("w:alias"), name("w:tag")) for part in settings), el("w:id", val=n))


def _control(tag: str, alias: str, kind: ET.Element, value: str, *, hint: str, lock: str) -> ET.Element:
    settings = el("w:sdtPr", el("w:alias", val=alias[:64]), el("w:tag", val=tag))
    if lock:
        settings.append(el("w:lock", val=lock))
    if not value:
        settings.append(el("w:showingPlcHdr"))
    settings.append(kind)
    return el("w:sdt", settings, _content(run(value) if value else run(hint, PLACEHOLDER)))


def _content(*parts: ET.Element) -> ET.Element:
    return el("w:sdtContent", *parts)
