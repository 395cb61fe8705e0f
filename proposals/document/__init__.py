"""The document of a proposal in the format `aipbi-proposal/1`: what it asks, what is wrong with one."""

from typing import Any

from proposals.document.check import faults, place
from proposals.document.faults import Fault, Weight
from proposals.document.schema import FORMAT, ORDER, PARTS, Field, Many, One, blank

__all__ = ["Fault", "Weight", "empty", "faults", "place"]


def empty() -> dict[str, Any]:
    """Return the document of a draft in which nothing is answered."""
    document: dict[str, Any] = {"format": FORMAT}
    for name in ORDER[1:]:
        part = PARTS[name]
        match part:
            case Field():
                document[name] = blank(part)
            case One():
                document[name] = {field.name: blank(field) for field in part.fields} if part.required else None
            case Many():
                document[name] = []
    return document
