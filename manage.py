#!/usr/bin/env python3
"""Django's command line, on the embedded database and queue unless others are named."""

import os
import sys

# These make or change tables, or write what only the tables' owner may.
OWNER_COMMANDS = frozenset(
    {
        "createcachetable",
        "flush",
        "load_reference",
        "makemigrations",
        "migrate",
        "optimizemigration",
        "pgtrigger",
        "remove_stale_contenttypes",
        "setup",
        "showmigrations",
        "sqlmigrate",
        "squashmigrations",
    },
)
# These never ask the database anything.
WITHOUT_SERVERS = frozenset(
    {"collectstatic", "compilemessages", "help", "makemessages", "version", "--help", "--version"}
)

UNDEFINED_TABLE = "42P01"


def main() -> None:
    """Run one command."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aipbi.settings")
    try:
        from django.core.exceptions import ImproperlyConfigured  # noqa: PLC0415 - told apart below
        from django.core.management import execute_from_command_line  # noqa: PLC0415
    except ImportError:
        sys.exit("Django is not installed here. Run script/bootstrap, then .venv/bin/python manage.py …")
    from aipbi import embedded  # noqa: PLC0415 - needs what the line above has proved

    command = sys.argv[1] if len(sys.argv) > 1 else "help"
    if "DATABASE_URL" not in os.environ:
        # Its own embedded database is the demonstration; servers name theirs.
        os.environ.setdefault("PORTAL_DEMO", "1")
    if command not in WITHOUT_SERVERS:
        try:
            embedded.ensure(owner=command in OWNER_COMMANDS)
        except embedded.EmbeddedError as error:
            sys.exit(str(error))
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        sys.exit(str(error))
    except Exception as error:
        if not _misses_a_table(error):
            raise
        sys.exit("A table is missing. Bring the database up to date first: .venv/bin/python manage.py setup")


def _misses_a_table(error: BaseException | None) -> bool:
    """Whether a missing table is behind the error, also when closing a cursor failed after it."""
    while error:
        if getattr(error, "pgcode", None) == UNDEFINED_TABLE:
            return True
        error = error.__cause__ or error.__context__
    return False


if __name__ == "__main__":
    main()
