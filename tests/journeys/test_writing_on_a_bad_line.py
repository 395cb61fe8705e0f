"""A draft written in a browser: the line cut, the session ended, a second tab, and no mouse; no character is lost (P5)."""

import pytest
from playwright.sync_api import Page, expect

from proposals.document import faults
from proposals.document.schema import SECTIONS
from proposals.models import Proposal
from tests.journeys.clicks import Sessions
from tests.proposals.test_writing import typed_as
from tests.support import world
from tests.support.cases import document

OWNER = "owner@mekong-hydropower.example.org"
STATUS = "[data-status]"


@pytest.fixture
def offices(stack):
    world.offices()


def begun(page: Page) -> Proposal:
    page.goto("/proposals/new/")
    page.get_by_role("button", name="Start").click()
    page.wait_for_url("**/write/")
    return Proposal.objects.get()


def section(proposal: Proposal, slug: str = "background") -> str:
    return f"/cases/{proposal.case.code}/write/{slug}/"


def stored(proposal: Proposal, name: str) -> str:
    return Proposal.objects.get(pk=proposal.pk).answers[name]


def write(page: Page, name: str, text: str) -> None:
    """Type at the end of an answer, key by key."""
    box = page.locator(f"#id_{name}")
    box.press("Control+End")
    box.press_sequentially(text)


def save(page: Page) -> None:
    page.locator('button[name="do"][value="save"]').last.click()


def sign_in_again(page: Page) -> None:
    """Follow the page of an ended session: sign in in another tab, come back, send it again."""
    expect(page.get_by_role("heading", name="Not saved yet")).to_be_visible()
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Sign in").last.click()
    opened.value.locator(f'button[name="person"][value="{OWNER}"]').click()
    opened.value.wait_for_load_state()
    opened.value.close()
    page.get_by_role("button", name="Send it again").click()
    page.wait_for_load_state()
    if page.get_by_role("heading", name="Not saved yet").is_visible():
        page.get_by_role("button", name="Send it again").click()
    page.wait_for_url("**/write/**")


def settle(page: Page, **chosen: str) -> None:
    """Choose on the page that shows both texts side by side."""
    expect(page.get_by_role("heading", name="You changed this in another window meanwhile")).to_be_visible()
    for name, side in chosen.items():
        page.locator(f'input[name="choose:{name}"][value="{side}"]').check(force=True)
    page.get_by_role("button", name="Save the choice").click()
    page.wait_for_load_state()


def test_a_cut_line_an_ended_session_and_a_second_tab_lose_no_character(offices, visitor):
    """P5: saved by itself wherever it can be, by the button where it must be."""
    page = Sessions(visitor).of(OWNER)
    proposal = begun(page)
    page.goto(section(proposal))
    status = page.locator(STATUS)

    write(page, "background", "One. ")
    expect(status).to_contain_text("Last saved")
    page.wait_for_function("document.querySelector('[data-status]').textContent.includes('Jakarta')")

    page.context.set_offline(True)
    write(page, "background", "Two, cut off. ")
    expect(status).to_contain_text("the connection is lost")
    page.context.set_offline(False)
    expect(status).to_contain_text("Last saved")
    assert stored(proposal, "background") == "One. Two, cut off."

    page.context.set_offline(True)
    write(page, "objectives", "Three, and the button pressed. ")
    save(page)
    expect(status).to_contain_text("the connection is lost")
    page.context.set_offline(False)
    expect(status).to_contain_text("Last saved")
    assert stored(proposal, "objectives") == "Three, and the button pressed."

    page.context.clear_cookies(name="aipbi_session")
    write(page, "background", "Four, signed out. ")
    expect(status).to_contain_text("your session ended")
    save(page)
    sign_in_again(page)
    assert stored(proposal, "background") == "One. Two, cut off. Four, signed out."

    page.goto(section(proposal))
    other = page.context.new_page()
    other.goto(section(proposal))
    write(other, "objectives", " Five, in the second tab.")
    save(other)
    other.wait_for_url("**/roadblocks/")
    write(page, "background", " Six, in the first.")
    expect(status).to_contain_text("changed elsewhere meanwhile")
    save(page)
    settle(page, background="mine", objectives="theirs")

    assert stored(proposal, "background") == "One. Two, cut off. Four, signed out. Six, in the first."
    assert stored(proposal, "objectives") == "Three, and the button pressed. Five, in the second tab."


def test_without_javascript_the_buttons_lose_no_character(offices, visitor):
    """P5: the same by buttons alone; what the browser could not send it sends again when the line is back."""
    page = Sessions(visitor, java_script_enabled=False).of(OWNER)
    proposal = begun(page)
    name, words = "background", ""
    for word in ("One. ", "Two. "):
        page.goto(section(proposal))
        write(page, name, word)
        page.context.set_offline(True)
        save(page)
        page.wait_for_url("chrome-error://**")
        page.context.set_offline(False)
        page.reload()
        page.wait_for_url("**/write/**")
        words += word
        assert stored(proposal, name) == words.strip()
        words = words.strip()

    page.goto(section(proposal))
    write(page, name, " Three.")
    page.context.clear_cookies(name="aipbi_session")
    save(page)
    sign_in_again(page)
    assert stored(proposal, name) == "One.Two. Three."

    page.goto(section(proposal))
    other = page.context.new_page()
    other.goto(section(proposal))
    write(other, "objectives", "Four.")
    save(other)
    other.wait_for_url("**/roadblocks/")
    write(page, name, " Five.")
    save(page)
    settle(page, background="mine", objectives="theirs")
    assert stored(proposal, name) == "One.Two. Three. Five."
    assert stored(proposal, "objectives") == "Four."


# --- By keyboard alone ---

FOCUS = """() => { const e = document.activeElement; return {
  tag: e.tagName, type: e.type || "", name: e.name || "", value: e.value || "", checked: !!e.checked,
  one: e.tagName === "SELECT" ? e.selectedIndex : 0 }; }"""
MOST_TABS = 400


def by_keyboard(page: Page, slug: str, wanted: dict) -> None:
    """Fill a section's page with Tab, arrows, Space, Enter and letters alone, until Save and continue is pressed."""
    for _n in range(MOST_TABS):
        page.keyboard.press("Tab")
        at = page.evaluate(FOCUS)
        name, value = at["name"], wanted.get(at["name"])
        if at["tag"] == "BUTTON" and name == "do":
            verb, _colon, part = at["value"].partition(":")
            items = page.locator(f'input[name="{part}-count"]')
            if verb == "add" and int(items.input_value()) < int(wanted[f"{part}-count"]):
                with page.expect_navigation():
                    page.keyboard.press("Enter")
                page.wait_for_load_state()
            elif at["value"] == "save":
                with page.expect_navigation():
                    page.keyboard.press("Enter")
                page.wait_for_load_state()
                return
        elif value is not None:
            _answer(page, at, value)
    pytest.fail(f"{slug} has no end")


def _answer(page: Page, at: dict, value) -> None:
    if at["type"] == "checkbox":
        if (at["value"] in value) != at["checked"]:
            page.keyboard.press("Space")
    elif at["type"] == "radio":
        page.keyboard.press("Space")
        for _n in range(9):
            if page.evaluate(FOCUS)["value"] == value:
                return
            page.keyboard.press("ArrowDown")
        pytest.fail(f"{at['name']} offers no {value}")
    elif at["tag"] == "SELECT":
        for _n in range(260):
            if page.evaluate(FOCUS)["value"] == value:
                return
            page.keyboard.press("ArrowDown")
        pytest.fail(f"{at['name']} offers no {value}")
    elif at["tag"] in ("INPUT", "TEXTAREA") and at["value"] != value:
        page.keyboard.press("Control+A")
        page.keyboard.insert_text(value.replace("\r\n", "\n"))


def in_order(one):
    """Several Member States chosen come in the order of the page."""
    if isinstance(one, dict):
        return {
            name: sorted(value) if name in ("ams", "flows_to") and isinstance(value, list) else in_order(value)
            for name, value in one.items()
        }
    return [in_order(each) for each in one] if isinstance(one, list) else one


def test_the_whole_form_is_filled_by_keyboard_alone(offices, visitor):
    """P5, P2: every answer of a case, its lists and ranks among them, without a mouse."""
    page = Sessions(visitor).of(OWNER)
    proposal = begun(page)
    case = document()
    page.goto(section(proposal, SECTIONS[0].slug))
    for one in SECTIONS[:-1]:
        assert one.slug in page.url
        by_keyboard(page, one.slug, typed_as(case, one.slug))
    # Where a thing goes on to is chosen among the Member States saved so far, so one comes back for the last.
    page.goto(section(proposal, "participants"))
    by_keyboard(page, "participants", typed_as(case, "participants"))
    proposal.refresh_from_db()
    assert not faults(proposal.answers)
    assert in_order(proposal.answers) == in_order(case)
