"""Deadlines as a calendar by a private link (N3): what, until when, where, and nothing else; ended with the office."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone
from icalendar import Calendar

from aipbi.accounts.models import Appointment
from aipbi.workflow.calendars import feeds, views
from aipbi.workflow.models import CalendarFeed, Obligation
from tests.support import cases


@pytest.fixture
def link(people):
    return lambda capacity: f"/calendar/{feeds.make(capacity)}.ics"


@pytest.fixture(autouse=True)
def no_counts():
    cache.clear()


def events(answer) -> list:
    assert answer.status_code == 200
    return list(Calendar.from_ical(answer.content).walk("VEVENT"))


def test_n3_a_deadline_is_a_whole_day_with_what_where_and_the_reference_alone(people, client, link):
    seom = people.seom("LA")
    case = cases.submitted(people)
    owed = Obligation.objects.get(case_id=case.pk)
    answer = client.get(link(seom))
    [event] = events(answer)
    assert event["summary"] == f"Decide whether to support a proposal – a proposal ({case.case.code})"
    assert event["url"].endswith(f"/cases/{case.case.code}/")
    day = owed.due_at.astimezone(timezone.get_fixed_timezone(7 * 60)).date()
    assert (event["dtstart"].dt, event["dtend"].dt) == (day, day + timedelta(days=1))
    assert (event["status"], event["transp"]) == ("CONFIRMED", "TRANSPARENT")
    text = answer.content.decode().replace("\r\n ", "")
    for secret in (case.title, case.organisation.name, people.proponent().person.email, str(owed.pk)):
        assert secret.lower() not in text.lower() or secret == str(owed.pk)
    assert set(event) == {
        "UID", "SUMMARY", "DTSTART", "DTEND", "DESCRIPTION", "URL", "TRANSP", "CLASS", "DTSTAMP", "SEQUENCE", "STATUS",
    }  # fmt: skip


def test_n3_a_deadline_at_an_hour_is_a_moment(people, client, link):
    seom = people.seom("LA")
    case = cases.submitted(people)
    moment = datetime(2027, 3, 5, 8, 30, tzinfo=UTC)
    Obligation.objects.filter(case_id=case.pk).update(due_at=moment)
    [event] = events(client.get(link(seom)))
    assert event["dtstart"].dt == event["dtend"].dt == moment
    assert "DTSTART:20270305T083000Z" in client.get(link(seom)).content.decode()


def test_n3_what_is_settled_is_cancelled_under_the_same_name_and_what_stands_still_says_so(people, client, link):
    case = cases.in_inbox(people)
    officer, seom = link(people.asec()), link(people.seom("LA"))
    [before] = events(client.get(officer))
    [settled] = events(client.get(seom))
    assert (settled["status"], settled["sequence"]) == ("CANCELLED", 1)
    case = cases.do(case, "ask_completion", people.asec(), gaps="Annex 2")
    [paused] = events(client.get(officer))
    assert (paused["uid"], paused["status"]) == (before["uid"], "TENTATIVE")
    assert paused["summary"].startswith("Clock stopped: ")
    cases.do(case, "withdraw", people.proponent(), reason="Changed plans")
    [ended] = events(client.get(officer))
    assert (ended["uid"], ended["status"]) == (before["uid"], "CANCELLED")
    Obligation.objects.update(closed_at=timezone.now() - timedelta(days=61))
    assert events(client.get(officer)) == []


def test_n3_each_link_shows_what_its_own_office_owes_and_no_other(people, client, link):
    cases.registered(people)
    of_state, of_asec = events(client.get(link(people.seom("TH")))), events(client.get(link(people.asec())))
    assert [event["summary"].partition(" –")[0] for event in of_state] == ["Answer whether the Member State takes part"]
    assert not {event["uid"] for event in of_state} & {event["uid"] for event in of_asec}
    assert events(client.get(link(people.expert()))) == []


def test_n3_a_link_ends_when_it_is_revoked_made_anew_or_the_appointment_ends(people, client, link, signed_in):
    seom = people.seom("LA")
    first = link(seom)
    second = link(seom)
    assert [client.get(one).status_code for one in (first, second, "/calendar/unknown.ics")] == [404, 200, 404]
    signed_in(seom).post(f"/notices/calendar/{seom.key}/revoke/")
    assert client.get(second).status_code == 404
    third = link(seom)
    assert client.get(third).status_code == 200
    Appointment.objects.filter(person=seom.person).update(ends=timezone.localdate())
    assert client.get(third).status_code == 404


def test_n3_the_link_is_shown_once_and_kept_only_as_its_hash(people, client, signed_in):
    seom = people.seom("LA")
    browser = signed_in(seom)
    page = browser.post(f"/notices/calendar/{seom.key}/make/").content.decode()
    secret = page.partition("/calendar/")[2].partition(".ics")[0]
    assert len(secret) > 40
    row = CalendarFeed.objects.get()
    assert secret not in {str(value) for value in vars(row).values()}
    assert client.get(f"/calendar/{secret}.ics").status_code == 200
    again = browser.get("/notices/calendar/").content.decode()
    assert secret not in again
    assert "Last used" in again
    assert "never yet" not in again
    assert browser.post(f"/notices/calendar/{people.asec().key}/make/").status_code == 404


def test_n3_a_program_that_asks_again_is_told_that_nothing_changed(people, client, link):
    cases.submitted(people)
    address = link(people.seom("LA"))
    first = client.get(address)
    assert first["Content-Type"].startswith("text/calendar")
    assert client.get(address, headers={"If-None-Match": first["ETag"]}).status_code == 304
    assert client.get(address).content == first.content
    Obligation.objects.update(due_at=timezone.now() + timedelta(days=3))
    changed = client.get(address, headers={"If-None-Match": first["ETag"]})
    assert (changed.status_code, changed["ETag"] == first["ETag"]) == (200, False)


def test_n3_fetching_without_end_and_guessing_links_are_slowed_down(people, client, link, monkeypatch):
    monkeypatch.setattr(views, "PER_HOUR", 3)
    address = link(people.seom("LA"))
    assert [client.get(address).status_code for _n in range(4)] == [200, 200, 200, 429]
    assert [client.get(f"/calendar/guess-{n}.ics").status_code for n in range(4)] == [404, 404, 404, 429]
    assert client.get(link(people.seom("TH"))).status_code == 200


def test_n3_no_log_holds_the_secret_of_a_link(people, client, link, monkeypatch, caplog):
    monkeypatch.setattr(views, "PER_HOUR", 0)
    address = link(people.seom("LA"))
    assert (client.get(address).status_code, client.post(address).status_code) == (429, 405)
    said = [record.getMessage() for record in caplog.records]
    assert [line for line in said if "/calendar/…" in line]
    assert not [line for line in said if address.partition("/calendar/")[2].removesuffix(".ics") in line]
