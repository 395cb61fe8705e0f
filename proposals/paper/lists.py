"""Drop-down lists of the form: what stands in them for a code, and which code a line means."""

import re
import unicodedata
from typing import Any

from aipbi.accounts import countries
from proposals.document.codes import Codes
from proposals.document.figures import member_state
from proposals.document.schema import Field

_DASHES = re.compile("[\u2010-\u2015\u2212]")
_MEMBER_STATES = ("ams", "participants")


def options(field: Field, codes: Codes) -> list[str]:
    """Return the lines of a question's list; the stages of all value chains, each with its chain."""
    match field.of:
        case "stages":
            return [
                line(field, code, codes, chain) for chain in codes.chains for code in codes.stages_of.get(chain, {})
            ]
        case "countries":
            return [name for _group, choices in countries.choices() for _code, name in choices]
    return [line(field, code, codes) for code in codes.labels(field.of)]


def line(field: Field, code: Any, codes: Codes, chain: Any = None) -> str:
    """Return what stands in the list for a code; what is in no list is shown as it is."""
    if not isinstance(code, str) or not code:
        return "" if code is None else str(code)
    if field.of == "chains" and code in codes.chains:
        return f"{codes.sectors[codes.sector_of[code]]} – {codes.chains[code]}"
    if field.of == "stages" and code in codes.labels("stages", chain=chain):
        return f"{codes.chains[chain]}: {codes.stages_of[chain][code]}"
    return codes.words(field.of, code, chain=chain)


def code_of(text: str, field: Field, codes: Codes, chain: Any) -> str | None:
    """Return the code that a line of the list means, also its bare label or the code itself; None for none."""
    if field.of in _MEMBER_STATES:
        return member_state(text, codes)
    known = codes.all_bodies if field.of == "bodies" else codes.labels(field.of, chain=chain)
    meant: dict[str, str] = {}
    for code in known:
        label = codes.all_bodies[code].name if field.of == "bodies" else known[code]
        for said in (str(label), code, line(field, code, codes, chain)):
            meant.setdefault(_even(said), code)
    if found := meant.get(_even(text)):
        return found
    return member_state(text, codes) if field.of == "countries" else None


def _even(text: str) -> str:
    """Even out what a person or a word processor writes differently and means the same."""
    plain = _DASHES.sub("-", unicodedata.normalize("NFKC", text)).replace("’", "'")
    return " ".join(plain.casefold().split())
