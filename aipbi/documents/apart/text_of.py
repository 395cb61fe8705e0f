"""Write the words of the PDF, DOCX or XLSX on the input. Run by `apart.run`, alone."""

import io
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

PAGES = 1000
# What a word processor shows of a DOCX.
PARTS = ("word/document", "word/header", "word/footer", "word/footnotes", "word/endnotes", "word/comments")
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def pdf(content: bytes) -> Iterator[str]:
    """Yield the text of each page."""
    import pypdfium2  # noqa: PLC0415 - after the limits

    document = pypdfium2.PdfDocument(content)
    for number in range(min(len(document), PAGES)):
        page = document[number]
        yield page.get_textpage().get_text_bounded()
        page.close()


def docx(content: bytes) -> Iterator[str]:
    """Yield each paragraph: what is deleted in tracked changes is not read."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = [name for name in archive.namelist() if name.startswith(PARTS) and name.endswith(".xml")]
        for name in sorted(names, key=lambda one: (not one.startswith(PARTS[0]), one)):
            with archive.open(name) as part:
                yield from _paragraphs(part)


def _paragraphs(part: object) -> Iterator[str]:
    said: list[str] = []
    for _event, element in ET.iterparse(part):  # type: ignore[call-overload] # noqa: S314 - this process is for that
        if element.tag == f"{WORD}t":
            said.append(element.text or "")
        elif element.tag in (f"{WORD}tab", f"{WORD}br"):
            said.append(" ")
        elif element.tag == f"{WORD}p":
            yield "".join(said)
            said.clear()
            element.clear()


def xlsx(content: bytes) -> Iterator[str]:
    """Yield each row: texts and figures as they stand, of formulas nothing."""
    import openpyxl  # noqa: PLC0415 - after the limits

    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
    for sheet in book.worksheets:
        sheet.reset_dimensions()
        yield sheet.title
        for row in sheet.iter_rows(values_only=True):
            yield " ".join(str(value) for value in row if value is not None)


def text(content: bytes, code: str, most: int) -> str:
    """Return so many signs of what the file says; whatever was read before something broke counts."""
    said, left = [], most
    try:
        for piece in {"pdf": pdf, "docx": docx, "xlsx": xlsx}[code](content):
            if piece:
                said.append(piece[:left])
                left -= len(piece) + 1
            if left <= 0:
                break
    except Exception as fault:  # noqa: BLE001 - the libraries raise whatever a damaged part leads to
        sys.stderr.write(type(fault).__name__)
    return "\n".join(said)


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent))
    from inspect_pdf import limit  # type: ignore[import-not-found]

    limit(int(sys.argv[1]), int(sys.argv[2]))
    words = text(sys.stdin.buffer.read(), sys.argv[3], int(sys.argv[4]))
    sys.stdout.buffer.write(words.encode(errors="replace"))
