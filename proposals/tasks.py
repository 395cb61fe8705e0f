"""What the worker does for proposals: the PDF of each frozen version, made exactly once (L6)."""

import hashlib
from typing import Any

from celery import shared_task
from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from aipbi.asean import defaults
from aipbi.documents import pdf
from aipbi.documents.models import Scan, StoredFile
from aipbi.templatetags.portal import in_words
from aipbi.workflow.jobs import Progress, handler
from proposals import attachments, interchange, picture
from proposals.bulk import verbs as bulk  # noqa: F401 - its jobs are done here
from proposals.document import codes as known_codes
from proposals.document.reading import read
from proposals.document.schema import SECTIONS
from proposals.document.totals import lines
from proposals.models import Version
from proposals.on_behalf import letters

TEMPLATE = "proposals/document/pdf.html"


@shared_task(name="proposals.mail_confirmations")
def mail_confirmations() -> None:
    """Mail the links by which proponents confirm what ASEC entered for them."""
    letters.mail_waiting()


@handler("version_pdf")
def version_pdf(progress: Progress) -> None:
    """Make the PDF of every version of the proposal that has none; safe to run twice."""
    waiting = Version.objects.filter(proposal_id=progress.job.subject_pk, pdf__isnull=True).order_by("number")
    for version in waiting.select_related("proposal__case", "proposal__organisation", "proposal__on_behalf"):
        progress.say(20, _("Setting version %(number)s") % {"number": version.number})
        content = make(version)
        progress.say(90, _("Storing version %(number)s") % {"number": version.number})
        store(version, content)


def make(version: Version) -> bytes:
    """Return the PDF of a version, as everybody on the case may read it: tagged, archival, its data inside."""
    document = attachments.without_confidential(version.document)
    # The paper is the same for every reader: its moment is the Secretariat's.
    with timezone.override(settings.SECRETARIAT_TIME_ZONE):
        handed_in = in_words(version.frozen_at)
        entered = _entered(version)
    data = interchange.dump(document)
    return pdf.render(
        TEMPLATE,
        {
            "version": version,
            "proposal": version.proposal,
            "portal_label": defaults.get("portal_label"),
            "handed_in": handed_in,
            **entered,
            **content(document),
            "files": [one for _n, one in attachments.named_in(document)],
        },
        title=document.get("title") or str(version.proposal),
        attachments=[pdf.Attachment("proposal.json", data, _("The proposal in the format aipbi-proposal/1"), "Data")],
    )


def _entered(version: Version) -> dict[str, Any]:
    """Return when ASEC entered the proposal and its proponent confirmed it, in words, if that is how it came (P8)."""
    found = getattr(version.proposal, "on_behalf", None)
    if found is None or found.confirmed_at is None:
        return {}
    return {
        "entered": True,
        "entered_at": in_words(found.entered_at),
        "confirmed_at": in_words(found.confirmed_at),
    }


def content(document: dict[str, Any]) -> dict[str, Any]:
    """Return what the template needs of the document, in words."""
    codes = known_codes.load()
    sections = tuple(section for section in SECTIONS if section.slug != "files")
    return {
        "words": read(document, codes, sections=sections),
        "totals": lines(document, codes.ams),
        "picture": picture.draw(document, codes),
    }


def store(version: Version, content: bytes) -> bool:
    """Keep the PDF unless another worker was first; return whether this one is kept."""
    proposal = version.proposal
    with transaction.atomic():
        locked = Version.objects.select_for_update(of=("self",), no_key=True).get(pk=version.pk)
        if locked.pdf_id:
            return False
        name = (proposal.case.reference or proposal.case.code).replace("/", "-")
        locked.pdf = StoredFile.objects.create(
            case_id=proposal.pk,
            purpose=attachments.VERSION,
            subject_kind=proposal.kind,
            subject_pk=proposal.pk,
            name=f"{name}-v{version.number}.pdf",
            media_type="application/pdf",
            size=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
            content=ContentFile(content, name="version.pdf"),
            scan=Scan.CLEAN,
        )
        locked.save(update_fields=["pdf"])
    return True
