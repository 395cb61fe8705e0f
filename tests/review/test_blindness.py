"""R4: experts don't see each other's work until all have filed, and proponents never learn who they are.

Each test puts something there that could leak: a name, a marked text, a file.
"""

import re

import pytest

from aipbi.accounts.models import Person
from aipbi.documents.models import StoredFile
from aipbi.workflow.calendars import feeds
from aipbi.workflow.models import Notice
from review.models import Clarification
from tests.documents import samples
from tests.review import steps
from tests.support.cases import do
from tests.support.remembered import remembered

pytestmark = pytest.mark.django_db

MARK = "Marked-text-7731"
NAME = "Dr Nang Khin Example"


@pytest.fixture
@remembered
def case(people):
    """Three experts at work; the first has a name that must not show."""
    Person.objects.filter(pk=people.expert(1).person.pk).update(name=NAME)
    return steps.under_assessment(people, 3)


def pages(case):
    code = case.case.code
    return [
        f"/cases/{code}/", f"/cases/{code}/review/", f"/cases/{code}/trail/", f"/cases/{code}/participation/",
        f"/cases/{code}/decision/", "/cases/", "/desk/", "/notices/", f"/cases/?q={MARK}", f"/cases/?q={NAME.split()[-2]}",
    ]  # fmt: skip


def read(client, case):
    """Everything the reader can open around the case, without what changes with every request."""
    found = {}
    for path in pages(case):
        answer = client.get(path)
        text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", answer.text)
        found[path] = (answer.status_code, text)
    return found


def status_of(client, file):
    answer = client.get(f"/files/{file.pk}/")
    if answer.streaming:
        assert b"".join(answer.streaming_content).startswith(b"%PDF")
    return answer.status_code


def test_r4_a_filing_changes_nothing_that_the_others_can_see(people, case, signed_in):
    steps.save(people, case, 1, why_1=MARK, comments=MARK)
    others = [signed_in(one) for one in (people.expert(2), people.proponent(), people.seom("LA"), people.seom("TH"))]
    for client in others:
        # A case opened after its list shows the way back to it: let that be so before and after.
        client.get("/cases/")
    before = [read(client, case) for client in others]
    do(steps.of(people, case, 1), "file_assessment", people.expert(1), own_view="on")
    after = [read(client, case) for client in others]
    assert before == after
    for reader in after:
        for path, (_status, text) in reader.items():
            assert NAME not in text, path
            assert MARK not in text or MARK in path, path
    assert [reader[f"/cases/{case.case.code}/"][0] for reader in after] == [200, 200, 200, 200]


def test_r4_a_filing_changes_no_calendar_and_no_email_of_the_others(people, case, client):
    others = [people.expert(2), people.proponent(), people.seom("LA"), people.seom("TH")]
    links = [f"/calendar/{feeds.make(one)}.ics" for one in others]
    told = Notice.objects.filter(person__in=[one.person for one in others]).count()
    before = [client.get(link).content for link in links]
    steps.file(people, case, 1)
    assert before == [client.get(link).content for link in links]
    assert b"BEGIN:VEVENT" in before[0]
    assert Notice.objects.filter(person__in=[one.person for one in others]).count() == told


def test_r4_nothing_marked_is_on_any_page_of_the_others(people, case, signed_in):
    steps.file(people, case, 1, why_1=MARK, comments=MARK)
    for other in (people.expert(2), people.expert(3), people.proponent(), people.seom("LA"), people.fg_gvc("TH")):
        for path, (_status, text) in read(signed_in(other), case).items():
            assert NAME not in text, (other.label, path)
            assert MARK not in text or MARK in path, (other.label, path)


def test_r4_once_all_have_filed_experts_read_each_other_without_names(people, case, signed_in):
    review = f"/cases/{case.case.code}/review/"
    steps.file(people, case, 1, why_1=MARK, comments="For-ASEC-only-5518")
    steps.file(people, case, 2)
    assert MARK not in signed_in(people.expert(2)).get(review).text
    steps.file(people, case, 3)
    page = signed_in(people.expert(2)).get(review).text
    assert MARK in page
    assert NAME not in page
    assert "For-ASEC-only-5518" not in page
    assert "Expert B (you)" in page
    assert NAME in signed_in(people.asec()).get(review).text


def test_r4_an_expert_who_comes_late_makes_all_blind_again(people, case, signed_in):
    review = f"/cases/{case.case.code}/review/"
    for number in (1, 2, 3):
        steps.file(people, case, number, why_1=MARK)
    steps.accept(people, case, 4)
    assert MARK not in signed_in(people.expert(4)).get(review).text
    do(steps.of(people, case, 2), "reopen_assessment", people.asec(), reason="Look again.")
    assert "Assessments side by side" not in signed_in(people.expert(1)).get(review).text


def test_r4_an_invited_expert_reads_no_assessment(people, case, signed_in):
    for number in (1, 2, 3):
        steps.file(people, case, number, why_1=MARK)
    invitation = steps.invite(people, case, 4)
    client = signed_in(people.expert(4))
    assert client.get(f"/cases/{case.case.code}/review/").status_code == 404
    page = client.get(f"/cases/{case.case.code}/invitation/{invitation.pk}/accept_invitation/").text
    assert MARK not in page
    assert NAME not in page


def test_u5_addresses_of_other_peoples_work_answer_404(people, case, signed_in):
    steps.file(people, case, 1)
    code, assessment = case.case.code, steps.of(people, case, 1)
    invitation = case.invitations.get(expert=people.expert(1).person.pk)
    paths = [
        f"/cases/{code}/assessment/{assessment.pk}/save_assessment/",
        f"/cases/{code}/assessment/{assessment.pk}/file_assessment/",
        f"/cases/{code}/assessment/{assessment.pk}/reopen_assessment/",
        f"/cases/{code}/invitation/{invitation.pk}/withdraw_invitation/",
        f"/cases/{code}/proposal/{case.pk}/invite_expert/",
        f"/cases/{code}/proposal/{case.pk}/file_consolidated/",
    ]
    for other in (
        people.expert(2),
        people.proponent(),
        people.seom("LA"),
        people.fg_gvc("LA"),
        people.body("AMEM"),
        people.admin(),
    ):
        for path in paths:
            assert signed_in(other).get(path).status_code == 404, (other.label, path)


def test_r4_what_waits_does_not_name_or_count_experts(people, case, signed_in):
    page = signed_in(people.proponent()).get(f"/cases/{case.case.code}/").text
    assert "Technical expert" not in page
    assert "See the assessment through" in page


def test_r5_a_question_of_an_expert_carries_no_name(people, case, signed_in):
    do(steps.fresh(case), "ask_clarification", people.expert(1), question=f"Which line is meant? {MARK}")
    for path, (_status, text) in read(signed_in(people.proponent()), case).items():
        assert NAME not in text, path
        assert "Technical expert" not in text, path
    assert MARK in signed_in(people.proponent()).get(f"/cases/{case.case.code}/review/").text
    words = Notice.objects.filter(organisation=case.organisation, what="ask_clarification").values_list(
        "words", flat=True
    )
    assert list(words) == ["There is a question on your proposal"] * len(words)


def test_r5_all_experts_read_all_questions_and_answers_and_no_name(people, case, signed_in):
    do(steps.fresh(case), "ask_clarification", people.expert(1), question=f"Which line is meant? {MARK}")
    question = Clarification.objects.get()
    file = samples.upload(name=f"{MARK}.pdf")
    do(question, "answer_clarification", people.proponent(), files={"file": file}, answer=f"The northern one. {MARK}")
    kept = StoredFile.objects.get(purpose="clarification")
    other, asker = signed_in(people.expert(2)), signed_in(people.expert(1))
    for client, by in ((other, "Put by the Secretariat"), (asker, "Asked by you")):
        page = client.get(f"/cases/{case.case.code}/review/").text
        assert "The northern one." in page
        assert by in page
        assert status_of(client, kept) == 200
    for path, (_status, text) in read(other, case).items():
        assert NAME not in text, path


def test_r4_the_report_refuses_an_experts_name(people, case):
    from aipbi.workflow.errors import Invalid

    for number in (1, 2, 3):
        steps.file(people, case, number)
    with pytest.raises(Invalid, match="Take out the name"):
        do(
            steps.fresh(case),
            "file_consolidated",
            people.asec(),
            **{**steps.TEXTS, "summary": f"As {NAME.lower()} says."},
        )
