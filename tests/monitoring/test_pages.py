"""The pages of monitoring: their cost, their way back, what they offer to whom (L3)."""

import pytest
from django.urls import reverse

from aipbi.workflow import invariants, registry
from monitoring.moves.report import EditReport
from tests.support.people import sign_in


def test_the_tab_costs_the_same_for_one_accepted_report_as_for_a_full_plan(
    story, client, django_assert_max_num_queries
):
    story.accepted()
    sign_in(client, story.people.asec())
    address = reverse("monitoring", args=[story.case.case.code])
    client.get(address)
    with django_assert_max_num_queries(18):
        client.get(address)


def test_a_report_page_does_not_ask_per_figure(story, client, django_assert_max_num_queries):
    story.accepted()
    sign_in(client, story.people.asec())
    address = reverse("report", args=[story.case.case.code, 1])
    client.get(address)
    with django_assert_max_num_queries(17):
        client.get(address)


def test_l3_the_page_offers_each_side_its_own_moves(story, client):
    plan = story.drafted()
    address = reverse("monitoring", args=[story.case.case.code])

    def offers(capacity, move):
        link = reverse("move", args=[story.case.case.code, "plan", plan.pk, move])
        return link in sign_in(client, capacity).get(address).content.decode()

    assert offers(story.writer, "propose")
    assert not offers(story.people.chair(), "propose")
    story.do("propose", plan, story.writer)
    assert offers(story.people.chair(), "agree")
    assert not offers(story.writer, "agree")
    assert not offers(story.people.asec(), "agree")


def test_l2_a_report_written_from_a_stale_page_is_not_carried_out_and_keeps_its_words(story, client):
    report = story.started()
    url = reverse("move", args=[story.case.case.code, "report", report.pk, "edit_report"])
    seen = report.revision
    story.do(
        "edit_report", report, story.walk.as_("editor@mekong-hydropower.example.org"), narrative="A colleague was first"
    )
    answer = sign_in(client, story.writer).post(url, {"seen": seen, "narrative": "My own words"})
    assert answer.status_code == 409
    assert "My own words" in answer.content.decode()
    assert "A colleague was first" in answer.content.decode()
    assert 'href="#id_narrative"' in answer.content.decode()
    assert story.report().narrative == "A colleague was first"


def test_writing_a_report_comes_back_to_the_report(story, client):
    report = story.started()
    url = reverse("move", args=[story.case.case.code, "report", report.pk, "edit_report"])
    answer = sign_in(client, story.writer).post(url, {"seen": report.revision, "narrative": "Saved"})
    assert answer.url == reverse("report", args=[story.case.case.code, 1])
    assert registry.get("report", "edit_report") is EditReport


def test_a_report_number_that_does_not_exist_is_not_found(story, client):
    story.started()
    assert sign_in(client, story.writer).get(reverse("report", args=[story.case.case.code, 7])).status_code == 404


@pytest.mark.parametrize("until", ["drafted", "agreed", "started", "filed", "accepted"])
def test_invariants_hold_at_every_step(story, until):
    getattr(story, until)()
    assert invariants.violations() == {}
