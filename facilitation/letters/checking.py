"""What anyone may know of a letter that they hold: whether it stands, its number and its date, and nothing else (F6)."""

import re
import secrets
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

import segno
from django.conf import settings
from django.db.models import Q
from django.urls import reverse

from aipbi.accounts.days import today
from facilitation.models import Letter

# Without letters that are taken for one another when they are read out or typed: I, L, O, U.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
SIGNS, GROUP = 12, 4
_DIGEST = re.compile(r"[0-9a-f]{64}")
_TAKEN_FOR = str.maketrans("OIL", "011")


class Standing(StrEnum):
    """What a letter is worth today."""

    VALID = "valid"
    SUPERSEDED = "superseded"
    REVOKED = "revoked"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer about a letter that the portal issued."""

    standing: Standing
    number: str
    dated: date
    # The number of the letter that took its place, and the day all of its benefits had ended.
    superseded_by: str = ""
    ended: date | None = None


def new_code() -> str:
    """Return a code of 60 random bits, to be printed on one letter."""
    return "".join(secrets.choice(ALPHABET) for _n in range(SIGNS))


def printed(code: str) -> dict[str, str]:
    """Return the code as it stands on a letter, and the address that the square beside it holds."""
    shown = "-".join(code[at : at + GROUP] for at in range(0, SIGNS, GROUP))
    return {
        "code": shown,
        "page": f"{settings.PORTAL_URL}{reverse('check_letter')}",
        "url": f"{settings.PORTAL_URL}{reverse('check_letter')}?code={shown}",
    }


def square(address: str) -> str:
    """Return a QR code as the address of an SVG picture."""
    return str(segno.make(address, error="m", micro=False).svg_data_uri(dark="#17252b", border=0, scale=4))


def by_code(typed: str) -> Answer | None:
    """Return what is known of the letter with this code, however it was typed; None for any other."""
    code = "".join(sign for sign in typed.upper().translate(_TAKEN_FOR) if sign in ALPHABET)
    return _answer(Q(check_code=code)) if len(code) == SIGNS else None


def by_digest(sha256: str) -> Answer | None:
    """Return what is known of the letter whose PDF has this SHA-256, sealed in whichever format; None for any other."""
    digest = sha256.strip().lower()
    return _answer(Q(sha256=digest)) if _DIGEST.fullmatch(digest) else None


def _answer(which: Q) -> Answer | None:
    letter = Letter.objects.filter(which, issued_at__isnull=False).first()
    if letter is None or letter.dated is None:
        return None
    later = letter.superseded_by.filter(issued_at__isnull=False).first()
    worth, ended = standing(letter)
    return Answer(
        standing=worth,
        number=str(letter.number),
        dated=letter.dated,
        superseded_by=str(later.number) if later else "",
        ended=ended if worth is Standing.EXPIRED else None,
    )


def standing(letter: Letter) -> tuple[Standing, date | None]:
    """Return what an issued letter is worth today, and the day its last benefit ends."""
    ended = last_day(letter.content or {})
    if letter.state in (Standing.REVOKED, Standing.SUPERSEDED):
        return Standing(letter.state), ended
    return Standing.EXPIRED if ended and ended < today() else Standing.VALID, ended


def last_day(said: dict[str, Any]) -> date | None:
    """Return the day on which the last benefit of a letter ends; None when it gives none, or one without an end."""
    until = [line["until"] for line in said.get("schedule", [])]
    return date.fromisoformat(max(until)) if until and all(until) else None
