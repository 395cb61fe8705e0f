"""The parts of a DOCX in their archive: written always the same, read within limits."""

import io
import struct
import zipfile
import zlib
from pathlib import Path
from posixpath import join, normpath
from typing import IO
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape

from django.utils.translation import gettext as _

from proposals.paper.edition import FORM
from proposals.paper.markup import MOST, BrokenError, TooMuchError, parsed, storable

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
# Of all parts that are read, when they are unpacked; a proposal at its largest is a tenth of this.
MOST_BYTES = 24_000_000
_PARTS = Path(__file__).parent / "parts"
_FIXED = {
    "[Content_Types].xml": "content_types.xml",
    "_rels/.rels": "package_rels.xml",
    "word/_rels/document.xml.rels": "document_rels.xml",
    "word/numbering.xml": "numbering.xml",
    "word/settings.xml": "settings.xml",
    "word/styles.xml": "styles.xml",
}
_WORDS = {
    "docProps/core.xml": "core.xml",
    "docProps/custom.xml": "custom.xml",
    "word/header1.xml": "header.xml",
    "word/footer1.xml": "footer.xml",
}
_RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"


class UnreadableError(ValueError):
    """The file is no form that can be read; the message says why, for whoever chose it."""


def packed(
    document: bytes, *, title: str, organisation: str, edition: str, form: str = FORM, edition_label: str = "",
) -> bytes:  # fmt: skip
    """Return the DOCX around a main part; `form` names what kind of document it is, for whoever reads it in."""
    words = {"title": title, "organisation": organisation, "form": form, "edition": edition,
             "page": _("Page"), "of": _("of"), "edition_label": edition_label or _("Edition of the form")}  # fmt: skip
    words = {key: escape(storable(str(word))) for key, word in words.items()}
    parts = {name: (_PARTS / file).read_bytes() for name, file in _FIXED.items()}
    parts |= {name: (_PARTS / file).read_text().format(**words).encode() for name, file in _WORDS.items()}
    parts["word/document.xml"] = document
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            # The same form is the same bytes, whenever it is made.
            entry = zipfile.ZipInfo(name, (2025, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return made.getvalue()


class Parts:
    """The parts of a DOCX that came from elsewhere; the limits hold for all that are read together."""

    def __init__(self, content: bytes) -> None:
        self._bytes, self._elements = MOST_BYTES, MOST
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(content))
            self.names = set(self._archive.namelist())
        except (zipfile.BadZipFile, ValueError, OSError, struct.error, EOFError) as fault:
            raise _damaged() from fault

    @property
    def main(self) -> str:
        """The name of the part with the text."""
        rels = self.tree("_rels/.rels")
        for one in [] if rels is None else rels.iter(_RELATIONSHIP):
            if one.get("Type", "").endswith("/officeDocument"):
                return normpath(join("/", one.get("Target", ""))).lstrip("/")
        raise _damaged()

    def tree(self, name: str) -> ET.Element | None:
        """Return the tree of a part, None where there is no such part. Raises UnreadableError."""
        if name not in self.names:
            return None
        try:
            with self._archive.open(name) as part:
                return self._within_limits(part)
        except TooMuchError as fault:
            raise UnreadableError(_("This file unpacks to far more than a form can hold. Nothing was read.")) from fault
        except (
            zipfile.BadZipFile,
            zlib.error,
            RuntimeError,
            NotImplementedError,
            OSError,
            EOFError,
            BrokenError,
        ) as fault:
            raise _damaged() from fault

    def _within_limits(self, part: IO[bytes]) -> ET.Element:
        content = part.read(self._bytes + 1)
        self._bytes -= len(content)
        if self._bytes < 0:
            raise TooMuchError
        root = parsed(content, most=self._elements)
        self._elements -= sum(1 for _one in root.iter())
        return root


def _damaged() -> UnreadableError:
    return UnreadableError(
        _(
            "This file is damaged or was cut off: it cannot be opened as a Word document. Save it again, or download it again, and choose the new copy."
        )
    )
