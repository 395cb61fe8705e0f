"""Offices are held by date, never twice at once, and never forgotten (U1, U2)."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, InternalError, connection, transaction

from aipbi.accounts.capacity import held_by, in_force
from aipbi.accounts.days import today
from aipbi.accounts.enums import Membership, Role
from aipbi.accounts.models import Appointment, Office
from aipbi.accounts.verbs import offices
from aipbi.asean.models import Body, ChairTerm, MemberState

DAY = timedelta(days=1)


def seat(role, ams=None):
    return Office.objects.get_or_create(role=role, ams_id=ams, body=None)[0]


def test_u2_the_database_refuses_two_principals_at_once(people):
    held = people.seom("TH")
    rival = people.person("rival@th.example.org")
    with pytest.raises(IntegrityError, match="appointment_principal_overlap"), transaction.atomic():
        Appointment.objects.create(person=rival, office=held.office, starts=today())


def test_u2_the_database_refuses_one_person_twice_in_an_office(people):
    officer = people.asec()
    with pytest.raises(IntegrityError, match="appointment_person_overlap"), transaction.atomic():
        Appointment.objects.create(person=officer.person, office=officer.office, starts=today(), alternate=True)


def test_u2_plain_sql_cannot_make_an_overlap_either(people):
    held = people.seom("TH")
    rival = people.person("rival@th.example.org")
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO accounts_appointment (person_id, office_id, starts, alternate, single_seat)"
            " VALUES (%s, %s, current_date, false, true)",
            [rival.pk, held.office.pk],
        )


def test_u2_an_alternate_may_hold_the_same_office(people):
    held = people.seom("TH")
    alternate = people.person("alternate@th.example.org")
    offices.appoint(person=alternate, office=held.office, starts=today(), alternate=True, by=people.admin())
    assert [capacity.office for capacity in held_by(alternate)] == [held.office]


def test_u2_many_hold_an_office_that_is_no_seat_for_one(people):
    assert people.asec(1).office == people.asec(2).office
    assert people.expert(1).office == people.expert(2).office


def test_u2_an_overlap_is_refused_in_words(people):
    held = people.seom("TH")
    with pytest.raises(ValidationError, match="Somebody else holds this office in that time"):
        offices.appoint(
            person=people.person("rival@th.example.org"), office=held.office, starts=today(), by=people.admin()
        )


def test_u2_a_successor_begins_on_the_day_the_predecessor_ends(people):
    held, successor = people.seom("TH"), people.person("next@th.example.org")
    appointment = Appointment.objects.get(office=held.office)
    offices.end(appointment=appointment, on=today(), by=people.admin())
    offices.appoint(person=successor, office=held.office, starts=today(), by=people.admin())
    assert not in_force(held)
    assert held_by(successor)[0].office == held.office
    assert Appointment.objects.filter(office=held.office).count() == 2


def test_u2_an_appointment_for_tomorrow_gives_nothing_today(people):
    person = people.person("next@th.example.org")
    office = seat(Role.SEOM_LEAD, "TH")
    offices.appoint(person=person, office=office, starts=today() + DAY, by=people.admin())
    assert held_by(person) == []


def test_u2_an_appointment_is_never_deleted(people):
    people.seom("TH")
    with pytest.raises(InternalError, match="Cannot delete"), transaction.atomic():
        Appointment.objects.all().delete()


def test_u2_every_change_of_an_appointment_is_kept(people):
    held = people.seom("TH")
    offices.end(appointment=Appointment.objects.get(office=held.office), on=today() + DAY, by=people.admin())
    events = Appointment.pgh_event_model.objects.filter(office=held.office).order_by("pgh_id")
    assert [event.ends for event in events] == [None, today() + DAY]


def test_u2_a_day_gone_by_cannot_be_given_back(people):
    held = people.seom("TH")
    with pytest.raises(ValidationError, match="today or a later day"):
        offices.end(appointment=Appointment.objects.get(office=held.office), on=today() - DAY, by=people.admin())


def test_u2_what_is_over_does_not_end_again(people):
    appointment = Appointment.objects.get(office=people.seom("TH").office)
    offices.end(appointment=appointment, on=today(), by=people.admin())
    with pytest.raises(ValidationError, match="over by that day"):
        offices.end(appointment=appointment, on=today() + DAY, by=people.admin())


def test_u1_somebody_remains_administrator(people):
    admin = people.admin()
    own = Appointment.objects.get(office=admin.office)
    with pytest.raises(ValidationError, match="must remain ASEC administrator"):
        offices.end(appointment=own, on=today(), by=admin)
    offices.appoint(person=people.person("second@asec.example.org"), office=admin.office, starts=today(), by=admin)
    offices.end(appointment=own, on=today(), by=admin)
    assert not in_force(admin)


def test_u2_a_principal_becomes_an_alternate_from_today_and_the_past_stays(people):
    held = people.seom("TH")
    before = Appointment.objects.get(office=held.office)
    after = offices.exchange(appointment=before, by=people.admin())
    before.refresh_from_db()
    assert (before.alternate, before.ends) == (False, today())
    assert (after.alternate, after.starts, after.ends) == (True, today(), None)
    assert in_force(held)


def test_u2_an_alternate_does_not_become_a_second_principal(people):
    held = people.seom("TH")
    alternate = offices.appoint(
        person=people.person("alternate@th.example.org"),
        office=held.office,
        starts=today(),
        alternate=True,
        by=people.admin(),
    )
    with pytest.raises(ValidationError, match="Somebody else holds this office"):
        offices.exchange(appointment=alternate, by=people.admin())
    alternate.refresh_from_db()
    assert alternate.ends is None


@pytest.mark.parametrize("who", ["asec", "proponent"])
def test_u1_nobody_but_an_administrator_gives_an_office(people, who):
    by = getattr(people, who)()
    with pytest.raises(PermissionDenied):
        offices.appoint(person=by.person, office=seat(Role.FG_GVC, "TH"), starts=today(), by=by)


def test_u2_an_administrator_whose_appointment_ended_meanwhile_gives_none(people):
    admin = people.admin()
    Appointment.objects.filter(person=admin.person).update(ends=today())
    with pytest.raises(PermissionDenied):
        offices.appoint(person=admin.person, office=seat(Role.FG_GVC, "TH"), starts=today(), by=admin)


def test_u1_the_chair_follows_the_stored_dates(people):
    chair = ChairTerm.objects.on(today())
    assert people.fg_gvc(chair).is_chair
    other = MemberState.objects.exclude(pk=chair).first().pk
    assert not people.fg_gvc(other).is_chair
    ChairTerm.objects.filter(ams_id=chair).update(ams_id=other)
    assert people.fg_gvc(other).is_chair
    assert not people.fg_gvc(chair).is_chair


def test_u1_every_member_state_and_body_has_its_seats(db):
    offices.complete()
    offices.complete()
    assert Office.objects.filter(role=Role.SEOM_LEAD).count() == Office.objects.filter(role=Role.FG_GVC).count() == 11
    assert Office.objects.filter(role=Role.BODY_CONTACT).count() == Body.objects.on(today()).count()
    assert Office.objects.filter(role=Role.ADMIN).count() == 1


def test_u4_only_owners_and_editors_write(people):
    assert {m for m in Membership if people.proponent(membership=m).writes} == {Membership.OWNER, Membership.EDITOR}
