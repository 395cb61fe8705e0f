"""What the worker does for files: scans those that came while ClamAV was away, pictures PDFs, reads words, cleans what nobody holds."""

from celery import shared_task
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from aipbi.accounts.capacity import Capacity
from aipbi.documents import clamav, orphans, previews, texts
from aipbi.documents.models import Scan, StoredFile
from aipbi.workflow import notices, topics, trail
from aipbi.workflow.models import Audience
from aipbi.workflow.moves import Tell
from aipbi.workflow.parties import Party
from aipbi.workflow.tasks import sweeper

AT_ONCE = 20


@sweeper
def scan_waiting() -> int:
    """Scan the files that wait, oldest first, until the scanner is away; return how many."""
    if not clamav.configured():
        return 0
    done = 0
    for pk in StoredFile.objects.filter(scan=Scan.WAITING).order_by("pk").values_list("pk", flat=True)[:AT_ONCE]:
        try:
            done += _scan(pk)
        except clamav.ScannerAwayError:
            break
    return done


@sweeper
def picture_first_pages() -> int:
    """Picture the PDFs that came since the last sweep, oldest first; return how many were tried."""
    return sum(map(previews.make, previews.due()[:AT_ONCE]))


@sweeper
def read_texts() -> int:
    """Read the words of the files that came since the last sweep, oldest first; return how many were tried."""
    return sum(map(texts.read, texts.due()[:AT_ONCE]))


@shared_task(name="documents.clean")
def clean() -> None:
    """Delete what nobody holds any more."""
    orphans.clean()


def _scan(pk: int) -> bool:
    with transaction.atomic():
        file = (
            StoredFile.objects.select_for_update(skip_locked=True, of=("self",), no_key=True)
            .filter(pk=pk, scan=Scan.WAITING)
            .first()
        )
        if file is None:
            return False
        with file.content.open() as content:
            virus = clamav.virus_in(content)  # type: ignore[arg-type]
        file.scan = Scan.INFECTED if virus else Scan.CLEAN
        file.save(update_fields=["scan"])
        if virus:
            _put_away(file, virus)
    return True


def _put_away(file: StoredFile, virus: str) -> None:
    """Delete the content, keep the row, write the trail and tell whoever sent it in."""
    file.removed_at = timezone.now()
    file.save(update_fields=["removed_at"])
    trail.note(
        file.case_id, as_=Capacity.clock(), action="virus_found", subject=(file.subject_kind, file.subject_pk),
        details={"name": file.name, "virus": virus, "sha256": file.sha256}, audience=Audience.ASEC,
    )  # fmt: skip
    if file.person:
        told = [Tell(Party(person=file.person), _("A file you sent in has a virus and was removed"), to_act=True)]
        notices.write_all(file.case_id, "virus_found", told, topic=topics.FILES)
        transaction.on_commit(notices.wake)
    transaction.on_commit(lambda: file.content.storage.delete(file.content.name))  # type: ignore[arg-type]
