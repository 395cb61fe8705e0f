"""From a template to a PDF: tagged, archival, with the portal's own fonts and nothing from elsewhere."""

import logging
import re
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.utils.translation import get_language

HERE = Path(__file__).resolve().parent
FONTS = HERE / "fonts"
STYLES = HERE / "pdf.css"
# WeasyPrint's fonts are shared by all PDFs of a process and are not made for two threads at once.
_ONE_AT_A_TIME = threading.Lock()
_PAGE = re.compile(r"Page (\d+)")


class PdfUnavailableError(RuntimeError):
    """PDFs can't be made on this machine; the message is one line for its operator."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file carried inside the PDF; `relationship` is PDF's word for what it is to the text.

    With `dated` the same content gives the same bytes whenever it is rendered; without, it carries the time of rendering.
    """

    name: str
    content: bytes
    description: str
    relationship: str = "Source"
    dated: datetime | None = None


def render(
    template: str,
    context: Mapping[str, Any],
    *,
    title: str,
    variant: str | None = "pdf/a-3a",
    attachments: Sequence[Attachment] = (),
    on_page: Callable[[int], None] | None = None,
) -> bytes:
    """Render a template that extends `documents/pdf.html` as a PDF.

    `variant` is one of WeasyPrint's (`pdf/a-3a`: archival and tagged for assistive technology; `pdf/ua-1`: made for it).
    `on_page` is told the number of each page as it is set, for whoever waits for a long document.
    Raises PdfUnavailableError where the PDF engine is missing.
    """
    engine = _engine()
    html = render_to_string(template, {**context, "title": title, "language": get_language() or "en"})
    with _ONE_AT_A_TIME, _told(on_page):
        document = engine.HTML(string=html, base_url=HERE.as_uri() + "/", url_fetcher=_fetcher()).render(
            stylesheets=[_styles()], font_config=_fonts(), pdf_variant=variant, pdf_tags=True,
        )  # fmt: skip
        document.metadata.title = title
        document.metadata.attachments = [
            engine.Attachment(
                file_obj=BytesIO(one.content),
                name=one.name,
                description=one.description,
                relationship=one.relationship,
                created=one.dated,
                modified=one.dated,
            )
            for one in attachments
        ]
        return bytes(document.write_pdf(pdf_variant=variant, pdf_tags=True))


def pages(content: bytes) -> int:
    """Return how many pages a PDF has that the portal made."""
    import pikepdf  # noqa: PLC0415 - only whoever counts needs it

    with pikepdf.open(BytesIO(content)) as opened:
        return len(opened.pages)


class _Pages(logging.Handler):
    """Hands on the number in each line of the log that names a page."""

    def __init__(self, on_page: Callable[[int], None]) -> None:
        super().__init__()
        self._on_page = on_page

    def emit(self, record: logging.LogRecord) -> None:
        if found := _PAGE.search(record.getMessage()):
            self._on_page(int(found.group(1)))


@contextmanager
def _told(on_page: Callable[[int], None] | None) -> Iterator[None]:
    """Hear from the engine's log of its progress which page it sets."""
    if on_page is None:
        yield
        return
    log, ear = logging.getLogger("weasyprint.progress"), _Pages(on_page)
    level, passed_on = log.level, log.propagate
    log.addHandler(ear)
    log.setLevel(logging.INFO)
    log.propagate = False
    try:
        yield
    finally:
        log.removeHandler(ear)
        log.setLevel(level)
        log.propagate = passed_on


@cache
def _engine() -> Any:
    try:
        import weasyprint  # noqa: PLC0415 - half a second, and libraries of the system that may be missing
    except (ImportError, OSError) as fault:
        raise PdfUnavailableError(
            "PDFs cannot be made: WeasyPrint needs Pango. Install libpango-1.0-0, libpangoft2-1.0-0 and "
            f"libharfbuzz-subset0 ({str(fault).splitlines()[0]}).",
        ) from fault
    return weasyprint


@cache
def _fonts() -> Any:
    _engine()
    from weasyprint.text.fonts import FontConfiguration  # noqa: PLC0415 - as above

    return FontConfiguration()


@cache
def _styles() -> Any:
    return _engine().CSS(filename=STYLES, font_config=_fonts(), url_fetcher=_fetcher())


@cache
def _fetcher() -> Any:
    from weasyprint.urls import URLFetcher  # noqa: PLC0415 - as above

    class OwnFilesOnly(URLFetcher):
        """Opens the portal's fonts and static files, and data written in the address itself."""

        def fetch(self, url: str, headers: dict[str, str] | None = None) -> Any:
            if url.startswith("data:") or (url.startswith("file:") and own(Path(unquote(urlsplit(url).path)))):
                return super().fetch(url, headers)
            raise ValueError(f"A PDF of the portal takes nothing from {url}")

    return OwnFilesOnly(allowed_protocols={"data", "file"}, allow_redirects=False)


def own(path: Path) -> bool:
    """Whether a path is one of the portal's fonts or static files, wherever links in it lead."""
    real = path.resolve()
    return any(real.is_relative_to(Path(folder).resolve()) for folder in (FONTS, *_static_folders()))  # type: ignore[arg-type]


@cache
def _static_folders() -> list[str]:
    return [
        storage.location for finder in finders.get_finders() for storage in getattr(finder, "storages", {}).values()
    ]
