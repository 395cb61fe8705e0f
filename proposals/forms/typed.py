"""From what was typed to what is stored, and back to what a control shows; nothing typed is thrown away."""

import re
from collections.abc import Callable
from typing import Any

from proposals.document.reading import number
from proposals.document.rules import is_number
from proposals.document.schema import LISTS, NUMERIC, Field, Kind, blank

_DIGITS = re.compile(r"\d{1,30}(?:\.\d{1,10})?\Z", re.ASCII)
_GROUPED = re.compile(r"\d{1,3}(?:[,\s\u00a0\u202f]\d{3})+(?:\.\d{1,10})?\Z", re.ASCII)
_APART = re.compile(r"[,\s\u00a0\u202f]")
_HS_TOGETHER = re.compile(r"(\d{4})[ .]?(\d{2})\Z", re.ASCII)
_MONTH = re.compile(r"(\d{4})[-/.](\d{1,2})\Z", re.ASCII)
_MONTH_FIRST = re.compile(r"(\d{1,2})[-/.](\d{4})\Z", re.ASCII)


def stored(raw: list[str], field: Field) -> Any:
    """Return what is stored for what was typed or chosen; what can't be understood is kept as it is."""
    if field.kind is Kind.CHOICES:
        return list(dict.fromkeys(one for one in (_plain(text) for text in raw) if one))
    text = _plain(raw[-1]) if raw else ""
    if field.kind is Kind.LINES:
        return [line.strip() for line in text.split("\n") if line.strip()]
    if not text:
        return blank(field)
    return _MEANT.get(field.kind, str)(text)


def shown(value: Any, field: Field) -> list[str]:
    """Return what a control shows for what is stored."""
    if field.kind in LISTS:
        lines = [str(one) for one in value] if isinstance(value, list) else []
        return lines if field.kind is Kind.CHOICES else ["\n".join(lines)]
    if value is None:
        return [""]
    if is_number(value) and field.kind in NUMERIC and field.kind is not Kind.YEAR:
        return [number(value)]
    return [value if isinstance(value, str) else str(value)]


def _plain(text: str) -> str:
    """Even out line ends, and leave out the one sign that no database keeps."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "").strip()


def _number(text: str) -> int | float | str:
    digits = _APART.sub("", text) if _GROUPED.match(text) else text
    if not _DIGITS.match(digits):
        return text
    return float(digits) if "." in digits else int(digits)


def _hs(text: str) -> str:
    found = _HS_TOGETHER.match(text)
    return f"{found[1]}.{found[2]}" if found else text


def _month(text: str) -> str:
    if found := _MONTH.match(text):
        return f"{found[1]}-{int(found[2]):02d}"
    if found := _MONTH_FIRST.match(text):
        return f"{found[2]}-{int(found[1]):02d}"
    return text


_MEANT: dict[Kind, Callable[[str], Any]] = {**dict.fromkeys(NUMERIC, _number), Kind.MONTH: _month, Kind.HS: _hs}
