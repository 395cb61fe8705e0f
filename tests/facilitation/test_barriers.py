"""F1: barriers over all cases, counted and on a board; nobody reads more there than on the cases."""

import pytest
from django.urls import reverse

from facilitation import barriers
from facilitation.models import Challenge


def shown(client, name, **query):
    return client.get(reverse(name), query).content.decode()


def test_f1_the_list_counts_which_recur_and_leads_to_them(story, signed_in):
    story.sent(challenge=story.challenge().pk)
    narrowed = barriers.Filter({})
    ways = barriers.recurring(barriers.found_by(story.asec, narrowed), {"state": "open"})
    counted = [{row.label: (row.cases, row.challenges) for row in way.rows} for way in ways]
    assert counted[0] == {"Industrial policies": (1, 2), "Financing": (1, 1)}
    assert counted[1] == {"Thailand": (1, 2), "Lao PDR": (1, 1), "Malaysia": (1, 1), "Singapore": (1, 1)}
    assert counted[2] == {"AMEM": (1, 1)}
    assert list(counted[3].values()) == [(1, 3)]
    assert ways[0].rows[0].url == "?state=open&category=industrial_policies"
    page = shown(signed_in(story.asec), "barriers", category="financing")
    assert story.challenge(2).description[:60] in page
    assert story.challenge(1).description[:60] not in page
    assert "Select a valid choice" in shown(signed_in(story.asec), "barriers", category="nothing")


@pytest.mark.parametrize("name", ["barriers", "barriers_board"])
def test_u5_who_may_not_open_the_case_finds_no_barrier_of_it(story, signed_in, name):
    secret = story.challenge().description[:60]
    assert secret in shown(signed_in(story.asec), name)
    assert secret in shown(signed_in(story.people.seom("TH")), name)
    assert secret not in shown(signed_in(story.people.seom("VN")), name)
    for stranger in (story.writer, story.people.body("AMEM")):
        assert signed_in(stranger).get(reverse(name)).status_code == 404


def test_f1_the_board_has_a_column_for_each_state_with_the_moves_as_links(story, signed_in):
    story.do("resolve", story.challenge(2), story.asec, outcome="Done.")
    page = shown(signed_in(story.people.fg_gvc("BN")), "barriers_board")
    columns = page.split('class="facil-column"')[1:]
    assert [column.count("facil-board-card__what") for column in columns] == [2, 0, 0, 1, 0]
    code = story.case.case.code
    assert reverse("move", args=[code, "challenge", story.challenge(1).pk, "take_up"]) in columns[0]
    assert reverse("move", args=[code, "challenge", story.challenge(2).pk, "reopen_challenge"]) in columns[3]
    reads = shown(signed_in(story.people.seom("TH")), "barriers_board")
    assert "take_up" not in reads


def test_f1_the_heaviest_comes_first(story):
    last = story.challenge(3)
    data = {"category": last.category_id, "ams": ["SG"], "description": last.description, "evidence": ""}
    story.do("edit_challenge", last, story.asec, severity="stops", **data)
    order = [one.number for one in barriers.laid_out(Challenge.objects.filter(proposal=story.case))]
    assert order == [3, 1, 2]
