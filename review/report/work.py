"""What the worker does for reports: the PDF of each consolidated report, made exactly once (R6)."""

import hashlib

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
from aipbi.workflow.models import Case
from review.assessments import sheets
from review.report.models import REPORT, ConsolidatedReport

TEMPLATE = "review/report_pdf.html"


@handler("report_pdf")
def report_pdf(progress: Progress) -> None:
    """Make the PDF of every report of the case that has none; safe to run twice."""
    there = StoredFile.objects.filter(purpose=REPORT, case=progress.job.subject_pk).values_list("subject_pk", flat=True)
    waiting = ConsolidatedReport.objects.filter(proposal=progress.job.subject_pk).exclude(pk__in=list(there))
    for report in waiting.select_related("proposal__case", "proposal__organisation", "version").order_by("edition"):
        progress.say(20, _("Setting the consolidated report"))
        content = make(report)
        progress.say(90, _("Storing the consolidated report"))
        store(report, content)


def make(report: ConsolidatedReport) -> bytes:
    """Return the PDF of a report as everybody reads it who may read the report: no expert is named in it."""
    proposal = report.proposal
    # The paper is the same for every reader: its moment is the Secretariat's.
    with timezone.override(settings.SECRETARIAT_TIME_ZONE):
        filed_at = in_words(report.filed_at)
    return pdf.render(
        TEMPLATE,
        {
            "page": sheets.report(report),
            "proposal": proposal,
            "filed_at": filed_at,
            "portal_label": defaults.get("portal_label"),
        },
        title=_("Consolidated report: %(title)s") % {"title": proposal},
        variant="pdf/ua-1",
    )


def store(report: ConsolidatedReport, content: bytes) -> bool:
    """Keep the PDF unless another worker was first; return whether this one is kept."""
    case = report.proposal.case
    with transaction.atomic():
        Case.objects.select_for_update(no_key=True).get(pk=case.pk)
        if StoredFile.objects.filter(purpose=REPORT, subject_kind=REPORT, subject_pk=report.pk).exists():
            return False
        name = (case.reference or case.code).replace("/", "-")
        StoredFile.objects.create(
            case_id=case.pk,
            purpose=REPORT,
            subject_kind=REPORT,
            subject_pk=report.pk,
            name=f"{name}-consolidated-report-{report.edition}.pdf",
            media_type="application/pdf",
            size=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
            content=ContentFile(content, name="report.pdf"),
            scan=Scan.CLEAN,
        )
    return True
