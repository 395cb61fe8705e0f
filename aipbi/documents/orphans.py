"""Deleting content that nobody holds: files taken off drafts, and what a broken upload or a killed worker left (P6)."""

from collections.abc import Iterator
from datetime import timedelta

from django.core.files.storage import default_storage
from django.utils import timezone

from aipbi.documents.models import StoredFile

# For so long a file that was taken off by mistake can be brought back by hand.
KEPT = timedelta(days=30)
# Content comes before its row: what is younger may belong to a move that is under way.
YOUNG = timedelta(days=1)
# A sealed letter has a longer name, its digest: the worker that tries again takes what lies there.
RANDOM = 40


def clean() -> tuple[int, int]:
    """Delete both kinds; return how many contents of files taken off, and how many without a row."""
    return _taken_off(), _without_a_row()


def _taken_off() -> int:
    """Delete the content of files that were closed long ago, unless another row shares it; the rows stay."""
    cleaned = 0
    old = StoredFile.objects.filter(removed_at__lt=timezone.now() - KEPT).exclude(content="")
    for file in old.order_by("pk").iterator():
        names = [file.content.name, file.preview.name]
        StoredFile.objects.filter(pk=file.pk).update(content="", preview="", preview_due=False)
        _delete(set(filter(None, names)) - _held(list(filter(None, names))))
        cleaned += 1
    return cleaned


def _without_a_row() -> int:
    """Delete what lies in the storage and no row names."""
    cleaned = 0
    for folder in _folders():
        names = [f"{folder}/{name}" for name in default_storage.listdir(folder)[1] if len(name) == RANDOM]
        lost = set(names) - _held(names)
        before = timezone.now() - YOUNG
        cleaned += _delete({name for name in lost if default_storage.get_modified_time(name) < before})
    return cleaned


def _folders() -> Iterator[str]:
    """Yield the folders of `models.random_name`; the portal looks into no other."""
    try:
        folders = default_storage.listdir("")[0]
    except FileNotFoundError:
        return
    yield from (name for name in folders if len(name) == 2 and set(name) <= set("0123456789abcdef"))  # noqa: PLR2004 - one of 256


def _held(names: list[str]) -> set[str]:
    """Return those of the names that some row still holds."""
    held: set[str] = set()
    for field in ("content", "preview"):
        held |= set(StoredFile.objects.filter(**{f"{field}__in": names}).values_list(field, flat=True))
    return held


def _delete(names: set[str]) -> int:
    for name in names:
        default_storage.delete(name)
    return len(names)
