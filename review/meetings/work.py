"""What the worker does for meetings: one PDF per pack and two files per version of the record, whatever crashes."""

from collections.abc import Callable

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from aipbi.accounts.capacity import Capacity
from aipbi.documents import keeping
from aipbi.documents.models import Scan, StoredFile
from aipbi.workflow import jobs
from aipbi.workflow.door import perform
from aipbi.workflow.errors import Blocked, NotOpen
from proposals.paper.package import MEDIA_TYPE
from review.meetings import agenda, papers, record
from review.meetings.models import Meeting, Record
from review.meetings.moves.minutes import RECORD_JOB
from review.meetings.moves.packing import PACK_JOB, FilePack, waiting

RECORD = "meeting_record"
# About how many pages a case takes in a pack, for the share that is done.
PAGES_PER_CASE = 9


@jobs.handler(PACK_JOB)
def make_pack(progress: jobs.Progress) -> None:
    """Set the awaited pack and file it. Safe to run twice and side by side: the door lets only the first through."""
    meeting = Meeting.objects.select_related("case").get(pk=progress.job.subject_pk)
    pack = waiting(meeting)
    if pack is None or not meeting.is_ahead:
        return
    pack.meeting = meeting
    progress.say(3, _("Gathering the papers"))
    found, now = agenda.items(meeting), timezone.now()
    context = papers.context(pack, found, now)
    expected = 3 + PAGES_PER_CASE * sum(1 for part in context["parts"] if "round" in part)
    content, pages = papers.render(pack, context, say=_pages(progress, expected))
    progress.say(97, _("Filing it"))
    data = {"manifest": papers.manifest(meeting, found), "pages": pages}
    upload = SimpleUploadedFile("pack.pdf", content, content_type="application/pdf")
    try:
        perform(FilePack, meeting, by=None, as_=Capacity.clock(), data=data, files={"pdf": upload})
    except (NotOpen, Blocked):
        # The meeting was opened or cancelled meanwhile, or another worker was first.
        if (left := waiting(meeting)) and Meeting.objects.get(pk=meeting.pk).is_ahead and left.pk == pack.pk:
            raise


def _pages(progress: jobs.Progress, expected: int) -> Callable[[int], None]:
    """Tell of the pages set, about every tenth: it also shows that the worker is alive."""

    def say(page: int) -> None:
        if page % 10 == 1:
            progress.say(min(5 + 85 * page // expected, 90), _("Setting page %(n)s") % {"n": page})

    return say


@jobs.handler(RECORD_JOB)
def make_record(progress: jobs.Progress) -> None:
    """Make the files of every version of the record that has none; safe to run twice."""
    missing = Record.objects.filter(meeting=progress.job.subject_pk, pdf__isnull=True).order_by("number")
    for one in missing.select_related("meeting__case"):
        progress.say(20, _("Setting version %(n)s of the record") % {"n": one.number})
        as_pdf, as_docx = record.as_pdf(one), record.as_docx(one)
        progress.say(90, _("Storing it"))
        _store(one, as_pdf, as_docx)


def _store(one: Record, as_pdf: bytes, as_docx: bytes) -> None:
    """Keep both files unless another worker was first."""
    with transaction.atomic():
        locked = Record.objects.select_for_update(of=("self",), no_key=True).get(pk=one.pk)
        if locked.pdf_id:
            return
        stem = f"{(one.meeting.case.reference or '').replace('/', '-')}-record-{one.number}"
        locked.pdf = _file(one, as_pdf, f"{stem}.pdf", "application/pdf")
        locked.docx = _file(one, as_docx, f"{stem}.docx", MEDIA_TYPE)
        locked.save(update_fields=["pdf", "docx"])


def _file(one: Record, content: bytes, called: str, media_type: str) -> StoredFile:
    name, digest = keeping.under_digest(content)
    return StoredFile.objects.create(
        case_id=one.meeting_id, purpose=RECORD, subject_kind="record", subject_pk=one.pk, name=called,
        media_type=media_type, size=len(content), sha256=digest, content=name, scan=Scan.CLEAN,
    )  # fmt: skip
