"""The words of a letter: paragraphs, lists and headings, with typed placeholders that are filled in at the end (F4).

A block is plain text. An empty line ends a paragraph; a line that begins with `# ` is a heading;
lines that begin with `- ` are a list. `{name}` stands for what the case says. A heading under
which nothing stands, because its placeholder brought nothing, is left out.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum
from itertools import zip_longest
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from facilitation.enums import BENEFITS, DECIDED, Purpose

_PLACE = re.compile(r"\{([^{}\n]*)\}|[{}]")
_BLANK = re.compile(r"\n[ \t]*\n")


class Kind(StrEnum):
    """What a placeholder brings: words inside a sentence, or paragraphs that stand alone."""

    WORDS = "words"
    PARAGRAPHS = "paragraphs"


@dataclass(frozen=True, slots=True)
class Placeholder:
    """A placeholder: what it stands for, how it may be used, and in which letters."""

    label: Any
    kind: Kind = Kind.WORDS
    purposes: frozenset[str] = frozenset(Purpose.values)


_DECIDED = frozenset(one.value for one in DECIDED)
_BENEFITS = frozenset(one.value for one in BENEFITS)
_FORMER = frozenset({Purpose.AMENDMENT.value, Purpose.REVOCATION.value})

PLACEHOLDERS: dict[str, Placeholder] = {
    "number": Placeholder(gettext_lazy("the letter's number")),
    "date": Placeholder(gettext_lazy("the letter's date")),
    "reference": Placeholder(gettext_lazy("the case's reference")),
    "title": Placeholder(gettext_lazy("the title of the project")),
    "proponent": Placeholder(gettext_lazy("the proponent's organisation")),
    "initiative": Placeholder(gettext_lazy("the name of the initiative, from the settings")),
    "member_states": Placeholder(gettext_lazy("the participating Member States, in a sentence"), purposes=_DECIDED),
    "decision": Placeholder(
        gettext_lazy("the reference of the decision"), purposes=_DECIDED - {Purpose.REVOCATION.value}
    ),
    "reasons": Placeholder(
        gettext_lazy("the reasons or gaps, as paragraphs of their own"),
        kind=Kind.PARAGRAPHS,
        purposes=frozenset(Purpose.values) - _BENEFITS,
    ),
    "conditions": Placeholder(
        gettext_lazy("the conditions of the decision, as paragraphs of their own"),
        kind=Kind.PARAGRAPHS,
        purposes=_BENEFITS,
    ),
    "former_number": Placeholder(
        gettext_lazy("the number of the letter that this one replaces or revokes"), purposes=_FORMER
    ),
    "former_date": Placeholder(
        gettext_lazy("the date of the letter that this one replaces or revokes"), purposes=_FORMER
    ),
    "changes": Placeholder(
        gettext_lazy("what changed since the letter before, as paragraphs of their own"),
        kind=Kind.PARAGRAPHS,
        purposes=frozenset({Purpose.AMENDMENT.value}),
    ),
    "contact": Placeholder(gettext_lazy("whom to ask")),
}


def known(purpose: str) -> dict[str, Placeholder]:
    """Return the placeholders that letters of this purpose may use."""
    return {name: one for name, one in PLACEHOLDERS.items() if purpose in one.purposes}


def faults(text: str, purpose: str, *, line: bool = False) -> Iterator[str]:
    """Yield what is wrong with a block's placeholders, each with its line and column, and what may have been meant.

    `line` is for a text of one line.
    """
    allowed = known(purpose)
    text = text.replace("\r\n", "\n")
    for found in _PLACE.finditer(text):
        start = found.start()
        where = {
            "line": text.count("\n", 0, start) + 1,
            "column": start - text.rfind("\n", 0, start),
            "what": found.group(0),
        }
        name = found.group(1)
        if name is None:
            yield _("Line %(line)d, column %(column)d: the brace “%(what)s” has no partner.") % where
        elif name not in allowed:
            yield (
                _("Line %(line)d, column %(column)d: “%(what)s” is not known here.") % where
                + " "
                + _instead(name, purpose)
            )
        elif allowed[name].kind is Kind.PARAGRAPHS and (line or not _alone(text, found)):
            yield (
                _(
                    "Line %(line)d, column %(column)d: “%(what)s” brings whole paragraphs; it must stand on a line of its own, with an empty line before and after."
                )
                % where
            )
    if line and "\n" in text.strip():
        yield _("This is a single line.")


def _instead(name: str, purpose: str) -> str:
    """Say what may have been meant by an unknown name: the nearest one, or where it is known."""
    allowed = known(purpose)
    if name in PLACEHOLDERS:
        kinds = ", ".join(str(Purpose(one).label) for one in Purpose.values if one in PLACEHOLDERS[name].purposes)
        return _("It belongs to other kinds of letter: %(kinds)s.") % {"kinds": kinds}
    near = get_close_matches(name.strip().lower().replace(" ", "_"), allowed, n=1, cutoff=0.6)
    if near:
        return _("Did you mean {%(name)s}?") % {"name": near[0]}
    return _("These are: %(names)s.") % {"names": ", ".join(f"{{{one}}}" for one in allowed)}


def _alone(text: str, found: re.Match[str]) -> bool:
    return any(part.strip() == found.group(0) for part in _BLANK.split(text))


def blocks(text: str, values: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the text as blocks with placeholders filled: `{"is": "paragraph"|"heading", "text"}` or `{"is": "list", "items"}`.

    What is filled in is never read as markup, whatever it contains. Raises KeyError for an unknown placeholder.
    """
    found: list[dict[str, Any]] = []
    for part in _BLANK.split(text.replace("\r\n", "\n").strip()):
        lines = [line.strip() for line in part.splitlines() if line.strip()]
        name = part.strip()[1:-1]
        if part.strip() == f"{{{name}}}" and name in PLACEHOLDERS and PLACEHOLDERS[name].kind is Kind.PARAGRAPHS:
            found += [{"is": "paragraph", "text": words} for words in paragraphs(values[name])]
        else:
            found += _blocks_of(lines, values)
    return [one for one, after in zip_longest(found, found[1:]) if not _empty_heading(one, after)]


def _empty_heading(one: dict[str, Any], after: dict[str, Any] | None) -> bool:
    return one["is"] == "heading" and (after is None or after["is"] == "heading")


def paragraphs(text: str) -> list[str]:
    """Return what a person typed as paragraphs: one to a line, empty ones left out."""
    return [line.strip() for line in text.splitlines() if line.strip()]


def _blocks_of(lines: list[str], values: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """Yield the blocks of one part: its headings and lists, and the lines between them as one paragraph each."""
    words: list[str] = []
    items: list[str] = []
    for line in [*lines, ""]:
        if items and not line.startswith("- "):
            yield {"is": "list", "items": items}
            items = []
        if words and (not line or line.startswith(("# ", "- "))):
            yield {"is": "paragraph", "text": " ".join(words)}
            words = []
        if line.startswith("# "):
            yield {"is": "heading", "text": fill(line[2:], values)}
        elif line.startswith("- "):
            items.append(fill(line[2:], values))
        elif line:
            words.append(fill(line, values))


def fill(text: str, values: Mapping[str, str]) -> str:
    """Return the text with each placeholder replaced. Raises KeyError for an unknown one."""
    return _PLACE.sub(lambda found: values[found.group(1)], text)
