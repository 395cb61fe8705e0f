"""`manage.py check_invariants`: run every named invariant in SQL."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from aipbi.workflow import invariants


class Command(BaseCommand):
    help = "Check the named invariants of the data."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Print the verdict; exit with an error that names each invariant that does not hold."""
        found = invariants.violations()
        if found:
            raise CommandError("\n".join(f"{name} does not hold: {rows}" for name, rows in found.items()))
        self.stdout.write(f"All {len(invariants.names())} invariants hold.")
