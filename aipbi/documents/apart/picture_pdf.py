"""Write a PNG of the first page of the PDF on the input. Run by `apart.run`, alone."""

import io
import sys
from pathlib import Path


def picture(content: bytes, side: int) -> bytes:
    """Return the first page, its longer side of so many points, without what forms and scripts would add."""
    import pypdfium2  # noqa: PLC0415 - after the limits

    page = pypdfium2.PdfDocument(content)[0]
    drawn = page.render(scale=side / max(*page.get_size(), 1), may_draw_forms=False)
    written = io.BytesIO()
    drawn.to_pil().convert("RGB").save(written, "PNG", optimize=True)
    return written.getvalue()


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parent))
    from inspect_pdf import limit  # type: ignore[import-not-found]

    limit(int(sys.argv[1]), int(sys.argv[2]))
    sys.stdout.buffer.write(picture(sys.stdin.buffer.read(), int(sys.argv[3])))
