"""Making a letter's PDF and putting it where it stays (F5, F7)."""

import hashlib
from datetime import UTC, date, datetime, time
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.translation import gettext as _

from aipbi.documents import pdf
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
    """Store the PDF under its own digest, and its row; called inside the sealing move, under the case's lock.

    A worker killed between the file and the row leaves the file behind: the next one finds it whole
    and takes it, or finds it broken and writes it anew.
    """
    digest = hashlib.sha256(content).hexdigest()
    name = f"{digest[:2]}/{digest}"
    if default_storage.exists(name) and not _holds(name, digest):
        default_storage.delete(name)
    if not default_storage.exists(name):
        default_storage.save(name, ContentFile(content))
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


def _holds(name: str, digest: str) -> bool:
    with default_storage.open(name) as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == digest
