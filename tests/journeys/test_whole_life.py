"""The power-trade case through its whole life in a browser, every person in a session of their own."""

import io
import json
from pathlib import Path

import pikepdf
import pytest
from django.core.management import call_command
from playwright.sync_api import Page, expect

from aipbi.workflow.models import Notice
from facilitation.models import BodyRequest, Delivery, Letter
from monitoring import demo
from proposals.models import Proposal
from tests.journeys.clicks import ClickedWalk, Sessions, link
from tests.support import world
from tests.support.cases import CASES, document

OWNER = "owner@mekong-hydropower.example.org"
FILE = CASES / "01-power-trade.json"


class Life(ClickedWalk):
    """The walk's own steps, and the wait for the real worker."""

    def __init__(self, proposal: Proposal, sessions: Sessions, stack) -> None:
        super().__init__(proposal, sessions)
        self._stack = stack

    def do(self, move, subject, as_, /, **data):
        """As a person does; the approval of the letter while the worker is held, so that its progress is seen."""
        if move != "approve_letter":
            return super().do(move, subject, as_, **data)
        with self._stack.worker_held():
            done = super().do(move, subject, as_, **data)
            page = self.sessions.of(as_.person.email)
            expect(page.get_by_role("status").filter(has_text="The PDF is being made")).to_be_visible()
            expect(page.locator("progress")).to_have_attribute("value", "0")
        return done

    def work(self) -> None:
        """Leave the chair's page alone: it says by itself when the worker has finished."""
        page = self.sessions.of(self.people.chair().person.email)
        expect(page.get_by_text("SHA-256")).to_be_visible(timeout=60_000)


@pytest.fixture
def offices(stack):
    world.offices()


def test_the_whole_life_by_clicking(offices, stack, visitor):
    sessions = Sessions(visitor)
    life = Life(bring_in(sessions.of(OWNER)), sessions, stack)
    life.to("monitoring")

    case = life.proposal
    assert case.case.reference
    assert case.reports.get(number=1).state == "accepted"
    assert BodyRequest.objects.get(proposal=case).answer == "in_part"
    assert {one.state for one in Delivery.objects.filter(letter__proposal=case)} == {"acknowledged"}
    assert len({one.person_id for one in case.case.trail.exclude(person=None)}) == len(sessions.pages)
    check_letter(sessions.of(OWNER), case)
    call_command("verify_trail", stdout=io.StringIO())
    call_command("check_invariants", stdout=io.StringIO())
    check_mails(stack)


def bring_in(page: Page) -> Proposal:
    """Read the case file in on the portal's own page, and look at the answers."""
    page.get_by_role("button", name="Start a proposal").click()
    page.get_by_role("link", name="Start from a file instead").click()
    page.get_by_label("Proposal file").set_input_files(FILE)
    page.get_by_role("button", name="Read it in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(document()["title"])
    page.get_by_role("button", name="Check your answers").click()
    expect(page.get_by_text("Nothing is missing.")).to_be_visible()
    return Proposal.objects.get()


def check_letter(page: Page, case: Proposal) -> None:
    """Download the letter by its link, and open it: archival, of this case, with its schedule inside."""
    letter = Letter.objects.get(proposal=case)
    for address in ("/cases/", f"/cases/{case.case.code}/", f"/cases/{case.case.code}/letters/"):
        link(page, address).first.click()
    with page.expect_download() as download:
        page.get_by_role("link", name=f"Download {letter.number}").click()
    content = Path(download.value.path()).read_bytes()
    assert download.value.suggested_filename == f"{letter.number.replace('/', '-')}.pdf"
    with pikepdf.open(io.BytesIO(content)) as pdf:
        metadata = pdf.open_metadata()
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("3", "A")
        assert letter.number in metadata["dc:title"]
        schedule = json.loads(pdf.attachments["schedule.json"].get_file().read_bytes())
    assert schedule["number"] == f"{case.case.reference}/L1"
    assert schedule["benefits"]


def check_mails(stack) -> None:
    """N1: every notice became one e-mail, and none says what the case is or whose (words of its own file)."""
    mails = [path.read_text() for path in stack.mails.glob("*.eml")]
    assert mails
    assert len(mails) <= Notice.objects.count()
    said = document()
    for secret in (said["title"], said["lead"]["name"], *(one["name"] for one in said["partners"])):
        assert not [mail for mail in mails if secret in mail]


def test_without_javascript_a_draft_is_changed_submitted_and_supported(offices, visitor):
    """Every step is a link or a button of a form; nothing needs a script."""
    case = demo.bring_in(FILE)
    sessions = Sessions(visitor, java_script_enabled=False)
    owner = sessions.of(OWNER)
    owner.get_by_role("link", name=document()["title"]).click()
    owner.get_by_role("button", name="Go on writing").click()
    owner.get_by_role("link", name="Project", exact=True).click()
    owner.get_by_label("Title", exact=True).fill("Power for four Member States")
    owner.get_by_role("button", name="Save and come back later").click()
    expect(owner.get_by_role("heading", level=1)).to_have_text("Power for four Member States")
    life = ClickedWalk(case, sessions)
    life.to("inbox")
    assert life.proposal.title == "Power for four Member States"
    assert life.made == ["submit", "support"]
