"""What people mean by a figure or the name of a Member State, as they write them on paper or in a spreadsheet."""

import re
from collections.abc import Iterable

from django.utils.translation import gettext as _

from proposals.document.codes import Codes
from proposals.document.schema import Field, Kind
from proposals.document.values import shown

_ALSO = {"laos": "LA", "brunei": "BN", "timorleste": "TL"}
_BLANKS = re.compile(r"(?<=\d)[\s\u00a0\u202f'’](?=\d{3}(?!\d))")
_CURRENCY = re.compile(r"(?:US\$|USD|\$)\s*|\s*USD\Z", re.IGNORECASE)
# What shows by itself which sign keeps thousands apart.
_POINTS_GROUP = re.compile(r"\d{1,3}(?:\.\d{3}){2,}(?:,\d+)?\Z|\d{1,3}(?:\.\d{3})+,\d+\Z|\d+,(?:\d{1,2}|\d{4,})\Z")
_COMMAS_GROUP = re.compile(r"\d{1,3}(?:,\d{3}){2,}(?:\.\d+)?\Z|\d{1,3}(?:,\d{3})+\.\d+\Z|\d+\.(?:\d{1,2}|\d{4,})\Z")
_ONE_GROUP = re.compile(r"[1-9]\d{0,2}([.,])\d{3}\Z")
_PLAIN = re.compile(r"\d{1,30}(?:\.\d{1,10})?\Z")


class TwoWaysError(ValueError):
    """A figure can mean two numbers; the message says so in words."""


class Figures:
    """Figures that stand together: how some are written tells how the others are meant."""

    def __init__(self, cells: Iterable[str]) -> None:
        figures = [_bare(cell) for cell in cells]
        self.points = any(_POINTS_GROUP.match(cell) for cell in figures)
        self.commas = any(_COMMAS_GROUP.match(cell) for cell in figures)

    def number(self, text: str, field: Field) -> int | float | str | None:
        """Return the number; None when there is none, or in words why it can mean two."""
        try:
            digits = self.digits(text, whole=field.kind in (Kind.WHOLE, Kind.YEAR))
        except TwoWaysError as fault:
            return str(fault)
        if digits is None:
            return None
        return float(digits) if "." in digits else int(digits)

    def digits(self, text: str, *, whole: bool) -> str | None:
        """Return the number in digits with a point before decimals; None when there is none. Raises TwoWaysError."""
        bare = _bare(text)
        if one := _ONE_GROUP.match(bare):
            point = one[1] == "."
            others, own = (self.commas, self.points) if point else (self.points, self.commas)
            if whole or (own and not others) or (not point and not others):
                bare = bare.replace(one[1], "")
            elif others and not own:
                bare = bare.replace(",", ".")
            else:
                raise TwoWaysError(
                    _("“%(cell)s” can be read two ways; write the whole amount without a point") % {"cell": shown(text)}
                )
        elif _POINTS_GROUP.match(bare):
            bare = bare.replace(".", "").replace(",", ".")
        elif _COMMAS_GROUP.match(bare):
            bare = bare.replace(",", "")
        return bare if _PLAIN.match(bare) else None


def member_state(text: str, codes: Codes) -> str | None:
    """Return the code of a Member State named by its code or its name, None where it is none."""
    letters = re.sub(r"[^a-z]", "", text.lower()).removeprefix("the")
    names = {re.sub(r"[^a-z]", "", name.lower()): code for code, name in codes.ams.items()}
    if text.strip().upper() in codes.ams:
        return text.strip().upper()
    return (names | _ALSO).get(letters)


def _bare(text: str) -> str:
    return _BLANKS.sub("", _CURRENCY.sub("", text))
