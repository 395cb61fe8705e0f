"""Two people wrote the same section: both texts place by place, and what comes of the choices (P5)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Self

from django.core import signing
from django.http import QueryDict

from proposals.document import changes, place
from proposals.document import codes as known_codes
from proposals.document.changes import Difference
from proposals.document.reading import Item, read, words
from proposals.document.schema import PARTS, Field, Section

MINE, THEIRS = "mine", "theirs"
_SALT = "proposals.conflict"


@dataclass(frozen=True, slots=True)
class Choice:
    """One place at which the two differ, with both texts and what was chosen so far."""

    id: str
    path: str
    place: str
    mine: str
    theirs: str
    chosen: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """My text of a section and the one that stands there now; the page carries both, sealed."""

    section: Section
    mine: dict[str, Any]
    theirs: dict[str, Any]

    @classmethod
    def on_page(cls, section: Section, data: QueryDict) -> Self:
        """Return the conflict that a page carried. Raises signing.BadSignature when it was tampered with."""
        return cls(section, **signing.loads(data.get("both", ""), salt=_SALT))

    @property
    def sealed(self) -> str:
        """Both texts as the page carries them."""
        return signing.dumps({MINE: self.mine, THEIRS: self.theirs}, salt=_SALT, compress=True)

    @property
    def seen(self) -> str:
        """The fingerprint of what stands there, with which the choice is kept."""
        return changes.token(self.theirs)

    def choices(self, data: QueryDict | None = None) -> list[Choice]:
        """Return the places at which the two differ, with what was chosen on the page."""
        return [
            Choice(
                f"choice-{n}",
                one.path,
                place(one.path),
                self._words(one, self.mine, one.after),
                self._words(one, self.theirs, one.before),
                chosen,
            )
            for n, (one, chosen) in enumerate(self._chosen(data))
        ]

    def settled(self, data: QueryDict) -> dict[str, Any] | None:
        """Return what comes of the choices, or None while one is open."""
        merged = dict(self.theirs)
        for one, chosen in self._chosen(data):
            if not chosen:
                return None
            if chosen == MINE:
                merged = changes.put(merged, one.path, one.after)
        return merged

    def _chosen(self, data: QueryDict | None) -> Iterator[tuple[Difference, str]]:
        for one in changes.differences(self.theirs, self.mine):
            chosen = data.get(f"choose:{one.path}", "") if data else ""
            yield one, chosen if chosen in (MINE, THEIRS) else ""

    def _words(self, one: Difference, document: dict[str, Any], value: Any) -> str:
        """Return one side of a difference in words: an answer, or a whole list."""
        root, _dot, name = one.path.partition(".")
        part = PARTS[root.partition("[")[0]]
        field = part if isinstance(part, Field) else next((field for field in part.fields if field.name == name), None)
        if field:
            return words(value, field, known_codes.load(), chain=document.get("value_chain"))
        typed = {part.name: value, "value_chain": document.get("value_chain")}
        return "\n\n".join(filter(None, (_item(item) for item in in_words(self.section, typed))))


def in_words(section: Section, typed: dict[str, Any]) -> list[Item]:
    """Return what was typed in a section, in words."""
    return [item for block in read(typed, sections=(section,))[0].blocks for item in block.items]


def _item(item: Item) -> str:
    return "\n".join(
        [*filter(None, [item.title]), *(f"{answer.label}: {answer.text}" for answer in item.answers if answer.text)]
    )
