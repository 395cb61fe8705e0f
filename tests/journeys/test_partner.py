"""A partner's engineer in a browser: invited, new here, writes a section; the owner reads it and ends it (U4)."""

import email
import re
from email.policy import default

from playwright.sync_api import Page, expect

from proposals.models import Proposal
from tests.journeys.clicks import Sessions
from tests.support import world

OWNER = "owner@mekong-hydropower.example.org"
GUEST = "engineer@batam-copper.example.org"
SECRET_WORDS = "eleven-states-one-chain"
WORDS = "The smelter takes its power from the line."


def mailed(stack, page: Page, subject: str) -> str:
    """Return the text of the e-mail to the guest whose subject has these words, once it was sent."""
    for _n in range(150):
        for file in stack.mails.glob("*.eml"):
            message = email.message_from_bytes(file.read_bytes(), policy=default)
            if message["To"] == GUEST and subject in message["Subject"]:
                return message.get_body(("plain",)).get_content()
        page.wait_for_timeout(100)
    raise AssertionError(subject)


def sign_up(page: Page, stack) -> None:
    page.get_by_role("button", name="Create an account").click()
    page.get_by_label("Your name").fill("Ibu Sari")
    expect(page.get_by_label("E-mail address")).to_have_value(GUEST)
    for box in page.locator('input[type="password"]').all():
        box.fill(SECRET_WORDS)
    page.get_by_role("button", name="Continue").click()
    code = re.search(r"^([A-Z0-9]{3,}-?[A-Z0-9]{3,})$", mailed(stack, page, "code"), re.MULTILINE)
    page.locator('input[name="code"]').fill(code[1])
    page.get_by_role("button", name="Continue").click()


def test_u4_invited_accepted_written_seen_ended(stack, visitor):
    world.offices()
    owner, engineer = Sessions(visitor).of(OWNER), visitor()
    owner.goto("/proposals/new/")
    owner.get_by_role("button", name="Start").click()
    owner.wait_for_url("**/write/")
    case = Proposal.objects.get()
    owner.get_by_role("link", name="People on this proposal").click()
    owner.get_by_role("button", name="Invite somebody from a partner company").click()
    owner.get_by_label("E-mail address").fill(GUEST)
    owner.get_by_label("Name of the company").fill("Batam Copper Works")
    owner.get_by_label("Editor", exact=True).check()
    owner.get_by_role("button", name="Invite somebody from a partner company").click()
    expect(owner.get_by_role("listitem").filter(has_text=GUEST)).to_contain_text("Batam Copper Works (editor)")

    link = re.search(r"http\S+/invitations/\S+", mailed(stack, owner, "You are invited"))[0]
    engineer.goto(link)
    sign_up(engineer, stack)
    expect(engineer.get_by_text("Handing it in, withdrawing it and inviting others stay with")).to_be_visible()
    engineer.get_by_role("button", name="Accept the invitation").click()
    expect(engineer.get_by_role("banner")).to_contain_text("Batam Copper Works, partner on case")
    engineer.get_by_role("main").get_by_role("link", name="Untitled proposal").click()
    engineer.get_by_role("button", name="Go on writing").click()
    engineer.get_by_role("link", name="Background").click()
    engineer.locator("#id_background").fill(WORDS)
    engineer.get_by_role("button", name="Save and continue").last.click()
    assert Proposal.objects.get().answers["background"] == WORDS

    owner.goto(f"/cases/{case.case.code}/proposal/")
    expect(owner.get_by_role("main")).to_contain_text(WORDS)
    owner.goto(f"/cases/{case.case.code}/trail/")
    expect(owner.get_by_text("Ibu Sari, Batam Copper Works").first).to_be_visible()

    engineer.goto(f"/cases/{case.case.code}/write/background/")
    engineer.locator("#id_background").fill("Half a thought, typed while the door was closed.")
    owner.goto(f"/cases/{case.case.code}/people/")
    owner.get_by_role("link", name="End a partner's access").click()
    owner.get_by_label("Ibu Sari, Batam Copper Works").check()
    owner.get_by_role("button", name="End a partner's access").click()
    expect(owner.get_by_text("Nobody yet.")).to_be_visible()

    status = engineer.locator("[data-status]")
    engineer.locator("#id_background").press("End")
    engineer.locator("#id_background").press_sequentially(" More")
    expect(status).to_contain_text("no longer open to you", timeout=15000)
    with engineer.expect_navigation():
        engineer.get_by_role("button", name="Save and continue").last.click()
    expect(engineer.get_by_role("main")).to_contain_text("Half a thought, typed while the door was closed. More")
    assert Proposal.objects.get().answers["background"] == WORDS
    # Without anything else to act as, what was theirs is led away from; with it, it is not there.
    assert engineer.goto(f"/cases/{case.case.code}/").url.endswith("/accounts/welcome/")
