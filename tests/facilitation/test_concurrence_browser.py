"""F3 in a browser: eleven Member States, ten benefits, one screen, by keyboard."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from aipbi.workflow import invariants
from facilitation import demo as gathering
from facilitation.models import Concurrence
from tests.journeys.clicks import Sessions
from tests.support import world

SCREEN = {"width": 1280, "height": 800}


@pytest.fixture
def walk(stack):
    """A case in facilitation with all Member States and ten benefits."""
    walk = world.bring("facilitation").walk
    gathering.gather(walk)
    gathering.propose(walk)
    return walk


def test_f3_ten_benefits_and_eleven_member_states_on_one_screen_by_keyboard(walk, visitor):
    case = walk.proposal
    gathering.answer(walk, ["BN", "KH", "ID", "LA", "MY", "MM", "PH", "SG", "TH"])
    gathering.answer(walk, ["TL"], answer_8="refuse", words_8="No mandate.")
    sessions = Sessions(visitor, viewport=SCREEN)
    lead = sessions.of(walk.people.seom("VN").person.email)
    answer_by_keyboard(lead, case)
    said = dict(Concurrence.objects.filter(proposal=case, ams="VN").values_list("benefit__number", "state"))
    assert said == dict.fromkeys(range(1, 11), "concurred") | {
        3: "concurred_with_conditions", 8: "refused",
    }  # fmt: skip
    assert not Concurrence.objects.filter(proposal=case, state="asked").exists()
    assert not invariants.violations()
    read_by_keyboard(sessions.of(walk.people.chair().person.email), case)

    plain = visitor(java_script_enabled=False, viewport={"width": 320, "height": 700})
    plain.goto("/accounts/login/")
    plain.locator(f'button[name="person"][value="{walk.people.asec().person.email}"]').click()
    plain.goto(reverse("benefits", args=[case.case.code]))
    cell = plain.locator("[data-grid] tbody tr").nth(7).get_by_role("link", name="Does not concur").last
    expect(cell).to_be_visible()
    cell.click()
    assert plain.url.partition("#")[2].startswith("word-")
    assert plain.evaluate("document.documentElement.scrollWidth") <= 320


def answer_by_keyboard(page, case):
    """Concur in everything but 3, on conditions, and 8; with Tab, Space and the arrow keys alone."""
    page.goto(reverse("benefits", args=[case.case.code]))
    page.get_by_role("button", name="Answer on the benefits").focus()
    page.keyboard.press("Enter")
    sheet = page.locator(".ben-sheet")
    expect(sheet).to_be_visible()
    assert sheet.bounding_box()["height"] <= SCREEN["height"]
    assert not page.locator("input:checked").count()
    page.locator('[name="answer_1"]').first.focus()
    for number in range(1, 11):
        # Space chooses the first answer, the arrows go on to the next ones; Tab leaves the group.
        page.keyboard.press("Space")
        for _step in range({3: 1, 8: 2}.get(number, 0)):
            page.keyboard.press("ArrowRight")
        if number in (3, 8):
            page.keyboard.press("Tab")
            page.keyboard.type("Only above 115 kV." if number == 3 else "No mandate.")
            page.keyboard.press("Tab")
        if number != 3:
            page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.tagName") == "BUTTON"
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_contain_text("Your country has answered on all of them")


def read_by_keyboard(page, case):
    """The whole grid is on the screen at once; arrows go through it, Enter leads to the words."""
    page.goto(reverse("benefits", args=[case.case.code]))
    table = page.locator("[data-grid]")
    page.locator("#grid").evaluate("one => one.scrollIntoView()")
    box = table.bounding_box()
    assert box["y"] >= 0
    assert box["y"] + box["height"] <= SCREEN["height"]
    assert box["x"] + box["width"] <= SCREEN["width"]
    assert table.locator("tbody tr").count() == 10
    assert table.locator("tbody td").count() == 110
    assert table.locator('[tabindex="0"]').count() == 1
    table.locator('[tabindex="0"]').focus()
    page.keyboard.press("Control+End")
    for _step in range(2):
        page.keyboard.press("ArrowUp")
    focused = page.locator(":focus")
    expect(focused).to_have_attribute("title", "Viet Nam: Does not concur")
    page.keyboard.press("ArrowLeft")
    expect(page.locator(":focus")).to_have_attribute("title", "Timor-Leste: Does not concur")
    page.keyboard.press("Home")
    expect(page.locator(":focus")).to_contain_text("8.")
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    words = page.locator(f"#{page.url.partition('#')[2]}")
    expect(words).to_contain_text("Viet Nam")
    expect(words).to_contain_text("No mandate.")
