"""From the text in a control to the answer it means, with what is wrong in words; and back."""

import calendar
import re
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from proposals.document.codes import Codes
from proposals.document.faults import Weight
from proposals.document.figures import Figures
from proposals.document.schema import NUMERIC, Field, Kind, blank
from proposals.document.values import check, shown
from proposals.forms import typed
from proposals.paper import lists

_NAMED_MONTH = re.compile(r"([a-z]{3,9})\.?,?\s+(\d{4})\Z|(\d{4}),?\s+([a-z]{3,9})\.?\Z", re.IGNORECASE)
_THREE_AFTER_THE_POINT = re.compile(r"[1-9]\d{0,2}\.\d{3}\Z")
_MONTHS = {name[:3].lower(): n for n, name in enumerate(calendar.month_name) if n}


@dataclass(frozen=True, slots=True)
class Meant:
    """An answer; `wrong` says in words what is wrong with it, `kept` whether a draft holds it all the same."""

    value: Any
    wrong: str = ""
    kept: bool = True


def meant(text: str, field: Field, codes: Codes, chain: Any, figures: Figures) -> Meant:
    """Return what a text in a control means. A draft keeps what is not right yet, as a page for writing would."""
    wrong = ""
    if not text.strip():
        return Meant(blank(field))
    if field.kind is Kind.CHOICE:
        value: Any = lists.code_of(text, field, codes, chain)
        if value is None:
            return _not_listed(text, field, chain)
    elif field.kind in NUMERIC:
        found = figures.number(text.strip(), field)
        value = text.strip() if found is None or isinstance(found, str) else found
        wrong = f"{found}." if isinstance(found, str) else ""
    else:
        value = typed.stored([_month(text) if field.kind is Kind.MONTH else text], field)
    faults = list(check(value, field, codes, chain=chain))
    if lost := [words for weight, words in faults if weight is Weight.SHAPE]:
        return Meant(blank(field), lost[0], kept=False)
    return Meant(value, wrong or " ".join(words for _weight, words in faults))


def text_of(value: Any, field: Field, codes: Codes, chain: Any = None) -> str:
    """Return what a control shows for an answer, so that it is read back as the same."""
    if field.kind is Kind.CHOICE:
        return lists.line(field, value, codes, chain)
    [text, *_more] = typed.shown(value, field) or [""]
    # Three digits after a point could be thousands; four cannot.
    return f"{text}0" if field.kind in NUMERIC and _THREE_AFTER_THE_POINT.match(text) else text


def _not_listed(text: str, field: Field, chain: Any) -> Meant:
    said = {"text": shown(text.strip())}
    if field.of in ("ams", "participants"):
        wrong = _("“%(text)s” is not a Member State.") % said
    elif field.of == "stages" and not chain:
        wrong = _("“%(text)s” can’t be placed: a stage is read once the value chain is chosen.") % said
    elif field.of == "stages":
        wrong = _("“%(text)s” is not a stage of the value chain that was chosen.") % said
    else:
        wrong = _("“%(text)s” is not in the list of this question.") % said
    return Meant(blank(field), wrong, kept=False)


def _month(text: str) -> str:
    """Turn `March 2027` into `2027-03`; anything else is left as it is."""
    found = _NAMED_MONTH.match(text.strip())
    if found is None:
        return text
    number = _MONTHS.get((found[1] or found[4])[:3].lower())
    return f"{found[2] or found[3]}-{number:02d}" if number else text
