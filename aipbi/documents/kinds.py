"""What a file is by its content, whatever its name says (P6)."""

from dataclasses import dataclass
from typing import BinaryIO

import filetype
from django.utils.translation import gettext as _

from aipbi.documents import office, portable

HEAD = 8192
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file that is taken: its word, its media type, the endings its name may have."""

    label: str
    media_type: str
    endings: tuple[str, ...]

    @property
    def is_image(self) -> bool:
        """Whether it is one picture, which may tell where it was taken."""
        return self.media_type.startswith("image/")

    @property
    def has_text(self) -> bool:
        """Whether the search finds it by the words in it."""
        return not self.is_image


KINDS = {
    "pdf": Kind("PDF", "application/pdf", ("pdf",)),
    "docx": Kind("DOCX", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", ("docx",)),
    "xlsx": Kind("XLSX", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ("xlsx",)),
    "png": Kind("PNG", "image/png", ("png",)),
    "jpg": Kind("JPEG", "image/jpeg", ("jpg", "jpeg")),
}
BY_TYPE = {kind.media_type: code for code, kind in KINDS.items()}
WITH_TEXT = frozenset(kind.media_type for kind in KINDS.values() if kind.has_text)
ENDINGS = tuple(ending for kind in KINDS.values() for ending in kind.endings)


class NotTakenError(ValueError):
    """The file is of no kind that is taken; the message says why, for whoever chose it."""


def recognise(content: BinaryIO, name: str) -> Kind:
    """Return the kind of a file by its content, provided that its name says the same.

    What could act on a reader's machine is refused: see `portable` and `office`. `content` is open
    for reading and is left at its start. Raises NotTakenError.
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
        try:
            return office.code_of(content)
        except office.FoundError as fault:
            raise NotTakenError(str(office.SAYS[fault.args[0]])) from fault
    found = filetype.guess(head)
    if found is None or found.extension not in KINDS:
        raise NotTakenError(
            _("What is in this file is not a PDF, DOCX, XLSX, PNG or JPEG. Choose a file of one of these kinds.")
        )
    if found.extension == "pdf" and (wrong := portable.fault_in(content)):
        raise NotTakenError(str(portable.SAYS[wrong]))
    return str(found.extension)
