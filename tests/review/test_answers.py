"""Answers to questions (R5): drafts that the organisation alone reads, files, due dates; who asked is never shown (R4)."""

import re

import pytest
from django.urls import reverse

from aipbi.accounts.enums import Membership
from aipbi.accounts.models import Person
from aipbi.documents.models import StoredFile
from aipbi.workflow.errors import Invalid, NotOpen, NotYours
from aipbi.workflow.models import Notice, Obligation, TrailEntry
from review.clarifications.answers import FILES_MOST
from review.models import Clarification
from tests.documents import samples
from tests.review import steps
from tests.support.cases import do
from tests.support.remembered import remembered

pytestmark = pytest.mark.django_db

DRAFT = "Half-a-thought-4471"
NAME = "Dr Nang Khin Example"


@pytest.fixture
@remembered
def case(people):
    Person.objects.filter(pk=people.expert(1).person.pk).update(name=NAME)
    return steps.under_assessment(people)


@pytest.fixture
def question(people, case):
    """An expert's question, which ASEC and the proponent see, and the expert who asked."""
    do(steps.fresh(case), "ask_clarification", people.expert(1), question="Which line is meant?")
    return Clarification.objects.get()


def url(question, move):
    return reverse("move", args=[question.proposal.case.code, question.kind, question.pk, move])


def others(people):
    """Everybody who reads the question or will read the answer, but for the organisation asked."""
    return [people.asec(), people.expert(1), people.expert(2), people.seom("LA"), people.seom("TH")]


def everything(client, case, more=()):
    """What somebody reads around the case."""
    code = case.case.code
    paths = [
        f"/cases/{code}/",
        *(f"/cases/{code}/{tab}/" for tab in ("review", "trail", "files")),
        "/desk/",
        "/notices/",
    ]
    return "\n".join(client.get(path).text for path in [*paths, *more])


def test_r5_a_draft_is_kept_and_read_by_the_organisation_alone(people, case, question, signed_in):
    question = do(
        question, "save_answer", people.proponent(), answer=DRAFT, files={"file": samples.upload(name="plan.pdf")}
    )
    assert (question.state, question.draft, question.answer) == ("asked", DRAFT, "")
    for other in others(people):
        text = everything(signed_in(other), case)
        assert DRAFT not in text, other.label
        assert "plan.pdf" not in text, other.label
    for path in ("answer_clarification", "save_answer"):
        page = signed_in(people.proponent(membership=Membership.EDITOR)).get(url(question, path)).text
        assert DRAFT in page
        assert "plan.pdf" in page
    assert not any(DRAFT in str(entry.details) for entry in TrailEntry.objects.filter(case=case.pk))
    assert not Notice.objects.filter(words__contains=DRAFT).exists()


def test_p6_files_open_to_readers_of_the_question_once_the_answer_is_sent(people, case, question, signed_in):
    question = do(
        question, "save_answer", people.proponent(), answer="", files={"file": samples.upload(name="plan.pdf")}
    )
    file = StoredFile.objects.get(purpose="clarification")
    address = reverse("file", args=[file.pk])
    strangers = [people.proponent("Straits Power Retail", country="SG"), people.seom("BN"), people.body("AMEM")]
    assert signed_in(people.proponent()).get(address).status_code == 200
    assert {signed_in(one).get(address).status_code for one in [*others(people), *strangers]} == {404}
    question = do(
        question, "answer_clarification", people.proponent(), answer="The northern one.",
        files={"file": samples.upload(name="map.pdf")},
    )  # fmt: skip
    for reader in (people.asec(), people.expert(1), people.expert(2), people.seom("LA"), people.seom("TH")):
        assert signed_in(reader).get(address).status_code == 200, reader.label
    for stranger in strangers:
        assert signed_in(stranger).get(address).status_code == 404, stranger.label
    entry = TrailEntry.objects.get(case=case.pk, action="answer_clarification")
    assert [one["name"] for one in entry.details["files"]] == ["plan.pdf", "map.pdf"]
    assert question.draft == ""


def test_a_file_is_taken_off_a_draft_and_the_words_typed_beside_it_stay(people, case, question, signed_in):
    question = do(question, "save_answer", people.proponent(), answer="", files={"file": samples.upload()})
    file = StoredFile.objects.get(purpose="clarification")
    client = signed_in(people.proponent())
    sent = {"seen": question.revision, "answer": DRAFT, "take_off": file.pk}
    answer = client.post(url(question, "save_answer"), sent)
    assert answer.status_code == 302
    question.refresh_from_db()
    file.refresh_from_db()
    assert question.draft == DRAFT
    assert file.removed_at
    again = client.post(url(question, "save_answer"), {**sent, "seen": question.revision})
    assert again.status_code == 422
    assert "not on the answer any more" in again.text


def test_a_file_of_elsewhere_cannot_be_taken_off(people, case, question):
    other = do(steps.fresh(case), "ask_clarification", people.asec(), question="And the other?")
    other = Clarification.objects.get(question="And the other?")
    do(other, "save_answer", people.proponent(), answer="", files={"file": samples.upload()})
    file = StoredFile.objects.get(purpose="clarification")
    with pytest.raises(Invalid):
        do(question, "save_answer", people.proponent(), answer="", take_off=file.pk)


def test_an_answer_holds_so_many_files_and_no_more(people, question):
    for number in range(FILES_MOST):
        question = do(
            question, "save_answer", people.proponent(), answer="", files={"file": samples.upload(name=f"{number}.pdf")}
        )
    with pytest.raises(Invalid, match="holds 10 files"):
        do(question, "save_answer", people.proponent(), answer="", files={"file": samples.upload(name="more.pdf")})


def test_u5_only_the_writers_of_the_organisation_keep_a_draft_and_only_until_it_is_sent(people, question):
    for other in (
        *others(people),
        people.proponent(membership=Membership.VIEWER),
        people.proponent("Straits Power", country="SG"),
    ):
        with pytest.raises(NotYours):
            do(question, "save_answer", other, answer="Mine")
    question = do(question, "answer_clarification", people.proponent(), answer="Sent.")
    with pytest.raises(NotOpen):
        do(question, "save_answer", people.proponent(), answer="Later.")


def test_two_colleagues_at_once_lose_no_words(people, question, signed_in):
    """L2: the second writer sees what was saved meanwhile and keeps what was typed."""
    client = signed_in(people.proponent(membership=Membership.EDITOR))
    do(question, "save_answer", people.proponent(), answer="Mine, saved first.")
    late = client.post(url(question, "save_answer"), {"seen": question.revision, "answer": DRAFT})
    assert late.status_code == 409
    assert DRAFT in late.text
    assert "Mine, saved first." in late.text


def test_l5_the_due_date_shows_where_the_question_does(people, case, question, signed_in):
    due = Obligation.objects.get(kind="answer_clarification").due_at
    client = signed_in(people.proponent())
    for page in (url(question, "answer_clarification"), f"/cases/{case.case.code}/review/"):
        text = client.get(page).text
        assert due.isoformat()[:10] in "".join(re.findall(r'<time datetime="([^"]+)"', text)), page


def test_r4_the_pages_of_a_question_never_show_the_proponent_who_asked(people, case, question, signed_in):
    client = signed_in(people.proponent())
    pages = [url(question, "answer_clarification"), url(question, "save_answer")]
    assert NAME not in everything(client, case, pages)
    assert NAME in signed_in(people.asec()).get(f"/cases/{case.case.code}/review/").text
    do(question, "answer_clarification", people.proponent(), answer="The northern one.")
    assert NAME not in everything(client, case)
