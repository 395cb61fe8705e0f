"""The assessment as a workbook (R3): out, filled, and every answer in its place; or each faulty cell listed."""

import html
import io
import re
import zipfile

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from proposals.models import Version
from review.assessments.workbook import CODE_CELL, Layout, signer
from review.models import Assessment
from tests.documents import samples
from tests.review import steps
from tests.support.cases import registered

pytestmark = pytest.mark.django_db


@pytest.fixture
def case(people):
    return steps.under_assessment(people)


@pytest.fixture
def browser(people, signed_in):
    return signed_in(people.expert(1))


def address(case, what):
    return f"/cases/{case.case.code}/own-assessment/{what}"


def downloaded(browser, case):
    answer = browser.get(address(case, "form.xlsx"))
    assert answer.status_code == 200
    return openpyxl.load_workbook(io.BytesIO(answer.content))


def sent(browser, case, book, name="filled.xlsx"):
    if not isinstance(book, bytes):
        to = io.BytesIO()
        book.save(to)
        book = to.getvalue()
    return browser.post(address(case, "upload/"), {"file": SimpleUploadedFile(name, book)})


def cells(people, case, number=1):
    return {place.field: place.cell for place in Layout(steps.of(people, case, number)).places}


def saved(people, case):
    one = Assessment.objects.get(pk=steps.of(people, case, 1).pk)
    ratings = {
        rating.parameter.number: (rating.level, rating.justification)
        for rating in one.ratings.select_related("parameter")
    }
    return one, ratings


def hidden(page):
    found = re.findall(r'<input type="hidden" name="([^"]+)"(?: value="([^"]*)")?', page.text)
    form = page.text.split("Save into your draft")[0].rsplit("<form", 1)[1]
    return re.search(r'action="([^"]+)"', form)[1], {
        name: value for name, value in found if name != "csrfmiddlewaretoken"
    }


ANSWERS = {
    "level_1": 3, "why_1": "=The tariff is named,\nand its source.", "level_2": "0", "level_9": 4.0, "why_9": "Shown per state.",
    "verdict_1": "Partly met", "verdict_3": "not met", "overall": "Eligible with conditions", "conditions": "Report after a year.",
    "confidence": "Medium", "comments": "-",
}  # fmt: skip


def test_a_filled_workbook_is_shown_first_then_saved_into_the_draft_by_the_move(people, case, browser):
    steps.save(people, case, 1, why_2="Kept as it is.", level_3=1)
    book = downloaded(browser, case)
    places = cells(people, case)
    sheet = book.active
    assert sheet[places["level_3"]].value == 1
    assert not sheet[places["level_3"]].protection.locked
    for field, value in ANSWERS.items():
        sheet[places[field]] = value
        sheet[places[field]].data_type = "n" if isinstance(value, int | float) else "s"
    for field in ("why_2", "level_4", "why_4"):
        sheet[places[field]] = None
    before = saved(people, case)
    page = sent(browser, case, book)
    assert page.status_code == 200
    assert "Nothing is saved yet" in page.text
    assert saved(people, case)[1] == before[1]
    action, data = hidden(page)
    done = browser.post(action, {name: html.unescape(value) for name, value in data.items()})
    assert done.status_code == 302
    one, ratings = saved(people, case)
    assert one.state == "drafting"
    assert ratings[1][0] == 3
    assert ratings[1][1].replace("\r\n", "\n") == ANSWERS["why_1"]
    assert ratings[2] == (0, "Kept as it is.")
    assert ratings[3][0] == 1
    assert ratings[9] == (4, "Shown per state.")
    # An empty cell changes nothing.
    assert ratings[4] == before[1][4]
    verdicts = {row.criterion.number: row.verdict for row in one.verdicts.select_related("criterion")}
    assert (verdicts[1], verdicts[3]) == ("partly", "not_met")
    assert (one.overall, one.conditions, one.confidence, one.comments) == (
        "with_conditions",
        "Report after a year.",
        "medium",
        "-",
    )
    entry = case.case.trail.order_by("-number").first()
    assert (entry.action, entry.details["level_2"]) == ("save_assessment", 0)


def test_each_faulty_cell_is_listed_and_nothing_is_read_by_half(people, case, browser):
    book, places = downloaded(browser, case), cells(people, case)
    sheet = book.active
    faulty = {
        "level_1": "excellent", "level_2": 5, "level_3": 2.5, "level_4": True, "level_5": "=1+2",
        "why_6": "x" * 8001, "verdict_1": "maybe", "overall": "yes", "confidence": 3,
    }  # fmt: skip
    for field, value in faulty.items():
        sheet[places[field]] = value
    sheet[places["level_7"]] = 4
    sheet["G12"] = "stray"
    sheet["C10"] = "My own levels"
    page = sent(browser, case, book)
    assert page.status_code == 422
    listed = set(re.findall(r'<th scope="row" class="govuk-table__header">([A-Z]+\d+)</th>', page.text))
    assert listed == {places[field] for field in faulty} | {"G12", "C10"}
    for words in (
        "a whole number from 0 to 4, or nothing",
        "“excellent” is not one of the choices",
        "A formula",
        "one of: Met, Partly met, Not met",
    ):
        assert words in page.text
    assert "Save into your draft" not in page.text
    assert all(rating == (None, "") for rating in saved(people, case)[1].values())


def _another_version(people, case, book):
    own = steps.of(people, case, 1)
    later = Version.objects.get(pk=own.version_id)
    later.pk, later.number = None, later.number + 1
    later.save()
    Assessment.objects.filter(pk=own.pk).update(version=later)


def _another_edition(people, case, book):
    """As the portal would have signed it under another edition."""
    about = signer().unsign_object(book.active[CODE_CELL].value)
    book.active[CODE_CELL] = signer().sign_object({**about, "edition": "2031-05"}, compress=True)


def _moved_column(people, case, book):
    book.active.insert_cols(4)


def _changed_code(people, case, book):
    book.active["B5"] = f"{book.active['B5'].value[:-3]}abc"


WRONG = {
    _another_version: ("B5", "version 2"),
    _another_edition: ("B5", "edition 2031-05"),
    _changed_code: ("B5", "missing or was changed"),
    _moved_column: ("D8", "The columns were moved"),
}


@pytest.mark.parametrize("change", WRONG)
def test_a_workbook_of_another_version_or_edition_or_form_is_told_so(people, case, browser, change):
    book = downloaded(browser, case)
    change(people, case, book)
    page = sent(browser, case, book)
    assert page.status_code == 422
    cell, words = WRONG[change]
    assert f">{cell}</th>" in page.text
    assert words in page.text


def test_a_workbook_of_another_case_or_expert_is_told_so(people, case, browser, signed_in):
    other = steps.under_assessment(people, case=registered(people, "02-ev-battery-chain"))
    theirs = downloaded(signed_in(people.expert(2)), case)
    assert "another expert" in sent(browser, case, theirs).text
    assert "another case" in sent(browser, other, downloaded(browser, case)).text


def test_what_could_harm_is_refused_and_words_say_why(case, browser):
    for name, content, words in (
        ("macros.xlsx", _with(downloaded(browser, case), "xl/vbaProject.bin", b"\xd0\xcf\x11\xe0"), "contains macros"),
        ("old.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old Word or Excel file"),
        ("word.docx", samples.DOCX, "The form is a workbook"),
        ("bomb.xlsx", _with(downloaded(browser, case), "xl/media/a.bin", b"\0" * 300_000_000), "unpacks to far more"),
    ):
        page = sent(browser, case, content, name)
        assert page.status_code == 422, name
        assert words in page.text, name


def _with(book, part, body):
    to = io.BytesIO()
    book.save(to)
    with zipfile.ZipFile(to, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(part, body)
    return to.getvalue()


def test_the_blank_form_is_a_page_and_a_pdf_and_nobody_elses(people, case, browser, signed_in):
    page = browser.get(address(case, "form/")).text
    assert page.count("☐") >= 45
    pdf = browser.get(address(case, "form.pdf"))
    assert pdf.content.startswith(b"%PDF")
    for what in ("form/", "form.pdf", "form.xlsx", "upload/"):
        for other in (people.expert(3), people.asec(), people.proponent(), people.seom("LA")):
            assert signed_in(other).get(address(case, what)).status_code == 404
    # The download is on the trail, for ASEC alone.
    entry = case.case.trail.order_by("-number").first()
    assert (entry.action, entry.audience, entry.subject_kind) == ("download", "asec", "assessment")


def test_a_filed_assessment_takes_no_workbook(people, case, browser):
    book = downloaded(browser, case)
    steps.file(people, case, 1)
    page = sent(browser, case, book)
    assert page.status_code == 409
    assert "is not open now" in page.text
