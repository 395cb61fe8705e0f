"""Keeping the roster (R1): two hands on one entry, employers stated and settled, the list as a file, offices that ended."""

import csv
import io
import re

import openpyxl
import pytest
from django.core import mail
from django.core.exceptions import ValidationError

from aipbi.accounts.days import today
from aipbi.accounts.models import Appointment
from aipbi.workflow import notices
from aipbi.workflow.mailing import names
from aipbi.workflow.models import MailState, Notice
from review.experts import conflicts, verbs
from review.models import Employment, ExpertProfile
from tests.review import steps
from tests.support.cases import registered

pytestmark = pytest.mark.django_db
BAR = "Straits Power Retail"


@pytest.fixture
def entry(people):
    return ExpertProfile.objects.get(person=people.expert(1).person)


@pytest.fixture
def officer(people, signed_in):
    return signed_in(people.asec())


@pytest.fixture
def own(people, signed_in):
    return signed_in(people.expert(1))


def opened(browser, entry):
    """The mark that the form of the entry carries."""
    page = browser.get(f"/experts/{entry.pk}/edit/")
    return re.search(r'name="seen" value="([^"]+)"', page.text)[1]


def edited(browser, entry, seen, **answers):
    return browser.post(f"/experts/{entry.pk}/edit/", {"seen": seen, "available": "yes", **answers})


def stated(browser, entry, employer, path="new/", **more):
    data = {"employer": employer, "corporate_group": "", "starts": "2020-01-01", "ends": "", **more}
    return browser.post(f"/experts/{entry.pk}/employers/{path}", data)


def settled(browser, row, do):
    return browser.post(f"/experts/{row.expert_id}/employers/{row.pk}/settle/", {"do": do}, follow=True)


def test_p5_who_edits_an_entry_that_another_changed_is_told_and_keeps_the_words(people, entry, officer, own):
    seen = opened(officer, entry)
    assert edited(own, entry, opened(own, entry), fields_="Tariffs.", sectors=["new_energy"]).status_code == 302
    page = edited(officer, entry, seen, fields_="Wheeling charges.", sectors=["medical"])
    assert page.status_code == 409
    assert f"{entry.person} (Technical expert) changed this entry" in page.text
    assert "Wheeling charges." in page.text
    assert "The entry holds now: Tariffs." in page.text
    assert "The entry holds now: New energy" in page.text
    entry.refresh_from_db()
    assert (entry.fields, [one.pk for one in entry.sectors.all()]) == ("Tariffs.", ["new_energy"])
    # Sent again from that page it is taken, and what was sent twice is no clash.
    again = re.search(r'name="seen" value="([^"]+)"', page.text)[1]
    for _click in range(2):
        assert edited(officer, entry, again, fields_="Wheeling charges.", sectors=["medical"]).status_code == 302
    entry.refresh_from_db()
    assert (entry.fields, entry.edited_by) == ("Wheeling charges.", people.asec().person)


def test_p5_two_officers_change_one_employer_and_the_second_is_told(people, entry, officer, signed_in):
    other = signed_in(people.asec())
    stated(officer, entry, "Delta Institute")
    row = entry.employments.get()
    assert stated(officer, entry, "Delta Institute for Grids", f"{row.pk}/").status_code == 302
    page = stated(other, entry, "Delta Institute of Energy", f"{row.pk}/")
    assert page.status_code == 422
    assert "Only a confirmed employer is changed" in page.text
    assert "Delta Institute of Energy" in page.text
    # Also where both had read the row before either wrote.
    stale = {"employer": "Delta", "corporate_group": "", "starts": today(), "ends": None}
    with pytest.raises(ValidationError, match="Only a confirmed employer"):
        verbs.state_employment(entry, by=people.asec(), data=stale, instead_of=row)
    # Nor is one stated twice by a second click.
    assert "stands on the entry already" in stated(other, entry, "Delta Institute for Grids").text
    assert sorted(entry.employments.values_list("employer", "state")) == [
        ("Delta Institute", "replaced"),
        ("Delta Institute for Grids", "confirmed"),
    ]


def test_n1_a_stated_employer_is_told_to_asec_without_naming_anybody(people, entry, officer, own):
    people.asec()
    assert stated(own, entry, BAR).status_code == 302
    told = Notice.objects.get(what="state_employer")
    assert (told.person, told.office.role, told.case, told.to_act) == (people.asec().person, "asec_officer", None, True)
    notices.mail_waiting()
    told.refresh_from_db()
    assert told.mail_state == MailState.SENT
    sent = next(one for one in mail.outbox if f"<{names.name(told)}@" in one.extra_headers["Message-ID"])
    assert f"/experts/{entry.pk}/" in sent.body
    for hidden in (BAR, str(entry.person), entry.person.email):
        assert hidden not in sent.subject + sent.body
    for path in ("/notices/", "/desk/", "/outbox/", f"/outbox/{told.pk}/"):
        page = officer.get(path)
        assert page.status_code == 200, path
        assert "An expert has stated an employer" in page.text, path
    # What ASEC writes itself waits for nobody.
    stated(officer, entry, "Delta Institute")
    assert Notice.objects.filter(what="state_employer").count() == 1


@pytest.mark.parametrize("do", ["confirm", "refuse"])
def test_r1_a_stated_change_counts_beside_the_old_entry_until_asec_settles_it(people, entry, officer, own, do):
    state, barred = {"confirm": ("confirmed", False), "refuse": ("refused", True)}[do]
    case = registered(people)
    stated(officer, entry, BAR)
    old = entry.employments.get()
    # The expert says that it was another house all along.
    assert stated(own, entry, "Delta Institute", f"{old.pk}/").status_code == 302
    row = entry.employments.get(employer="Delta Institute")
    assert row.state == "stated"
    assert conflicts.found(entry, case)
    assert settled(own, row, "confirm").status_code == 404
    assert "With an employer to confirm" in officer.get("/experts/").text
    assert str(entry.person) in officer.get("/experts/?waiting=on").text
    assert "Settled: Delta Institute" in settled(officer, row, do).text
    row.refresh_from_db()
    assert (row.state, row.settled_by) == (state, people.asec().person)
    assert bool(conflicts.found(entry, case)) == barred
    assert "This was settled meanwhile" in settled(officer, row, "refuse" if do == "confirm" else "confirm").text
    assert Employment.objects.get(pk=row.pk).state == state


def test_r7_the_roster_downloads_as_it_is_on_the_screen_and_nothing_in_a_cell_is_carried_out(people, officer, own):
    for number in (1, 2):
        people.expert(number)
    first, second = ExpertProfile.objects.order_by("person__email")
    ExpertProfile.objects.filter(pk=first.pk).update(
        fields='=HYPERLINK("http://x.example.org")', languages=["en", "lo"]
    )
    stated(officer, first, "+Delta Institute")
    found = officer.get("/experts/roster.csv?language=lo")
    rows = list(csv.DictReader(io.StringIO(found.content.decode("utf-8-sig"))))
    assert [row["E-mail"] for row in rows] == [first.person.email]
    assert rows[0]["In own words"][0] == rows[0]["Employer"][0] == "'"
    sheet = openpyxl.load_workbook(io.BytesIO(officer.get("/experts/roster.xlsx?sort=load").content)).active
    cells = [cell for line in sheet.iter_rows() for cell in line]
    assert {first.person.email, second.person.email} <= {cell.value for cell in cells}
    assert "f" not in {cell.data_type for cell in cells}
    assert officer.get("/experts/roster.pdf").status_code == 404
    assert own.get("/experts/roster.csv").status_code == 404


def test_r2_the_cases_list_says_whose_office_has_ended(people, officer):
    case = registered(people)
    steps.accept(people, case, 1)
    steps.accept(people, case, 2)
    path = f"/cases/{case.case.code}/review/"
    assert "Office ended" not in officer.get(path).text
    Appointment.objects.filter(person=people.expert(1).person).update(ends=today())
    page = officer.get(path).text
    assert page.count("Office ended") == 1
    assert "The office of technical expert ended on" in page


def test_r3_the_workbook_and_the_blank_form_are_linked_where_one_writes(people, own):
    case = steps.under_assessment(people)
    code = case.case.code
    for path in (f"/cases/{code}/review/", f"/cases/{code}/assessment/{steps.of(people, case, 1).pk}/save_assessment/"):
        page = own.get(path).text
        for what in ("form.xlsx", "upload/", "form/"):
            assert f"/cases/{code}/own-assessment/{what}" in page, (path, what)
