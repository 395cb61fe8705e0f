"""A page as a screen reader is told it: the browser's own accessibility tree."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from playwright.sync_api import Page

LANDMARKS = ("banner", "main", "contentinfo", "navigation", "search", "region", "complementary")
ONCE = ("banner", "main", "contentinfo")
CONTROLS = frozenset(
    {"textbox", "searchbox", "combobox", "listbox", "checkbox", "radio", "spinbutton", "button", "link"}
)
GROUPS = frozenset({"group", "radiogroup", "cell", "row", "rowheader", "gridcell", "table", "region", "form", "main"})


@dataclass(slots=True)
class Node:
    """One thing that is read out; `inside` are the names of the groups round it, the outermost first.

    `described` is what is said after its name, that of the groups round it first.
    """

    role: str
    name: str
    described: str
    states: dict[str, Any] = field(default_factory=dict)
    inside: tuple[str, ...] = ()


def tree(page: Page) -> list[Node]:
    """Return what the page tells a screen reader, in reading order."""
    session = page.context.new_cdp_session(page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    session.detach()
    by_id = {node["nodeId"]: node for node in nodes}
    return list(_read(nodes[0], by_id))


def faults(page: Page) -> list[str]:
    """Return what a listener would miss: landmarks, the order of headings, names of controls, and names that repeat."""
    heard = tree(page)
    return [*_landmarks(heard), *_headings(heard), *_names(heard)]


def _read(node: dict[str, Any], by_id: dict[str, Any], inside: tuple[str, ...] = (), about: str = "") -> Iterator[Node]:
    role, name = _value(node, "role"), _value(node, "name")
    described = f"{about} {_value(node, 'description')}".strip()
    if not node.get("ignored"):
        states = {one["name"]: one["value"].get("value") for one in node.get("properties", ())}
        yield Node(role, name, described, states, inside)
        if role in GROUPS and name:
            inside, about = (*inside, name), described
    for child in node.get("childIds", ()):
        if child in by_id:
            yield from _read(by_id[child], by_id, inside, about)


def _value(node: dict[str, Any], key: str) -> str:
    return str(node.get(key, {}).get("value", "")).strip()


def _landmarks(heard: list[Node]) -> Iterator[str]:
    count = Counter(node.role for node in heard)
    yield from (f"{count[role]} of {role}" for role in ONCE if count[role] != 1)
    named = Counter((node.role, node.name) for node in heard if node.role in LANDMARKS)
    yield from (f"{times} landmarks {role} named “{name}”" for (role, name), times in named.items() if times > 1)


def _headings(heard: list[Node]) -> Iterator[str]:
    levels = [int(node.states["level"]) for node in heard if node.role == "heading"]
    if levels.count(1) != 1:
        yield f"{levels.count(1)} headings of level 1"
    yield from (f"heading {after} follows {before}" for before, after in pairwise(levels) if after > before + 1)
    yield from ("an empty heading" for node in heard if node.role == "heading" and not node.name)


def _names(heard: list[Node]) -> Iterator[str]:
    controls = [node for node in heard if node.role in CONTROLS]
    yield from (f"a {node.role} without a name in {node.inside}" for node in controls if not node.name)
    # Two links of one name may lead to one place; two answers of one name can't be told apart.
    asked = Counter((node.role, node.name, node.inside) for node in controls if node.role != "link")
    yield from (f"{times} × {role} “{name}” in {inside}" for (role, name, inside), times in asked.items() if times > 1)
