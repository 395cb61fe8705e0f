"""Languages by ISO 639 code, and the Member States in which each is spoken officially (R1).

English is ASEAN's working language, so it speaks for no Member State more than for another.
"""

import csv
from functools import cache
from pathlib import Path

_FILE = Path(__file__).parent / "data" / "languages.csv"
ENGLISH = "en"


@cache
def _rows() -> list[dict[str, str]]:
    with _FILE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@cache
def names() -> dict[str, str]:
    """Return the name of every language by its code, those of the Member States first."""
    return {row["code"]: row["name"] for row in _rows()}


@cache
def states() -> dict[str, frozenset[str]]:
    """Return, by language, the codes of the Member States in which it is spoken officially."""
    return {row["code"]: frozenset(row["ams"].split(";")) - {""} for row in _rows()}


def regional() -> list[tuple[str, str]]:
    """Return English and the languages of the Member States, as the choices of a form."""
    return [(code, name) for code, name in names().items() if code == ENGLISH or states()[code]]


def name(code: str) -> str:
    """Return the language's name; a code that is not known stays as it is."""
    return names().get(code, code)


def in_words(codes: list[str]) -> str:
    """Return the languages in a line, in the order of the list."""
    return ", ".join([named for code, named in names().items() if code in codes] + sorted(set(codes) - set(names())))


def code_of(words: str) -> str:
    """Return the code of a language by its name or its code, however it is spelt; '' where there is none."""
    plain = words.strip().casefold()
    return next((code for code, named in names().items() if plain in (code, named.casefold())), "")
