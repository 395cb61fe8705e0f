"""Two offices of one Member State at once, and the chair recording while a position changes, in browsers (L2, D2, D5)."""

import re

import pytest
from playwright.sync_api import Page, expect

from aipbi.workflow import invariants
from review.models import Decision
from tests.journeys.clicks import Sessions
from tests.review import steps
from tests.support import world

MEMBER, LEAD = "The transit rules are not agreed.", "Which grid code holds in Thailand?"
REASONS, CONDITIONS = "The states that take part agree.", "The list of goods is agreed first."


@pytest.fixture
def case(stack, people):
    world.offices()
    return steps.before_fg_gvc(people)


def test_l2_two_capitals_and_a_chair_each_end_right_and_are_told(case, people, visitor):
    sessions = Sessions(visitor)
    said = {
        "FG-GVC member": speak(sessions, case, people.fg_gvc("TH"), "Object", MEMBER),
        "SEOM lead": speak(sessions, case, people.seom("TH"), "Defer", LEAD),
    }
    member, lead = said.values()
    with member.expect_navigation(), lead.expect_navigation():
        for page in said.values():
            give(page, no_wait_after=True)

    first = steps.position(case, "TH")
    won, lost = ("FG-GVC member", "SEOM lead") if first.value == "object" else ("SEOM lead", "FG-GVC member")
    assert first.text == (MEMBER if won == "FG-GVC member" else LEAD)
    expect(said[won].get_by_role("main")).to_contain_text("Position given")
    refusal = said[lost].get_by_role("alert")
    expect(refusal).to_contain_text("This was not carried out")
    expect(refusal).to_contain_text(f"{won}, Thailand: Position given")
    words = LEAD if lost == "SEOM lead" else MEMBER
    expect(said[lost].get_by_role("textbox")).to_have_value(words)
    give(said[lost])
    expect(said[lost].get_by_role("main")).to_contain_text(f"Your country's {won} said before:")
    assert steps.position(case, "TH").text == words

    steps.say(people, case, LA="approve", TH="approve", MY="approve", SG="approve")
    chair = sessions.of(people.chair().person.email)
    chair.goto(f"/cases/{case.case.code}/proposal/{case.pk}/record_decision/")
    chair.get_by_role("radio", name="Approved", exact=True).check()
    chair.get_by_label("Reasons", exact=True).fill(REASONS)
    chair.get_by_label("Conditions of the approval").fill(CONDITIONS)
    late = speak(sessions, case, people.seom("TH"), "Approve with conditions", "Only with the grid code.")
    singapore = speak(sessions, case, people.seom("SG"), "Object", "The list is not agreed.")
    give(singapore)
    expect(singapore.get_by_role("main")).to_contain_text("Position given")
    record = chair.get_by_role("button", name="Record the decision")
    record.click()
    expect(chair.get_by_role("alert")).to_contain_text("Nothing was recorded: positions changed")
    expect(chair.get_by_role("alert")).to_contain_text("Singapore: now Object")
    expect(chair.get_by_label("Reasons", exact=True)).to_have_value(REASONS)
    # An approval is not open any more, nor are its conditions; the words are there to be copied.
    expect(chair.get_by_label("Conditions of the approval")).to_have_count(0)
    chair.get_by_text("Read what you typed").click()
    expect(chair.get_by_text(CONDITIONS)).to_be_visible()
    assert not Decision.objects.exists()

    chair.get_by_role("radio", name="Not approved").check()
    record.click()
    expect(chair.get_by_role("main")).to_contain_text("Decision recorded")
    give(late)
    expect(late.get_by_role("alert")).to_contain_text("This round is closed.")
    expect(late.get_by_text("Only with the grid code.")).to_be_visible()
    assert Decision.objects.get().positions["TH"]["value"] == "approve"
    assert invariants.violations() == {}


def speak(sessions: Sessions, case, as_, position: str, words: str) -> Page:
    """Open the position's form and fill it in; nothing is sent."""
    page = sessions.of(as_.person.email)
    page.goto(f"/cases/{case.case.code}/position/{steps.position(case, as_.ams).pk}/give_position/")
    page.get_by_role("radio", name=position, exact=True).check()
    page.get_by_role("textbox").fill(words)
    return page


def give(page: Page, **how: bool) -> None:
    page.get_by_role("button", name=re.compile("(Give|Change) your country.s position")).click(**how)
