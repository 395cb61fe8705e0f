"""A fault: where it stands in the document, in which section of the form, and what is wrong in plain words."""

from dataclasses import dataclass
from enum import IntEnum
from typing import Any


class Weight(IntEnum):
    """How much a fault weighs."""

    GAP = 1  # an answer is missing
    WRONG = 2  # an answer breaks a rule; a draft may hold it
    SHAPE = 3  # not even a draft can hold it: wrong type, unknown key or code


@dataclass(frozen=True, slots=True)
class Fault:
    """`path` is the place as in the file (`requests[2].rank`, counted from 0), `place` the same in words."""

    path: str
    message: str
    section: str
    place: str = ""
    weight: Weight = Weight.WRONG

    def __str__(self) -> str:
        return f"{self.path or '(file)'}: {self.message}"


def item_path(part: str, index: int, field: str = "") -> str:
    """Return the path of an item of a list, or of one answer in it."""
    return f"{part}[{index}].{field}" if field else f"{part}[{index}]"


def blank(value: Any) -> bool:
    """Whether a value says nothing: null, no text, or lists and objects of such."""
    if value is None:
        return True
    if isinstance(value, str):
        return not value.strip()
    if isinstance(value, list):
        return all(blank(part) for part in value)
    if isinstance(value, dict):
        return all(blank(part) for part in value.values())
    return False
