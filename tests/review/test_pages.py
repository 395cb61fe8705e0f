"""The two tabs and the pages of long moves, for every role, at a cost that does not grow with the rows."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.review import steps
from tests.support.cases import do

pytestmark = pytest.mark.django_db


def tab(case, name):
    return f"/cases/{case.case.code}/{name}/"


def queries(client, path):
    client.get(path)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(path).status_code == 200
    return len(captured)


def test_u5_who_opens_which_tab(people, signed_in):
    case = steps.before_fg_gvc(people)
    inside = (
        people.asec(),
        people.proponent(),
        people.seom("LA"),
        people.seom("TH"),
        people.fg_gvc("VN"),
        people.expert(1),
    )
    outside = (
        people.seom("VN"),
        people.expert(3),
        people.body("AMEM"),
        people.admin(),
        people.proponent("Straits Power Retail", country="SG"),
    )
    for reader in inside:
        assert signed_in(reader).get(tab(case, "review")).status_code == 200, reader.label
    for stranger in outside:
        for name in ("review", "decision"):
            assert signed_in(stranger).get(tab(case, name)).status_code == 404, stranger.label


def test_the_decision_tab_is_not_for_experts(people, signed_in):
    case = steps.before_fg_gvc(people)
    steps.say(people, case, LA="object")
    page = signed_in(people.expert(1)).get(tab(case, "review")).text
    assert tab(case, "decision") not in page
    assert "transit rules" not in signed_in(people.expert(1)).get(tab(case, "decision")).text


def test_l3_the_round_says_what_the_positions_allow(people, signed_in):
    case = steps.before_fg_gvc(people)
    page = signed_in(people.fg_gvc("LA")).get(tab(case, "decision")).text
    assert "Still awaited: Lao PDR, Malaysia, Singapore and Thailand." in page
    assert "No decision can be recorded yet." in page
    steps.say(people, case, LA="approve", TH="object", MY="approve", SG="approve")
    page = signed_in(people.fg_gvc("LA")).get(tab(case, "decision")).text
    assert "Thailand objects." in page
    assert "If Thailand stepped aside under ASEAN Minus X" in page
    assert "<strong>Not approved or Deferred</strong>" in page


def test_the_page_of_the_decision_offers_what_is_allowed_and_chooses_nothing(people, signed_in):
    case = steps.before_fg_gvc(people)
    steps.say(people, case, LA="approve", TH="defer", MY="approve", SG="approve")
    page = signed_in(people.chair()).get(f"/cases/{case.case.code}/proposal/{case.pk}/record_decision/").text
    assert 'value="deferred"' in page
    assert 'value="approved"' not in page
    assert " checked" not in page


def test_an_invalid_position_keeps_what_was_typed(people, signed_in):
    case = steps.before_fg_gvc(people)
    position = steps.position(case, "TH")
    path = f"/cases/{case.case.code}/position/{position.pk}/give_position/"
    answer = signed_in(people.seom("TH")).post(path, {"seen": 0, "value": "object", "text": ""})
    assert answer.status_code == 422
    assert "Give the reason why your country objects" in answer.text
    assert 'value="object" checked' in answer.text


def test_the_tabs_cost_the_same_with_one_and_with_three_rows(people, signed_in):
    case = steps.under_assessment(people)
    asec = signed_in(people.asec())
    for number in (1, 2):
        steps.file(people, case, number)
    do(steps.fresh(case), "ask_clarification", people.asec(), question="One?")
    before = queries(asec, tab(case, "review"))
    steps.accept(people, case, 3)
    steps.file(people, case, 3)
    for question in ("Two?", "Three?"):
        do(steps.fresh(case), "ask_clarification", people.expert(3), question=question)
    assert queries(asec, tab(case, "review")) == before
    assert before <= 24


def test_the_roster_costs_the_same_with_one_and_with_three_experts(people, signed_in):
    asec = signed_in(people.asec())
    people.expert(1)
    before = queries(asec, "/experts/")
    people.expert(2)
    people.expert(3)
    assert queries(asec, "/experts/") == before


def test_r2_an_expert_who_accepted_reads_what_comes_next(people, signed_in):
    case = steps.confirmed(people, "LA", "TH")
    steps.accept(people, case, 1)
    page = signed_in(people.expert(1)).get(tab(case, "review")).content.decode()
    assert "Your assessment opens here once the Secretariat starts the assessment" in page
