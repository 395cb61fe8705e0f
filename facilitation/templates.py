"""The letter templates that come with the portal: loaded once, then ASEC's to edit (F4)."""

import re
from pathlib import Path

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
