"""Controls put together: the answers that stand by themselves, and the things of each list."""

from proposals.document.schema import PARTS, Field, Kind, Many, One
from proposals.paper.edition import TAG
from proposals.paper.layout import bare, is_table
from proposals.paper.walk import Control, Frame

ON_FORM = {part.name: part for part in PARTS.values() if part.name != "attachments"}


def single_tags() -> list[str]:
    """Return the tags of the answers that stand once in the form."""
    found: list[str] = []
    for part in ON_FORM.values():
        if isinstance(part, Field) and not part.derived:
            found.append(part.name)
        elif isinstance(part, One):
            found += [f"{part.name}.{field.name}" for field in part.fields]
    return found


def known_tags() -> frozenset[str]:
    """Return every tag that means an answer, without numbers and choices."""
    lists = [part for part in ON_FORM.values() if isinstance(part, Many)]
    things = [f"{part.name}.{field.name}" for part in lists for field in part.fields if not field.derived]
    return frozenset([*single_tags(), *things, TAG])


def single(control: Control) -> str:
    """Return where an answer stands in the form that stands there once, whatever a hand made of its tag."""
    return bare(control.tag).partition("=")[0]


class Gathered:
    """Answers by their place in the form; `again` are second copies of a place there is once."""

    def __init__(self) -> None:
        self.singles: dict[str, Control] = {}
        # By part: things, each its controls by the name of the answer, or `ams=TH` for a box.
        self.things: dict[str, list[dict[str, Control]]] = {}
        self.again: list[Control] = []
        self._last: dict[str, object] = {}

    def add(self, control: Control) -> None:
        """Put a control where its tag and its frame say."""
        root, _dot, name = control.tag.partition(".")
        part = ON_FORM.get(bare(root))
        if isinstance(part, Many):
            self._add_to_thing(part, name, control)
        elif (tag := single(control)) in self.singles:
            self.again.append(control)
        else:
            self.singles[tag] = control

    def _add_to_thing(self, part: Many, name: str, control: Control) -> None:
        things = self.things.setdefault(part.name, [])
        if not any(field.kind is Kind.CHOICES and name.startswith(f"{field.name}=") for field in part.fields):
            name = name.partition("=")[0]
        same = self._thing(part, control.frame, control.tag)
        if not things or self._last.get(part.name) != same or name in things[-1]:
            things.append({})
        self._last[part.name] = same
        things[-1][name] = control

    def _thing(self, part: Many, frame: Frame, tag: str) -> object:
        """Return what the controls of one thing share: the frame that repeats, else table or row, else the number in the tag."""
        if frame.item:
            return frame.item
        if frame.table:
            return frame.table, frame.row if is_table(part) else 0
        return tag.partition("[")[2].partition("]")[0]
