"""The letter templates: those that come with the portal are loaded once, then ASEC's to edit, version by version (F4)."""

import re
from collections.abc import Mapping
from pathlib import Path

from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet, Window
from django.db.models.functions import RowNumber
from django.utils.translation import gettext as _

from aipbi.accounts.models import Person
from aipbi.workflow.errors import Refused
from facilitation.enums import Purpose
from facilitation.models import LetterTemplate
from facilitation.models.letter_template import BLOCKS

FOLDER = Path(__file__).resolve().parent / "data" / "letters"
_HEAD = re.compile(r"^\[(\w+)\]$", re.MULTILINE)


def load() -> int:
    """Make the first version of each kind of letter that has none; return how many were made. Safe to repeat."""
    have = set(LetterTemplate.objects.values_list("purpose", flat=True))
    made = 0
    for purpose in Purpose.values:
        if purpose not in have:
            template = LetterTemplate(purpose=purpose, number=1, **read(FOLDER / f"{purpose}.txt"))
            template.full_clean()
            template.save(force_insert=True)
            made += 1
    return made


def read(path: Path) -> dict[str, str]:
    """Return the blocks of a template file, each begun by its name in brackets. Raises ValueError for an unknown one."""
    _before, *parts = _HEAD.split(path.read_text(encoding="utf-8"))
    found = {name: text.strip() for name, text in zip(parts[::2], parts[1::2], strict=True)}
    if unknown := set(found) - set(BLOCKS):
        raise ValueError(f"{path.name}: unknown block {sorted(unknown)}")
    return found


def newest(purpose: str) -> LetterTemplate:
    """Return the version in force. Raises LookupError when the templates were never loaded."""
    found = LetterTemplate.objects.filter(purpose=purpose).order_by("-number").first()
    if found is None:
        raise LookupError(f"There is no letter template for “{purpose}”; run migrate")
    return found


def in_force() -> QuerySet[LetterTemplate]:
    """Return the newest version of each kind, in one query, with who wrote it."""
    place = Window(RowNumber(), partition_by=F("purpose"), order_by=F("number").desc())
    return LetterTemplate.objects.annotate(place=place).filter(place=1).select_related("written_by")


class Overtaken(Refused):
    """Somebody else wrote a version meanwhile; `newest` is that."""

    def __init__(self, newest: LetterTemplate) -> None:
        super().__init__(_("Somebody else wrote a version of this text meanwhile."))
        self.newest = newest


def write(purpose: str, words: Mapping[str, str], *, by: Person, seen: int) -> LetterTemplate:
    """Make the next version of a kind's text; letters that were drafted keep the words they have.

    `seen` is the number of the version it was written from. Raises ValidationError for words with faults, by
    block, and Overtaken where another version came meanwhile; then nothing was written.
    """
    made = LetterTemplate(purpose=purpose, number=seen + 1, written_by=by, **words)
    made.full_clean(validate_unique=False, validate_constraints=False)
    if (last := newest(purpose)).number != seen:
        raise Overtaken(last)
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError:
        raise Overtaken(newest(purpose)) from None
    return made
