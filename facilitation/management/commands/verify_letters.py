"""Check every sealed letter against all that is kept of it (F5)."""

import hashlib
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from aipbi.documents import sealed
from aipbi.workflow.models import TrailEntry
from facilitation.models import Letter


class Command(BaseCommand):
    help = "Check each sealed letter: file, SHA-256, signature, PDF/A identification, trail. Fails naming each fault."

    def handle(self, **_options: Any) -> None:
        checked = faulty = 0
        for letter in Letter.objects.filter(pdf__isnull=False).select_related("pdf").order_by("pk").iterator(100):
            found = list(faults(letter))
            for fault in found:
                self.stdout.write(f"{letter.number}: {fault}")
            checked, faulty = checked + 1, faulty + bool(found)
        if faulty:
            raise CommandError(f"{faulty} of {checked} letters have faults.")
        self.stdout.write(f"{checked} letters checked, all whole.")


def faults(letter: Letter) -> Iterator[str]:
    """Yield what is wrong with a sealed letter. Those from before there were signatures carry none."""
    if letter.pdf is None:
        return
    noted = TrailEntry.objects.filter(action="seal", subject_kind=Letter.kind, subject_pk=letter.pk)
    if [entry.details.get("sha256") for entry in noted] != [letter.sha256]:
        yield "the trail has another SHA-256, or none"
    try:
        with letter.pdf.content.open() as file:
            content = bytes(file.read())
    except OSError:
        yield "its file is not there"
        return
    if hashlib.sha256(content).hexdigest() != letter.sha256 or letter.pdf.sha256 != letter.sha256:
        yield "its file is not the one that was sealed"
    yield from sealed.faults(content) if letter.check_code else sealed.archive_faults(content)
