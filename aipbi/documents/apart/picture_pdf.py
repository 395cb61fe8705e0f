"""Write a PNG of a page of the PDF on the input, the first where none is named. Run by `apart.run`, alone."""

import io
import sys
from pathlib import Path


def picture(content: bytes, side: int, number: int = 1) -> bytes:
    """Return the page, its longer side of so many points, without what forms and scripts would add. Raises IndexError."""
    import pypdfium2  # noqa: PLC0415 - after the limits

    pdf = pypdfium2.PdfDocument(content)
    if not 1 <= number <= len(pdf):
        raise IndexError(number)
    page = pdf[number - 1]
    drawn = page.render(scale=side / max(*page.get_size(), 1), may_draw_forms=False)
    written = io.BytesIO()
    drawn.to_pil().convert("RGB").save(written, "PNG", optimize=True)
    return written.getvalue()


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent))
    from inspect_pdf import limit  # type: ignore[import-not-found]

    limit(int(sys.argv[1]), int(sys.argv[2]))
    sys.stdout.buffer.write(picture(sys.stdin.buffer.read(), *map(int, sys.argv[3:5])))
