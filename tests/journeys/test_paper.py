"""A proposal on paper, in a real browser: the form downloaded, filled in, brought in, and what came of it (P8)."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from proposals.models import Proposal
from tests.journeys.clicks import Sessions
from tests.journeys.heard import faults
from tests.support import world
from tests.support.paper import filled_in

OWNER = "owner@mekong-hydropower.example.org"
ANSWERS = {
    "title": ("Seaweed from Sabah", " to Cebu"),
    "summary": "ສາຫຼ່າຍ – rong biển – 海藻",
    "value_chain": "New energy – Electricity trade and grids",
    "investment_usd": "about five million",
    "participants[0].ams": "Malaysia",
    "participants[0].flows_to=PH": "1",
    "requests[0].body": "The council of elders",
}


@pytest.mark.parametrize("script", [True, False], ids=["with_script", "without_script"])
def test_p8_a_form_is_downloaded_filled_in_and_brought_in(stack, visitor, tmp_path, script):
    world.offices()
    page = Sessions(visitor, java_script_enabled=script).of(OWNER)
    page.goto("/proposals/new/")
    with page.expect_download() as given:
        page.get_by_role("link", name="Download the blank form (Word)").click()
    filled = tmp_path / "our seaweed.docx"
    filled.write_bytes(filled_in(Path(given.value.path()).read_bytes(), ANSWERS))

    page.get_by_role("link", name="Bring in a filled form").click()
    assert faults(page) == []
    page.get_by_label("Filled form").set_input_files(filled)
    page.get_by_role("button", name="Read it in").click()
    expect(page.get_by_role("heading", name="What came of the form")).to_be_visible()
    assert faults(page) == []
    expect(page.get_by_text("“The council of elders” is not in the list of this question.")).to_be_visible()
    expect(page.get_by_text("about five million", exact=True)).to_be_visible()
    page.reload()
    expect(page.get_by_text("The council of elders", exact=True)).to_be_visible()

    page.get_by_role("button", name="Go on writing").click()
    expect(page.get_by_role("heading", name="Seaweed from Sabah to Cebu")).to_be_visible()
    page.get_by_role("link", name="Project", exact=True).click()
    expect(page.get_by_label("Summary")).to_have_value(ANSWERS["summary"])
    [proposal] = Proposal.objects.all()
    assert proposal.answers["participants"][0]["flows_to"] == ["PH"]

    changed = tmp_path / "changed.docx"
    page.goto(f"/cases/{proposal.case.code}/write/")
    with page.expect_download() as given:
        page.get_by_role("link", name="Download as a Word form").click()
    changed.write_bytes(filled_in(Path(given.value.path()).read_bytes(), {"title": "Seaweed, two ports"}))
    page.get_by_role("link", name="Bring in a filled form").click()
    page.get_by_label("Filled form").set_input_files(changed)
    page.get_by_role("button", name="Read it in").click()
    expect(page.get_by_text("Seaweed from Sabah to Cebu").last).to_be_visible()
    assert faults(page) == []
    page.get_by_role("button", name="Put these answers into the draft").click()
    expect(page.get_by_text("“changed.docx” was read")).to_be_visible()
    proposal.refresh_from_db()
    assert (proposal.title, proposal.answers["summary"]) == ("Seaweed, two ports", ANSWERS["summary"])
