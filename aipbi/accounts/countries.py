"""Countries by ISO 3166 code: an organisation may sit outside ASEAN (U4)."""

import csv
from functools import cache
from pathlib import Path

from django.utils.translation import gettext as _

from aipbi.asean.names import member_state_names

_FILE = Path(__file__).parent / "data" / "countries.csv"

Choice = tuple[str, str]


@cache
def names() -> dict[str, str]:
    """Return the name of every country by its code of two letters, in the order of the names."""
    with _FILE.open(encoding="utf-8", newline="") as file:
        return {row["code"]: row["name"] for row in csv.DictReader(file)}


def choices() -> list[tuple[str, list[Choice]]]:
    """Return the choices of a form: the Member States first, in ASEAN's order and spelling."""
    members = member_state_names()
    others = [(code, name) for code, name in names().items() if code not in members]
    return [(_("ASEAN Member States"), list(members.items())), (_("Other countries"), others)]


def name(code: str) -> str:
    """Return the country's name; a code that is not known stays as it is."""
    return names().get(code, code)
