"""The names of e-mails, in their Message-ID: the same at each attempt, and telling nothing.

A running number would tell a blind expert how many notices went to others meanwhile (R4), and let
a stranger report as returned what was not. So the number is one enciphered block of which seven
bytes are known: without the portal's key nobody reads one, counts them, or makes one up.
"""

import hashlib

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from django.conf import settings

from aipbi.workflow.models import Digest, Notice

KINDS: dict[bytes, type[Notice | Digest]] = {b"n": Notice, b"d": Digest}
_NUMBER, _KNOWN = 8, bytes(7)


def name(row: Notice | Digest) -> str:
    """Return the name of the row's e-mail: 32 hexadecimal digits."""
    kind = next(letter for letter, model in KINDS.items() if isinstance(row, model))
    cipher = _cipher().encryptor()
    return (cipher.update(kind + row.pk.to_bytes(_NUMBER, "big") + _KNOWN) + cipher.finalize()).hex()


def named(text: str) -> tuple[type[Notice | Digest], int] | None:
    """Return what kind of e-mail is named so and its number; None for a name the portal did not give."""
    cipher = _cipher().decryptor()
    block = cipher.update(bytes.fromhex(text)) + cipher.finalize()
    if not block.endswith(_KNOWN) or block[:1] not in KINDS:
        return None
    return KINDS[block[:1]], int.from_bytes(block[1 : 1 + _NUMBER], "big")


def _cipher() -> "Cipher[modes.ECB]":
    key = hashlib.sha256(b"the names of e-mails" + settings.SECRET_KEY.encode()).digest()
    return Cipher(algorithms.AES(key), modes.ECB())  # noqa: S305 - a single block, which the mode leaves as it is
