"""Where there is no consensus yet, and who speaks: consulting again, escalating, deferring, two offices (D2, D5, L2)."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction
from django.db.utils import Error
from django.utils import timezone

from aipbi.accounts.capacity import today
from aipbi.accounts.models import Appointment
from aipbi.templatetags import portal
from aipbi.workflow import invariants
from aipbi.workflow.errors import Blocked, Invalid, NotYours
from review.models import Clearing, Consultation, Decision, Escalation, Round
from tests.documents import samples
from tests.review import steps
from tests.support.cases import do

pytestmark = pytest.mark.django_db

WHY = "Because of the transit rules."


def page(signed_in, case, reader):
    return signed_in(reader).get(f"/cases/{case.case.code}/decision/").text


def waits(text):
    """The one line that says what the round waits for."""
    found = re.search(r'portal-round__waits"><strong>(.*?)</strong>', text)
    return found.group(1) if found else ""


def the_round(case):
    return Round.objects.get(proposal=case, state__in=["open", "escalated"])


def open_owed(case, kind):
    return case.case.obligations.open().filter(kind=kind)


def test_d5_consulting_again_is_an_act_with_its_words_and_a_new_deadline(people, case, signed_in):
    steps.say(people, case, LA="approve", TH="object", MY="approve")
    before, later = the_round(case).deadline, steps.in_a_month() + timedelta(days=1)
    with pytest.raises(NotYours):
        do(the_round(case), "consult_again", people.seom("TH"), words="Again.", deadline=later.isoformat())
    with pytest.raises(Invalid, match="later than today"):
        do(the_round(case), "consult_again", people.chair(), words="Again.", deadline="2020-01-02")
    usual = do(the_round(case), "consult_again", people.chair(), words="Transit-4417", deadline=_workday(later))
    kept = Consultation.objects.get()
    assert (kept.deadline_before, kept.deadline, usual.state) == (before, usual.deadline, "open")
    # Whoever objects or is silent owes a position again, by the new day; the others do not.
    assert set(open_owed(case, "position").values_list("office__ams", "due_at")) == {
        ("TH", kept.deadline), ("SG", kept.deadline),
    }  # fmt: skip
    assert open_owed(case, "decide").get().due_at == kept.deadline
    text = page(signed_in, case, people.fg_gvc("MY"))
    assert "Transit-4417" in text
    assert waits(text).startswith("Waits for the position of Singapore, until")
    # Whoever objects and steps aside has spoken, and is not asked once more.
    steps.step_aside(people, case, "TH")
    assert set(open_owed(case, "position").values_list("office__ams", flat=True)) == {"SG"}
    do(the_round(case), "consult_again", people.chair(), words="Once more.", deadline=_workday(later))
    assert set(open_owed(case, "position").values_list("office__ams", flat=True)) == {"SG"}
    # Positions stand until they are changed.
    assert steps.position(case, "LA").value == "approve"
    for reader in (people.proponent(), people.expert(1)):
        for path in ("decision", "trail"):
            assert "Transit-4417" not in signed_in(reader).get(f"/cases/{case.case.code}/{path}/").text
    assert invariants.violations() == {}


def _workday(day):
    from aipbi.asean import clocks
    from review.rounds import deadlines

    return deadlines.common(day, clocks.calendars({"ID", "LA", "MY", "SG", "TH"})).isoformat()


def test_d5_an_escalation_has_its_question_its_day_and_its_answer_with_a_file(people, case, signed_in):
    steps.say(people, case, LA="approve", TH="object", MY="approve", SG="approve")
    due = _workday(steps.in_a_month())
    do(the_round(case), "escalate", people.chair(), forum="AEM", question="Question-to-ministers-31", due=due)
    assert the_round(case).state == "escalated"
    text = page(signed_in, case, people.seom("SG"))
    assert waits(text).startswith("Waits for the answer of the ASEAN Economic Ministers, until")
    assert "Question-to-ministers-31" in text
    # Meanwhile positions and decision stand still, and each is told why.
    with pytest.raises(Blocked, match="ministers or the council"):
        do(steps.position(case, "TH"), "give_position", people.fg_gvc("TH"), value="approve")
    with pytest.raises(Blocked, match="Record their answer first"):
        steps.decide(people, case, "not_approved")
    assert set(open_owed(case, "escalation").values_list("office__role", flat=True)) == {"asec_officer"}
    assert not open_owed(case, "decide").exists()

    answer = {"text": "The ministers ask all to go on.", "deadline": _workday(steps.in_a_month() + timedelta(days=3))}
    for given_on in ("2020-01-02", "2090-01-02"):
        with pytest.raises(Invalid, match="given_on"):
            do(the_round(case), "record_escalation", people.asec(), given_on=given_on, **answer)
    file = samples.upload()
    do(
        the_round(case),
        "record_escalation",
        people.asec(),
        files={"file": file},
        given_on=today().isoformat(),
        **answer,
    )
    kept = Escalation.objects.get()
    assert (kept.forum, kept.answer.text, the_round(case).state) == ("AEM", answer["text"], "open")
    assert set(open_owed(case, "position").values_list("office__ams", flat=True)) == {"TH"}
    # The Member States and ASEC read the file; nobody else.
    path = f"/files/{kept.answer.file.pk}/"
    statuses = [signed_in(reader).get(path).status_code for reader in (
        people.fg_gvc("BN"), people.seom("TH"), people.asec(), people.proponent(), people.expert(1), people.seom("BN"),
    )]  # fmt: skip
    assert statuses == [200, 200, 200, 404, 404, 404]
    for statement in ("UPDATE review_escalationanswer SET text = 'x'", "DELETE FROM review_escalation"):
        with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    steps.say(people, case, TH="no_objection")
    assert steps.decide(people, case, "approved").state == "approved"
    assert invariants.violations() == {}


def test_d5_a_deferral_has_its_question_and_how_it_was_cleared_up(people, case, signed_in):
    steps.say(people, case, LA="approve", TH="defer", MY="approve", SG="approve")
    for missing in ("question", "clearing"):
        with pytest.raises(Invalid, match=missing):
            steps.decide(people, case, "deferred", **{missing: ""})
    until = today() + timedelta(days=40)
    steps.decide(
        people, case, "deferred", question="Which-code-77?", clearing="ASEC-asks-78", clear_by=until.isoformat()
    )
    assert open_owed(case, "take_up").get().due_at.astimezone(ZoneInfo("Asia/Jakarta")).date() == until
    for reader in (people.proponent(), people.seom("TH"), people.fg_gvc("BN")):
        text = page(signed_in, case, reader)
        assert "Which-code-77?" in text
        assert "ASEC-asks-78" in text
        assert WHY not in text or reader.role != "proponent"
    form = f"/cases/{case.case.code}/proposal/{case.pk}/reopen/"
    assert "Which-code-77?" in signed_in(people.asec()).get(form).text
    do(steps.fresh(case), "reopen", people.asec(), stage="assessed", cleared_up="The-code-is-79")
    assert Clearing.objects.get().decision.question == "Which-code-77?"
    assert "The-code-is-79" in page(signed_in, case, people.seom("TH"))
    assert invariants.violations() == {}


def test_d2_two_offices_that_differ_the_last_word_stands_and_both_are_told(people, case, signed_in):
    member, lead = people.fg_gvc("TH"), people.seom("TH")
    do(steps.position(case, "TH"), "give_position", member, value="approve", text="")
    form = f"/cases/{case.case.code}/position/{steps.position(case, 'TH').pk}/give_position/"
    told = {"value": "object", "text": WHY, "seen": steps.position(case, "TH").revision}
    answer = signed_in(lead).post(form, told, follow=True)
    assert "Your country&#x27;s FG-GVC member said before: Approve. Yours stands now" in answer.text
    text = page(signed_in, case, people.fg_gvc("SG"))
    assert "FG-GVC member said before: Approve. The later word stands." in text
    assert steps.position(case, "TH").value == "object"
    words = "The two offices of your country gave different positions; the last one stands"
    told = case.case.notices.filter(words=words).values_list("office__role", flat=True)
    assert set(told) | {lead.role} == {"seom_lead", "fg_gvc_member"}
    trail = signed_in(people.asec()).get(f"/cases/{case.case.code}/trail/").text
    assert "Before, its other office said: Approve" in trail
    # Once they agree again, nothing is left to say.
    do(steps.position(case, "TH"), "give_position", member, value="object", text=WHY)
    assert "The later word stands." not in page(signed_in, case, people.fg_gvc("SG"))


def test_l2_the_chair_who_read_other_positions_records_nothing_and_is_told_whose_changed(people, case, signed_in):
    steps.say(people, case, LA="approve", TH="approve", MY="approve", SG="approve")
    chair = signed_in(people.chair())
    form = f"/cases/{case.case.code}/proposal/{case.pk}/record_decision/"
    shown = chair.get(form).text
    saw = re.search(r'name="saw" value="([^"]*)"', shown).group(1)
    steps.say(people, case, SG="no_objection")
    told = {"outcome": "approved", "reasons": "Reasons-typed-5", "saw": saw, "seen": steps.fresh(case).revision}
    answer = chair.post(form, told)
    assert answer.status_code == 422
    for said in ("Nothing was recorded: positions changed", "Singapore: now No objection", "Reasons-typed-5"):
        assert said in answer.text
    assert not Decision.objects.exists()
    told["saw"] = re.search(r'name="saw" value="([^"]*)"', answer.text).group(1)
    assert chair.post(form, told).status_code == 302
    assert Decision.objects.get().positions["SG"]["value"] == "no_objection"


def test_u2_an_appointment_that_ended_while_the_form_was_open_gives_no_position_and_loses_no_word(
    people, case, signed_in
):
    lead = people.seom("TH")
    client, held = signed_in(lead), steps.position(case, "TH")
    form = f"/cases/{case.case.code}/position/{held.pk}/give_position/"
    assert client.get(form).status_code == 200
    Appointment.objects.filter(person=lead.person).update(ends=today())
    typed = {"value": "object", "text": "Words-of-a-former-lead are many.", "seen": held.revision}
    answer = client.post(form, typed, headers={"origin": "http://testserver"})
    assert answer.status_code == 404
    assert "Words-of-a-former-lead are many." in answer.text
    assert steps.position(case, "TH").value == ""


def test_d6_whoever_leaves_while_the_round_is_open_decides_no_more(people, case, signed_in):
    steps.say(people, case, LA="approve", MY="approve", SG="approve")
    lead, member = people.seom("TH"), people.fg_gvc("TH")
    client, held = signed_in(member), steps.position(case, "TH")
    form = f"/cases/{case.case.code}/position/{held.pk}/give_position/"
    with pytest.raises(Invalid, match="reason"):
        do(case.participations.get(ams="TH"), "leave", lead, reason="")
    do(case.participations.get(ams="TH"), "leave", lead, reason="Budget-of-2027")
    assert not open_owed(case, "position").exists()
    typed = {"value": "object", "text": "Typed while the lead left us.", "seen": held.revision}
    answer = client.post(form, typed)
    assert answer.status_code == 409
    assert "Your country has left the project; it gives no position." in answer.text
    assert "Typed while the lead left us." in answer.text
    text = page(signed_in, case, lead)
    assert "It gives no position any more." in text
    assert "left while the round was open" in text
    assert waits(text) == "Waits for the chair of the FG-GVC to record the decision."
    steps.decide(people, case, "approved")
    assert (Decision.objects.get().left, Decision.objects.get().basis) == (["TH"], "consensus")
    assert "Left while the round was open: Thailand." in page(signed_in, case, people.asec())
    assert invariants.violations() == {}


def test_d6_where_the_originating_one_leaves_an_open_round_cannot_approve(people, case):
    steps.say(people, case, LA="approve", TH="approve", MY="approve", SG="approve")
    do(case.participations.get(ams="LA"), "leave", people.seom("LA"), reason="Plans changed.")
    with pytest.raises(Invalid, match="originating Member State, would not be among"):
        steps.decide(people, case, "approved")
    assert steps.decide(people, case, "not_approved").state == "not_approved"
    assert invariants.violations() == {}


def test_d1_an_observer_reads_that_it_gives_no_position(people, case, signed_in):
    for reader in (people.fg_gvc("BN"), people.fg_gvc("VN")):
        text = page(signed_in, case, reader)
        assert "it gives no position" in text
        assert "give_position" not in text
    path = f"/cases/{case.case.code}/position/{steps.position(case, 'TH').pk}/give_position/"
    assert signed_in(people.fg_gvc("VN")).get(path).status_code == 404


def test_d2_no_page_counts_positions(people, case, signed_in):
    """However many agree or object, the numbers that stand on any page are the same."""
    # Which place the case has in the list one came from counts no positions.
    place = r'<p class="portal-place__number">.*?</p>'
    left_out = re.compile(rf"{place}|<time.*?</time>|<script.*?</script>|<input[^>]*>|[?&]v=\w+", re.DOTALL)
    code = case.case.code
    number = re.compile(r"\b(\d+|one|two|three|four|five|none|all|most|majority|unanim\w+|votes?)\b", re.IGNORECASE)
    readers = (people.chair(), people.seom("MY"), people.asec(), people.fg_gvc("BN"))
    paths = ("/desk/", "/cases/", "/notices/", *(f"/cases/{code}/{tab}" for tab in ("", "decision/", "participation/")))

    def numbers():
        found = {}
        for reader in readers:
            client = signed_in(reader)
            for path in (*paths, *([f"/cases/{code}/proposal/{case.pk}/record_decision/"] if reader.is_chair else [])):
                text = re.sub(r"<[^>]+>", " ", left_out.sub(" ", client.get(path).text))
                assert not re.search(r"\d+ (of|/) \d+|in favour|against it|%", text), path
                found[reader.label, path] = sorted(number.findall(text.lower()))
        return found

    seen = []
    for objecting in (("TH",), ("TH", "MY"), ("TH", "MY", "SG")):
        with transaction.atomic():
            for ams in ("LA", "MY", "SG", "TH"):
                says = {"value": "object", "text": "So."} if ams in objecting else {"value": "approve", "text": "So."}
                do(steps.position(case, ams), "give_position", people.fg_gvc(ams), **says)
            seen.append(numbers())
            transaction.set_rollback(True)
    assert seen[0] == seen[1] == seen[2]


def test_l5_a_deadline_reads_right_on_both_sides_of_a_clock_change():
    """Brussels puts its clocks forward on 28 March 2027; Jakarta never does."""
    deadline = datetime(2027, 4, 2, 16, 59, 59, tzinfo=UTC)
    with timezone.override(ZoneInfo("Europe/Brussels")):
        assert portal.in_words(deadline) == "2 April 2027, 18:59 Brussels (23:59 Jakarta)"
        assert portal.in_words(deadline - timedelta(days=7)) == "26 March 2027, 17:59 Brussels (23:59 Jakarta)"
        # Eleven days, though one of them has 23 hours.
        now = datetime(2027, 3, 22, 17, 30, tzinfo=UTC)
        assert "Due in 11 days" in portal.due(deadline, now)
        assert "Due in 10 days" in portal.due(deadline, datetime(2027, 3, 22, 23, 30, tzinfo=UTC))
