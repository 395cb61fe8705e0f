"""Writing the report (R6): texts with versions, saved by themselves; alternative views; the PDF; a reopening in between."""

import io

import pikepdf
import pytest
from django.urls import reverse

from aipbi.documents.models import StoredFile
from aipbi.workflow.errors import Blocked, Invalid
from aipbi.workflow.models import Job
from review.models import ConsolidatedReport, ReportDraft
from review.report import work
from tests.review import steps
from tests.support.cases import do

pytestmark = pytest.mark.django_db

VIEW = "The same effect could come from a shared test bench. View-8842"


@pytest.fixture
def case(people):
    return steps.under_assessment(people, 3)


def draft(case):
    return ReportDraft.objects.get(proposal=case)


def url(case, move="save_report"):
    one = draft(case)
    return reverse("move", args=[case.case.code, one.kind, one.pk, move])


def test_r6_texts_save_by_themselves_and_are_kept_as_versions(people, case, signed_in):
    officer, colleague = people.asec(), people.asec(2)
    first = do(draft(case), "save_report", officer, summary="One summary.", then="")
    assert first.versions.count() == 0
    do(draft(case), "save_report", officer, summary="One summary, mended.", then="version")
    do(draft(case), "save_report", officer, summary="One summary, mended twice.", then="")
    # Somebody else goes on: what stood is kept under the name of who wrote it.
    do(draft(case), "save_report", colleague, summary="Another summary.", then="version")
    kept = list(draft(case).versions.values_list("number", "why", "summary", "written_by"))
    assert kept == [
        (1, "saved", "One summary, mended.", officer.person.pk),
        (2, "handed_over", "One summary, mended twice.", officer.person.pk),
        (3, "saved", "Another summary.", colleague.person.pk),
    ]
    page = signed_in(officer).get(f"/cases/{case.case.code}/review/versions/?a=1&b=3").text
    assert ">One<" in page.replace("\n", "")
    assert "portal-ins" in page
    assert signed_in(people.expert(1)).get(f"/cases/{case.case.code}/review/versions/").status_code == 404


def test_l2_two_officers_see_each_others_texts(people, case, signed_in):
    do(draft(case), "save_report", people.asec(), summary="Theirs.", then="")
    answer = signed_in(people.asec(2)).post(url(case), {"seen": 0, "summary": "Mine."})
    assert answer.status_code == 409
    assert "Theirs." in answer.text
    assert "Mine." in answer.text
    assert draft(case).summary == "Theirs."


def test_r6_filing_starts_from_the_draft_and_keeps_its_version(people, case, signed_in):
    do(draft(case), "save_report", people.asec(), **steps.TEXTS, then="")
    for number in (1, 2, 3):
        steps.file(people, case, number)
    page = signed_in(people.asec()).get(
        reverse("move", args=[case.case.code, "proposal", case.pk, "file_consolidated"])
    )
    assert steps.TEXTS["majority_view"] in page.text
    do(steps.fresh(case), "file_consolidated", people.asec(), **{**steps.TEXTS, "summary": "The last words."})
    assert [one.why for one in draft(case).versions.all()] == ["filed"]
    assert draft(case).summary == "The last words."


def test_r6_a_report_is_not_filed_over_an_assessment_just_given_back_and_its_words_stay(people, case, signed_in):
    for number in (1, 2, 3):
        steps.file(people, case, number)
    seen = steps.fresh(case).revision
    for number in (1, 2, 3):
        do(steps.of(people, case, number), "reopen_assessment", people.asec(), reason="Look again.")
    address = reverse("move", args=[case.case.code, "proposal", case.pk, "file_consolidated"])
    answer = signed_in(people.asec()).post(address, {"seen": seen, **steps.TEXTS})
    assert answer.status_code == 409
    assert "Not every expert on the case has filed" in answer.text
    assert steps.TEXTS["majority_view"] in answer.text


def test_r6_strong_differences_lead_asec_to_one_more_expert_who_is_blind(people, case, signed_in):
    review, invite = f"/cases/{case.case.code}/review/", f"/cases/{case.case.code}/proposal/{case.pk}/invite_expert/"
    for number, level in ((1, 3), (2, 3), (3, 1)):
        steps.file(people, case, number, level_2=level, why_2=f"Why-{number}")
    page = signed_in(people.asec()).get(review).text
    assert "A second opinion is suggested" in page
    assert f'href="{invite}"' in page
    for other in (people.expert(1), people.seom("TH"), people.proponent()):
        assert "second opinion" not in signed_in(other).get(review).text
    steps.accept(people, case, 4)
    assert "Why-1" not in signed_in(people.expert(4)).get(review).text
    with pytest.raises(Blocked):
        do(steps.fresh(case), "file_consolidated", people.asec(), **steps.TEXTS)
    steps.file(people, case, 4, level_2=3)
    assert "Why-1" in signed_in(people.expert(4)).get(review).text


def test_framework_2c_an_alternative_view_stands_in_the_report_without_a_name(people, case, signed_in):
    name = "Dr Nang Khin Example"
    type(people.expert(1).person).objects.filter(pk=people.expert(1).person.pk).update(name=name)
    review = f"/cases/{case.case.code}/review/"
    steps.file(people, case, 1)
    with pytest.raises(Invalid, match="Take out the name"):
        do(steps.of(people, case, 1), "offer_view", people.expert(1), alternative_view=f"As {name} I say.")
    do(steps.of(people, case, 1), "offer_view", people.expert(1), alternative_view=VIEW)
    assert VIEW in signed_in(people.expert(1)).get(review).text
    steps.file(people, case, 2)
    steps.file(people, case, 3)
    for other in (people.expert(2), people.seom("TH"), people.proponent()):
        assert VIEW not in signed_in(other).get(review).text
    do(steps.fresh(case), "file_consolidated", people.asec(), **steps.TEXTS)
    page = signed_in(people.seom("TH")).get(review).text
    assert VIEW in page
    assert name not in page
    with pytest.raises(Blocked):
        do(steps.of(people, case, 1), "offer_view", people.expert(1), alternative_view="")


def test_r6_the_pdf_is_made_once_tagged_and_for_the_readers_of_the_report(people, case, signed_in):
    for number in (1, 2, 3):
        steps.file(people, case, number)
    do(steps.of(people, case, 1), "offer_view", people.expert(1), alternative_view=VIEW)
    do(steps.fresh(case), "file_consolidated", people.asec(), **steps.TEXTS)
    job = Job.objects.get(kind="report_pdf")
    for _again in range(2):
        work.report_pdf(work.Progress(job))
    file = StoredFile.objects.get(purpose="report_pdf")
    assert file.subject_pk == ConsolidatedReport.objects.get().pk
    with file.content.open() as stored:
        content = stored.read()
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert b"pdfuaid" in pdf.Root.Metadata.read_bytes()
        assert str(pdf.Root.Lang).startswith("en")
    for reader in (people.asec(), people.seom("LA"), people.seom("TH")):
        assert signed_in(reader).get(f"/files/{file.pk}/").status_code == 200
    for stranger in (people.expert(1), people.proponent(), people.seom("BN"), people.fg_gvc("TH"), people.body("AMEM")):
        assert signed_in(stranger).get(f"/files/{file.pk}/").status_code == 404
