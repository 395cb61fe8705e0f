"""What a DOCX or XLSX is, and what must not be in one: macros, objects, parts from elsewhere, bombs (P6)."""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable
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
_XML_BYTES, _TEXT_BYTES = 8 * 1024 * 1024, 64 * 1024 * 1024
_ELEMENTS = 5_000_000
_ENCRYPTED = 0x1
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_LOCAL_HEADER = struct.Struct("<4s22xHH")
_OBJECTS = (
    "/oleObject", "/control", "/activeXControlBinary", "/attachedToolbars", "/frame", "/subDocument", "/aFChunk",
    "/webextension", "/webextensiontaskpanes",
)  # fmt: skip
# What every field's command is called, whatever stands before it; also as UTF-16 writes it.
_FIELDS = re.compile(rb"i\0?n\0?s\0?t\0?r")
# Commands that run or fetch something; but for the first, a word of one may stand in the address of a link.
_FETCHES = re.compile(
    r"\bDDE(AUTO)?\b|^\s*(INCLUDEPICTURE|INCLUDETEXT|INCLUDE|IMPORT|LINK|DATABASE|RD)\b", re.IGNORECASE | re.MULTILINE
)
# Parts of a workbook that fetch its figures.
_FETCHING = ("externalLink", "connections+xml")
_INSIDE = "Internal"
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


class _Left:
    """How much a file may still come to, with all the files in it together."""

    def __init__(self) -> None:
        self.parts, self.bytes, self.elements = _PARTS, _UNPACKED, _ELEMENTS

    def take(self, *, parts: int = 0, unpacked: int = 0, elements: int = 0) -> None:
        """Take so much. Raises FoundError when there was less."""
        self.parts, self.bytes, self.elements = self.parts - parts, self.bytes - unpacked, self.elements - elements
        if min(self.parts, self.bytes, self.elements) < 0:
            raise FoundError("bomb")


def code_of(content: BinaryIO) -> str:
    """Return `docx` or `xlsx` for a file that may be taken. Raises FoundError."""
    return _code_of(content, 0, _Left())


def _code_of(content: BinaryIO, deep: int, left: _Left) -> str:
    content.seek(0)
    try:
        with zipfile.ZipFile(content) as archive:
            _measure(archive, content, left)
            return _look_into(archive, deep, left)
    except (zipfile.BadZipFile, KeyError, OSError, RuntimeError, EOFError, ValueError, struct.error, zlib.error,
            expat.ExpatError) as fault:  # fmt: skip
        raise FoundError("archive") from fault


def _measure(archive: zipfile.ZipFile, content: BinaryIO, left: _Left) -> None:
    """Unpack everything once, into nothing, so that no part is larger than it says."""
    parts = archive.infolist()
    if any(part.flag_bits & _ENCRYPTED for part in parts):
        raise FoundError("locked")
    left.take(parts=len(parts), unpacked=sum(part.file_size for part in parts))
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


def _look_into(archive: zipfile.ZipFile, deep: int, left: _Left) -> str:
    names = archive.namelist()
    types = {attributes.get("ContentType", "") for attributes in _elements(archive.read(_LIST_OF_PARTS), left)}
    if any("macroEnabled" in one or "vbaProject" in one for one in types) or any(
        name.lower().rpartition("/")[2].startswith("vbaproject") for name in names
    ):
        raise FoundError("macros")
    code = next((code for main, code in _MAIN_PARTS.items() if main in types), "")
    if not code:
        raise FoundError("other")
    if any(fetching in one for one in types for fetching in _FETCHING):
        raise FoundError("elsewhere")
    if any("oleObject" in one or "activeX" in one or "controlproperties" in one for one in types):
        raise FoundError("objects")
    for name in names:
        _look_at(archive, name, deep, left)
    return code


def _look_at(archive: zipfile.ZipFile, name: str, deep: int, left: _Left) -> None:
    lower = name.lower()
    if lower.endswith(".rels"):
        _follow(archive.read(name), left)
    elif lower.endswith(".xml") and lower.startswith("word/"):
        if archive.getinfo(name).file_size > _TEXT_BYTES:
            raise FoundError("bomb")
        content = archive.read(name)
        if _FIELDS.search(content) and _FETCHES.search(_commands(content, left)):
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
                _code_of(io.BytesIO(archive.read(name)), deep + 1, left)
            except FoundError as fault:
                raise FoundError(fault.args[0] if fault.args[0] in ("macros", "bomb") else "objects") from fault


def _follow(listed: bytes, left: _Left) -> None:
    """Refuse embedded objects, and parts from elsewhere unless a person has to click for them."""
    for attributes in _elements(listed, left):
        kind = attributes.get("Type", "")
        outside = attributes.get("TargetMode", _INSIDE) != _INSIDE
        if outside and not kind.endswith("/hyperlink"):
            raise FoundError("elsewhere")
        if not outside and kind.endswith(_OBJECTS):
            raise FoundError("objects")


def _elements(xml: bytes, left: _Left) -> list[dict[str, str]]:
    """Return the attributes of each element. Raises FoundError where the XML declares entities or has no end."""
    if len(xml) > _XML_BYTES:
        raise FoundError("bomb")
    found: list[dict[str, str]] = []
    parser = _parser()
    parser.StartElementHandler = _counted(left, lambda _tag, attributes: found.append(attributes))
    parser.Parse(xml, True)  # noqa: FBT003 - expat's own word for the last piece
    return found


def _commands(xml: bytes, left: _Left) -> str:
    """Return the commands of a text's fields, as a word processor reads them. Raises FoundError as `_elements`."""
    said: list[str] = []
    depth = 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += depth > 0 or _local(tag) == "instrText"
        # A command may come in pieces, but not in two fields.
        if _local(tag) == "fldChar":
            said.append("\n")
        said.extend(f"\n{value}\n" for name, value in attributes.items() if _local(name) == "instr")

    def end(_tag: str) -> None:
        nonlocal depth
        depth -= depth > 0

    def text(piece: str) -> None:
        if depth:
            said.append(piece)

    parser = _parser()
    parser.StartElementHandler, parser.EndElementHandler = _counted(left, start), end
    parser.CharacterDataHandler = text
    parser.Parse(xml, True)  # noqa: FBT003 - as above
    return "".join(said)


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _counted(left: _Left, then: Callable[[str, dict[str, str]], None]) -> Callable[[str, dict[str, str]], None]:
    def start(tag: str, attributes: dict[str, str]) -> None:
        left.take(elements=1)
        then(tag, attributes)

    return start


def _parser() -> expat.XMLParserType:
    def declared(*_said: object) -> None:
        raise FoundError("archive")

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = declared
    return parser
