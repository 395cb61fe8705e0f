"""Bringing a database up to date."""

import psycopg2
import pytest
from django.core.management import CommandError, call_command

from tests.support import database, slot
from tests.support.stack import manage


@pytest.fixture(autouse=True)
def own_static(settings, tmp_path):
    """Running portals serve the shared folder, and keep their files another way than tests do."""
    settings.STATIC_ROOT = tmp_path


def test_static_files_are_collected_anew_when_they_are_kept_another_way(tmp_path):
    plain, hashed = ({"STATIC_ROOT": str(tmp_path), "DEBUG": debug} for debug in "10")
    assert "Collecting" in manage("setup", "--static", **plain).stdout
    assert not list(tmp_path.glob("staticfiles.json"))
    assert "Collecting" in manage("setup", "--static", **hashed).stdout
    assert list(tmp_path.glob("staticfiles.json"))
    assert "Collecting" not in manage("setup", "--static", **hashed).stdout


@pytest.mark.parametrize(
    "history",
    [
        "DELETE FROM django_migrations WHERE app = 'accounts' AND name = '0002_initial'",
        "INSERT INTO django_migrations (app, name, applied) VALUES ('facilitation', '0005_of_another', now())",
    ],
)
def test_a_database_that_this_version_cannot_carry_on_from_is_told_in_one_line(committed_db, history):
    mine = slot.take()
    with psycopg2.connect(mine.owner_url) as server, server.cursor() as cursor:
        cursor.execute(history)
    server.close()
    with database.owning(mine, mine.database), pytest.raises(CommandError, match="Start with an empty database"):
        call_command("setup")
