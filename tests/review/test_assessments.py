"""Assessments (R3): partial saves, filing whole, frozen, given back by ASEC."""

import re

import pytest

from aipbi.accounts.capacity import today
from aipbi.accounts.models import Member
from aipbi.workflow.errors import Blocked, Invalid, NotOpen, NotYours, Stale
from aipbi.workflow.models import TrailEntry
from tests.review import steps
from tests.support.cases import do

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(people):
    return steps.under_assessment(people)


def path(assessment, move="save_assessment"):
    return f"/cases/{assessment.proposal.case.code}/assessment/{assessment.pk}/{move}/"


def test_r3_nothing_is_chosen_beforehand_and_all_levels_are_described(people, case, signed_in):
    assessment = steps.of(people, case, 1)
    page = signed_in(people.expert(1)).get(path(assessment)).text
    assert not re.search(r"<input[^>]* checked", page)
    for rating in assessment.ratings.select_related("parameter"):
        assert rating.parameter.question in page
    assert page.count('type="radio"') == 9 * 5 + 3 * 3 + 3 + 3


def test_r3_a_part_is_saved_and_the_rest_stays_empty(people, case):
    assessment = do(steps.of(people, case, 1), "save_assessment", people.expert(1), level_4="0", why_7="Few suppliers.")
    ratings = {one.parameter.number: one for one in assessment.ratings.select_related("parameter")}
    assert ratings[4].level == 0
    assert ratings[7].justification == "Few suppliers."
    assert [n for n, one in ratings.items() if one.level is not None] == [4]


def test_l4_a_save_puts_on_the_trail_what_changed(people, case):
    steps.save(people, case, 1)
    do(
        steps.of(people, case, 1),
        "save_assessment",
        people.expert(1),
        **everything(steps.of(people, case, 1), level_2=1),
    )
    entry = TrailEntry.objects.filter(action="save_assessment").latest("number")
    assert entry.details == {"level_2": 1}
    assert entry.audience == "asec"


def everything(assessment, **changes):
    from review.assessments.moves import _saved

    return {**_saved(assessment), **changes}


@pytest.mark.parametrize("level", ["5", "-1", "three"])
def test_r3_a_level_out_of_range_is_refused(people, case, level):
    with pytest.raises(Invalid, match="level_1"):
        do(steps.of(people, case, 1), "save_assessment", people.expert(1), level_1=level)


@pytest.mark.parametrize(
    "gap",
    [
        {"level_9": ""},
        {"why_1": " "},
        {"verdict_2": ""},
        {"overall": ""},
        {"confidence": ""},
        {"overall": "with_conditions"},
    ],
)
def test_r3_filing_needs_every_part(people, case, gap):
    steps.save(people, case, 1, **gap)
    with pytest.raises(Blocked, match="1 answer is still missing"):
        do(steps.of(people, case, 1), "file_assessment", people.expert(1), own_view="on")


def test_r3_the_check_names_and_links_what_is_missing(people, case, signed_in):
    assessment = steps.save(people, case, 1, level_9="")
    page = signed_in(people.expert(1)).get(path(assessment, "file_assessment")).text
    assert "Parameter 9 has no rating." in page
    assert f'{path(assessment)}#parameter-9"' in page


def test_r1_an_expert_who_joined_the_proponent_meanwhile_files_nothing(people, case):
    assessment = steps.save(people, case, 1)
    Member.objects.create(person=people.expert(1).person, organisation=case.organisation, role="viewer", starts=today())
    with pytest.raises(Blocked, match="conflict of interest that came up after you were appointed"):
        do(assessment, "file_assessment", people.expert(1), own_view="on")
    assert steps.of(people, case, 1).state == "drafting"


def test_r3_filed_once_and_frozen(people, case):
    assessment = steps.file(people, case, 1)
    assert assessment.state == "filed"
    for move, data in (("save_assessment", {"level_1": "0"}), ("file_assessment", {"own_view": "on"})):
        with pytest.raises(NotOpen):
            do(steps.fresh(assessment), move, people.expert(1), **data)
    assert steps.of(people, case, 1).ratings.filter(level=None).count() == 0


def test_r3_asec_gives_it_back_with_a_reason_and_the_clock_runs_again(people, case, signed_in):
    assessment = steps.file(people, case, 1)
    with pytest.raises(NotYours):
        do(assessment, "reopen_assessment", people.expert(1), reason="I want to.")
    assessment = do(steps.fresh(assessment), "reopen_assessment", people.asec(), reason="Parameter 5 says turnover.")
    assert (assessment.state, assessment.filed_at) == ("drafting", None)
    assert "Parameter 5 says turnover." in signed_in(people.expert(1)).get(path(assessment)).text
    assert case.case.obligations.open().filter(kind="assess", person=people.expert(1).person).exists()
    assert do(steps.fresh(assessment), "file_assessment", people.expert(1), own_view="on").state == "filed"


def test_r3_the_version_assessed_is_named(people, case):
    assert steps.of(people, case, 1).version == steps.fresh(case).version


def test_l2_a_second_window_keeps_its_words_and_is_told(people, case, signed_in):
    browser, assessment = signed_in(people.expert(1)), steps.of(people, case, 1)
    first = browser.post(path(assessment), {"seen": 0, "level_1": "3", "why_1": "First window."})
    assert first.status_code == 302
    second = browser.post(path(assessment), {"seen": 0, "level_1": "1", "why_1": "Second window."})
    assert second.status_code == 409
    assert "Second window." in second.text
    assert steps.of(people, case, 1).ratings.get(parameter__number=1).justification == "First window."


def test_l2_a_resent_form_is_saved_once(people, case, signed_in):
    browser, assessment = signed_in(people.expert(1)), steps.of(people, case, 1)
    data = {"seen": 0, "level_1": "3", "why_1": "Once."}
    assert [browser.post(path(assessment), data).status_code for _n in range(2)] == [302, 302]
    assert TrailEntry.objects.filter(action="save_assessment").count() == 1


def test_r3_it_saves_by_itself_and_says_so(people, case, signed_in):
    browser, assessment = signed_in(people.expert(1)), steps.of(people, case, 1)
    header = {"X-Saves-By-Itself": "1"}
    said = browser.post(path(assessment), {"seen": 0, "level_1": "2"}, headers=header)
    assert said.json()["seen"] == 1
    late = browser.post(path(assessment), {"seen": 0, "level_1": "4"}, headers=header)
    assert (late.status_code, late.json()) == (409, {"overtaken": True})
    assert steps.of(people, case, 1).ratings.get(parameter__number=1).level == 2


def test_u5_nobody_writes_in_somebody_elses_assessment(people, case, signed_in):
    assessment = steps.of(people, case, 1)
    for other in (
        people.expert(2),
        people.expert(3),
        people.proponent(),
        people.seom("LA"),
        people.fg_gvc("LA"),
        people.asec(),
    ):
        with pytest.raises(NotYours):
            do(assessment, "save_assessment", other, level_1="0")
        assert signed_in(other).get(path(assessment)).status_code == 404


def test_a_stale_filing_is_refused(people, case):
    assessment = steps.save(people, case, 1)
    steps.save(people, case, 1, level_1=0)
    with pytest.raises(Stale):
        do(assessment, "file_assessment", people.expert(1), own_view="on")
