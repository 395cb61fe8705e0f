"""Everything between new code and a portal that can be opened, in one process."""

import hashlib
from io import StringIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.files.storage import storages
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django.db.migrations.exceptions import InconsistentMigrationHistory
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from aipbi.migrating import FirstMigration

# Any number of our own: whoever sets up the same database at the same time waits.
SETUP_LOCK = 4_117_002

_ANOTHER = (
    "This database was made by another version of the portal, before the first release or after this one, and this "
    "version cannot carry on from it. Start with an empty database; for a demo, remove the folder var/ and start again."
)


def _strange(loader: MigrationLoader) -> set[tuple[str, str]]:
    """Return the steps of the portal's rooms that the database has taken and this version does not know.

    Django passes over them, and over what this version has drawn together in an earlier one.
    """
    known = {key for step in loader.disk_migrations.values() for key in [(step.app_label, step.name), *step.replaces]}
    rooms = {step.app_label for step in loader.disk_migrations.values() if isinstance(step, FirstMigration)}
    return {key for key in loader.applied_migrations if key[0] in rooms} - known


class Command(BaseCommand):
    # Checks are for who changes the code; here they would cost each start a second.
    requires_system_checks: list[str] = []
    help = "Bring the database, the reference data, the demo data and the static files up to date. Safe to repeat."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--static", action="store_true", help="only collect the static files, when they changed")

    def handle(self, **options: Any) -> None:
        self._collect_static()
        if options["static"]:
            return
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [SETUP_LOCK])
            self._migrate()
            self._tell("Loading the reference data ...")
            call_command("load_reference", stdout=StringIO())
            if settings.PORTAL_DEMO:
                self._tell("Looking after the demonstration's people and cases; the first time it makes them ...")
                call_command("load_demo", stdout=self.stdout)
            cursor.execute("SELECT pg_advisory_unlock(%s)", [SETUP_LOCK])

    def _tell(self, line: str) -> None:
        """Say what is being done, at once."""
        self.stdout.write(line)
        self.stdout.flush()

    def _migrate(self) -> None:
        executor = MigrationExecutor(connection)
        if _strange(executor.loader):
            raise CommandError(_ANOTHER)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self._tell("Bringing the database up to date ...")
        try:
            call_command("migrate", interactive=False, verbosity=0, skip_checks=True)
        except InconsistentMigrationHistory as fault:
            raise CommandError(_ANOTHER) from fault

    def _collect_static(self) -> None:
        """Collect the static files when one of them, or how they are kept, changed since the last time."""
        digest = hashlib.sha256(str(storages.backends["staticfiles"]).encode())
        for finder in get_finders():
            for name, storage in finder.list([]):
                found = Path(storage.path(name)).stat()
                digest.update(f"{name}\0{found.st_size}\0{int(found.st_mtime)}\n".encode())
        stamp = Path(settings.STATIC_ROOT) / ".collected"
        if stamp.exists() and stamp.read_text() == digest.hexdigest():
            return
        self._tell("Collecting the static files ...")
        stamp.unlink(missing_ok=True)
        call_command("collectstatic", interactive=False, verbosity=0)
        stamp.write_text(digest.hexdigest())
