"""From the registered proposal to the decision by keyboard alone and without JavaScript (R2–R6, R7, D2–D5, WCAG 2.2)."""

import pytest
from playwright.sync_api import Page, expect

from aipbi.workflow import invariants
from review.models import Decision
from tests.journeys.clicks import ClickedWalk, Sessions, link
from tests.journeys.keyed import Keys
from tests.review import steps
from tests.support import world


@pytest.fixture
def case(stack, people):
    world.offices()
    return steps.confirmed(people, "LA", "TH")


def test_experts_and_capitals_reach_a_decision_by_keyboard_without_a_script(case, people, visitor):
    sessions = Sessions(visitor, Keys, java_script_enabled=False)
    find(sessions.of(people.asec().person.email), case)
    life = ClickedWalk(case, sessions)
    life.to("approved")
    assert set(life.made) == {
        "invite_expert", "accept_invitation", "start_assessment", "save_assessment", "file_assessment",
        "file_consolidated", "open_round", "give_position", "record_decision",
    }  # fmt: skip
    assert Decision.objects.get().outcome == "approved"
    assert invariants.violations() == {}


def find(page: Page, case) -> None:
    """Search the inbox, and keep the search as a view."""
    Keys.press(link(page, "/cases/").first)
    page.wait_for_url("**/cases/")
    Keys.answer(page.locator("form[role=search] [name=q]"), "q", "state:registered ams:LA")
    Keys.press(page.get_by_role("button", name="Show", exact=True))
    page.wait_for_url("**q=*")
    expect(page.get_by_role("row")).to_have_count(2)
    Keys.press(page.get_by_role("link", name="Save as a view"))
    page.wait_for_url("**/views/**")
    Keys.answer(page.get_by_label("Name"), "name", "Registered with Laos")
    Keys.press(page.get_by_role("button", name="Save", exact=True))
    expect(page.get_by_role("main").get_by_role("link", name="Registered with Laos")).to_be_visible()
    Keys.press(page.get_by_role("link", name=case.title).first)
    expect(page.get_by_role("heading", level=1)).to_have_text(case.title)
