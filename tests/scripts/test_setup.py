"""Bringing a database up to date."""

import psycopg2
import pytest
from django.core.management import CommandError, call_command

from tests.support import database, slot


def test_a_database_that_this_version_cannot_carry_on_from_is_told_in_one_line(committed_db):
    mine = slot.take()
    with psycopg2.connect(mine.owner_url) as server, server.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'accounts' AND name = '0002_initial'")
    server.close()
    with database.owning(mine, mine.database), pytest.raises(CommandError, match="Start with an empty database"):
        call_command("setup")
