"""Filing a proposal by ear: headings, landmarks, names, the summary of errors, and what is announced (P5, WCAG 2.2)."""

import pytest
from playwright.sync_api import Page, expect

from aipbi.accounts.capacity import held_by
from aipbi.accounts.models import Person
from proposals.document.schema import SECTIONS
from tests.documents import samples
from tests.journeys.clicks import Sessions
from tests.journeys.heard import CONTROLS, faults, tree
from tests.support import world
from tests.support.cases import draft

OWNER = "owner@mekong-hydropower.example.org"


@pytest.fixture
def page(stack, visitor) -> Page:
    world.offices()
    return Sessions(visitor).of(OWNER)


@pytest.fixture
def case(page, people) -> str:
    owner = held_by(Person.objects.get(email=OWNER))[0]
    return f"/cases/{draft(people, as_=owner).case.code}"


@pytest.mark.usefixtures("stack")
@pytest.mark.parametrize("path", ["/", "/eligibility/", "/accounts/signup/", "/accounts/login/", "/how-it-works/"])
def test_the_way_in_is_told_in_order(visitor, path):
    page = visitor()
    assert page.goto(path).status == 200
    assert faults(page) == []


def test_every_page_of_writing_is_told_in_order(page, case):
    """Each part repeated on a page is a group of its own, so that no two answers have one name."""
    found = {}
    for path in (
        "/proposals/new/", "/desk/", f"{case}/", f"{case}/write/", f"{case}/files/", f"{case}/check/", f"{case}/proposal/",
        *(f"{case}/write/{section.slug}/" for section in SECTIONS if section.slug != "files"),
    ):  # fmt: skip
        assert page.goto(path).status == 200, path
        found[path] = faults(page)
    missed = [f"{path}: {fault}" for path, faulty in found.items() for fault in faulty]
    assert not missed, "\n".join(missed)


def test_a_summary_of_errors_is_heard_first_and_leads_to_what_is_wrong(page, case):
    page.goto(f"{case}/check/")
    page.get_by_role("main").get_by_role("button").last.click()
    page.get_by_role("main").get_by_role("button").last.click()
    is_told(page)


def test_signing_up_tells_what_was_left_out(visitor, stack):
    page = visitor()
    page.goto("/accounts/signup/")
    page.get_by_role("button", name="Continue").click()
    is_told(page)


def test_a_file_that_is_not_taken_is_told(page, case):
    page.goto(f"{case}/files/")
    page.locator('input[type="file"]').set_input_files(
        {"name": "page.pdf", "mimeType": "application/pdf", "buffer": samples.HTML}
    )
    page.get_by_role("button", name="Add the files").click()
    expect(page.get_by_role("status")).to_contain_text("“page.pdf” was not taken. What is in this file is not a PDF")


def test_saving_by_itself_is_announced_without_taking_the_focus(page, case):
    page.goto(f"{case}/write/background/")
    status = page.get_by_role("status")
    expect(status).to_have_count(1)
    assert [node.states["live"] for node in tree(page) if node.role == "status"] == ["polite"]
    box = page.get_by_role("textbox").first
    box.press_sequentially("A word. ")
    expect(status).to_contain_text("Last saved")
    expect(box).to_be_focused()


def is_told(page: Page) -> None:
    """The summary is an alert with the focus on it; each of its links leads to a control that says it is wrong."""
    summary = page.get_by_role("alert")
    expect(summary).to_have_count(1)
    expect(page.locator(".govuk-error-summary")).to_be_focused()
    assert page.title().startswith("Error")
    links = summary.get_by_role("link").all()
    assert links
    for link in links:
        words = link.inner_text().rpartition(": ")[2]
        link.click()
        [focused] = [node for node in tree(page) if node.states.get("focused") and node.role in CONTROLS]
        assert words in focused.described, focused
        assert focused.role == "radio" or focused.states["invalid"] == "true"
