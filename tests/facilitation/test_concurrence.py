"""F3: a word holds for the text it was given on, rests on the agreement it needs, and is told to whom it may be."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from aipbi.accounts.capacity import today
from aipbi.asean.models import AgreementParty
from aipbi.workflow import invariants, reminders
from aipbi.workflow.errors import Invalid
from aipbi.workflow.models import Notice, Obligation, TrailEntry
from aipbi.workflow.walk import Stopped
from facilitation.letters.schedule import schedule
from facilitation.models import Benefit, BenefitWording, Concurrence
from tests.support.cases import do

TEXT = {"category": "industrial_policies", "measure": "One charge method.", "request_rank": ""}


def owed(story, ams):
    return Obligation.objects.open().filter(kind="concurrence", case_id=story.case.pk, office__ams=ams).exists()


def states(benefit):
    return {word.ams_id: word.state for word in benefit.concurrences.all()}


def refusal(story, move, as_=None, subject=None, **data):
    """The faults of a form, by field."""
    with pytest.raises(Invalid) as refused:
        do(subject or story.case, move, as_ or story.asec, **data)
    return {name: [str(one) for one in words] for name, words in refused.value.form.errors.items()}


# --- the text ---


def test_f3_another_text_asks_everybody_again_and_keeps_what_was_said(story):
    benefit = story.benefit("TH", "MY", "LA")
    story.concur(benefit, "TH", conditions="At two ports only.")
    story.do("refuse", story.word(benefit, "MY"), story.people.seom("MY"), reason="No mandate.")
    story.do("leave_out", story.word(benefit, "MY"), story.asec, reason="It has no mandate.")
    benefit = story.do("change_benefit", benefit, story.asec, **TEXT | {"measure": "One charge method, reviewed."})
    assert benefit.wording == 2
    assert list(benefit.wordings.values_list("number", "measure")) == [
        (1, "One charge method."),
        (2, "One charge method, reviewed."),
    ]
    assert states(benefit) == {"TH": "asked", "MY": "left_out", "LA": "asked"}
    assert owed(story, "TH")
    kept = list(story.word(benefit, "TH").entries.values_list("state", "wording", "conditions"))
    assert kept == [("concurred_with_conditions", 1, "At two ports only."), ("asked", 2, "")]
    told = Notice.objects.filter(case_id=story.case.pk, office__ams="TH", words__contains="asked again")
    assert told.get().to_act
    assert not invariants.violations()


def test_l2_a_word_given_while_the_text_is_changed_is_not_taken(story, signed_in):
    """The page of one answer, and the sheet, were opened on the first text."""
    benefit = story.benefit("TH", "MY")
    lead, word = story.people.seom("TH"), story.word(benefit, "TH")
    client = signed_in(lead)
    single = reverse("move", args=[story.case.case.code, "concurrence", word.pk, "concur"])
    row = story.case.participations.get(ams="TH")
    sheet = reverse("move", args=[story.case.case.code, "participation", row.pk, "answer_benefits"])
    page = client.get(sheet).content.decode()
    assert 'name="wording_1" value="1"' in page
    assert " checked" not in page
    story.do("change_benefit", benefit, story.asec, **TEXT | {"measure": "Another method."})
    answer = client.post(single, {"seen": word.revision, "conditions": "At two ports only."})
    assert answer.status_code == 409
    assert "At two ports only." in answer.content.decode()
    sent = {"seen": row.revision, "answer_1": "with_conditions", "words_1": "At two ports only.", "wording_1": 1}
    answer = client.post(sheet, sent)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "Benefit 1 has another text since you opened this page." in html
    assert "Another method." in html
    assert "At two ports only." in html
    assert " checked" not in html
    assert 'name="wording_1" value="2"' in html
    assert states(benefit)["TH"] == "asked"
    assert client.post(sheet, sent | {"wording_1": 2}).status_code == 302
    assert states(benefit)["TH"] == "concurred_with_conditions"


def test_f3_what_is_no_part_of_the_text_asks_nobody_again(story):
    benefit = story.benefit("TH")
    story.concur(benefit)
    benefit = story.do("change_benefit", benefit, story.asec, **TEXT | {"request_rank": 1, "given_by": ["MY"]})
    assert (benefit.wording, benefit.request_rank) == (1, 1)
    assert states(benefit) == {"TH": "concurred", "MY": "asked"}
    assert owed(story, "MY")
    same = TEXT | {"request_rank": 1}
    assert refusal(story, "change_benefit", subject=benefit, **same) == {"__all__": ["Nothing is changed."]}


def test_d6_who_joins_later_is_asked_by_changing_and_who_leaves_is_waited_for_no_more(story):
    people = story.people
    benefit = story.benefit("TH", "MY")
    data = TEXT | {"given_by": ["VN"]}
    with pytest.raises(Stopped):
        story.do("change_benefit", benefit, story.asec, **data)
    story.do("ask_to_join", story.case, story.asec, ams=["VN"], reason="The line goes on.")
    vn = story.case.participations.get(ams="VN")
    story.do("confirm", vn, people.seom("VN"), reason="We join.")
    story.do("change_benefit", benefit, story.asec, **data)
    assert states(benefit) == {"TH": "asked", "MY": "asked", "VN": "asked"}
    story.explain()
    story.concur(benefit, "TH", "VN")
    story.do("leave", story.case.participations.get(ams="MY"), people.seom("MY"), reason="We leave.")
    assert not owed(story, "MY")
    finalise = Obligation.objects.open().filter(kind="finalise", case_id=story.case.pk)
    assert finalise.count() == 1
    with pytest.raises(Stopped, match="Malaysia no longer takes part"):
        story.do("concur", story.word(benefit, "MY"), people.seom("MY"))
    story.do("finalise_benefits", story.case, story.chair)
    assert states(benefit) == {"TH": "concurred", "VN": "concurred", "MY": "left_out"}
    assert not invariants.violations()


def test_f3_why_a_member_state_cannot_be_asked_is_said_of_each(story):
    people = story.people
    narrowed = story.case.participations.get(ams="SG")
    story.do("change_categories", narrowed, people.seom("SG"), categories=["financing"], reason="Only that.")
    story.do("leave", story.case.participations.get(ams="MY"), people.seom("MY"), reason="We leave.")
    faults = refusal(story, "propose_benefit", **TEXT | {"given_by": ["TH", "VN", "SG", "MY"]})
    assert faults == {
        "given_by": [
            "Malaysia no longer takes part.",
            "Singapore takes part, but not in this category.",
            "Viet Nam is not on the case.",
        ]
    }


# --- the agreement ---


def test_f3_only_parties_give_what_rests_on_an_agreement(story):
    AgreementParty.objects.filter(agreement="acia", ams="MY").delete()
    AgreementParty.objects.filter(agreement="acia", ams="SG").update(ends=date(2030, 12, 31))
    later = today() + timedelta(days=30)
    AgreementParty.objects.filter(agreement="acia", ams="LA").update(starts=later)
    data = TEXT | {"agreement": "acia", "given_by": ["TH", "MY", "SG", "LA"], "ends": "2031-06-30"}
    said = " ".join(refusal(story, "propose_benefit", **data)["agreement"])
    assert "Malaysia is not party to “ACIA”." in said
    assert "Singapore is party to “ACIA” until 31 December 2030 only." in said
    assert "Lao PDR is party to “ACIA” from" in said
    assert "Thailand" not in said
    assert not Benefit.objects.exists()
    # It begins once Lao PDR is party, and ends before Singapore is no more.
    data |= {"given_by": ["TH", "SG", "LA"], "starts": later, "ends": "2030-12-31"}
    story.do("propose_benefit", story.case, story.asec, **data)


def test_f3_a_row_that_changes_meanwhile_stops_the_word_and_the_finalising(story):
    benefit = story.benefit("TH", "MY", agreement="acia")
    story.concur(benefit, "MY")
    AgreementParty.objects.filter(agreement="acia", ams__in=["TH", "MY"]).delete()
    with pytest.raises(Stopped, match="Thailand is not party to “ACIA”"):
        story.do("concur", story.word(benefit, "TH"), story.people.seom("TH"))
    row = story.case.participations.get(ams="TH")
    sheet = {"answer_1": "concur", "wording_1": 1}
    assert "not party" in str(refusal(story, "answer_benefits", story.people.seom("TH"), row, **sheet))
    story.do("refuse", story.word(benefit, "TH"), story.people.seom("TH"), reason="Not a party.")
    with pytest.raises(Stopped, match="Benefit 1: Malaysia is not party to “ACIA”"):
        story.do("finalise_benefits", story.case, story.chair)


# --- the sheet ---


def test_l1_a_sheet_is_taken_whole_or_not_at_all(story):
    lead, row = story.people.seom("TH"), story.case.participations.get(ams="TH")
    for measure in ("First.", "Second.", "Third."):
        story.benefit("TH", "MY", measure=measure)
    before = TrailEntry.objects.count()
    wordings = {f"wording_{number}": 1 for number in (1, 2, 3)}
    faults = refusal(
        story, "answer_benefits", lead, row,
        answer_1="concur", answer_2="refuse", words_2="", answer_3="", words_3="Only by day.", **wordings,
    )  # fmt: skip
    assert faults == {
        "words_2": ["Benefit 2: write the reason."],
        "answer_3": ["Benefit 3: choose the answer for these words."],
    }
    assert refusal(story, "answer_benefits", lead, row, answer_1="concur", words_1="If …", **wordings)["words_1"]
    assert refusal(story, "answer_benefits", lead, row, answer_1="with_conditions", **wordings)["words_1"]
    assert refusal(story, "answer_benefits", lead, row, **wordings) == {"__all__": ["Answer on at least one benefit."]}
    assert TrailEntry.objects.count() == before
    assert not Concurrence.objects.exclude(state="asked").exists()

    long = "ຖ້າ " * 500
    story.do(
        "answer_benefits", row, lead,
        answer_1="concur", answer_2="refuse", words_2="No mandate.", named_2="on", answer_3="with_conditions",
        words_3=long, **wordings,
    )  # fmt: skip
    said = {word.benefit.number: word for word in Concurrence.objects.filter(ams="TH").select_related("benefit")}
    assert [said[number].state for number in (1, 2, 3)] == ["concurred", "refused", "concurred_with_conditions"]
    assert (said[2].reason, said[2].may_be_named) == ("No mandate.", True)
    assert said[3].conditions == long.strip()
    entries = TrailEntry.objects.order_by("number").values_list("action", flat=True)[before:]
    assert list(entries) == ["concur", "refuse", "concur", "answer_benefits"]
    assert not owed(story, "TH")
    told = Notice.objects.filter(case_id=story.case.pk, person=story.asec.person, words__contains="answered on")
    assert told.count() == 1
    assert not invariants.violations()


def test_f3_a_sheet_says_how_many_were_answered_and_how_many_are_left(story, signed_in):
    for measure in ("First.", "Second.", "Third."):
        story.benefit("TH", "MY", measure=measure)
    row, client = story.case.participations.get(ams="TH"), signed_in(story.people.seom("TH"))
    sheet = reverse("move", args=[story.case.case.code, "participation", row.pk, "answer_benefits"])
    assert client.get(sheet).text.count("Leave it open") == 3
    sent = {f"wording_{number}": 1 for number in (1, 2, 3)} | {"answer_1": "concur", "answer_3": "concur"}
    said = client.post(sheet, sent | {"seen": row.revision}, follow=True).text
    assert "Answered on 2 benefits. 1 still waits for your country." in said
    page = client.get(sheet).text
    assert (page.count("Leave it open"), page.count("Leave it as it is")) == (1, 2)
    row.refresh_from_db()
    said = client.post(sheet, {"seen": row.revision, "wording_2": 1, "answer_2": "concur"}, follow=True).text
    assert "Answered on 1 benefit. None waits for your country any more." in said
    assert story.word(Benefit.objects.get(proposal=story.case, number=1), "TH").state == "concurred"


def test_l2_two_leads_of_one_office_and_a_sheet_sent_twice(story, signed_in):
    story.benefit("TH", "MY")
    row = story.case.participations.get(ams="TH")
    client = signed_in(story.people.seom("TH"))
    sheet = reverse("move", args=[story.case.case.code, "participation", row.pk, "answer_benefits"])
    sent = {"seen": row.revision, "answer_1": "refuse", "words_1": "No mandate.", "wording_1": 1}
    assert client.post(sheet, sent).status_code == 302
    again = client.post(sheet, sent, follow=True)
    assert "it was not done twice" in again.content.decode()
    other = client.post(sheet, sent | {"answer_1": "with_conditions", "words_1": "By day only."})
    assert other.status_code == 409
    assert "By day only." in other.content.decode()
    assert Concurrence.objects.get(ams="TH").reason == "No mandate."


# --- what is told to whom ---


@pytest.fixture
def partly_given(story):
    """Thailand gives the first request on conditions; Malaysia and Singapore do not; one of them may be named."""
    benefit = story.benefit("TH", "MY", "SG", request_rank=1)
    story.concur(benefit, "TH", conditions="At two ports only.")
    story.do("refuse", story.word(benefit, "MY"), story.people.seom("MY"), reason="Secret of Malaysia.")
    lead = story.people.seom("SG")
    story.do("refuse", story.word(benefit, "SG"), lead, reason="Not before 2028.", may_be_named="on")
    story.do("explain_request", story.case, story.asec, rank=2, reason="No lender has the mandate.")
    return benefit


def test_f3_what_is_left_out_is_told_in_full_inside_and_to_the_proponent_as_far_as_allowed(
    story, partly_given, signed_in
):
    page = reverse("benefits", args=[story.case.case.code])
    asec = signed_in(story.asec).get(page).content.decode()
    for words in ("Secret of Malaysia.", "Not before 2028.", "No lender has the mandate.", "No reason has been given"):
        assert words in asec
    story.explain()
    finalise = reverse("move", args=[story.case.case.code, "proposal", story.case.pk, "finalise_benefits"])
    chair = signed_in(story.chair).get(finalise).content.decode()
    assert "Benefit 1 is given without Malaysia and Singapore." in chair
    writer = signed_in(story.writer)
    before = writer.get(page).content.decode()
    story.do("finalise_benefits", story.case, story.chair)
    assert states(partly_given) == {"TH": "concurred_with_conditions", "MY": "left_out", "SG": "left_out"}
    assert [state["code"] for state in schedule(story.case)[0]["given_by"]] == ["TH"]
    for html in (before, writer.get(page).content.decode()):
        assert "You are told by letter." in html
        assert "Thailand" not in html.partition("<main")[2]
    letter = story.approve(story.drafted())
    from aipbi.workflow import jobs

    jobs.run(story.job(letter).pk)
    story.do("issue_letter", story.case, story.chair)
    html = writer.get(page).content.decode()
    main = html.partition('id="asked"')[2]
    for words in (
        "Given by Thailand.",
        "At two ports only.",
        "Not every Member State that was asked gives it.",
        "Singapore: Does not concur. Not before 2028.",
        "No lender has the mandate.",
        "It needs more time.",
    ):
        assert words in main, words
    assert "Secret of Malaysia." not in html
    # Malaysia stands among those the proponent itself asked, and nowhere else.
    assert "Malaysia:" not in main


# --- common measures ---


def test_f3_a_benefit_begins_from_a_common_measure_or_a_request_and_stays_editable(story, signed_in):
    from facilitation.measures import latest

    client = signed_in(story.asec)
    page = reverse("move", args=[story.case.case.code, "proposal", story.case.pk, "propose_benefit"])
    template = latest("conformity")
    html = client.get(page, {"measure": "conformity"}).content.decode()
    assert template.measure in html
    assert f'name="begun_from" value="{template.pk}"' in html
    asked = client.get(page, {"request": 1}).content.decode()
    assert "Agree one wheeling charge method" in asked
    assert client.get(page, {"measure": "nothing", "request": "x"}).status_code == 200
    data = {
        "category": template.category, "measure": template.measure, "agreement": template.agreement,
        "given_by": ["TH"], "begun_from": template.pk,
    }  # fmt: skip
    assert refusal(story, "propose_benefit", **data) == {
        "measure": ["Replace “[products]” by what holds for this case."]
    }
    story.do("propose_benefit", story.case, story.asec, **data | {"measure": "Test reports on cables are accepted."})
    benefit = Benefit.objects.get()
    assert (benefit.begun_from, benefit.measure) == (template, "Test reports on cables are accepted.")


def test_f3_changing_a_common_measure_is_a_new_version_and_benefits_keep_theirs(story, signed_in):
    from facilitation.measures import latest, load
    from facilitation.models import MeasureTemplate

    old = latest("contact_point")
    story.benefit("TH", begun_from=old.pk)
    client = signed_in(story.people.admin())
    change = reverse("admin:facilitation_measuretemplate_change", args=[old.pk])
    sent = {"title": old.title, "category": old.category, "measure": "Two offices.", "conditions": "", "body": "SEOM",
            "agreement": ""}  # fmt: skip
    assert client.post(change, sent | {"category": "ships"}).status_code == 200
    assert client.post(change, sent).status_code == 302
    new = latest("contact_point")
    assert (new.number, new.measure, new.written_by) == (2, "Two offices.", story.people.admin().person)
    assert Benefit.objects.get().begun_from == old
    assert load() == 0
    assert client.post(change, sent | {"retired": "on"}).status_code == 302
    assert latest("contact_point") is None
    assert MeasureTemplate.objects.filter(code="contact_point").count() == 3
    assert BenefitWording.objects.count() == 1


# --- the desk ---


def test_r7_what_is_answered_on_one_page_is_one_line_of_a_desk_and_each_of_it_is_still_owed(
    story, signed_in, django_assert_num_queries
):
    for n in range(3):
        story.benefit("TH", "MY", measure=f"Measure {n}.")
    lead, asec = signed_in(story.people.seom("TH")), signed_in(story.asec)
    with CaptureQueriesContext(connection) as queries:
        said = lead.get(reverse("desk")).text
    asked = len(queries)
    mine = said.split('id="awaited"')[0]
    assert mine.count(f'href="{reverse("benefits", args=[story.case.case.code])}"') == 1
    assert "Answer whether the Member State concurs in 3 benefits" in mine
    # What waits on others is told by how many they owe, and with the day of whoever has another.
    Obligation.objects.filter(kind="concurrence").update(due_at=timezone.now() + timedelta(days=30))
    awaited = asec.get(reverse("desk")).text.split('id="awaited"')[1].split("</section>")[0]
    assert (
        "<strong>SEOM lead, Malaysia; SEOM lead, Thailand</strong>: Answer whether the Member State concurs in 3 benefits"
        in awaited
    )
    # Under its own light, and with the date, of the one that is due first.
    owed = Obligation.objects.open().filter(kind="concurrence", case_id=story.case.pk, office__ams="TH")
    assert owed.count() == 3
    first, second, third = owed.order_by("-pk")
    Obligation.objects.filter(pk=first.pk).update(due_at=timezone.now() - timedelta(days=2))
    late = lead.get(reverse("desk"), {"light": "overdue"}).text
    assert "concurs in 3 benefits" in late
    assert "Overdue by 2 days" in late
    assert "concur" not in lead.get(reverse("desk"), {"light": "later"}).text
    for one in (second, third):
        story.concur(Concurrence.objects.get(pk=one.subject_pk).benefit, "TH")
    with django_assert_num_queries(asked):
        left = lead.get(reverse("desk")).text.split('id="awaited"')[0]
    assert "Answer whether the Member State concurs in a benefit<" in left
    # What stands still is told apart from what runs.
    Obligation.objects.filter(pk=first.pk).update(paused_at=timezone.now())
    story.benefit("TH", "MY", measure="Measure 4.")
    said = lead.get(reverse("desk")).text.split('id="awaited"')[0]
    assert said.count("Answer whether the Member State concurs in a benefit<") == 2


def test_r7_l5_what_is_answered_on_one_page_is_reminded_of_once(story):
    for n in range(3):
        story.benefit("TH", "MY", measure=f"Measure {n}.")
    owed = Obligation.objects.open().filter(kind="concurrence", case_id=story.case.pk, office__ams="TH")
    lead = Notice.objects.filter(person=story.people.seom("TH").person)
    said = reminders.by_hand(story.case.pk, owed[0].pk, as_=story.asec)
    assert said.startswith("SEOM lead, Thailand: ")
    assert said.endswith(" 3 benefits")
    [told] = lead.filter(what="remind-hand")
    assert told.words.endswith(" 3 benefits")
    assert len(reminders.already([one.pk for one in owed])) == 3
    # By the clock, too; what is due on another day has its own.
    Obligation.objects.filter(pk=owed[2].pk).update(due_at=owed[2].due_at + timedelta(days=1))
    reminders.remind(owed[0].due_at - timedelta(hours=6))
    assert [one.words.endswith(" 2 benefits") for one in lead.filter(what="remind-day")] == [True]
