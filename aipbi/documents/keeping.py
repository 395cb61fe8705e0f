"""Keeping what the worker made: under a digest, so that the same content is stored once whatever crashes (F7)."""

import hashlib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage


class KeptAlreadyError(RuntimeError):
    """Something lies already where the content belongs; nothing was overwritten."""


def under_digest(content: bytes) -> tuple[str, str]:
    """Store the content and return its name and its SHA-256, in hexadecimal.

    A worker killed between the file and its row leaves the file behind: the next one finds it whole
    and takes it, or finds it broken and writes it anew.
    """
    digest = hashlib.sha256(content).hexdigest()
    name, _kept = once(digest, content, whole=lambda found: hashlib.sha256(found).hexdigest() == digest)
    return name, digest


def once(digest: str, content: bytes, *, whole: Callable[[bytes], bool]) -> tuple[str, bytes]:
    """Store the content under a digest and return its name and what lies there now.

    For what comes out differently each time, as a signature with its time: `digest` is that of what
    was signed, and what an earlier worker left there is taken when it is `whole`, and no row names it.
    What is stored is never overwritten. Raises KeptAlreadyError.
    """
    name = f"{digest[:2]}/{digest}"
    if default_storage.exists(name):
        with default_storage.open(name) as file:
            found = bytes(file.read())
        if whole(found):
            return name, found
        default_storage.delete(name)
    stored = default_storage.save(name, ContentFile(content))
    if stored != name:
        default_storage.delete(stored)
        raise KeptAlreadyError(name)
    with suppress(NotImplementedError):
        Path(default_storage.path(name)).chmod(0o400)
    return name, content
