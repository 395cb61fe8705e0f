"""Checking a sealed PDF: that it says what it is, is signed as a whole, and was not changed since (F5)."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

from aipbi.documents.looping import in_own_thread


def faults(content: bytes) -> Iterator[str]:
    """Yield what is wrong with the PDF's archival identification or its seal; nothing for a whole one."""
    yield from archive_faults(content)
    yield from seal_faults(content)


def archive_faults(content: bytes) -> Iterator[str]:
    """Yield what is wrong with what the PDF says it is: PDF/A-3a, and tagged."""
    import pikepdf  # noqa: PLC0415 - only who checks needs it

    try:
        with pikepdf.open(BytesIO(content)) as opened, opened.open_metadata() as said:
            if (said.get("pdfaid:part"), said.get("pdfaid:conformance")) != ("3", "A"):
                yield "it does not say that it is PDF/A-3a"
            if "/MarkInfo" not in opened.Root or not opened.Root.MarkInfo.get("/Marked"):
                yield "it is not tagged"
    except pikepdf.PdfError as fault:
        yield f"it is no whole PDF ({str(fault).splitlines()[0]})"


def seal_faults(content: bytes) -> Iterator[str]:
    """Yield what is wrong with the seal: none, broken, or with something behind it."""
    try:
        seals = _seals(content)
        if len(seals) != 1:
            yield f"it has {len(seals)} signatures instead of one"
            return
        status = _status(seals[0])
    except Exception as fault:  # noqa: BLE001 - a damaged file may fail anywhere in the library
        yield f"its signature cannot be read ({type(fault).__name__})"
        return
    if not (status.intact and status.valid):
        yield "its signature does not fit its content"
    elif not covers_all(status):
        yield "something was added behind its signature"


def covers_all(status: Any) -> bool:
    """Whether the signature is over the whole file."""
    from pyhanko.sign.validation.status import SignatureCoverageLevel  # noqa: PLC0415 - as above

    return bool(status.coverage == SignatureCoverageLevel.ENTIRE_FILE)


def signed_by(content: bytes) -> str:
    """Return the common name of the certificate that sealed the PDF. Raises IndexError where none did."""
    return str(_seals(content)[0].signer_cert.subject.native["common_name"])


def _seals(content: bytes) -> list[Any]:
    from pyhanko.pdf_utils.reader import PdfFileReader  # noqa: PLC0415 - as above

    return list(PdfFileReader(BytesIO(content)).embedded_signatures)


def _status(seal: Any) -> Any:
    """Return the status of a seal by mathematics alone: whom one trusts is the reader's matter."""
    from pyhanko.sign.validation import validate_pdf_signature  # noqa: PLC0415 - as above
    from pyhanko_certvalidator import ValidationContext  # noqa: PLC0415 - as above

    context = ValidationContext(trust_roots=[seal.signer_cert], allow_fetching=False)
    return in_own_thread(validate_pdf_signature, seal, signer_validation_context=context)
