"""The interchange format `aipbi-proposal/1`: bytes to a document and back, nothing lost on the way."""

import json
from collections import Counter
from typing import Any

from django.utils.translation import gettext as _

from proposals.document import Fault, Weight, empty, faults
from proposals.document.schema import DRAFT_BYTES, FIELD_ORDER, ORDER, PARTS, Field, Many, One

MOST_BYTES = 2 * DRAFT_BYTES
_DEEPEST = 20
_MOST_VALUES = 20_000


class _UnreadableError(ValueError):
    """The bytes are no JSON document that can be kept."""


def parse(content: bytes, *, unfinished: bool = False) -> tuple[dict[str, Any] | None, list[Fault]]:
    """Read a file in the format; return the document, or None and every fault with its place.

    With `unfinished` a draft comes in with its gaps and with answers that are not right yet: only
    what not even a draft can hold is then a fault.
    """
    try:
        document = _load(content)
    except _UnreadableError as fault:
        return None, [Fault("", str(fault), "", weight=Weight.SHAPE)]
    found = faults(document, strict=not unfinished)
    return (None, found) if found else ({**empty(), **document}, [])


def dump(document: dict[str, Any]) -> bytes:
    """Write a document as the format does: its order of keys, one space to a level, UTF-8."""
    return (json.dumps(_ordered(document), ensure_ascii=False, indent=1) + "\n").encode()


def _load(content: bytes) -> Any:
    if len(content) > MOST_BYTES:
        raise _UnreadableError(
            _("The file is larger than %(most)s MB, which no proposal is.") % {"most": MOST_BYTES // 1_000_000}
        )
    if not content.strip():
        raise _UnreadableError(_("The file is empty."))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise _UnreadableError(
            _("The file is not a text in UTF-8 (byte %(place)s). Save it as UTF-8.") % {"place": fault.start + 1}
        ) from fault
    try:
        document = json.loads(text, object_pairs_hook=_pairs, parse_constant=_constant)
    except json.JSONDecodeError as fault:
        raise _UnreadableError(
            _("The file is not JSON: line %(line)s, column %(column)s: %(why)s.")
            % {"line": fault.lineno, "column": fault.colno, "why": fault.msg},
        ) from fault
    except RecursionError as fault:
        raise _UnreadableError(_("The file is nested too deeply.")) from fault
    except _UnreadableError:
        raise
    except ValueError as fault:
        raise _UnreadableError(_("The file holds a number that is too long to be read.")) from fault
    _small(document)
    return document


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Build an object, refusing a key that is there twice: one of the two would be lost."""
    found = dict(pairs)
    if len(found) < len(pairs):
        counted = Counter(key for key, _value in pairs)
        twice = next(key for key, times in counted.items() if times > 1)
        raise _UnreadableError(
            _("“%(key)s” stands twice in one object.") % {"key": twice[:80].encode(errors="replace").decode()}
        )
    return found


def _constant(name: str) -> Any:
    raise _UnreadableError(_("%(name)s is not a number.") % {"name": name})


def _small(value: Any, depth: int = 0) -> int:
    """Return how many values there are, refusing what is nested too deeply or more than can be checked at leisure."""
    if depth > _DEEPEST:
        raise _UnreadableError(_("The file is nested too deeply."))
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    count = len(parts)
    for part in parts:
        count += _small(part, depth + 1)
        if count > _MOST_VALUES:
            raise _UnreadableError(
                _("The file holds more than %(most)s values, which no proposal does.") % {"most": f"{_MOST_VALUES:,}"}
            )
    return count


def _ordered(document: dict[str, Any]) -> dict[str, Any]:
    ordered = {name: _part(document[name], name) for name in ORDER if name in document}
    return {**ordered, **{name: value for name, value in document.items() if name not in ordered}}


def _part(value: Any, name: str) -> Any:
    part = PARTS.get(name)
    if part is None or isinstance(part, Field):
        return value
    order = FIELD_ORDER.get(name) or tuple(field.name for field in part.fields)
    if isinstance(part, One) and isinstance(value, dict):
        return _keys(value, order)
    if isinstance(part, Many) and isinstance(value, list):
        return [_keys(one, order) if isinstance(one, dict) else one for one in value]
    return value


def _keys(value: dict[str, Any], order: tuple[str, ...]) -> dict[str, Any]:
    return {**{key: value[key] for key in order if key in value}, **value}
