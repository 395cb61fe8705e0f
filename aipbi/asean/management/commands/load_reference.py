"""Load the reference data that ships with the portal."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from aipbi.asean.files import FaultyFilesError
from aipbi.asean.load import load


class Command(BaseCommand):
    """Creates what is missing and changes nothing; run it as often as you like."""

    help = "Create the reference data that is missing; what an administrator changed or deleted stays so."

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, and say what was created or what is wrong in which file."""
        try:
            created = load()
        except FaultyFilesError as error:
            raise CommandError(f"Nothing was loaded. Faults in the data files:\n{error}") from None
        if not options["verbosity"]:
            return
        for kind, rows in created.items():
            if rows:
                self.stdout.write(f"{kind}: {rows} created")
        if not any(created.values()):
            self.stdout.write("Nothing was missing.")
