"""Making a letter's PDF and putting it where it stays (F5, F7)."""

from datetime import UTC, date, datetime, time
from typing import Any

from django.utils.translation import gettext as _

from aipbi.documents import keeping, pdf
from aipbi.documents.models import Scan, StoredFile
from facilitation.letters.schedule import schedule_json
from facilitation.models import Letter

PURPOSE = "letter"


def render(letter: Letter) -> bytes:
    """Return the PDF of an approved letter, PDF/A-3a with its schedule as JSON; the same letter gives the same bytes.

    Raises `pdf.PdfUnavailableError` where the PDF engine is missing.
    """
    said = letter.content or {}
    return pdf.render(
        "facilitation/letter_pdf.html",
        {"letter": said},
        title=f"{said['number']} – {said['subject']}",
        attachments=[_attached(said)] if said["schedule"] else (),
    )


def _attached(said: dict[str, Any]) -> pdf.Attachment:
    return pdf.Attachment(
        name="schedule.json",
        content=schedule_json(said),
        description=_("Schedule of benefits"),
        relationship="Data",
        dated=datetime.combine(date.fromisoformat(said["date"]), time(), UTC),
    )


def keep(letter: Letter, content: bytes) -> StoredFile:
    """Store the PDF under its own digest, and its row; called inside the sealing move, under the case's lock."""
    name, digest = keeping.under_digest(content)
    return StoredFile.objects.create(
        case_id=letter.case_pk,
        purpose=PURPOSE,
        subject_kind=letter.kind,
        subject_pk=letter.pk,
        name=f"{(letter.number or '').replace('/', '-')}.pdf",
        media_type="application/pdf",
        size=len(content),
        sha256=digest,
        content=name,
        scan=Scan.UNSCANNED,
    )
