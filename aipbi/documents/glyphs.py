"""Which signs the fonts have: what is missing is said before a PDF is made of it, not printed as boxes (F8)."""

import shutil
import subprocess
import unicodedata
from functools import cache

from aipbi.documents.pdf import FONTS

# Signs that print nothing of their own: controls, joiners, blanks, and what chooses between forms of a sign.
_SILENT = frozenset({"Cc", "Cf", "Zs", "Zl", "Zp"})
_VARIATIONS = frozenset(map(chr, range(0xFE00, 0xFE10)))


def missing(text: str) -> list[str]:
    """Return the signs of a text that neither the portal's fonts nor the machine's have, each once, in order."""
    return [sign for sign in dict.fromkeys(text) if not (_silent(sign) or ord(sign) in _own() or _on_machine(sign))]


def named(sign: str) -> str:
    """Return the sign with its number and Unicode's name for it: “ꦗ (U+A997 JAVANESE LETTER JA)”."""
    return f"{sign} (U+{ord(sign):04X} {unicodedata.name(sign, '')}".rstrip() + ")"


def _silent(sign: str) -> bool:
    return unicodedata.category(sign) in _SILENT or sign in _VARIATIONS


@cache
def _own() -> frozenset[int]:
    """Code points of the fonts that come with the portal."""
    from fontTools.ttLib import TTFont  # noqa: PLC0415 - needed only where a letter is checked

    found: set[int] = set()
    for path in sorted(FONTS.glob("*.ttf")):
        with TTFont(path, lazy=True) as font:
            found |= set(font.getBestCmap())
    return frozenset(found)


@cache
def _on_machine(sign: str) -> bool:
    """Whether a font installed on the machine has it: the PDF engine takes it from there."""
    program = shutil.which("fc-list")
    if program is None:
        return False
    told = subprocess.run(  # noqa: S603 - one code point, in figures
        [program, f":charset={ord(sign):x}", "file"], capture_output=True, text=True, check=False, timeout=20
    )
    return bool(told.stdout.strip())
