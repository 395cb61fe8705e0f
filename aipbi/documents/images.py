"""Taking from an image what tells where, when and by whom it was made; its points stay as they are (P6).

JPEG and PNG are rows of named pieces. The pieces that draw the image are kept byte for byte, all
others are left out, and whatever follows the image's end is cut off. An image is never compressed
anew, so nothing is lost, and an image that went through once comes out the same the next time.
"""

import io
import re
import struct
import zlib
from collections.abc import Iterator

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageFile

MOST_POINTS = 50_000_000
_ICC_BYTES = 4 * 1024 * 1024

SAYS: dict[str, Promise] = {
    "damaged": _("This image is damaged or stops before its end. Save it again, and choose the new copy."),
    "large": _("This image has more than 50 million points. Make it smaller and choose it again."),
}


class FoundError(Exception):
    """Something stands against the image: a key of `SAYS`."""


def stripped(content: bytes, code: str) -> bytes:
    """Return the `png` or `jpg` without what does not draw it. Raises FoundError."""
    try:
        kept = b"".join(_png(content) if code == "png" else _jpeg(content))
        _draw(kept, code)
    except (OSError, SyntaxError, ValueError, IndexError, struct.error, zlib.error, EOFError) as fault:
        raise FoundError("damaged") from fault
    return kept


def _draw(content: bytes, code: str) -> None:
    """Decode it once, to know that it is whole; a JPEG at an eighth of its size, which reads all of it."""
    # WeasyPrint, once imported, has Pillow take half an image for a whole one in all of the process.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    with Image.open(io.BytesIO(content), formats=["PNG" if code == "png" else "JPEG"]) as image:
        image.draft("RGB", (max(1, image.width // 8), max(1, image.height // 8)))
        image.load()


def _check_points(width: int, height: int) -> None:
    if not width or not height:
        raise FoundError("damaged")
    if width * height > MOST_POINTS:
        raise FoundError("large")


# --- PNG: length, name, content, check sum --------------------------------------------

_PNG = b"\x89PNG\r\n\x1a\n"
_PNG_KEPT = {
    b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT", b"bKGD", b"pHYs", b"hIST",
}  # fmt: skip


def _png(content: bytes) -> Iterator[bytes]:
    yield _PNG
    at, name, first = len(_PNG), b"", True
    while name != b"IEND":
        size, name = struct.unpack_from(">I4s", content, at)
        end = at + 12 + size
        if end > len(content) or (first and (name != b"IHDR" or size < 8)):  # noqa: PLR2004 - width and height
            raise FoundError("damaged")
        if first:
            _check_points(*struct.unpack_from(">II", content, at + 8))
        first = False
        if name in _PNG_KEPT and not (name == b"iCCP" and size > _ICC_BYTES):
            yield content[at:end]
        at = end


# --- JPEG: segments, and between them the compressed points ---------------------------

_SOI, _EOI, _SOS, _APP0, _APP1, _APP2, _APP14, _COM = 0xD8, 0xD9, 0xDA, 0xE0, 0xE1, 0xE2, 0xEE, 0xFE
_NO_SIZES = {0xC4, 0xC8, 0xCC}
_ALONE = {0x01, *range(0xD0, 0xD8)}
_NEXT = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
_ORIENTATION = 0x0112
_JFIF_BYTES = 12


def _jpeg(content: bytes) -> Iterator[bytes]:
    if content[:2] != bytes((0xFF, _SOI)):
        raise FoundError("damaged")
    yield content[:2]
    at = 2
    while True:
        while content[at + 1] == 0xFF:  # noqa: PLR2004 - filling, as many as the writer liked
            at += 1
        if content[at] != 0xFF:  # noqa: PLR2004 - where each marker starts
            raise FoundError("damaged")
        marker = content[at + 1]
        if marker == _EOI:
            yield bytes((0xFF, _EOI))
            return
        if marker in _ALONE:
            at += 2
            continue
        size = struct.unpack_from(">H", content, at + 2)[0]
        body = content[at + 4 : at + 2 + size]
        if size < 2 or len(body) != size - 2:  # noqa: PLR2004 - the length counts itself
            raise FoundError("damaged")
        yield _segment(marker, body)
        at += 2 + size
        if marker == _SOS:
            following = _NEXT.search(content, at)
            if following is None:
                raise FoundError("damaged")
            yield content[at : following.start()]
            at = following.start()


def _segment(marker: int, body: bytes) -> bytes:
    """Return the segment as it is kept: whole, made smaller, or not at all."""
    if 0xC0 <= marker <= 0xCF and marker not in _NO_SIZES:  # noqa: PLR2004 - the frames
        height, width = struct.unpack_from(">HH", body, 1)
        _check_points(width, height)
    if marker == _APP0:
        # Without the small picture that may come with it.
        body = body[:_JFIF_BYTES] + b"\0\0" if body.startswith(b"JFIF\0") else b""
    elif marker == _APP1:
        body = _orientation_of(body)
    elif marker == _APP2:
        body = body if body.startswith(b"ICC_PROFILE\0") else b""
    elif marker == _APP14:
        body = body[:_JFIF_BYTES] if body.startswith(b"Adobe") else b""
    elif _APP0 <= marker <= 0xEF or marker == _COM:  # noqa: PLR2004 - the last of the applications' own
        body = b""
    return struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body if body else b""


def _orientation_of(body: bytes) -> bytes:
    """Return an EXIF that says which side is up and nothing else, or nothing."""
    if not body.startswith(b"Exif\0\0"):
        return b""
    read = Image.Exif()
    try:
        read.load(body)
        turned = read.get(_ORIENTATION)
    except (SyntaxError, ValueError, OSError, struct.error, TypeError, KeyError):
        return b""
    if turned not in range(2, 9):
        return b""
    kept = Image.Exif()
    kept[_ORIENTATION] = turned
    return kept.tobytes()
