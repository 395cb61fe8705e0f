"""Several files in a real browser: on a line that breaks, with an answer that is lost, and without a script (P6)."""

import pytest
from playwright.sync_api import Page, expect

from proposals.models import Proposal
from tests.documents import samples
from tests.journeys.clicks import Sessions
from tests.support import world
from tests.support.cases import CASES

OWNER = "owner@mekong-hydropower.example.org"
GIVEN = [
    {"name": "survey.pdf", "mimeType": "application/pdf", "buffer": samples.PDF},
    {"name": "page.pdf", "mimeType": "application/pdf", "buffer": samples.HTML},
    {"name": "map.png", "mimeType": "image/png", "buffer": samples.PNG},
]
ADDED = ["survey.pdf", "map.png"]


@pytest.fixture
def draft(stack, visitor):
    """Call it for the files page of a new draft, read with the options given."""
    world.offices()

    def opened(**options: object) -> Page:
        page = Sessions(visitor, **options).of(OWNER)
        page.goto("/proposals/import/")
        page.get_by_label("Proposal file").set_input_files(CASES / "01-power-trade.json")
        page.get_by_role("button", name="Read it in").click()
        expect(page.get_by_role("button", name="Check your answers")).to_be_visible()
        page.goto(f"/cases/{Proposal.objects.get().case.code}/files/")
        page.get_by_label("Files", exact=True).set_input_files(GIVEN)
        return page

    return opened


def names() -> list[str]:
    return [one["name"] for one in Proposal.objects.get().answers["attachments"]]


def test_p6_files_arrive_over_a_line_that_breaks(draft):
    """The first attempt never leaves, the second arrives and its answer is lost: each file is there once."""
    page = draft()
    broken = iter(["before", "after"])

    def line(route):
        how = next(broken, "")
        if how == "after":
            route.fetch()
        route.abort() if how else route.continue_()

    page.route("**/add_file/", line)
    page.get_by_role("button", name="Add the files").click()
    told = page.get_by_role("list", name="Files being sent")
    expect(told.get_by_text("survey.pdf: added")).to_be_visible()
    expect(told.get_by_text("map.png: added")).to_be_visible()
    expect(told.get_by_text("page.pdf: “page.pdf” was not taken. What is in this file is not a PDF")).to_be_visible()
    expect(page.get_by_role("link", name="map.png")).to_be_visible()
    assert names() == ADDED


def test_p6_a_file_waits_for_who_was_signed_out(draft):
    """The file stays on the page, marked as it was; signed in again, one button sends it."""
    page = draft()
    session = page.context.cookies()
    page.context.clear_cookies()
    page.get_by_label("These are confidential annexes").check()
    page.get_by_label("Files", exact=True).set_input_files(GIVEN[:1])
    page.get_by_role("button", name="Add the files").click()
    expect(page.get_by_text("survey.pdf: not sent: you are signed out")).to_be_visible()
    page.context.add_cookies(session)
    page.get_by_label("These are confidential annexes").uncheck()
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_text("survey.pdf: added")).to_be_visible()
    assert [one["confidential"] for one in Proposal.objects.get().answers["attachments"]] == [True]


def test_p6_several_files_without_a_script(draft):
    """The button sends them all at once; the good ones are kept, the bad one is told by its name."""
    page = draft(java_script_enabled=False)
    page.get_by_role("button", name="Add the files").click()
    expect(page.get_by_text("Files added")).to_be_visible()
    expect(page.get_by_text("“page.pdf” was not taken. What is in this file is not a PDF")).to_be_visible()
    assert names() == ADDED
