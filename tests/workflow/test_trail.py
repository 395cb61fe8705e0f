"""The trail (L4): chained, written once, provable."""

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.utils import Error

from aipbi.workflow import trail
from aipbi.workflow.models import TrailEntry
from tests.support import cases, database, slot


def test_l4_each_entry_follows_the_one_before_it(people):
    case = cases.registered(people)
    entries = list(TrailEntry.objects.filter(case_id=case.pk).order_by("number"))
    assert [entry.action for entry in entries] == ["start_draft", "submit", "support", "register"]
    assert [entry.number for entry in entries] == [1, 2, 3, 4]
    assert [entry.previous for entry in entries] == ["", *[entry.digest for entry in entries[:-1]]]
    assert all(entry.digest == trail.digest(entry) for entry in entries)
    assert entries[2].capacity == "SEOM lead, Lao PDR"
    assert not list(trail.broken())


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE workflow_trailentry SET capacity = 'Somebody else'",
        "DELETE FROM workflow_trailentry",
        "TRUNCATE workflow_trailentry CASCADE",
        "ALTER TABLE workflow_trailentry DISABLE TRIGGER ALL",
        "DROP TRIGGER portal_append_only ON workflow_trailentry",
        "SET session_replication_role = replica",
        "INSERT INTO workflow_edge (subject, move, source, target) VALUES ('proposals_proposal', 'x', 'draft', 'approved')",
    ],
)
def test_l4_the_portals_own_database_user_cannot_change_it(people, statement):
    cases.draft(people)
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("portal_app",)
    with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert TrailEntry.objects.count() == 1


def test_l4_a_temporary_table_does_not_stand_before_the_guards(people):
    """Whoever may make a table of their own may still not write the edges that a state goes along."""
    case = cases.draft(people)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE workflow_edge (subject text, move text, source text, target text)")
        cursor.execute("INSERT INTO workflow_edge VALUES ('proposals_proposal', 'x', 'draft', 'approved')")
        cursor.execute("SET LOCAL portal.move = 'x'")
        with pytest.raises(Error, match="no move leads"):
            cursor.execute("UPDATE proposals_proposal SET state = 'approved' WHERE case_id = %s", [case.pk])
        transaction.set_rollback(True)


def test_l4_a_temporary_table_does_not_swallow_the_history_of_a_row(people):
    organisation = people.proponent().organisation
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM accounts_organisationevent")
        [before] = cursor.fetchone()
        cursor.execute("CREATE TEMP TABLE accounts_organisationevent (LIKE public.accounts_organisationevent)")
        cursor.execute("UPDATE accounts_organisation SET name = 'Another' WHERE id = %s", [organisation.pk])
        cursor.execute("SELECT count(*) FROM public.accounts_organisationevent")
        assert cursor.fetchone() == (before + 1,)


def test_l4_no_session_switches_the_triggers_off(people):
    """The setting by which django-pgtrigger passes over a trigger is open to every session; it does nothing here."""
    people.seom("LA")
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT array_agg(tgname::text)::text FROM pg_trigger WHERE tgname LIKE 'pgtrigger%'")
        cursor.execute("SELECT set_config('pgtrigger.ignore', %s, true)", cursor.fetchone())
        with pytest.raises(Error, match="Cannot delete rows"):
            cursor.execute("DELETE FROM accounts_appointment")
        transaction.set_rollback(True)


def test_l4_an_entry_out_of_turn_is_refused(people):
    case = cases.draft(people)
    entry = TrailEntry.objects.get(case_id=case.pk)
    forged = TrailEntry.objects.get(pk=entry.pk)
    forged.pk, forged.number = None, 7
    with pytest.raises(Error, match="does not follow"), transaction.atomic():
        forged.save(force_insert=True)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE workflow_trailentry SET source = 'x' WHERE case_id = {pk} AND number = 2",
        "UPDATE workflow_trailentry SET details = '{{}}' WHERE case_id = {pk} AND number = 2",
        "DELETE FROM workflow_trailentry WHERE case_id = {pk} AND number = 2",
    ],
)
def test_l4_verify_trail_names_the_first_broken_entry(committed_db, people, statement):
    """Not even the owner of the tables changes an entry unseen."""
    case = cases.submitted(people)
    cases.do(case, "withdraw", people.proponent(), reason="Changed plans")
    call_command("verify_trail")
    with database.owning(slot.take(), slot.take().database), connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(statement.format(pk=case.pk))
    with pytest.raises(CommandError, match=rf"Case {case.case.code}: entry 2: "):
        call_command("verify_trail")


def test_l4_entries_missing_at_the_end_are_noticed(committed_db, people):
    case = cases.submitted(people)
    with database.owning(slot.take(), slot.take().database), connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("DELETE FROM workflow_trailentry WHERE case_id = %s AND number = 2", [case.pk])
    with pytest.raises(CommandError, match="entry 2: entries at the end are missing"):
        call_command("verify_trail")


def test_change_of_an_answer_is_on_the_trail(people):
    from django.utils import timezone

    from proposals import verbs

    case = cases.draft(people)
    case_before = case.answers["background"]
    verbs.keep(case, {"background": "Another"}, as_=people.proponent(), now=timezone.now())
    entry = TrailEntry.objects.filter(case_id=case.pk).last()
    assert entry.action == "write"
    [change] = entry.details["changes"]
    assert (change["path"], change["before"], change["after"]) == ("background", case_before, "Another")
