"""Places in a document: reading and setting one, and what differs between two documents."""

import hashlib
import json
import re
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from proposals.document.faults import blank
from proposals.document.schema import PARTS, Many, One, Section

_STEP = re.compile(r"\[(\d+)\]|\.?([^.\[\]]+)")


@dataclass(frozen=True, slots=True)
class Difference:
    """One place at which two documents say different things."""

    path: str
    before: Any
    after: Any


def content(document: dict[str, Any], section: Section) -> dict[str, Any]:
    """Return what a document says in one section: top-level name → value."""
    return {part.name: document.get(part.name) for part in section.parts}


def token(values: dict[str, Any]) -> str:
    """Return a short fingerprint of values, by which a page knows whether they changed meanwhile."""
    text = json.dumps(values, sort_keys=True, ensure_ascii=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def differences(before: dict[str, Any], after: dict[str, Any]) -> Iterator[Difference]:
    """Yield where two documents, or two contents of a section, differ.

    Lists of things of the same length are compared thing by thing; else the whole list is the place.
    """
    for name in dict.fromkeys([*before, *after]):
        yield from _part(name, before.get(name), after.get(name))


def _part(name: str, before: Any, after: Any) -> Iterator[Difference]:
    if same(before, after):
        return
    part = PARTS.get(name)
    if isinstance(part, One) and isinstance(before, dict) and isinstance(after, dict):
        yield from _answers(f"{name}.", before, after)
    elif isinstance(part, Many) and _alike(before, after):
        for n, (one, other) in enumerate(zip(before, after, strict=True)):
            yield from _answers(f"{name}[{n}].", one, other)
    else:
        yield Difference(name, before, after)


def _alike(before: Any, after: Any) -> bool:
    if not isinstance(before, list) or not isinstance(after, list) or len(before) != len(after):
        return False
    return all(isinstance(one, dict) for one in (*before, *after))


def _answers(prefix: str, before: dict[str, Any], after: dict[str, Any]) -> Iterator[Difference]:
    for key in dict.fromkeys([*before, *after]):
        if not same(before.get(key), after.get(key)):
            yield Difference(f"{prefix}{key}", before.get(key), after.get(key))


def same(one: Any, other: Any) -> bool:
    """Whether two answers say the same; nothing is nothing, however it is written."""
    if blank(one) and blank(other):
        return True
    return bool(one == other) and isinstance(one, bool) == isinstance(other, bool)


def get(document: Any, path: str) -> Any:
    """Return what stands at a path, None where there is no such place."""
    for step in _steps(path):
        if isinstance(step, int):
            document = document[step] if isinstance(document, list) and step < len(document) else None
        else:
            document = document.get(step) if isinstance(document, dict) else None
    return document


def put(document: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    """Return a copy of a document with another value at a path that it has."""
    changed = deepcopy(document)
    *steps, last = _steps(path)
    place: Any = changed
    for step in steps:
        place = place[step]
    place[last] = value
    return changed


def _steps(path: str) -> list[int | str]:
    return [int(number) if number else name for number, name in _STEP.findall(path)]
