"""Many cases at once, and a decision in the room, by keyboard alone and without JavaScript (R7, D7, WCAG 2.2)."""

import pytest
from playwright.sync_api import expect

from aipbi.accounts.models import Person
from aipbi.workflow import invariants
from review.models import Decision
from tests.journeys.clicks import Sessions, link
from tests.journeys.keyed import Keys, reach
from tests.review import meetings, steps
from tests.support import world


@pytest.fixture
def case(stack, people):
    world.offices()
    return meetings.before_a_meeting(people)


def test_a_bulk_move_and_a_meeting_by_keyboard_without_a_script(case, people, visitor):
    sessions = Sessions(visitor, Keys, java_script_enabled=False)
    other = Person.objects.get(email="officer-2@asec.example.org")
    _name_an_officer(sessions.of(people.asec().person.email), case, other)
    assert steps.fresh(case).case_officer == other

    meeting = meetings.called(people)
    meetings.with_case(people, meeting, case)
    meetings.opened(people, meeting)
    _decide(sessions.of(people.chair().person.email), meeting, case, people)
    decision = Decision.objects.get()
    assert (decision.outcome, decision.reasons) == ("approved", "As the members agreed.")
    assert invariants.violations() == {}


def _name_an_officer(page, case, officer):
    """Tick the case in the list, see what would happen, have it done."""
    Keys.press(link(page, "/cases/").first)
    page.wait_for_url("**/cases/")
    reach(page.locator(f'input[name="case"][value="{case.case.code}"]'))
    page.keyboard.press("Space")
    Keys.answer(page.locator("#bulk-which"), "which", "ticked")
    Keys.answer(page.locator("#bulk-action"), "action", "assign_officer")
    Keys.press(page.get_by_role("button", name="See what would happen"))
    page.wait_for_url("**/bulk/*/")
    Keys.answer(page.locator("main form select"), "officer", officer.pk)
    Keys.press(page.get_by_role("button", name="Show what would happen"))
    Keys.press(page.get_by_role("button", name="Do it for 1 case"))
    expect(page.get_by_text("Done for 1 case.")).to_be_visible()


def _decide(page, meeting, case, people):
    """Go to the meeting's screen, and record what it agreed."""
    Keys.press(link(page, "/meetings/").first)
    Keys.press(page.get_by_role("main").get_by_role("link", name=meeting.title).first)
    Keys.press(page.get_by_role("button", name="Record decisions item by item"))
    expect(page.get_by_role("heading", level=1)).to_contain_text(case.title)
    steps.say(people, case, LA="approve", MY="no_objection", TH="approve", SG="approve")
    page.reload()
    form = page.locator("#record")
    Keys.answer(form.locator('[name="outcome"]'), "outcome", "approved")
    Keys.answer(form.locator('[name="reasons"]'), "reasons", "As the members agreed.")
    Keys.answer(form.locator('[name="discussion"]'), "discussion", "All spoke.")
    Keys.press(page.get_by_role("button", name="Record the decision"))
    expect(page.get_by_text("As the members agreed.").first).to_be_visible()
