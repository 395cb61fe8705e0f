"""References of what has a case of its own beside proposals: meetings, common barriers, releases, applications."""

from datetime import datetime

from django.db import connection

from aipbi.accounts.days import SECRETARIAT
from aipbi.workflow.models import Case


def next_reference(series: str, moment: datetime) -> str:
    """Return the next reference of the year at the Secretariat, as `RELEASE/2026/03`; inside a transaction.

    One caller of a series at a time, until the commit: what is asked after it holds until then.
    """
    hold(series)
    year = moment.astimezone(SECRETARIAT).year
    number = Case.objects.filter(reference__startswith=f"{series}/{year}/").count() + 1
    return f"{series}/{year}/{number:02d}"


def hold(series: str) -> None:
    """Keep everybody else from beginning one of the series until the commit; inside a transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"reference {series}"])
