"""Two versions side by side: what was taken out, what was put in, word by word (L6)."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from django.utils.translation import gettext as _

from proposals.document import codes as known_codes
from proposals.document.reading import Answer, Block, Item, read
from proposals.document.schema import Section

_WORDS = re.compile(r"\s+|\w+|[^\w\s]", re.UNICODE)
_WORDS_WITH_BLANKS = re.compile(r"\s*\w+|\s*[^\w\s]|\s+", re.UNICODE)
# Beyond this, comparing word by word costs more than it tells.
_MOST_WORDS = 4000
_STEPS = 40_000_000


class _Patience:
    """How many steps a page may still take: signs that repeat make comparing cost their number cubed."""

    def __init__(self) -> None:
        self.left = _STEPS

    def bears(self, one: list[str], other: list[str]) -> bool:
        """Whether both can be compared; what that may cost is then taken off."""
        if not one or not other or len(one) + len(other) > _MOST_WORDS:
            return False
        there = Counter(other)
        pairs = sum(times * there[word] for word, times in Counter(one).items())
        steps = pairs * min(len(one), len(other))
        if steps > self.left:
            return False
        self.left -= steps
        return True


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text: `same`, `out` or `in`."""

    text: str
    how: str


@dataclass(frozen=True, slots=True)
class Row:
    """One answer in both versions."""

    label: str
    before: list[Piece]
    after: list[Piece]
    changed: bool


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing in both versions; `how` is `same`, `changed`, `out` or `in`."""

    title: str
    how: str
    rows: list[Row]


@dataclass(frozen=True, slots=True)
class Compared:
    """A section in both versions."""

    section: Section
    things: list[Thing]

    @property
    def changed(self) -> bool:
        """Whether anything in it changed."""
        return any(thing.how != "same" for thing in self.things)


def compare(before: dict[str, Any], after: dict[str, Any]) -> list[Compared]:
    """Return both documents section by section, things matched by what tells them from the others."""
    codes, patience = known_codes.load(), _Patience()
    pairs = zip(read(before, codes), read(after, codes), strict=True)
    return [
        Compared(
            one.section,
            [thing for blocks in zip(one.blocks, other.blocks, strict=True) for thing in _things(*blocks, patience)],
        )
        for one, other in pairs
    ]


def _things(before: Block, after: Block, patience: _Patience) -> Iterator[Thing]:
    there = {item.key: item for item in before.items}
    for item in after.items:
        yield _thing(before, there.pop(item.key, None), item, patience)
    for gone in there.values():
        yield _thing(before, gone, None, patience)


def _thing(block: Block, before: Item | None, after: Item | None, patience: _Patience) -> Thing:
    rows = [_row(*pair, patience) for pair in _answers(before, after)]
    how = (
        "in"
        if before is None
        else "out"
        if after is None
        else "changed"
        if any(row.changed for row in rows)
        else "same"
    )
    title = (after or before).title  # type: ignore[union-attr]
    label = block.label if not block.repeats else title
    return Thing(
        {"in": _("%(what)s: added"), "out": _("%(what)s: taken out")}.get(how, "%(what)s") % {"what": label}, how, rows
    )


def _answers(before: Item | None, after: Item | None) -> Iterator[tuple[Answer | None, Answer | None]]:
    there = {answer.label: answer for answer in before.answers} if before else {}
    for answer in after.answers if after else ():
        yield there.pop(answer.label, None), answer
    for gone in there.values():
        yield gone, None


def _row(before: Answer | None, after: Answer | None, patience: _Patience) -> Row:
    one, other = before.text if before else "", after.text if after else ""
    label = (after or before).label  # type: ignore[union-attr]
    left, right = pieces(one, other, patience)
    return Row(label, left, right, changed=one != other)


def pieces(before: str, after: str, patience: _Patience | None = None) -> tuple[list[Piece], list[Piece]]:
    """Return both texts in stretches that stayed, went out, or came in."""
    if before == after:
        same = [Piece(before, "same")] if before else []
        return same, same
    patience = patience or _Patience()
    one, other = _WORDS.findall(before), _WORDS.findall(after)
    if not patience.bears(one, other):
        # Blanks are what repeats most: with the words before which they stand a long text may still do.
        one, other = _WORDS_WITH_BLANKS.findall(before), _WORDS_WITH_BLANKS.findall(after)
        if not patience.bears(one, other):
            return ([Piece(before, "out")] if before else []), ([Piece(after, "in")] if after else [])
    left: list[Piece] = []
    right: list[Piece] = []
    for tag, a, b, c, d in SequenceMatcher(None, one, other, autojunk=False).get_opcodes():
        if a < b:
            left.append(Piece("".join(one[a:b]), "same" if tag == "equal" else "out"))
        if c < d:
            right.append(Piece("".join(other[c:d]), "same" if tag == "equal" else "in"))
    return left, right
