"""`manage.py verify_trail`: prove every case's trail whole, or name the first broken entry (L4)."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from aipbi.workflow import trail
from aipbi.workflow.models import Case, TrailEntry


class Command(BaseCommand):
    help = "Check the hash chain of every case's trail; name the first broken entry of each."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Print the verdict; exit with an error when any chain is broken."""
        faults = [f"Case {case.code}: entry {number}: {why}." for case, number, why in trail.broken()]
        if faults:
            raise CommandError("\n".join(faults))
        self.stdout.write(f"The trail is whole: {TrailEntry.objects.count()} entries of {Case.objects.count()} cases.")
