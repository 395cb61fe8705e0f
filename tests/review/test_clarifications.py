"""Questions to the proponent (R5): asked, answered with a file, the experts' clock standing still where ASEC says so."""

from datetime import timedelta

import pytest

from aipbi.workflow.errors import Blocked, NotYours
from aipbi.workflow.models import Obligation
from review.models import Clarification
from tests.review import steps
from tests.support.cases import do

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(people):
    return steps.under_assessment(people)


def ask(people, case, as_=None, **data):
    do(steps.fresh(case), "ask_clarification", as_ or people.asec(), question="Which line is meant?", **data)
    return Clarification.objects.latest("pk")


def clocks_of_experts():
    return Obligation.objects.filter(kind="assess", closed_at=None)


def test_r5_the_answer_closes_what_the_proponent_owes(people, case):
    question = ask(people, case)
    owed = Obligation.objects.get(kind="answer_clarification")
    assert (owed.organisation, owed.closed_at) == (case.organisation, None)
    question = do(question, "answer_clarification", people.proponent(), answer="The northern one.")
    owed.refresh_from_db()
    assert question.state == "answered"
    assert owed.closed_at


def test_r5_the_clock_stands_still_only_where_asec_says_so(people, case):
    ask(people, case, people.expert(1), pauses="on")
    assert not clocks_of_experts().filter(paused_at__isnull=False).exists()
    ask(people, case, pauses="on")
    assert clocks_of_experts().filter(paused_at__isnull=False).count() == 2


def test_r5_asec_may_stop_the_clock_for_an_experts_question(people, case):
    question = ask(people, case, people.expert(1))
    do(question, "stop_clock", people.asec())
    assert clocks_of_experts().filter(paused_at__isnull=False).count() == 2
    with pytest.raises(Blocked):
        do(steps.fresh(question), "stop_clock", people.asec())
    with pytest.raises(NotYours):
        do(steps.fresh(question), "stop_clock", people.expert(1))


def test_r5_the_answer_lets_the_clock_go_on_with_the_days_it_had(people, case):
    question = ask(people, case, pauses="on")
    before = clocks_of_experts().first().due_at
    clocks_of_experts().update(paused_at=clocks_of_experts().first().paused_at - timedelta(days=14))
    do(question, "answer_clarification", people.proponent(), answer="The northern one.")
    after = clocks_of_experts().first()
    assert after.paused_at is None
    assert after.due_at >= before + timedelta(days=12)


def test_r5_a_second_question_still_holds_the_clock(people, case):
    first, _second = ask(people, case, pauses="on"), ask(people, case, pauses="on")
    do(first, "answer_clarification", people.proponent(), answer="Yes.")
    assert clocks_of_experts().filter(paused_at__isnull=False).count() == 2


def test_experts_ask_only_while_they_assess(people, case):
    for number in (1, 2):
        steps.file(people, case, number)
    do(steps.fresh(case), "file_consolidated", people.asec(), **steps.TEXTS)
    with pytest.raises(Blocked):
        ask(people, case, people.expert(1))
    assert ask(people, case).asked_as == "asec_officer"


def test_u5_only_the_proponents_writers_answer(people, case):
    from aipbi.accounts.enums import Membership

    question = ask(people, case)
    others = (
        people.proponent("Straits Power Retail", country="SG"),
        people.proponent(membership=Membership.VIEWER),
        people.seom("LA"),
    )
    for other in others:
        with pytest.raises(NotYours):
            do(question, "answer_clarification", other, answer="Not mine to say.")


def test_r5_member_states_read_answered_questions_alone(people, case, signed_in):
    page = f"/cases/{case.case.code}/review/"
    question = ask(people, case)
    assert "Which line is meant?" not in signed_in(people.seom("TH")).get(page).text
    do(question, "answer_clarification", people.proponent(), answer="The northern one.")
    assert "The northern one." in signed_in(people.seom("TH")).get(page).text


def test_r5_a_question_goes_through_asec_where_the_expert_or_the_setting_says_so(people, case, signed_in):
    from aipbi.asean.models import Default

    page = f"/cases/{case.case.code}/review/"
    question = ask(people, case, people.expert(1), first_to_asec="on")
    assert question.state == "proposed"
    for other in (people.proponent(), people.expert(2), people.seom("TH")):
        assert "Which line is meant?" not in signed_in(other).get(page).text
    assert "Which line is meant?" in signed_in(people.expert(1)).get(page).text
    question = do(question, "put_question", people.asec(), question="Which of the two lines is meant?")
    assert question.state == "asked"
    for reader in (people.proponent(), people.expert(2)):
        assert "Which of the two lines" in signed_in(reader).get(page).text
    Default.objects.filter(key="questions_through_asec").update(value=True)
    from aipbi.asean import defaults

    defaults.changed()
    second = ask(people, case, people.expert(2))
    assert second.state == "proposed"
    second = do(second, "turn_down_question", people.asec(), turned_down="It is answered in section 4.")
    assert "It is answered in section 4." in signed_in(people.expert(2)).get(page).text
    assert "It is answered in section 4." not in signed_in(people.proponent()).get(page).text
    assert not Obligation.objects.open().filter(kind="put_question").exists()


def test_r5_a_question_is_linked_from_its_section_and_followed_up(people, case, signed_in):
    from aipbi.asean.models import Parameter

    about = Parameter.objects.get(edition=case.criteria_edition_id, number=2)
    question = ask(people, case, people.expert(1), parameter=about.pk)
    do(question, "answer_clarification", people.proponent(), answer="The northern one.")
    do(steps.fresh(question), "follow_up", people.expert(2), question="And by when?", parameter=about.pk)
    follow_up = Clarification.objects.latest("pk")
    assert follow_up.follows_id == question.pk
    for reader in (people.proponent(), people.expert(1), people.seom("TH")):
        page = signed_in(reader).get(f"/cases/{case.case.code}/proposal/?version=1").text
        assert f"/cases/{case.case.code}/review/#question-{question.pk}" in page
    assessment = steps.of(people, case, 1)
    beside = (
        signed_in(people.expert(1)).get(f"/cases/{case.case.code}/assessment/{assessment.pk}/save_assessment/").text
    )
    assert "The northern one." in beside


def test_r5_asec_names_the_day_and_none_that_is_over_or_free(people, case):
    from aipbi.asean import clocks
    from aipbi.workflow.errors import Invalid

    here = clocks.calendar("LA")
    day = here.add(here.day(case.moved_at), 7)
    question = ask(people, case, due=day.isoformat())
    owed = Obligation.objects.get(kind="answer_clarification", subject_pk=question.pk)
    assert here.day(owed.due_at) == day
    weekend = day + timedelta(days=6 - day.weekday() if day.weekday() != 6 else 0)
    for wrong in ("2020-01-02", weekend.isoformat(), "soon"):
        with pytest.raises(Invalid, match="due"):
            ask(people, case, due=wrong)
