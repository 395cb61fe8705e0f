"""Making a letter's PDF and putting it where it stays (F5, F7)."""

import hashlib
from datetime import UTC, date, datetime, time
from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from aipbi.documents import keeping, pdf, seal, sealed
from aipbi.documents.models import Scan, StoredFile
from facilitation.letters.schedule import schedule_json
from facilitation.models import Letter

PURPOSE = "letter"


def render(letter: Letter) -> bytes:
    """Return the PDF of an approved letter before its seal, PDF/A-3a with schedule and HTML inside.

    The same letter gives the same bytes. Raises `pdf.PdfUnavailableError` where the PDF engine is missing.
    """
    said = letter.content or {}
    return pdf.render(
        "facilitation/letter_pdf.html", {"letter": said}, title=_title(said), attachments=_attachments(said)
    )


def sign(letter: Letter, rendered: bytes) -> bytes:
    """Return the rendered PDF with the portal's seal. Raises `seal.SealUnavailableError`."""
    return seal.sealed(rendered, reason=_("Letter %(number)s") % {"number": letter.number})


def _title(said: dict[str, Any]) -> str:
    return f"{said['number']} – {said['subject']}"


def _attachments(said: dict[str, Any]) -> list[pdf.Attachment]:
    day = datetime.combine(date.fromisoformat(said["date"]), time(), UTC)
    page = render_to_string("facilitation/letter_alone.html", {"letter": said, "title": _title(said)})
    found = [
        pdf.Attachment(
            name="letter.html",
            content=page.encode(),
            description=_("The letter as a web page"),
            relationship="Alternative",
            dated=day,
        )
    ]
    if said["schedule"]:
        found.append(
            pdf.Attachment(
                name="schedule.json",
                content=schedule_json(said),
                description=_("Schedule of benefits"),
                relationship="Data",
                dated=day,
            )
        )
    return found


def keep(letter: Letter, content: bytes, rendered: str) -> StoredFile:
    """Store the sealed PDF under the digest of what was rendered, and its row; under the case's lock, inside the move.

    A seal carries its time, so two workers sealing one letter make different bytes of the same
    rendering: the one that comes second takes the file of the first (see docs/decisions/seal.md).
    """
    name, content = keeping.once(rendered, content, whole=lambda found: not any(sealed.faults(found)))
    return StoredFile.objects.create(
        case_id=letter.case_pk,
        purpose=PURPOSE,
        subject_kind=letter.kind,
        subject_pk=letter.pk,
        name=f"{(letter.number or '').replace('/', '-')}.pdf",
        media_type="application/pdf",
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        content=name,
        scan=Scan.UNSCANNED,
    )
