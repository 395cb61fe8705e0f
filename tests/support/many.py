"""Many cases at once for a test with real commits: copies of one that went through the door."""

from tests.support import slot
from tests.support.database import owning


def copies(proposal, number: int) -> list:
    """Return this many further cases just like the proposal, each with a trail of its own; they are committed."""
    from datetime import timedelta

    from django.db import connection, transaction

    from aipbi.workflow.models.case import new_code
    from benchmarks.copies import Copy
    from benchmarks.multiply import STRIDE, multiply
    from benchmarks.trails import write_trails
    from proposals.models import Proposal, ReferenceCounter

    mine = slot.take()
    with owning(mine, mine.database):
        counter = ReferenceCounter.objects.first() if proposal.case.reference else None
        found = []
        for n in range(1, number + 1):
            if counter:
                counter.last += 1
            found.append(
                Copy(
                    number=n,
                    walked=proposal.pk,
                    code=proposal.case.code,
                    new_code=new_code(),
                    reference=proposal.case.reference or "",
                    new_reference=f"AIPBI/{counter.year}/{counter.last:04d}" if counter else "",
                    organisation=proposal.organisation_id,
                    new_organisation=proposal.organisation_id,
                    name=proposal.organisation.name,
                    new_name=proposal.organisation.name,
                    person=proposal.started_by_id,
                    new_person=proposal.started_by_id,
                    age=timedelta(),
                )
            )
        with transaction.atomic(), connection.cursor() as cursor:
            # The guards of the tables ask of each row how it came about; here a whole life appears at once.
            cursor.execute("SET LOCAL session_replication_role = replica")
            write_trails(found)
            multiply(found)
            if counter:
                counter.save()
    pks = [proposal.pk + n * STRIDE for n in range(1, number + 1)]
    return list(Proposal.objects.filter(pk__in=pks).select_related("case").order_by("pk"))
