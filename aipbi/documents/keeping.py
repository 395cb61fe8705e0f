"""Keeping what the worker made: under its own digest, so that the same content is stored once whatever crashes (F7)."""

import hashlib

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage


def under_digest(content: bytes) -> tuple[str, str]:
    """Store the content and return its name and its SHA-256, in hexadecimal.

    A worker killed between the file and its row leaves the file behind: the next one finds it whole
    and takes it, or finds it broken and writes it anew.
    """
    digest = hashlib.sha256(content).hexdigest()
    name = f"{digest[:2]}/{digest}"
    if default_storage.exists(name) and not _holds(name, digest):
        default_storage.delete(name)
    if not default_storage.exists(name):
        default_storage.save(name, ContentFile(content))
    return name, digest


def _holds(name: str, digest: str) -> bool:
    with default_storage.open(name) as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == digest
