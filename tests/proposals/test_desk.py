"""The desk tells of a case only what its reader may know (U5)."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localdate

from aipbi.accounts.days import today
from aipbi.accounts.models import Appointment
from aipbi.templatetags.portal import day_in_words
from aipbi.workflow.models import Obligation
from tests.review import steps
from tests.support.cases import document, in_inbox, registered, submitted

pytestmark = pytest.mark.django_db


def desk(browser) -> str:
    return browser.get(reverse("desk")).content.decode()


def late(case) -> None:
    Obligation.objects.filter(case_id=case.pk).update(due_at=timezone.now() - timedelta(days=30))


def test_u5_of_what_is_overdue_at_a_seom_lead_asec_reads_the_number_alone(people, signed_in):
    assert "with SEOM leads" not in desk(signed_in(people.asec())), "of none nothing is said"
    case = submitted(people)
    late(case)
    said = desk(signed_in(people.asec()))
    assert "1 proposal is with a SEOM lead" in said
    for secret in (document()["title"], document()["lead"]["name"], case.case.code):
        assert secret not in said


def test_l5_what_is_overdue_on_a_case_it_may_open_asec_reads(people, signed_in):
    late(in_inbox(people))
    assert document()["title"] in desk(signed_in(people.asec()))


def test_r2_an_invited_expert_reads_the_title_only_after_accepting(people, signed_in):
    case = steps.confirmed(people, "LA", "TH")
    steps.invite(people, case, 1)
    expert = signed_in(people.expert(1))
    assert case.case.reference in desk(expert)
    assert document()["title"] not in desk(expert)
    assert document()["lead"]["name"] not in desk(expert)


def due(case, days: int, **which) -> None:
    Obligation.objects.filter(case_id=case.pk, **which).update(due_at=timezone.now() + timedelta(days=days))


def test_r7_what_is_owed_stands_under_its_light_with_the_rule_and_both_clocks(people, signed_in):
    case = registered(people)
    due(case, -3, office__ams="TH")
    thailand = people.seom("TH")
    thailand.person.time_zone = "Europe/Paris"
    thailand.person.save()
    hers = signed_in(thailand)
    said = desk(hers)
    assert "the date has passed" in said
    assert "Overdue by 3 days" in said
    assert "Paris (" in said
    assert "Jakarta)" in said
    assert "Due soon" not in said.split("What the lights mean")[1].split("</details>")[1]
    assert 'id="paused"' not in said
    for days, light in ((2, "soon"), (30, "later")):
        due(case, days, office__ams="TH")
        assert f'id="{light}"' in desk(hers)
        assert 'id="overdue"' not in desk(hers)
    Obligation.objects.filter(case=case.pk, office__ams="TH").update(paused_at=timezone.now())
    assert 'id="paused"' in desk(hers)
    # What she waits for: the Secretariat's experts, not what is hers.
    awaited = desk(hers).split('id="awaited"')[1]
    assert "Appoint technical experts" in awaited
    assert "Answer whether the Member State takes part" not in awaited.split("SEOM lead, Thailand")[0].split("ASEC")[0]
    for view in ("office", "elsewhere"):
        assert hers.get(reverse("desk"), {"view": view}).status_code == 404


def test_r7_an_officers_desk_has_the_cases_looked_after_and_those_nobody_does(people, signed_in):
    case = registered(people)
    officer = people.asec(1)
    first, second = signed_in(officer), signed_in(people.asec(2))
    mine = desk(first)
    assert "Appoint technical experts" in mine.split('id="nobody"')[0].split('id="awaited"')[0]
    assert "Answer whether the Member State takes part" in mine.split('id="awaited"')[1]
    assert document()["title"] not in desk(second)
    everything = second.get(reverse("desk"), {"view": "office"}).content.decode()
    assert document()["title"] in everything
    assert str(officer.person) in everything
    # The office keeps the work of who leaves.
    Appointment.objects.filter(person=officer.person).update(ends=today())
    assert document()["title"] in desk(second).split('id="nobody"')[1]
    # On the case the Secretariat reads whose it is, and nobody else does.
    address = reverse("case", args=[case.case.code])
    assert f"ASEC officer ({officer.person})" in second.get(address).content.decode()
    assert f"ASEC officer ({officer.person})" not in signed_in(people.seom("LA")).get(address).content.decode()


def test_r7_overdue_elsewhere_is_counted_by_office_and_listed_for_one(people, signed_in):
    case, hidden = registered(people), submitted(people, "02-ev-battery-chain")
    due(case, -3, office__ams="TH")
    late(hidden)
    asec = signed_in(people.asec())
    said = asec.get(reverse("desk"), {"view": "elsewhere"}).content.decode()
    office = people.seom("TH").office
    assert f"view=elsewhere&amp;at={office.pk}" in said
    assert "SEOM lead, Lao PDR" not in said
    assert document("02-ev-battery-chain")["title"] not in said
    there = asec.get(reverse("desk"), {"view": "elsewhere", "at": office.pk}).content.decode()
    assert document()["title"] in there
    assert f'name="case" value="{case.case.code}"' in there
    for nowhere in ("0", "x", "9" * 30):
        assert "Nothing is overdue there" in asec.get(
            reverse("desk"), {"view": "elsewhere", "at": nowhere}
        ).content.decode()  # fmt: skip


def test_r7_a_group_too_long_for_the_desk_is_read_whole(people, signed_in):
    case = in_inbox(people)
    [one] = Obligation.objects.filter(case=case.pk, kind="completeness", closed_at=None)
    due(case, -1)
    for n in range(60):
        one.pk, one.subject_pk = None, 10_000 + n
        one.due_at = timezone.now() - timedelta(days=2, minutes=n)
        one.save(force_insert=True)
    asec = signed_in(people.asec())
    assert "view=office&amp;light=overdue" in asec.get(reverse("desk"), {"view": "office"}).content.decode()
    ask = {"view": "office", "light": "overdue"}
    assert asec.get(reverse("desk"), ask).content.decode().count("Check a proposal") == 50
    assert asec.get(reverse("desk"), {**ask, "page": "2"}).content.decode().count("Check a proposal") == 11
    said = asec.get(reverse("desk"), {**ask, "page": "two"}).content.decode()
    assert "“two” is not the number of a page; this is the first." in said
    assert 'href="?view=office&amp;light=overdue&amp;page=2"' in said


def test_r7_what_has_a_date_stands_before_what_has_none_across_pages(people, signed_in):
    case = in_inbox(people)
    [one] = Obligation.objects.filter(case=case.pk, kind="completeness", closed_at=None)
    Obligation.objects.filter(pk=one.pk).update(due_at=None)
    for n in range(60):
        one.pk, one.subject_pk = None, 10_000 + n
        one.due_at = None if n % 2 else timezone.now() + timedelta(days=20 + n)
        one.save(force_insert=True)
    ask, lines = {"view": "office", "light": "later"}, []
    for page in (1, 2):
        said = signed_in(people.asec()).get(reverse("desk"), {**ask, "page": page}).content.decode()
        lines.append(re.findall(r"Due in \d+ days|No date", said))
    assert [len(page) for page in lines] == [50, 11]
    assert [len(set(page)) for page in lines] == [31, 1]
    assert "No date" not in lines[0][:30]


def test_r7_what_a_round_asks_of_both_offices_of_a_state_is_awaited_once_and_not_from_ones_own_colleague(
    people, signed_in
):
    case = steps.before_fg_gvc(people)
    title = document()["title"]
    # Whatever the holidays of each of them.
    Obligation.objects.filter(kind="position").update(due_at=timezone.now() + timedelta(days=30))
    for reader, states in (
        (people.asec(), "Lao PDR, Malaysia, Singapore, Thailand"),
        (people.seom("LA"), "Malaysia, Singapore, Thailand"),
    ):
        awaited = desk(signed_in(reader)).split('id="awaited"')[1].split("</section>")[0]
        assert f"<strong>{states}</strong>: Give the Member State" in awaited
        assert awaited.count(title) == awaited.count("<strong>") == 2
        assert f'href="{reverse("case", args=[case.case.code])}"' in awaited
    # Whoever has another day is told with it.
    later = timezone.now() + timedelta(days=90)
    Obligation.objects.filter(kind="position", office__ams="TH").update(due_at=later)
    awaited = desk(signed_in(people.seom("LA"))).split('id="awaited"')[1].split("</section>")[0]
    assert f"<strong>Malaysia, Singapore, Thailand ({day_in_words(localdate(later))})</strong>: Give" in awaited


def test_the_readers_own_duty_stands_first(people, signed_in):
    case = registered(people)
    awaited = desk(signed_in(people.seom("LA"))).split('id="awaited"')[1]
    assert re.search(r"SEOM lead, [\w ]+; SEOM lead, ", awaited)
    asked = case.participations.exclude(ams=case.originating_ams).values_list("ams", flat=True)
    for ams in asked:
        page = signed_in(people.seom(ams)).get(f"/cases/{case.case.code}/").content.decode()
        waits = re.search(r'class="portal-case__waits">.*?<strong>(.*?)</strong>', page).group(1)
        assert waits == people.seom(ams).office.label
