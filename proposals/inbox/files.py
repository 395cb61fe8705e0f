"""The list as a file: exactly its filter, columns and order, and what the reader may see (R7, U6)."""

import hashlib
import tempfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import IO, Any

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aipbi.accounts.capacity import Capacity
from aipbi.asean import defaults
from aipbi.documents import sheets
from aipbi.workflow import jobs
from aipbi.workflow.models import Job
from proposals.inbox.listing import Listing
from proposals.models import Export, ExportDownload, Format

JOB = "export"
TYPES = {Format.CSV: sheets.CSV_TYPE, Format.XLSX: sheets.XLSX_TYPE}
_AT_ONCE = 500
_IN_MEMORY = 2 * 1024 * 1024


def ask(listing: Listing, kind: Format, *, as_: Capacity) -> Export:
    """Note that somebody asks for the list as a file."""
    return Export.objects.create(  # type: ignore[misc]
        person=as_.person,
        asked_as=as_.key,
        capacity=as_.label,
        query=listing.address(),
        format=kind,
        name=f"AIPBI-cases-{timezone.localtime():%Y-%m-%d-%H%M}.{kind}",
    )


def is_long(listing: Listing) -> bool:
    """Whether the worker makes the file: there are more rows than the setting says."""
    most = defaults.get("export_rows_at_once")
    return listing.found.order_by()[: most + 1].count() > most


def write(export: Export, listing: Listing, to: IO[bytes], say: Callable[[int, str], None] | None = None) -> None:
    """Write the file, and note its rows, size and digest; not saved."""
    rows = _values(listing, say)
    sheet = sheets.Sheet(_("Cases"), _headings(listing), rows)
    if export.format == Format.CSV:
        export.rows = sheets.write_csv(sheet, to)  # type: ignore[arg-type]
    else:
        written = sheets.write_xlsx([sheet, _about(export, listing)], to)  # type: ignore[arg-type]
        export.rows = written - len(_facts(export, listing))
    export.size = to.tell()
    to.seek(0)
    export.sha256 = hashlib.file_digest(to, "sha256").hexdigest()  # type: ignore[arg-type]
    to.seek(0)
    export.made_at = timezone.now()


def note_download(export: Export, *, as_: Capacity) -> None:
    """Put the download on record (U6)."""
    ExportDownload.objects.create(export=export, person=as_.person)  # type: ignore[misc]


@jobs.handler(
    JOB,
    page=jobs.Page(
        gettext_lazy("The list as a file"),
        lambda job: reverse("exported", args=[job.subject_pk]),
        gettext_lazy("Download the list"),
        lambda job: f"{reverse('cases')}?{Export.objects.values_list('query', flat=True).get(pk=job.subject_pk)}",
        gettext_lazy("Back to the list"),
    ),
)
def make(progress: jobs.Progress) -> None:
    """Make the file of a long list, for whoever asked and still may; safe to run twice and side by side."""
    export = Export.objects.select_related("person").get(pk=progress.job.subject_pk)
    viewer = jobs.asker(progress.job)
    if export.made_at or viewer is None:
        return
    with timezone.override(export.person.time_zone), tempfile.SpooledTemporaryFile(_IN_MEMORY) as to:
        write(export, Listing(QueryDict(export.query), viewer), to, progress.say)
        progress.say(95, _("Storing the file"))
        _store(export, to)


def job_of(export: Export) -> Job:
    """Return the job that makes an export."""
    return Job.objects.filter(kind=JOB, subject_kind=Export.kind, subject_pk=export.pk).latest("pk")


def remove_old() -> int:
    """Delete the files that were made too long ago, and what a killed worker left; return how many. Their rows stay."""
    before = timezone.now() - timedelta(hours=defaults.get("export_hours"))
    removed = 0
    for export in Export.objects.filter(made_at__lt=before, removed_at__isnull=True).exclude(content="")[:_AT_ONCE]:
        name = export.content.name
        Export.objects.filter(pk=export.pk).update(content="", removed_at=timezone.now())
        default_storage.delete(str(name))
        removed += 1
    return removed


def _store(export: Export, to: IO[bytes]) -> None:
    """Keep the file unless another worker was first."""
    with transaction.atomic():
        locked = Export.objects.select_for_update().get(pk=export.pk)
        if locked.made_at:
            return
        export.content.save("", File(to), save=False)
        export.save(update_fields=["content", "rows", "size", "sha256", "made_at"])


def _headings(listing: Listing) -> list[sheets.Column]:
    return [sheets.Column(cell.label, cell.width) for column in listing.columns for cell in column.cells]


def _values(listing: Listing, say: Callable[[int, str], None] | None) -> Iterator[list[Any]]:
    keys = [pk for pk, _code in listing.keys(0, None)]
    cells = [cell for column in listing.columns for cell in column.cells]
    for start in range(0, len(keys), _AT_ONCE):
        if say:
            share = {"done": start, "all": len(keys)}
            say(90 * start // len(keys), _("%(done)s of %(all)s cases written") % share)
        for row in listing.rows(keys[start : start + _AT_ONCE]):
            yield [cell.value(row) for cell in cells]


def _about(export: Export, listing: Listing) -> sheets.Sheet:
    """Say on a second sheet what the first one is."""
    return sheets.Sheet(
        _("About this list"), [sheets.Column(_("What"), 24), sheets.Column(_("Is"), 60)], _facts(export, listing)
    )


def _facts(export: Export, listing: Listing) -> list[list[Any]]:
    backwards = _("backwards") if listing.descending else ""
    asked = [f"{listing.form.fields[name].label}: {value}" for name, value in listing.asked.items() if value]
    return [
        [_("Made"), timezone.now()],
        [_("For"), export.capacity],
        [_("Asked for"), "; ".join(asked) or _("All cases")],
        [_("Sorted by"), f"{listing.sorted_by.label} {backwards}".strip()],
        [_("Times are those of"), str(timezone.get_current_timezone())],
    ]
