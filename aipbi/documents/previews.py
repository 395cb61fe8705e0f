"""A picture of a PDF's first page, made by the worker in a process of its own (P6)."""

from django.core.files.base import ContentFile
from django.db import transaction

from aipbi.documents import apart
from aipbi.documents.models import Scan, StoredFile

# Points of the longer side.
SIDE = 480


def due() -> list[int]:
    """Return the files to picture, oldest first: those that the scanner has nothing against."""
    readable = StoredFile.objects.filter(preview_due=True, scan__in=[Scan.CLEAN, Scan.UNSCANNED])
    return list(readable.filter(removed_at__isnull=True).order_by("pk").values_list("pk", flat=True))


def make(pk: int) -> bool:
    """Picture one file, and not again: a PDF that can't be drawn stays without. Return whether this call tried."""
    with transaction.atomic():
        file = (
            StoredFile.objects.select_for_update(skip_locked=True, of=("self",), no_key=True)
            .filter(pk=pk, preview_due=True, removed_at__isnull=True)
            .first()
        )
        if file is None:
            return False
        file.preview_due = False
        try:
            with file.content.open() as content:
                picture = apart.run("picture_pdf", content.read(), str(SIDE))
            file.preview.save("", ContentFile(picture), save=False)
        except (apart.GaveUpError, FileNotFoundError):
            file.preview = ""
        file.save(update_fields=["preview", "preview_due"])
    return True
