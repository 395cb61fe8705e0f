"""`python -m benchmarks seed`: databases with many cases in every state."""

from collections.abc import Sequence
from time import perf_counter

from django.core.management import call_command
from django.db import connection, transaction

from benchmarks import place
from benchmarks.copies import copies
from benchmarks.multiply import multiply
from benchmarks.people import owners
from benchmarks.trails import write_trails
from benchmarks.walked import walk_all
from proposals.enums import State
from proposals.models import Proposal, ReferenceCounter

PER_ORGANISATION = 10


def seed(sizes: Sequence[int], *, reuse: bool, prove: bool) -> None:
    """Walk one case into each state, then copy them to each of these numbers of cases."""
    if not reuse:
        begun = perf_counter()
        place.begin()
        print(f"{walk_all()} cases walked through the door, one into each state, in {perf_counter() - begun:.0f} s.")
    for cases in sizes:
        begun = perf_counter()
        place.copy_walked()
        rows = _multiply(cases)
        print(f"{cases:,} cases, {rows:,} rows, in {perf_counter() - begun:.0f} s.")
        if prove:
            call_command("verify_trail")
            call_command("check_invariants")
        place.finish(cases)


def _multiply(cases: int) -> int:
    walked = {State(one.state): one for one in Proposal.objects.select_related("case", "organisation")}
    with transaction.atomic(), connection.cursor() as cursor:
        # The guards of the tables ask of each row how it came about; here a whole life appears at once.
        cursor.execute("SET LOCAL session_replication_role = replica")
        counter = ReferenceCounter.objects.get()
        found = list(copies(cases, walked, owners(cases // PER_ORGANISATION), counter))
        rows = write_trails(found) + multiply(found)
        counter.save()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return rows
