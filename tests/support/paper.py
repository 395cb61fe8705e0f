"""Filling a form in as a person with a word processor does, and spoiling one."""

import io
import zipfile
from collections.abc import Callable
from functools import cache
from xml.etree import ElementTree as ET

from proposals.paper import form
from proposals.paper.markup import el, name, parsed, run, written

MAIN = "word/document.xml"


@cache
def blank() -> bytes:
    """Return the blank form, made once: it is the same as long as the reference data are."""
    return form.blank()


def rewritten(content: bytes, changes: dict[str, Callable[[bytes], bytes] | bytes]) -> bytes:
    """Return a DOCX with parts changed, or added."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for part in dict.fromkeys([*old.namelist(), *changes]):
            change = changes.get(part)
            new.writestr(
                part, change if isinstance(change, bytes) else change(old.read(part)) if change else old.read(part)
            )
    return made.getvalue()


def edited(content: bytes, change: Callable[[ET.Element], None]) -> bytes:
    """Return a DOCX whose text was changed."""

    def main(xml: bytes) -> bytes:
        root = parsed(xml)
        change(root)
        return written(root)

    return rewritten(content, {MAIN: main})


def controls(root: ET.Element, tag: str) -> list[ET.Element]:
    """Return the controls with a tag."""
    tags = ((one, one.find(f"{name('w:sdtPr')}/{name('w:tag')}")) for one in root.iter(name("w:sdt")))
    return [one for one, found in tags if found is not None and found.get(name("w:val")) == tag]


def type_into(control: ET.Element, *pieces: str) -> None:
    """Type into a control; each piece becomes a run of its own, as word processors split them."""
    settings, content = control.find(name("w:sdtPr")), control.find(name("w:sdtContent"))
    for hint in settings.findall(name("w:showingPlcHdr")):
        settings.remove(hint)
    box = settings.find(f"{name('w14:checkbox')}/{name('w14:checked')}")
    if box is not None:
        box.set(name("w14:val"), pieces[0])
        return
    for child in list(content):
        content.remove(child)
    content.extend(run(piece) for piece in pieces)


def filled_in(content: bytes, answers: dict[str, str | tuple[str, ...]]) -> bytes:
    """Return a form with answers typed into the controls of these tags."""

    def fill(root: ET.Element) -> None:
        for tag, typed in answers.items():
            [control] = controls(root, tag)
            type_into(control, *([typed] if isinstance(typed, str) else typed))

    return edited(content, fill)


def unwrapped(root: ET.Element, gone: Callable[[ET.Element], bool]) -> None:
    """Take away the controls that `gone` says, and leave what is in them."""
    for parent in list(root.iter()):
        while any(child.tag == name("w:sdt") and gone(child) for child in parent):
            for n, child in enumerate(list(parent)):
                if child.tag == name("w:sdt") and gone(child):
                    parent.remove(child)
                    for step, inner in enumerate(child.find(name("w:sdtContent"))):
                        parent.insert(n + step, inner)
                    break


def wrapped(parent: ET.Element, child: ET.Element) -> None:
    """Put a control without a name around an element."""
    place = list(parent).index(child)
    parent.remove(child)
    parent.insert(place, el("w:sdt", el("w:sdtPr", el("w:id", val=9)), el("w:sdtContent", child)))
