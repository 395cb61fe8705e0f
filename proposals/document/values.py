"""Whether one answer holds, by its kind: each check yields what is wrong and how much it weighs."""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from django.utils.translation import gettext as _

from aipbi.asean import defaults
from proposals.document.codes import Codes
from proposals.document.faults import Weight, blank
from proposals.document.schema import DRAFT_CHARACTERS, Field, Kind

Found = Iterator[tuple[Weight, str]]
FIRST_YEAR, LAST_YEAR = 1950, 2150
LARGEST = 10**16
MANY_LINES = 100
_MONTH = re.compile(r"(\d{4})-(\d{2})\Z")
_HS = re.compile(r"(\d{2})(\d{2})(?:\.(\d{2}))?\Z")
_SHA256 = re.compile(r"[0-9a-f]{64}\Z")


def check(value: Any, field: Field, codes: Codes, *, chain: Any = None) -> Found:
    """Yield what is wrong with an answer that was given; one that is blank is the caller's."""
    yield from _CHECKS[field.kind](value, field, codes, chain)


def word_limit(field: Field) -> int:
    """Return how many words an answer may have; 0 for any number. Eight signs, blank included, are a long word."""
    if field.words:
        return int(defaults.get(field.words))
    return field.limit // 8 if field.kind is Kind.PROSE else 0


def shown(value: Any) -> str:
    """Return a value short enough to be repeated in a message."""
    text = value if isinstance(value, str) else repr(value)
    text = "".join(c if c.isprintable() else "�" for c in text[:60])
    return f"{text}…" if len(str(value)) > 60 else text  # noqa: PLR2004 - as cut above


def unstorable(text: str) -> bool:
    """Whether a text holds signs that no database keeps: NUL and halves of surrogate pairs."""
    return "\x00" in text or any("\ud800" <= c <= "\udfff" for c in text)


def _text(value: Any, field: Field, _codes: Codes, _chain: Any) -> Found:
    if not isinstance(value, str):
        yield Weight.SHAPE, _("This should be a text, in quotation marks.")
        return
    if unstorable(value):
        yield Weight.SHAPE, _("This contains a sign that cannot be stored (NUL, or half of a sign).")
        return
    if len(value) > DRAFT_CHARACTERS:
        yield Weight.SHAPE, _("This has %(count)s characters, more than even a draft can hold (%(most)s).") % {
            "count": f"{len(value):,}", "most": f"{DRAFT_CHARACTERS:,}",
        }  # fmt: skip
    elif len(value) > field.limit:
        yield Weight.WRONG, _("This has %(count)s characters; the most is %(most)s. Shorten it.") % {
            "count": f"{len(value):,}", "most": f"{field.limit:,}",
        }  # fmt: skip
    if (most := word_limit(field)) and (words := len(value.split())) > most:
        yield (
            Weight.WRONG,
            _("This has %(count)s words; the most is %(most)s. Shorten it.") % {"count": words, "most": most},
        )
    lines = "\n\t" if field.kind is Kind.PROSE else ""
    if any(unicodedata.category(c) == "Cc" and c not in lines for c in value):
        yield (
            Weight.WRONG,
            _("Write this as plain text on one line.")
            if not lines
            else _("This contains control signs. Type it anew, as plain text."),
        )


def _number(value: Any, field: Field, _codes: Codes, _chain: Any) -> Found:
    if isinstance(value, str):
        yield from _text(value, field, _codes, _chain)
        yield (
            Weight.WRONG,
            _("“%(value)s” is not a number. Write it in digits, like 1,500,000.") % {"value": shown(value)},
        )
    elif isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        yield Weight.SHAPE, _("This should be a number.")
    elif value < 0:
        yield Weight.WRONG, _("This cannot be less than 0.")
    elif value >= LARGEST:
        yield (
            Weight.WRONG,
            _("This number is too large to be true. Write it in US dollars, tonnes or people, not in smaller parts."),
        )
    elif field.kind is Kind.WHOLE and value != int(value):
        yield Weight.WRONG, _("Write a whole number.")
    elif field.kind is Kind.MONEY and round(value, 2) != value:
        yield Weight.WRONG, _("Write at most two digits after the point.")


def _year(value: Any, field: Field, codes: Codes, chain: Any) -> Found:
    if isinstance(value, str):
        yield from _text(value, field, codes, chain)
        yield (
            Weight.WRONG,
            _("“%(value)s” is not a year. Write it in four digits, like 2027.") % {"value": shown(value)},
        )
    elif isinstance(value, bool) or not isinstance(value, int):
        yield Weight.SHAPE, _("This should be a year, as a number of four digits.")
    elif not FIRST_YEAR <= value <= LAST_YEAR:
        yield Weight.WRONG, _("Write a year between %(first)s and %(last)s.") % {"first": FIRST_YEAR, "last": LAST_YEAR}


def _rank(value: Any, _field: Field, _codes: Codes, _chain: Any) -> Found:
    if isinstance(value, bool) or not isinstance(value, int):
        yield (
            Weight.SHAPE,
            _("The priority should be a whole number: 1 for the most important request, then 2, 3 and so on."),
        )


def _month(value: Any, field: Field, codes: Codes, chain: Any) -> Found:
    yield from _text(value, field, codes, chain)
    if isinstance(value, str) and not month(value):
        yield (
            Weight.WRONG,
            _("“%(value)s” is not a month. Write year and month, like 2027-03.") % {"value": shown(value)},
        )


def month(value: Any) -> tuple[int, int] | None:
    """Return year and month of `YYYY-MM`, or None when it is none."""
    found = _MONTH.match(value) if isinstance(value, str) else None
    if found is None:
        return None
    year, number = int(found[1]), int(found[2])
    return (year, number) if FIRST_YEAR <= year <= LAST_YEAR and 1 <= number <= 12 else None  # noqa: PLR2004 - months


def _hs(value: Any, field: Field, codes: Codes, chain: Any) -> Found:
    yield from _text(value, field, codes, chain)
    if not isinstance(value, str):
        return
    found = _HS.match(value) if value.isascii() else None
    if found is None:
        yield Weight.WRONG, _("“%(value)s” is not an HS 2022 code. Write four digits, or six with a point, like 8507 or 8507.60.") % {
            "value": shown(value),
        }  # fmt: skip
    elif found[1] not in codes.chapters:
        yield Weight.WRONG, _("There is no chapter %(chapter)s in HS 2022.") % {"chapter": found[1]}
    elif found[2] == "00":
        yield Weight.WRONG, _("There is no heading %(heading)s in HS 2022.") % {"heading": found[1] + found[2]}


def _choice(value: Any, field: Field, codes: Codes, chain: Any) -> Found:
    if not isinstance(value, str):
        yield Weight.SHAPE, _("This should be one code, in quotation marks.")
    elif value not in codes.labels(field.of, chain=chain):
        # A stage follows from the value chain, which may have been changed since.
        weight = (
            Weight.WRONG
            if field.of == "stages" and len(value) <= field.limit and not unstorable(value)
            else Weight.SHAPE
        )
        yield weight, _unknown(value, field, codes, chain)


def _unknown(value: str, field: Field, codes: Codes, chain: Any) -> str:
    if field.of in ("ams", "participants"):
        return _("“%(value)s” is not a Member State. The codes are %(known)s.") % {
            "value": shown(value),
            "known": ", ".join(codes.ams),
        }
    if field.of == "stages":
        known = codes.labels("stages", chain=chain)
        if not known:
            return _("Choose the value chain first; the stages follow from it.")
        return _("“%(value)s” is not a stage of this value chain. Its stages are %(known)s.") % {
            "value": shown(value), "known": ", ".join(known),
        }  # fmt: skip
    known = codes.labels(field.of)
    if len(known) > 30:  # noqa: PLR2004 - more would bury the message
        return _("“%(value)s” is not a code of the list “%(list)s”.") % {"value": shown(value), "list": field.label}
    return _("“%(value)s” is not in the list “%(list)s”. It has %(known)s.") % {
        "value": shown(value), "list": field.label, "known": ", ".join(known),
    }  # fmt: skip


def _choices(value: Any, field: Field, codes: Codes, chain: Any) -> Found:
    if not isinstance(value, list):
        yield Weight.SHAPE, _("This should be a list of codes, in square brackets.")
        return
    for one in value:
        yield from _choice(one, field, codes, chain)
    known = [one for one in value if isinstance(one, str)]
    if len(set(known)) < len(known):
        twice = sorted(one for one, times in Counter(known).items() if times > 1)
        yield Weight.WRONG, _("%(codes)s is named twice.") % {"codes": ", ".join(shown(one) for one in twice)}


def _lines(value: Any, field: Field, codes: Codes, chain: Any) -> Found:
    if not isinstance(value, list):
        yield Weight.SHAPE, _("This should be a list of texts, in square brackets.")
        return
    if len(value) > MANY_LINES:
        yield (
            Weight.WRONG,
            _("There are %(count)s lines; the most is %(most)s.") % {"count": len(value), "most": MANY_LINES},
        )
    for one in value:
        if blank(one):
            yield Weight.WRONG, _("A line is empty.")
        else:
            yield from _text(one, field, codes, chain)


def _hash(value: Any, field: Field, codes: Codes, chain: Any) -> Found:
    yield from _text(value, field, codes, chain)
    if isinstance(value, str) and not _SHA256.match(value):
        yield Weight.SHAPE, _("This should be a SHA-256: 64 signs of 0–9 and a–f.")


def _flag(value: Any, _field: Field, _codes: Codes, _chain: Any) -> Found:
    if not isinstance(value, bool):
        yield Weight.SHAPE, _("This should be true or false.")


_CHECKS: dict[Kind, Callable[[Any, Field, Codes, Any], Found]] = {
    Kind.TEXT: _text,
    Kind.PROSE: _text,
    Kind.MONEY: _number,
    Kind.NUMBER: _number,
    Kind.WHOLE: _number,
    Kind.YEAR: _year,
    Kind.RANK: _rank,
    Kind.MONTH: _month,
    Kind.HS: _hs,
    Kind.CHOICE: _choice,
    Kind.CHOICES: _choices,
    Kind.LINES: _lines,
    Kind.HASH: _hash,
    Kind.FLAG: _flag,
}
