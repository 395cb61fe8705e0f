"""The eligibility check: anyone may ask, nothing is stored, the answers become a draft (P7)."""

import re
from html import unescape

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from aipbi.accounts.enums import Membership
from proposals import eligibility as check
from proposals.document import codes, faults
from proposals.models import Proposal

pytestmark = pytest.mark.django_db
ALL = {
    "phase": "under_way",
    "categories": ["goods", "talent"],
    "roadblock": "Cells wait nine days at the border",
    "remedy": "together",
    "wants": "help",
    "ams": ["MY", "TH"],
    "gains": ["MY", "TH"],
    "origin": "MY",
    "aims": ["inclusion"],
}


def ask(client, **other):
    return client.post(reverse("eligibility"), {**ALL, **other}).content.decode()


def seal(page: str) -> str:
    return unescape(re.search(r'name="answers" value="([^"]+)"', page)[1])


def begin(client, page: str):
    return client.post(reverse("begin_from_check"), {"answers": seal(page)})


def test_the_page_is_open_to_a_stranger_and_linked_from_the_start_page(client):
    """P7: no account."""
    assert f'href="{reverse("eligibility")}"' in client.get("/").content.decode()
    page = client.get(reverse("eligibility")).content.decode()
    assert "Does your project fit?" in page
    assert "there is no fund behind it" in page
    assert "checked" not in page


def test_a_project_that_fits_is_told_so(client):
    """P7: all three criteria answered well."""
    page = ask(client)
    assert "Your project seems to fit" in page
    assert "These take part and gain: Malaysia, Thailand." in page
    assert "What is missing" not in page


@pytest.mark.parametrize(
    ("other", "words"),
    [
        ({"phase": "idea"}, "An idea is too early"),
        ({"categories": ["none"]}, "nothing the mechanism could facilitate"),
        ({"remedy": "alone"}, "best asked of its own authorities"),
        ({"wants": "money"}, "has no money of its own"),
        ({"ams": ["MY"]}, "At least two Member States must take part"),
        ({"gains": ["MY", "SG"]}, "both take part and gain"),
        ({"origin": "VN"}, "Viet Nam would support it, so it must take part."),
        ({"ams": ["MY", "TH", "VN"], "origin": "VN"}, "Viet Nam would support it, so it must gain from it."),
        ({"aims": ["none"]}, "must help decarbonisation, inclusive development, or both"),
    ],
)
def test_what_does_not_fit_is_named_with_the_reason(client, other, words):
    """P7, Framework §2.C: each criterion by itself decides against."""
    page = ask(client, **other)
    assert "it does not fit yet" in page
    assert words in page
    assert "What fits" in page


@pytest.mark.parametrize("name", sorted(set(ALL) - {"roadblock"}))
def test_what_is_left_open_is_missing_and_no_error(client, name):
    """P7: one may leave a question open; the answer says so."""
    page = ask(client, **{name: []})
    assert "something is still open" in page
    assert "What is missing" in page
    assert "There is a problem" not in page


def test_greenfield_follows_the_switch(client):
    """P1, P7: whether projects not begun are admitted is a setting."""
    from aipbi.asean.models import Default

    assert "Your project seems to fit" in ask(client, phase="greenfield")
    switch = Default.objects.get(key="greenfield_open")
    switch.value = False
    switch.save()
    assert "Only projects under way are admitted" in ask(client, phase="greenfield")


def test_answers_that_contradict_or_are_unknown_are_told_and_kept(client):
    """Bad input: a forged code and two answers at once are named, with what was typed."""
    page = ask(client, ams=["AU", "MY"], aims=["none", "inclusion"])
    assert "There is a problem" in page
    assert "AU is not one of the available choices" in page
    assert "Choose either the last answer or the others" in page
    assert "Cells wait nine days" in page
    assert "Start a proposal from these answers" not in page
    assert "at most 300 characters" in ask(client, roadblock="x" * 301)


def test_nothing_is_stored_until_there_is_an_account(client):
    """P7: asking and pressing the button leave no row behind; the browser keeps the answers."""
    with CaptureQueriesContext(
        connection,
    ) as ran:
        page = ask(client)
        answer = begin(client, page)
    wrote = [
        one["sql"] for one in ran if not one["sql"].lstrip().upper().startswith(("SELECT", "SAVEPOINT", "RELEASE"))
    ]
    assert not wrote
    assert Session.objects.count() == 0
    assert answer.url.startswith(reverse("account_signup"))
    kept = answer.cookies[check.COOKIE]
    assert kept["httponly"]
    assert kept["samesite"] == "Lax"


def test_a_proponent_starts_from_the_answers_at_once(people, signed_in):
    """P7: signed in, the draft stands with every answer in its place."""
    me = signed_in(people.proponent())
    answer = begin(me, ask(me))
    proposal = Proposal.objects.get()
    assert answer.url == reverse("write", args=[proposal.case.code])
    assert (proposal.phase, proposal.originating_ams_id) == ("under_way", "MY")
    assert [one["ams"] for one in proposal.answers["participants"]] == ["MY", "TH"]
    assert [(one["category"], one["description"]) for one in proposal.answers["roadblocks"]] == [
        ("goods", "Cells wait nine days at the border"),
        ("talent", ""),
    ]
    assert not faults(proposal.answers, strict=False)


def test_a_stranger_finds_the_answers_after_signing_in(client, people):
    """P7: what the browser kept is offered where a proposal is started, once."""
    from tests.support.people import sign_in

    begin(client, ask(client))
    me = sign_in(client, people.proponent())
    assert 'name="carried"' in me.get(reverse("new_proposal")).content.decode()
    answer = me.post(reverse("new_proposal"), {"carried": "yes"})
    assert Proposal.objects.get().originating_ams_id == "MY"
    assert answer.cookies[check.COOKIE].value == ""
    assert 'name="carried"' not in me.get(reverse("new_proposal")).content.decode()


def test_signing_up_leads_to_the_draft(client):
    """P7: from the check through signing up and the code in the e-mail to the page that offers the answers."""
    from tests.accounts.conftest import code_mailed_to
    from tests.accounts.test_signing_up import ADDRESS, ANSWERS, CODE_PAGE

    onwards = begin(client, ask(client)).url
    page = client.get(onwards).content.decode()
    assert 'name="next" value="/proposals/new/"' in page
    client.post(onwards, {**ANSWERS, "next": "/proposals/new/"})
    answer = client.post(CODE_PAGE, {"code": code_mailed_to(ADDRESS)})
    assert answer.url == "/proposals/new/"
    assert 'name="carried"' in client.get(answer.url).content.decode()


def test_the_answers_may_be_left_behind(client, people):
    """P7: without the tick the draft is empty."""
    from tests.support.people import sign_in

    begin(client, ask(client))
    sign_in(client, people.proponent()).post(reverse("new_proposal"))
    assert Proposal.objects.get().answers["participants"] == []


def test_answers_with_a_broken_seal_begin_nothing(people, signed_in):
    """Bad input: a changed seal, a changed cookie."""
    me = signed_in(people.proponent())
    assert me.post(reverse("begin_from_check"), {"answers": "x" + seal(ask(me))}).url == reverse("eligibility")
    me.cookies[check.COOKIE] = "x"
    me.post(reverse("new_proposal"), {"carried": "yes"})
    assert Proposal.objects.get().answers["participants"] == []


@pytest.mark.parametrize("who", ["seom", "viewer"])
def test_only_who_writes_for_an_organisation_begins(people, signed_in, who):
    """U5: an office, or somebody who only reads, starts no draft; the answers are kept."""
    me = signed_in(people.seom("LA") if who == "seom" else people.proponent(membership=Membership.VIEWER))
    answer = begin(me, ask(me))
    assert answer.url == reverse("desk")
    assert answer.cookies[check.COOKIE].value
    assert not Proposal.objects.exists()


def test_u5_who_signs_in_next_with_the_same_browser_is_not_offered_anothers_answers(client, people):
    """U5, P7: answers given while signed in wait for that person alone."""
    from tests.support.people import sign_in

    reader = people.proponent(membership=Membership.VIEWER)
    begin(sign_in(client, reader), ask(client))
    assert check.opened(client.cookies[check.COOKIE].value, reader.person.pk) is not None
    next_one = sign_in(client, people.proponent("Other Works"))
    assert 'name="carried"' not in next_one.get(reverse("new_proposal")).content.decode()
    next_one.post(reverse("new_proposal"), {"carried": "yes"})
    assert Proposal.objects.get().answers["participants"] == []


def test_every_kind_of_answer_makes_a_draft_that_can_be_kept(client):
    """P7: also the emptiest answers begin a document of the right shape."""
    for answers in (check.Answers(), check.Answers(phase="idea", categories=("none",), aims=("none",))):
        assert not faults(check.begun(answers), strict=False)
        assert check.findings(answers, codes.load())


def test_p7_a_state_that_is_not_known_yet_is_offered_in_words(client):
    page = client.get(reverse("eligibility")).content.decode()
    assert '<option value="" selected>Not known yet</option>' in page
    assert ">None<" not in page
