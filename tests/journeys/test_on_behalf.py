"""A proposal that came by e-mail, in a browser: an officer enters it, scanners open the link, the proponent confirms (P8)."""

import re
import urllib.request
from http.cookiejar import CookieJar

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from proposals.models import Proposal
from tests.house.test_pages import RULES
from tests.journeys.clicks import Sessions
from tests.support import world
from tests.support.cases import CASES, document

OFFICER = "officer-1@asec.example.org"
OWNER = "owner@mekong-hydropower.example.org"
FILE = CASES / "01-power-trade.json"


@pytest.fixture
def offices(stack):
    world.offices()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_p8_an_officer_enters_a_proposal_and_its_proponent_confirms_it(offices, stack, visitor, scripts):
    sessions = Sessions(visitor, java_script_enabled=scripts)
    officer = sessions.of(OFFICER)
    enter(officer)
    case = Proposal.objects.get()
    ask(officer)
    [link] = wait_for_links(stack, officer)

    for _n in range(3):
        scan(link)
    page = visitor()
    page.goto(link)
    expect(page.get_by_role("button", name="Create an account")).to_be_visible()
    expect(page.get_by_text(document()["title"])).to_have_count(0)
    case.refresh_from_db()
    assert case.unconfirmed

    owner = sessions.of(OWNER)
    owner.goto(link)
    expect(owner.get_by_role("heading", level=1)).to_have_text(document()["title"])
    assert not scripts or faults_of(owner) == faults_of(page) == []
    owner.get_by_label("I declare that this proposal is true").check()
    owner.get_by_role("button", name="Confirm it and submit it to the SEOM lead of").click()
    expect(owner.get_by_text("Confirmed and handed in.")).to_be_visible()
    owner.goto(link)
    expect(owner.get_by_text("You have confirmed this proposal already")).to_be_visible()

    lead = sessions.of("seom@la.example.org")
    lead.get_by_role("link", name="Decide whether to support a proposal").first.click()
    lead.get_by_role("navigation", name="Parts of the case").get_by_role("link", name="Proposal").click()
    expect(lead.get_by_text("Entered by the ASEAN Secretariat")).to_be_visible()
    answer = officer.goto(f"/cases/{case.case.code}/")
    assert answer.status == 404


def faults_of(page: Page) -> list[str]:
    return [fault["id"] for fault in Axe().run(page, options=RULES).response["violations"]]


def enter(officer: Page) -> None:
    """Choose the company by its name, say how the proposal came, read its file in."""
    officer.get_by_role("button", name="Enter a proposal for a company").click()
    officer.get_by_label("Name of the organisation").fill("mekong")
    officer.get_by_role("button", name="Search").click()
    officer.get_by_role("link", name="Mekong Hydropower Export Consortium").click()
    officer.get_by_label("When it arrived").fill("2026-11-03")
    officer.get_by_label("By e-mail to the AIPBI inbox").check()
    officer.get_by_label("Name of the contact").fill("The Director")
    officer.get_by_label("E-mail address of the contact").fill(OWNER)
    officer.get_by_label("Proposal file").set_input_files(FILE)
    officer.get_by_role("button", name="Start entering it").click()
    expect(officer.get_by_role("heading", level=1)).to_have_text(document()["title"])


def ask(officer: Page) -> None:
    """Look at all answers and ask for the confirmation."""
    officer.get_by_role("button", name="Check your answers").click()
    officer.get_by_role("button", name="Ask the proponent to confirm").click()
    officer.get_by_role("button", name="Ask the proponent to confirm").click()
    expect(officer.get_by_text("The proponent was asked to confirm").first).to_be_visible()


def wait_for_links(stack, officer: Page) -> list[str]:
    """Load the officer's desk until it says that the e-mail went out; return the links in it."""
    sent = officer.get_by_text("The proponent is asked to confirm")
    for _n in range(60):
        officer.goto("/desk/")
        if sent.count():
            break
        officer.wait_for_timeout(500)
    expect(sent).to_be_visible()
    mails = "\n".join(path.read_text().replace("=\n", "") for path in stack.mails.glob("*.eml"))
    return sorted(set(re.findall(rf"{stack.url}/confirm/[a-z0-9]+/[0-9a-f]+/", mails)))


def scan(link: str) -> None:
    """Open the link as a mail scanner does: look whether it is there, then fetch it, keeping cookies."""
    scanner = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
    for method in ("HEAD", "GET"):
        with scanner.open(urllib.request.Request(link, method=method)) as answer:
            assert answer.status == 200
