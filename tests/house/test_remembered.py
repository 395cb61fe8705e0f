"""What tests begin with, laid back, is what it was when it was brought about."""

from django.db import connection, transaction

from aipbi.asean.models import Holiday
from aipbi.workflow import invariants, trail
from aipbi.workflow.models import Case, Obligation
from tests.support import database, remembered, world


def _brought_and_undone():
    with transaction.atomic():
        proposal = world.bring("before_fg_gvc").proposal
        rows = remembered._rows()
        transaction.set_rollback(True)
    return proposal, rows


def test_a_world_laid_back_is_the_same_row_for_row(db):
    first, rows = _brought_and_undone()
    again, rows_again = _brought_and_undone()
    assert (again.pk, again.state, again is first) == (first.pk, "before_fg_gvc", False)
    assert rows_again == rows
    assert {"workflow_trailentry", "accounts_appointmentevent", "review_position"} <= set(rows)


def test_guards_and_counters_go_on_where_it_ends(db):
    here = world.bring("registered")
    other = world.bring("registered", "02-ev-battery-chain")
    assert other.proposal.pk > here.proposal.pk
    assert list(trail.broken(Case.objects.all())) == []
    assert invariants.violations() == {}


def test_counters_never_go_back(committed_db):
    for state in ("before_fg_gvc", "registered"):
        world.bring(state)
        database.recreate()
    for state in ("before_fg_gvc", "registered", "before_fg_gvc"):
        with transaction.atomic(), connection.cursor() as cursor:
            world.bring(state)
            cursor.execute("SELECT nextval(pg_get_serial_sequence('workflow_obligation', 'id'))")
            assert cursor.fetchone()[0] > Obligation.objects.latest("pk").pk
            transaction.set_rollback(True)


def test_nothing_is_laid_back_where_reference_data_are_others(db):
    assert remembered._untouched()
    Holiday.objects.filter(pk=Holiday.objects.earliest("pk").pk).update(name="Another")
    assert not remembered._untouched()


def test_nothing_is_laid_back_beside_somebody(db, people):
    people.asec()
    assert not remembered._untouched()
