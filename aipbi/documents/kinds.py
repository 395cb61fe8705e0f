"""What a file is by its content, whatever its name says (P6)."""

import zipfile
from dataclasses import dataclass
from typing import BinaryIO

import filetype
from django.utils.translation import gettext as _

HEAD = 8192
_MAIN_PARTS = {
    b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml": "docx",
    b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml": "xlsx",
}
_MACROS = (b"macroEnabled", b"vbaProject")
_LIST_OF_PARTS = "[Content_Types].xml"
_LIST_BYTES = 1_000_000
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file that is taken: its word, its media type, the endings its name may have."""

    label: str
    media_type: str
    endings: tuple[str, ...]


KINDS = {
    "pdf": Kind("PDF", "application/pdf", ("pdf",)),
    "docx": Kind("DOCX", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", ("docx",)),
    "xlsx": Kind("XLSX", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ("xlsx",)),
    "png": Kind("PNG", "image/png", ("png",)),
    "jpg": Kind("JPEG", "image/jpeg", ("jpg", "jpeg")),
}
ENDINGS = tuple(ending for kind in KINDS.values() for ending in kind.endings)


class NotTakenError(ValueError):
    """The file is of no kind that is taken; the message says why, for whoever chose it."""


def recognise(content: BinaryIO, name: str) -> Kind:
    """Return the kind of a file by its content, provided that its name says the same.

    `content` is open for reading and is left at its start. Raises NotTakenError.
    """
    kind = KINDS[_code(content)]
    content.seek(0)
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    if ending not in kind.endings:
        raise NotTakenError(
            _(
                "This is a %(kind)s file, but its name ends in “.%(ending)s”. Give it the ending it should have, or choose another file."
            )
            % {"kind": kind.label, "ending": ending}
            if ending
            else _("This is a %(kind)s file, but its name has no ending. Add “.%(right)s” to the name.")
            % {"kind": kind.label, "right": kind.endings[0]},
        )
    return kind


def _code(content: BinaryIO) -> str:
    content.seek(0)
    head = content.read(HEAD)
    if head.startswith(_OLD_OFFICE):
        raise NotTakenError(
            _("This is an old Word or Excel file, or one with a password. Save it as DOCX or XLSX without a password.")
        )
    if head.startswith(b"PK\x03\x04"):
        return _office(content)
    found = filetype.guess(head)
    if found is None or found.extension not in KINDS:
        raise NotTakenError(
            _("What is in this file is not a PDF, DOCX, XLSX, PNG or JPEG. Choose a file of one of these kinds.")
        )
    return str(found.extension)


def _office(content: BinaryIO) -> str:
    """Tell DOCX from XLSX and from other archives by the list of parts that each must carry."""
    try:
        with zipfile.ZipFile(content) as archive, archive.open(_LIST_OF_PARTS) as parts:
            listed = parts.read(_LIST_BYTES)
            names = archive.namelist()
    except (zipfile.BadZipFile, KeyError, OSError, RuntimeError, NotImplementedError, EOFError, ValueError) as fault:
        raise NotTakenError(
            _("This is an archive or a damaged file, not a DOCX or XLSX. Choose another file.")
        ) from fault
    if any(mark in listed for mark in _MACROS) or any(name.endswith("vbaProject.bin") for name in names):
        raise NotTakenError(_("This file contains macros. Save it without macros, as DOCX or XLSX."))
    for main, code in _MAIN_PARTS.items():
        if main in listed:
            return code
    raise NotTakenError(_("This is an archive or another Office file, not a DOCX or XLSX. Choose another file."))
