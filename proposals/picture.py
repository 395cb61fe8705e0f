"""The value chain as a picture (P10): which Member State does which stage, and what moves between them.

Drawn from the document alone, in plain lines on a grid: a box for each place in the chain, in columns by
stage; each flow has its number at the place where it leaves a box. A table says the same in words.
"""

import unicodedata
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from proposals.document.codes import Codes
from proposals.document.rules import items

GRID = 12
MARGIN, BOX, PORT, SLOT, ARROW = 12, 192, 36, 12, 24
HEAD_LINES, ROLE_LINES = 3, 3
LINE = 18
LETTERS = 22
MOST = 22


@dataclass(slots=True)
class Box:
    """A Member State at a stage; x, y, width and height in the picture's units."""

    ams: str
    who: str
    stage: str
    role: str
    column: int
    lines: list[str]
    x: int = 0
    y: int = 0
    height: int = 0
    leaving: list["Flow"] = field(default_factory=list)
    arriving: list["Flow"] = field(default_factory=list)

    @property
    def texts(self) -> list[tuple[int, str]]:
        """Lines of text below the name, each with its height."""
        return [(self.y + 2 * LINE + 6 + n * LINE, line) for n, line in enumerate(self.lines)]

    @property
    def middle(self) -> int:
        """Where text stands across."""
        return self.x + BOX // 2

    @property
    def name_y(self) -> int:
        """Where the name stands."""
        return self.y + LINE + 4


@dataclass(slots=True)
class Flow:
    """What goes from one box to another, with its number; `path` is the line in SVG's words."""

    number: int
    origin: Box
    to: Box
    start: int = 0
    end: int = 0
    path: str = ""

    @property
    def what(self) -> str:
        """What moves: what is made at the stage it comes from."""
        stage, role = self.origin.stage, self.origin.role
        return ": ".join(dict.fromkeys(part for part in (stage, role) if part)) or "–"

    @property
    def dot_x(self) -> int:
        """Where its number stands."""
        return self.origin.x + BOX + PORT // 2


@dataclass(frozen=True, slots=True)
class Heading:
    """The name of a stage above its column."""

    x: int
    lines: list[tuple[int, str]]


@dataclass(frozen=True, slots=True)
class Picture:
    """Everything the template draws; the table reads `boxes` and `flows` too."""

    width: int
    height: int
    headings: list[Heading]
    boxes: list[Box]
    flows: list[Flow]
    products: list[str]


def draw(document: dict[str, Any], codes: Codes) -> Picture | None:
    """Return the picture of a document; None while no Member State is named. Takes any draft."""
    boxes, stages = _boxes(document, codes)
    if not boxes:
        return None
    flows = _flows(document, boxes)
    headings, top = _columns(boxes, flows, stages)
    width, height = _route(boxes, flows, top, len(stages))
    products = [
        " – ".join(str(one[name]) for name in ("hs", "description") if one.get(name))
        for _n, one in items(document, "products")
    ]
    return Picture(width, height, headings, boxes, flows, [one for one in products if one])


def _boxes(document: dict[str, Any], codes: Codes) -> tuple[list[Box], list[str]]:
    """Return a box for each place in the chain, and the stages that have one, in the chain's order."""
    chain = document.get("value_chain")
    known = codes.labels("stages", chain=chain)
    given = [one for _n, one in items(document, "participants") if isinstance(one.get("ams"), str) and one["ams"]][
        :MOST
    ]
    order = [code for code in known if any(one.get("stage") == code for one in given)]
    open_ = any(one.get("stage") not in order for one in given)
    boxes = []
    for one in given:
        stage, role = one.get("stage"), one.get("role")
        role = role if isinstance(role, str) else ""
        column = order.index(stage) if stage in order else len(order)
        label = known[stage] if stage in order else ""
        boxes.append(
            Box(one["ams"], codes.words("ams", one["ams"]), label, role, column, wrapped(role, LETTERS, ROLE_LINES))
        )
    return boxes, [known[code] for code in order] + ([_("Stage not given")] if open_ else [])


def _flows(document: dict[str, Any], boxes: list[Box]) -> list[Flow]:
    first: dict[str, Box] = {}
    for box in boxes:
        first.setdefault(box.ams, box)
    given = [one for _n, one in items(document, "participants") if isinstance(one.get("ams"), str) and one["ams"]][
        :MOST
    ]
    flows: list[Flow] = []
    for box, one in zip(boxes, given, strict=True):
        to = one.get("flows_to")
        for code in dict.fromkeys(code for code in (to if isinstance(to, list) else []) if isinstance(code, str)):
            target = first.get(code)
            if target is not None and target is not box:
                flow = Flow(len(flows) + 1, box, target)
                flows.append(flow)
                box.leaving.append(flow)
                target.arriving.append(flow)
    return flows


def _columns(boxes: list[Box], flows: list[Flow], stages: list[str]) -> tuple[list[Heading], int]:
    """Place the boxes, each column as far from the next as its lines need."""
    heads = [wrapped(stage, LETTERS, HEAD_LINES) for stage in stages]
    top = MARGIN + _up(max(len(lines) for lines in heads) * LINE + 6)
    leaves, arrives = _slots(flows, len(stages))
    x, headings = MARGIN + _up(arrives[0] * SLOT + (ARROW if arrives[0] else 0)), []
    for column, lines in enumerate(heads):
        headings.append(Heading(x + BOX // 2, [(MARGIN + LINE * (n + 1) - 4, line) for n, line in enumerate(lines)]))
        y = top
        for box in (one for one in boxes if one.column == column):
            ports = max(len(box.leaving), len(box.arriving))
            box.x, box.y = x, y
            box.height = _up(max(2 * LINE + 6 + len(box.lines) * LINE, (ports + 1) * 2 * GRID))
            y += box.height + 2 * GRID
        x += (
            BOX + PORT + leaves[column] * SLOT + (arrives[column + 1] if column + 1 < len(stages) else 0) * SLOT + ARROW
        )
    return headings, top


def _next_door(flow: Flow) -> bool:
    return flow.to.column == flow.origin.column + 1


def _slots(flows: list[Flow], columns: int) -> tuple[list[int], list[int]]:
    """Return how many lines run up and down to the right and to the left of each column."""
    leaves, arrives = [0] * columns, [0] * columns
    for flow in flows:
        leaves[flow.origin.column] += 1
        if not _next_door(flow):
            arrives[flow.to.column] += 1
    return leaves, arrives


def _route(boxes: list[Box], flows: list[Flow], top: int, columns: int) -> tuple[int, int]:
    """Draw each flow at right angles: no two share a stretch, and each number stands free."""
    bottom = max(box.y + box.height for box in boxes)
    taken: dict[int, set[int]] = defaultdict(set)
    for box in boxes:
        for n, flow in enumerate(box.leaving, 1):
            flow.start = box.y + n * 2 * GRID
    for flow in sorted(flows, key=lambda one: not _next_door(one)):
        _arrive(flow, taken[id(flow.to)])
    leaves, _arrives = _slots(flows, columns)
    left, below, edge = [0] * columns, 0, 0
    right = [0] * columns
    for flow in flows:
        out = flow.origin.x + BOX
        x = out + PORT + right[flow.origin.column] * SLOT
        right[flow.origin.column] += 1
        if _next_door(flow):
            turns = "" if flow.start == flow.end else f"H{x}V{flow.end}"
            flow.path = f"M{out} {flow.start}{turns}H{flow.to.x - 2}"
            continue
        below += 1
        lane = bottom + below * GRID + GRID // 2
        back = flow.to.x - ARROW - left[flow.to.column] * SLOT
        left[flow.to.column] += 1
        flow.path = f"M{out} {flow.start}H{x}V{lane}H{back}V{flow.end}H{flow.to.x - 2}"
        edge = max(edge, x)
    width = max(edge, max(box.x for box in boxes) + BOX + (PORT if any(leaves[-1:]) else 0)) + MARGIN
    return width, bottom + (below + 1) * GRID + MARGIN


def _arrive(flow: Flow, taken: set[int]) -> None:
    """Give a flow its place at the box: straight on where it can, else the next that is free, off the others' lines."""
    box = flow.to
    if _next_door(flow) and box.y < flow.start < box.y + box.height and flow.start not in taken:
        flow.end = flow.start
    else:
        flow.end = next(y for y in range(box.y + GRID + GRID // 2, box.y + 999 * GRID, GRID) if y not in taken)
    taken.add(flow.end)


def _up(length: int) -> int:
    """Return the next length on the grid."""
    return -(-length // GRID) * GRID


def wide(text: str) -> int:
    """Return how many letters' room a text takes: a wide sign counts as two, a mark above or below as none."""
    return sum(
        0 if unicodedata.category(c) in ("Mn", "Me", "Cf") else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        for c in text
    )


def wrapped(text: str, letters: int, most: int) -> list[str]:
    """Return a text in lines of at most so many letters; what is left out is marked by an ellipsis."""
    lines: list[str] = []
    for word in text.split():
        left = word
        if lines and wide(f"{lines[-1]} {left}") <= letters:
            lines[-1] += f" {left}"
            continue
        while left:
            size = next((n for n in range(len(left), 0, -1) if wide(left[:n]) <= letters), 1)
            lines.append(left[:size])
            left = left[size:]
    if len(lines) <= most:
        return lines
    last = lines[most - 1]
    while wide(last) > letters - 1:
        last = last[:-1]
    return [*lines[: most - 1], f"{last}…"]
