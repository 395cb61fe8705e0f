"""Evidence (R3): what a rating rests on is linked and kept to the version; two windows keep both; a filing is kept whole."""

import re

import pytest
from django.db import connection, transaction
from django.db.utils import Error

from aipbi.documents.models import StoredFile
from proposals.moves.inbox import CHECKLIST
from review.models import Assessment, Filing
from tests.documents import samples
from tests.review import steps
from tests.review.test_assessments import path
from tests.support import cases
from tests.support.cases import do

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(people):
    return steps.under_assessment(people)


def evidence(people, case, number=1):
    return steps.of(people, case, 1).ratings.get(parameter__number=number).evidence


def test_r3_answers_and_questions_are_ticked_linked_and_kept_to_the_version(people, case, signed_in):
    do(steps.fresh(case), "ask_clarification", people.asec(), question="Which line is meant?")
    assessment, browser = steps.of(people, case, 1), signed_in(people.expert(1))
    page = browser.get(path(assessment)).text
    assert 'value="answer:summary"' in page
    assert "cite_2" in page
    question = re.search(r'value="(question:\d+)"', page)[1]
    sent = {"seen": 0, "cites": "on", "cite_1": ["answer:summary", question, ""], "why_1": "Says so."}
    assert browser.post(path(assessment), sent).status_code == 302
    assert [one["kind"] for one in evidence(people, case)] == ["answer", "question"]
    shown = browser.get(path(assessment, "file_assessment")).text
    assert f"/cases/{case.case.code}/proposal/?version=1#at-summary" in shown
    assert f"#{question.replace(':', '-')}" in shown
    target = browser.get(f"/cases/{case.case.code}/proposal/?version=1").text
    assert 'id="at-summary"' in target
    assert 'id="at-roadblocks-0"' in target


def test_r3_a_page_of_a_file_opens_there(people, signed_in):
    draft = do(
        cases.draft(people), "add_file", people.proponent(), files={"file": samples.upload(samples.PDF, "grid.pdf")}
    )
    case = do(draft, "submit", people.proponent(), declaration="on")
    case = do(case, "support", people.seom("LA"), statement="We support it.")
    case = do(case, "register", people.asec(), **dict.fromkeys(CHECKLIST, "yes"))
    case = steps.under_assessment(people, case=case)
    file, assessment = StoredFile.objects.get(purpose="attachment"), steps.of(people, case, 1)
    reader = signed_in(people.expert(1))
    sent = {"seen": 0, "cites": "on", "file_1_0": file.sha256, "page_1_0": "1"}
    assert reader.post(path(assessment), sent).status_code == 302
    page = f"/files/{file.pk}/pages/1/"
    shown = reader.get(path(assessment, "file_assessment")).text
    assert f'href="{page}">grid.pdf, page 1' in shown
    assert f"{page}picture/" in reader.get(page).text
    assert b"".join(reader.get(f"{page}picture/").streaming_content).startswith(b"\x89PNG")
    assert reader.get(f"/files/{file.pk}/pages/99/picture/").status_code == 404
    assert signed_in(people.seom("BN")).get(page).status_code == 404


@pytest.mark.parametrize("sent", [{"cite_1": "answer:nothing"}, {"page_1_0": "3"}, {"file_1_0": "1" * 64}])
def test_r3_evidence_that_is_not_there_is_refused_and_the_words_stay(people, case, signed_in, sent):
    assessment, browser = steps.of(people, case, 1), signed_in(people.expert(1))
    answer = browser.post(path(assessment), {"seen": 0, "cites": "on", "why_1": "Typed.", **sent})
    assert answer.status_code == 422
    assert "Typed." in answer.text


def test_l2_two_windows_keep_what_each_changed_and_show_what_both_did(people, case, signed_in):
    assessment, browser = steps.of(people, case, 1), signed_in(people.expert(1))
    first = {"seen": 0, "cites": "on", "level_1": "3", "why_1": "First window.", "why_2": "Only here.", "cite_3": "answer:requests[0]"}  # fmt: skip
    assert browser.post(path(assessment), first).status_code == 302
    second = browser.post(path(assessment), {"seen": 0, "cites": "on", "why_1": "Second window.", "level_4": "2"})
    assert second.status_code == 409
    told = second.text
    assert "Changed in both windows" in told
    assert "First window." in told
    assert re.search(r'name="why_1"[^>]*>\s*Second window\.', told)
    assert re.search(r'name="why_2"[^>]*>\s*Only here\.', told)
    assert re.search(r'value="answer:requests\[0\]" checked', told)
    assert re.search(r'name="level_1"[^>]*value="3" checked|value="3" checked', told)
    form = {"seen": re.search(r'name="seen" value="(\d+)"', told)[1], "cites": "on", "level_1": "3", "level_4": "2"}
    form |= {"why_1": "Second window.", "why_2": "Only here.", "cite_3": "answer:requests[0]"}
    assert browser.post(path(assessment), form).status_code == 302
    ratings = {one.parameter.number: one for one in steps.of(people, case, 1).ratings.select_related("parameter")}
    assert (ratings[1].level, ratings[1].justification, ratings[4].level) == (3, "Second window.", 2)
    assert (ratings[2].justification, len(ratings[3].evidence)) == ("Only here.", 1)


def test_r3_a_filing_is_kept_whole_with_the_words_it_answered_and_nobody_changes_it(people, case):
    assessment = steps.file(people, case, 1)
    kept = Filing.objects.get(assessment=assessment)
    assert kept.content["criteria_edition"] == case.criteria_edition_id
    assert kept.content["ratings"][0]["levels"][0]
    assert len(kept.content["ratings"]) == 9
    for statement in (
        "UPDATE review_rating SET level = 0",
        "DELETE FROM review_criterionverdict",
        "UPDATE review_assessment SET overall = 'not_eligible'",
        "UPDATE review_filing SET content = '{}'",
    ):
        with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_r4_a_level_changed_after_reading_the_others_says_so(people, case, signed_in):
    review = f"/cases/{case.case.code}/review/"
    for number in (1, 2):
        steps.file(people, case, number)
    assert "side by side" in signed_in(people.expert(1)).get(review).text
    do(steps.of(people, case, 1), "reopen_assessment", people.asec(), reason="Parameter 5 says turnover.")
    assert "Assessments side by side" not in signed_in(people.expert(2)).get(review).text
    steps.file(people, case, 1, level_5=0)
    assert Assessment.objects.get(pk=steps.of(people, case, 1).pk).filings.count() == 2
    page = signed_in(people.asec()).get(review).text
    assert page.count("changed the level after reading the others") == 1
    do(steps.fresh(case), "file_consolidated", people.asec(), **steps.TEXTS)
    lines = steps.fresh(case).consolidated_reports.get().figures["lines"]
    assert [one["number"] for one in lines if one["late"]] == [5]


def test_u2_an_expert_whose_appointment_ended_with_the_form_open_keeps_the_words(people, case, signed_in):
    assessment, browser = steps.of(people, case, 1), signed_in(people.expert(1))
    invitation = case.invitations.get(expert=people.expert(1).person.pk)
    do(invitation, "withdraw_invitation", people.asec(), reason="Moved to a partner.")
    sent = {"seen": 0, "why_1": "Two pages of reasons."}
    own = {"Origin": "http://testserver"}
    answer = browser.post(path(assessment), sent, headers=own)
    assert answer.status_code == 404
    assert "Two pages of reasons." in answer.text
    by_itself = browser.post(path(assessment), sent, headers={**own, "X-Saves-By-Itself": "1"})
    assert "no longer open to you" in by_itself.json()["refused"]
