"""A filled form read back: every answer in its place, and whatever has none listed as unread (P8)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from aipbi.asean.cache import remember
from proposals.document import codes as known_codes
from proposals.document import empty, place
from proposals.document.changes import content as content_of
from proposals.document.faults import blank
from proposals.document.schema import Field, Many
from proposals.paper.edition import FORM, PROPERTIES, TAG, edition, marked
from proposals.paper.form import ON_PAPER, filled
from proposals.paper.gathering import ON_FORM, Gathered, known_tags, single_tags
from proposals.paper.package import Parts, UnreadableError
from proposals.paper.placing import Placing
from proposals.paper.restoring import restore
from proposals.paper.unread import Unread
from proposals.paper.walk import Control, Found, Loose, walk

_BESIDE = re.compile(r"word/(comments|footnotes|endnotes|header\d*|footer\d*)\.xml\Z")
_DIGITS = re.compile(r"\d+")


class OtherEditionError(UnreadableError):
    """The file is the form, in an edition other than the one in force for the draft."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a form says: the document of a draft, what was not taken, and how many answers each section has."""

    document: dict[str, Any]
    unread: list[Unread]
    counts: list[tuple[str, int]]


def read(content: bytes, *, criteria: str, any_edition: bool = False) -> Reading:
    """Read the bytes of a DOCX; `criteria` is the edition of the criteria that the draft is written under.

    Raises UnreadableError in words for who chose the file, OtherEditionError when it is the form of
    another edition, unless `any_edition` takes what is still asked.
    """
    parts = Parts(content)
    root = parts.tree(parts.main)
    if root is None:
        raise UnreadableError(_("This file has no text in it. Choose the form that you filled in."))
    codes = known_codes.load()
    restore(root, codes)
    found = list(walk(root, known_tags()))
    same = _recognise(parts, found, criteria)
    if not same and not any_edition:
        raise OtherEditionError(
            _(
                "This form is of another edition than %(edition)s, which is asked now. Download the form again to be asked everything."
            )
            % {"edition": edition(criteria)},
        )
    gathered = Gathered()
    for one in found:
        if isinstance(one, Control) and one.tag != TAG:
            gathered.add(one)
    placing = Placing(gathered, codes)
    texts = remember(f"form-texts-{edition(criteria)}", lambda: _texts_of(filled(empty(), criteria=criteria)))
    unread = [*placing.unread, *_loose(found, texts), *_beside(parts, texts), *(_gone(gathered) if same else [])]
    return Reading(placing.document, unread, counts(placing.document))


def counts(document: dict[str, Any]) -> list[tuple[str, int]]:
    """Return for each section of the form how many answers a document has."""
    return [
        (section.slug, sum(_count(value) for value in content_of(document, section).values())) for section in ON_PAPER
    ]


def _count(value: Any) -> int:
    if isinstance(value, dict):
        return sum(_count(one) for name, one in value.items() if name != "rank")
    if isinstance(value, list) and any(isinstance(one, dict) for one in value):
        return sum(_count(one) for one in value)
    return 0 if blank(value) else 1


def _recognise(parts: Parts, found: list[Found], criteria: str) -> bool:
    """Return whether the form is of the right edition. Raises UnreadableError when it is no form of ours."""
    control = next((one.text for one in found if isinstance(one, Control) and one.tag == TAG), "")
    form, told = marked(parts.tree(PROPERTIES), control)
    if not form:
        raise UnreadableError(
            _(
                "This Word file is not the form of this portal. Download the form, and fill that one in. Nothing was read."
            )
        )
    if form != FORM:
        raise UnreadableError(
            _("This is another form (“%(form)s”), not a proposal for facilitation. Nothing was read.")
            % {"form": form[:80]}
        )
    return told == edition(criteria)


def _even(text: str) -> str:
    return " ".join(text.split())


def _texts_of(content: bytes) -> frozenset[str]:
    """Return what stands in a form that nobody has written in; page numbers are left out of the margins."""
    parts = Parts(content)
    root = parts.tree(parts.main)
    assert root is not None  # noqa: S101 - our own form
    inside = {_even(one.text) for one in walk(root, known_tags()) if isinstance(one, Loose)}
    return frozenset(inside | {_DIGITS.sub("", _even(one.text)) for one in _margins(parts)})


def _margins(parts: Parts) -> Iterator[Loose]:
    for name in sorted(filter(_BESIDE.match, parts.names)):
        tree = parts.tree(name)
        if tree is not None:
            yield from (one for one in walk(tree, frozenset()) if isinstance(one, Loose))


def _loose(found: list[Found], texts: frozenset[str]) -> Iterator[Unread]:
    """Yield what was written outside the places for answers, each with what stands before it."""
    labels = {
        str(field.label) for part in ON_FORM.values() for field in ([part] if isinstance(part, Field) else part.fields)
    }
    labels |= {str(section.label) for section in ON_PAPER}
    near = ""
    for one in found:
        if isinstance(one, Control):
            near = near if one.tag == TAG else place(one.tag.partition("=")[0])
        elif _even(one.text) in labels:
            near = _even(one.text)
        elif one.picture or _even(one.text) not in texts:
            where = _("Near “%(place)s”") % {"place": near} if near else _("At the beginning")
            why = (
                _("This stands outside the places for answers.")
                if one.text
                else _("This is a picture outside the places for answers.")
            )
            yield Unread(where, one.text, why)


def _beside(parts: Parts, texts: frozenset[str]) -> Iterator[Unread]:
    """Yield what was written into margins, notes and comments."""
    for one in _margins(parts):
        if one.text and _DIGITS.sub("", _even(one.text)) not in texts:
            yield Unread(
                _("Comments, notes, head or foot of the page"),
                one.text,
                _("This stands outside the places for answers."),
            )


def _gone(gathered: Gathered) -> Iterator[Unread]:
    """Yield the questions whose place for an answer was deleted."""
    gone = [tag for tag in single_tags() if tag not in gathered.singles]
    gone += [part.name for part in ON_FORM.values() if isinstance(part, Many) and part.name not in gathered.things]
    for tag in gone:
        why = _("The place for this answer is gone from the form, so nothing could be read here.")
        yield Unread(place(tag), "", why)
