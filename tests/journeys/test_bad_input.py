"""Bad input on the portal's pages: forms sent twice, from stale pages and ended sessions; markup and scripts in names."""

import json
from html import escape, unescape

import pytest
from django.template.loader import render_to_string
from playwright.sync_api import expect

from aipbi.accounts.models import Organisation, Person
from aipbi.workflow import registry
from aipbi.workflow.models import TrailEntry
from monitoring import demo
from proposals.enums import State
from proposals.models import Proposal
from tests.journeys.reading import everything, runs_script
from tests.support import cases, world
from tests.support.people import sign_in

WORDS = "We support it, for these three reasons."


def page_of(case, move: str) -> str:
    return f"/cases/{case.case.code}/proposal/{case.pk}/{move}/"


def made(case, move: str) -> int:
    return TrailEntry.objects.filter(case=case.pk, action=move).count()


def seen(answer) -> str:
    return answer.context["seen"]


# --- sent again, too late, too long after ---


def test_l2_a_form_sent_again_is_done_once_and_says_so(people, signed_in):
    case = cases.submitted(people)
    lead = signed_in(people.seom("LA"))
    sent = {"seen": seen(lead.get(page_of(case, "support"))), "statement": WORDS}
    assert lead.post(page_of(case, "support"), sent).status_code == 302
    again = lead.post(page_of(case, "support"), sent, follow=True)
    assert "This was already carried out; it was not done twice." in again.content.decode()
    assert made(case, "support") == 1


def test_l2_another_text_sent_again_is_not_taken_for_the_same(people, signed_in):
    """Two windows of one person: the second one's words are kept on the page, not swallowed as a double click."""
    case = cases.registered(people)
    move = f"/cases/{case.case.code}/participation/{case.participations.get(ams='TH').pk}/decline/"
    lead = signed_in(people.seom("TH"))
    sent = {"seen": seen(lead.get(move)), "reason": "The grid code differs."}
    assert lead.post(move, sent).status_code == 302
    late = lead.post(move, {**sent, "reason": "There is no budget this year."})
    assert late.status_code == 409
    assert "There is no budget this year." in late.content.decode()
    assert TrailEntry.objects.get(case=case.pk, action="decline").details["reason"] == "The grid code differs."


def test_l2_a_move_from_a_stale_page_says_what_happened_and_keeps_what_was_typed(people, signed_in):
    case = cases.in_inbox(people)
    first, second = signed_in(people.asec(1)), signed_in(people.asec(2))
    sent = {"seen": seen(second.get(page_of(case, "ask_completion"))), "gaps": "Annex 2 is not signed & dated."}
    cases.do(case, "assign_officer", people.asec(1), officer=people.asec(2).person.pk)
    answer = second.post(page_of(case, "ask_completion"), sent)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Something happened here after you opened the page. Nothing of yours was carried out." in page
    assert str(registry.get("proposal", "assign_officer").done) in page
    assert "Annex 2 is not signed &amp; dated.</textarea>" in page
    assert made(case, "ask_completion") == 0

    assert second.post(page_of(case, "ask_completion"), {**sent, "seen": seen(answer)}).status_code == 302
    assert made(case, "ask_completion") == 1
    assert first.get(f"/cases/{case.case.code}/").status_code == 200


def test_l2_a_move_that_is_not_open_any_more_says_so(people, signed_in):
    case = cases.submitted(people)
    lead = signed_in(people.seom("LA"))
    sent = {"seen": seen(lead.get(page_of(case, "support"))), "statement": WORDS}
    cases.do(case, "withdraw", people.proponent(), reason="Changed plans.")
    answer = lead.post(page_of(case, "support"), sent)
    assert answer.status_code == 409
    assert str(registry.get("proposal", "withdraw").done) in answer.content.decode()
    assert WORDS in answer.content.decode(), "what was typed can still be read and copied"
    case.refresh_from_db()
    assert case.state == State.WITHDRAWN


@pytest.mark.parametrize("number", ["", "x", "-1", "9" * 40, "1.5"])
def test_a_revision_that_no_page_ever_had_does_nothing(people, signed_in, number):
    case = cases.submitted(people)
    answer = signed_in(people.seom("LA")).post(page_of(case, "support"), {"seen": number, "statement": WORDS})
    assert answer.status_code in (404, 409)
    assert made(case, "support") == 0


def test_a_page_left_open_over_night_loses_no_word(stack, visitor):
    """The session ends while somebody writes a move's text: it is sent after signing in, once, as it was typed."""
    case = world.bring("with_seom").proposal
    page = visitor()
    page.goto(f"/accounts/login/?next={page_of(case, 'support')}")
    page.locator('button[value="seom@la.example.org"]').click()
    page.get_by_label("Statement of support").fill(WORDS)
    page.context.clear_cookies()
    page.get_by_role("button", name="Support it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Not saved yet: your session had ended")
    assert made(case, "support") == 0

    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Sign in").last.click()
    opened.value.goto("/accounts/login/")
    opened.value.locator('button[value="seom@la.example.org"]').click()
    expect(opened.value.get_by_role("heading", name="Your desk")).to_be_visible()
    page.get_by_role("button", name="Send it again").click()
    expect(page.get_by_text("You have signed in again")).to_be_visible()
    page.get_by_role("button", name="Send it again").click()
    expect(page.locator(".portal-case__state")).to_be_visible()
    assert Proposal.objects.get().state == State.INBOX
    assert TrailEntry.objects.get(action="support").details["statement"] == WORDS


# --- markup, formulas and every script of the region, on every page that anybody can reach ---

MARKUP = "<img src=x onerror=alert(1)>"
FORMULA = '=HYPERLINK("http://example.org")'
SCRIPTS = "โครงการไฟฟ้า ໂຄງການໄຟຟ້າ គម្រោងអគ្គិសនី လျှပ်စစ်စီမံကိန်း Dự án điện 跨境电力项目"
TITLE = f"{FORMULA} {MARKUP} {SCRIPTS}"
# What is not the proponent's own text but a code or a place in a list.
CODES = {"body", "format"}


def marked(answers):
    """Put markup behind every text of a document that a person writes."""
    if isinstance(answers, dict):
        return {key: value if key in CODES else marked(value) for key, value in answers.items()}
    if isinstance(answers, list):
        return [marked(one) for one in answers]
    return f"{answers} {MARKUP}" if isinstance(answers, str) and " " in answers else answers


@pytest.fixture(scope="module")
def strange(django_db_setup, django_db_blocker, tmp_path_factory):
    """A case in monitoring whose every text carries markup, and people and an organisation whose names do."""
    from django.db import transaction

    file = tmp_path_factory.mktemp("strange") / "case.json"
    file.write_text(json.dumps({**marked(cases.document()), "title": TITLE}))
    with django_db_blocker.unblock(), transaction.atomic():
        world.offices()
        Organisation.objects.update(name=MARKUP + " " + SCRIPTS)
        Person.objects.update(name=MARKUP)
        here = world.World(demo.bring_in(file))
        here.walk.to(State.MONITORING)
        here.proposal = here.walk.proposal
        yield here
        transaction.set_rollback(True)


@pytest.mark.parametrize(
    "tie", ["owner", "seom_origin", "seom_named", "fg_gvc_chair", "fg_gvc_named", "expert", "body", "asec", "admin"]
)
def test_markup_in_any_text_stays_text_on_every_page(strange, db, client, tie):
    pages = dict(everything(sign_in(client, strange.tie(tie))))
    assert {address for address, html in pages.items() if MARKUP in html or runs_script(html)} == set()
    assert any(escape(MARKUP) in html for html in pages.values())


@pytest.mark.parametrize("tie", ["owner", "seom_named", "fg_gvc_chair", "asec"])
def test_formulas_and_every_script_of_the_region_are_shown_as_written(strange, db, client, tie):
    sign_in(client, strange.tie(tie))
    for address in (
        "/cases/",
        f"/cases/{strange.proposal.case.code}/",
        f"/cases/{strange.proposal.case.code}/proposal/",
    ):
        assert escape(TITLE) in client.get(address).content.decode()


def test_the_letters_page_carries_them_too(strange, db):
    letter = strange.proposal.letters.get()
    html = render_to_string("facilitation/letter_pdf.html", {"letter": letter.content})
    assert MARKUP not in html
    assert FORMULA in unescape(html)
