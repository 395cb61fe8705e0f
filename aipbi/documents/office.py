"""What a DOCX or XLSX is, and what must not be in one: macros, objects, parts from elsewhere, bombs (P6)."""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO
from xml.parsers import expat

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_DECLARED = "application/vnd.openxmlformats-officedocument."
_MAIN_PARTS = {
    f"{_DECLARED}wordprocessingml.document.main+xml": "docx",
    f"{_DECLARED}spreadsheetml.sheet.main+xml": "xlsx",
}
_LIST_OF_PARTS = "[Content_Types].xml"
_PARTS, _UNPACKED, _DEEP = 5000, 250 * 1024 * 1024, 2
_XML_BYTES = 8 * 1024 * 1024
_ENCRYPTED = 0x1
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_LOCAL_HEADER = struct.Struct("<4s22xHH")
_OBJECTS = ("/oleObject", "/control", "/activeXControlBinary", "/attachedToolbars", "/frame", "/subDocument")
_FIELDS = re.compile(rb"<w:instrText[^>]*>([^<]*)<|w:instr=\"([^\"]*)\"")
_DDE = re.compile(rb"\bDDE(AUTO)?\b", re.IGNORECASE)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

SAYS: dict[str, Promise] = {
    "archive": _("This is an archive or a damaged file, not a DOCX or XLSX. Choose another file."),
    "other": _("This is an archive or another Office file, not a DOCX or XLSX. Choose another file."),
    "macros": _("This file contains macros. Save it without macros, as DOCX or XLSX."),
    "locked": _("This file is protected by a password. Save it without one."),
    "bomb": _("This file unpacks to far more than it should. Save it again as DOCX or XLSX, or as a PDF."),
    "objects": _(
        "This file has another file or a control embedded in it. Take it out and add it as a file of its own, or save the whole as a PDF."
    ),
    "elsewhere": _(
        "This file takes parts from elsewhere, such as a template, a picture or another workbook. Break those links, or save it as a PDF."
    ),
}


class FoundError(Exception):
    """Something stands against the file: a key of `SAYS`."""


def code_of(content: BinaryIO, *, deep: int = 0) -> str:
    """Return `docx` or `xlsx` for a file that may be taken. Raises FoundError."""
    content.seek(0)
    try:
        with zipfile.ZipFile(content) as archive:
            _measure(archive, content)
            return _look_into(archive, deep)
    except (zipfile.BadZipFile, KeyError, OSError, RuntimeError, EOFError, ValueError, struct.error, zlib.error,
            expat.ExpatError) as fault:  # fmt: skip
        raise FoundError("archive") from fault


def _measure(archive: zipfile.ZipFile, content: BinaryIO) -> None:
    """Unpack everything once, into nothing, so that no part is larger than it says."""
    parts = archive.infolist()
    if any(part.flag_bits & _ENCRYPTED for part in parts):
        raise FoundError("locked")
    if len(parts) > _PARTS or sum(part.file_size for part in parts) > _UNPACKED:
        raise FoundError("bomb")
    if len({part.filename for part in parts}) < len(parts) or any(p.compress_type not in _METHODS for p in parts):
        raise FoundError("archive")
    for part in parts:
        if part.compress_type == zipfile.ZIP_DEFLATED and _unpacked(content, part) > part.file_size:
            raise FoundError("bomb")
        with archive.open(part) as opened:
            while opened.read(1 << 16):
                pass


def _unpacked(content: BinaryIO, part: zipfile.ZipInfo) -> int:
    """Return how many bytes a part gives, counting one past what it declares."""
    content.seek(part.header_offset)
    _sign, name, extra = _LOCAL_HEADER.unpack(content.read(_LOCAL_HEADER.size))
    content.seek(name + extra, io.SEEK_CUR)
    unpack, left, size = zlib.decompressobj(-15), part.compress_size, 0
    while left > 0 and not unpack.eof and size <= part.file_size:
        packed = content.read(min(left, 1 << 16))
        if not packed:
            break
        left -= len(packed)
        while packed and size <= part.file_size:
            size += len(unpack.decompress(packed, 1 << 20))
            packed = unpack.unconsumed_tail
    return size


def _look_into(archive: zipfile.ZipFile, deep: int) -> str:
    names = archive.namelist()
    types = {attributes.get("ContentType", "") for _tag, attributes in _elements(archive.read(_LIST_OF_PARTS))}
    if any("macroEnabled" in one or "vbaProject" in one for one in types) or any(
        name.lower().rpartition("/")[2].startswith("vbaproject") for name in names
    ):
        raise FoundError("macros")
    code = next((code for main, code in _MAIN_PARTS.items() if main in types), "")
    if not code:
        raise FoundError("other")
    if any("externalLink" in one for one in types):
        raise FoundError("elsewhere")
    if any("oleObject" in one or "activeX" in one or "controlproperties" in one for one in types):
        raise FoundError("objects")
    for name in names:
        _look_at(archive, name, deep)
    return code


def _look_at(archive: zipfile.ZipFile, name: str, deep: int) -> None:
    lower = name.lower()
    if lower.endswith(".rels"):
        _follow(archive.read(name))
    elif lower.endswith(".xml") and lower.startswith("word/"):
        said = b"".join(first or second for first, second in _FIELDS.findall(archive.read(name)))
        if _DDE.search(said):
            raise FoundError("elsewhere")
    else:
        with archive.open(name) as part:
            head = part.read(len(_OLE))
        if head == _OLE or "/activex/" in lower:
            raise FoundError("objects")
        # The figures behind a chart are a workbook in the document, held to the same rules.
        if head.startswith(b"PK\x03\x04"):
            if deep >= _DEEP:
                raise FoundError("objects")
            try:
                code_of(io.BytesIO(archive.read(name)), deep=deep + 1)
            except FoundError as fault:
                raise FoundError("macros" if fault.args[0] == "macros" else "objects") from fault


def _follow(listed: bytes) -> None:
    """Refuse embedded objects, and parts from elsewhere unless a person has to click for them."""
    for _tag, attributes in _elements(listed):
        kind = attributes.get("Type", "")
        outside = attributes.get("TargetMode") == "External"
        if outside and not kind.endswith("/hyperlink"):
            raise FoundError("elsewhere")
        if not outside and kind.endswith(_OBJECTS):
            raise FoundError("objects")


def _elements(xml: bytes) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield each element with its attributes. Raises FoundError where the XML declares entities or has no end."""
    if len(xml) > _XML_BYTES:
        raise FoundError("bomb")
    found: list[tuple[str, dict[str, str]]] = []

    def declared(*_said: object) -> None:
        raise FoundError("archive")

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = declared
    parser.StartElementHandler = lambda tag, attributes: found.append((tag, attributes))
    parser.Parse(xml, True)  # noqa: FBT003 - expat's own word for the last piece
    yield from found
