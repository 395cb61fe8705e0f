"""While the database is away every page says so in a line, `/healthz` says which part it is, and all goes on after."""

import pytest
from playwright.sync_api import expect

from aipbi.workflow.models import Job, Notice, TrailEntry
from proposals.models import Proposal
from tests.faults.waiting import until
from tests.support import database, world

PLAIN = "The portal is not available just now"


@pytest.fixture
def case(stack):
    found = world.bring("with_seom").proposal.case
    until(
        lambda: (
            not Notice.objects.exclude(mail_state="sent").exists() and not Job.objects.exclude(state="done").exists()
        )
    )
    return found


def test_pages_say_so_in_words_and_healthz_says_which(stack, visitor, case):
    page = visitor()
    with database.away():
        for address in ("/", "/accounts/login/", "/desk/", f"/cases/{case.code}/"):
            answer = page.goto(address)
            assert (answer.status, answer.headers["retry-after"]) == (503, "60")
            assert page.get_by_role("heading", level=1).inner_text() == PLAIN
            for inside in ("Traceback", "psycopg", "OperationalError", "test_"):
                assert inside not in page.content()
        health = page.request.get("/healthz", headers={"Accept": "application/json"})
        assert health.status == 503
        assert {part: state for part, state in health.json().items() if part != "worker"} == {
            "status": "failing", "database": "failing", "broker": "ok", "pdf_engine": "ok",
        }  # fmt: skip
    stack.wait_until_well()
    assert page.goto("/accounts/login/").status == 200


def test_l1_what_was_sent_while_it_was_away_is_not_done_and_can_be_sent_again(stack, visitor, case):
    page = visitor()
    page.goto("/accounts/login/")
    page.locator('button[value="seom@la.example.org"]').click()
    page.goto(f"/cases/{case.code}/proposal/{case.pk}/support/")
    page.get_by_label("Statement of support").fill("We support it with all our heart.")
    before = TrailEntry.objects.count()
    with database.away():
        page.get_by_role("button", name="Support it").click()
        expect(page.get_by_role("heading", level=1)).to_have_text(PLAIN)
    assert Proposal.objects.get().state == "with_seom"
    assert TrailEntry.objects.count() == before

    page.get_by_text("Read what you typed").click()
    expect(page.get_by_text("We support it with all our heart.")).to_be_visible()
    page.get_by_role("button", name="Send it again").click()
    expect(page.locator(".portal-case__state")).to_be_visible()
    assert Proposal.objects.get().state == "inbox"
    assert TrailEntry.objects.filter(action="support").count() == 1
    until(lambda: not Notice.objects.exclude(mail_state="sent").exists())
