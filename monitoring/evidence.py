"""The files that go with a report (M3, P6)."""

from aipbi.documents.models import StoredFile
from monitoring.models import Report

PURPOSE = "report_evidence"
FILES_MOST = 40


def files_of(report: Report) -> list[StoredFile]:
    """Return the files that go with a report, in the order in which they came."""
    found = StoredFile.objects.filter(case_id=report.case_pk, purpose=PURPOSE, subject_kind=Report.kind, subject_pk=report.pk)  # fmt: skip
    return list(found.filter(removed_at__isnull=True).order_by("pk"))


def loose(report: Report) -> list[StoredFile]:
    """Return those that can be taken off: what was handed in once was read with figures that may be accepted since."""
    handed_in = report.filed_at
    return [one for one in files_of(report) if handed_in is None or one.stored_at > handed_in]
