"""Asking ClamAV about a file over its socket (P6): clamd's INSTREAM command."""

import socket
import struct
from typing import BinaryIO

from django.conf import settings

SECONDS = 30
_CHUNK = 1 << 16
_ANSWER_BYTES = 4096


class ScannerAwayError(Exception):
    """ClamAV did not answer; nothing is known about the file."""


def configured() -> bool:
    """Whether files are scanned here at all."""
    return bool(settings.CLAMAV)


def virus_in(content: BinaryIO) -> str:
    """Return the name of the virus that ClamAV finds, or nothing.

    `content` is read from its start and left there. Raises ScannerAwayError.
    """
    content.seek(0)
    try:
        with _connect() as scanner:
            scanner.sendall(b"zINSTREAM\0")
            while chunk := content.read(_CHUNK):
                scanner.sendall(struct.pack("!L", len(chunk)) + chunk)
            scanner.sendall(struct.pack("!L", 0))
            answer = _answer(scanner)
    except OSError as fault:
        raise ScannerAwayError(str(fault)) from fault
    finally:
        content.seek(0)
    if answer.endswith("OK"):
        return ""
    if answer.endswith("FOUND"):
        return answer.partition(":")[2].removesuffix("FOUND").strip() or "unnamed"
    raise ScannerAwayError(answer or "no answer")


def _connect() -> socket.socket:
    if settings.CLAMAV.startswith("/"):
        scanner = socket.socket(socket.AF_UNIX)
        scanner.settimeout(SECONDS)
        try:
            scanner.connect(settings.CLAMAV)
        except OSError:
            scanner.close()
            raise
        return scanner
    host, _colon, port = settings.CLAMAV.rpartition(":")
    return socket.create_connection((host.strip("[]"), int(port)), timeout=SECONDS)


def _answer(scanner: socket.socket) -> str:
    said = b""
    while not said.endswith(b"\0") and len(said) < _ANSWER_BYTES and (part := scanner.recv(_ANSWER_BYTES)):
        said += part
    return said.rstrip(b"\0\n").decode(errors="replace")
