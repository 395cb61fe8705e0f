"""Reading the words of files for the search, by the worker in a process of its own (R7, P6)."""

import re

from django.contrib.postgres.search import SearchVector
from django.db import transaction
from django.db.models import Value

from aipbi.documents import apart
from aipbi.documents.kinds import BY_TYPE
from aipbi.documents.models import FileText, Scan, StoredFile

# As the answers are searched.
CONFIG = "english"
_JOINTS = re.compile(r"[._\-]+")
# What the words of one file may come to; PostgreSQL holds a megabyte of them.
MOST_SIGNS = 250_000


def due() -> list[int]:
    """Return the files to read, oldest first: those that the scanner has nothing against."""
    readable = StoredFile.objects.filter(text_due=True, scan__in=[Scan.CLEAN, Scan.UNSCANNED])
    return list(readable.filter(removed_at__isnull=True).order_by("pk").values_list("pk", flat=True))


def read(pk: int) -> bool:
    """Read one file, and not again: one that can't be read is found by its name alone. Return whether this call tried."""
    with transaction.atomic():
        file = (
            StoredFile.objects.select_for_update(skip_locked=True, of=("self",), no_key=True)
            .filter(pk=pk, text_due=True, removed_at__isnull=True)
            .first()
        )
        if file is None:
            return False
        file.text_due = False
        # Its name as it stands and in its parts, as in `grid_survey.pdf`.
        named = f"{file.name}\n{_JOINTS.sub(' ', file.name)}"
        words = SearchVector(Value(f"{named}\n{_text(file)}"), config=CONFIG)
        FileText.objects.update_or_create(file=file, defaults={"words": words})
        file.save(update_fields=["text_due"])
    return True


def _text(file: StoredFile) -> str:
    code = BY_TYPE.get(file.media_type, "")
    try:
        with file.content.open() as content:
            whole = apart.run("text_of", content.read(), code, str(MOST_SIGNS))
    except (apart.GaveUpError, FileNotFoundError):
        return ""
    return whole.decode(errors="replace").replace("\0", " ")[:MOST_SIGNS]
