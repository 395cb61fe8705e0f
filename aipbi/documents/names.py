"""Names of files: what may deceive a reader or a reader's machine is taken out (P6)."""

import re
import unicodedata

_LENGTH = 255
# Signs that turn the direction of writing can make “exe.pdf” look like another name.
_TURNING = frozenset("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
# Control signs, halves of signs, line ends, and signs that nobody has defined.
_UNSEEN = frozenset({"Cc", "Cs", "Co", "Cn", "Zl", "Zp"})
# What a name can't hold on Windows, where most readers keep it.
_UNFIT = re.compile(r'[<>:"|?*]')
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)\s*(\.|$)", re.IGNORECASE)


def tidy_name(name: str) -> str:
    """Return a file's name without folders, unseen and turning signs, and names that mean a device; never empty."""
    base = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    seen = "".join(c for c in base if c not in _TURNING and unicodedata.category(c) not in _UNSEEN)
    kept = _UNFIT.sub("_", seen).rstrip(". ").strip()
    stem, dot, ending = kept.rpartition(".")
    if not dot:
        stem, ending = kept, ""
    stem = stem.strip(". ")[: _LENGTH - len(dot + ending)] or "file"
    whole = f"{stem}{dot}{ending}"[-_LENGTH:]
    return f"_{whole}"[:_LENGTH] if _RESERVED.match(whole) else whole
