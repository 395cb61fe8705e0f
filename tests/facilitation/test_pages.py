"""The pages of facilitation: who is shown what, what can be done from them, and what they cost."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from aipbi.workflow import jobs
from facilitation.models import Delivery


def address(story, name, *more):
    return reverse(name, args=[story.case.case.code, *more])


def shown(client, path) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def test_l3_each_reader_is_offered_what_it_can_do(story, signed_in):
    benefit = story.benefit("TH", "MY")
    page = address(story, "benefits")
    code = story.case.case.code
    thai, malay = (
        reverse("move", args=[code, "concurrence", story.word(benefit, ams).pk, "concur"]) for ams in ("TH", "MY")
    )
    lead = shown(signed_in(story.people.seom("TH")), page)
    assert thai in lead
    assert malay not in lead
    leave_out = reverse("move", args=[code, "concurrence", story.word(benefit, "TH").pk, "leave_out"])
    withdraw = reverse("move", args=[code, "benefit", benefit.pk, "withdraw_benefit"])
    assert leave_out not in lead
    officer = shown(signed_in(story.asec), page)
    assert leave_out in officer
    assert withdraw in officer
    chair = shown(signed_in(story.chair), page)
    assert "Benefit 1 waits for Malaysia and Thailand." in chair
    writer = shown(signed_in(story.writer), page)
    assert benefit.measure not in writer
    comment = reverse("move", args=[code, "challenge", story.challenge().pk, "comment"])
    assert comment in shown(signed_in(story.writer), address(story, "facilitation"))


def test_u5_experts_and_strangers_have_no_facilitation_and_no_letters(story, signed_in, people):
    for stranger in (people.expert(3), people.body("AMEM"), people.admin(), people.seom("VN")):
        client = signed_in(stranger)
        assert client.get(address(story, "facilitation")).status_code == 404, stranger.label
        assert client.get(address(story, "letters")).status_code == 404, stranger.label


def test_an_appointed_expert_sees_the_case_but_not_what_is_worked_out(story, signed_in):
    expert = next(one for one in story.people.holders("expert") if one.person.pk in appointed(story))
    client = signed_in(expert)
    assert client.get(reverse("case", args=[story.case.case.code])).status_code in (200, 404)
    assert client.get(address(story, "facilitation")).status_code == 404
    assert client.get(address(story, "letters")).status_code == 404


def appointed(story):
    from review.models import Invitation

    return set(Invitation.objects.filter(proposal=story.case, state="accepted").values_list("expert_id", flat=True))


def test_f7_the_page_follows_the_pdf_and_loads_anew_when_it_is_sealed(story, signed_in):
    letter = story.approved()
    client = signed_in(story.asec)
    page, progress = address(story, "letter", letter.pk), address(story, "letter_progress", letter.pk)
    before = shown(client, page)
    assert f'hx-get="{progress}"' in before
    assert "Look again" in before, "the way without JavaScript"
    job = story.job(letter)
    jobs.Progress(job).say(60, "Making the PDF")
    part = client.get(progress, headers={"HX-Request": "true"})
    assert 'value="60"' in part.content.decode()
    assert "Making the PDF" in part.content.decode()
    assert "HX-Refresh" not in part.headers
    jobs.run(job.pk)
    assert client.get(progress, headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"
    assert client.get(progress).headers["Location"] == page, "by itself it is no page"
    after = shown(client, page)
    assert progress not in after
    letter.refresh_from_db()
    assert letter.sha256 in after


def test_f7_a_proponent_is_not_told_how_far_an_unissued_letter_is(story, signed_in):
    letter = story.approved()
    assert signed_in(story.writer).get(address(story, "letter_progress", letter.pk)).status_code == 404


def test_f4_the_chair_reads_the_letter_on_the_page_where_it_is_approved(story, signed_in):
    story.finalised()
    letter = story.check(story.drafted())
    page = reverse("move", args=[story.case.case.code, "letter", letter.pk, "approve_letter"])
    words = shown(signed_in(story.chair), page)
    assert "best-endeavour" in words
    assert "One charge method." in words


def test_f7_an_addressee_acknowledges_from_the_letters_page(story, signed_in):
    letter = story.issued()
    client, page = signed_in(story.people.seom("TH")), address(story, "letter", letter.pk)
    mine = Delivery.objects.get(letter=letter, office__ams="TH")
    move = reverse("move", args=[story.case.case.code, "delivery", mine.pk, "acknowledge_letter"])
    words = shown(client, page)
    assert move in words
    others = Delivery.objects.filter(letter=letter).exclude(pk=mine.pk)
    assert not [one for one in others if f"/delivery/{one.pk}/" in words]
    done = client.post(move, {"seen": mine.revision})
    assert (done.status_code, done.url) == (302, page)
    assert move not in shown(client, page)
    again = client.post(move, {"seen": mine.revision}, follow=True)
    assert "not done twice" in again.content.decode()


@pytest.mark.parametrize("who", ["asec", "writer"])
def test_the_page_costs_the_same_for_one_and_for_many(story, signed_in, who):
    client = signed_in(getattr(story, who))
    story.benefit("TH")
    story.sent()
    client.get(address(story, "facilitation"))

    def queries():
        with CaptureQueriesContext(
            connection,
        ) as captured:
            shown(client, address(story, "facilitation"))
        return len(captured)

    before = queries()
    for number in range(3):
        story.benefit("TH", "MY", "LA", measure=f"Measure {number}.")
        story.sent()
        story.do("comment", story.challenge(), story.asec, text="Which office applies it?")
        story.do(
            "add_challenge", story.case, story.asec, category="goods", ams=["TH"], description="A queue.", evidence=""
        )
    assert queries() == before


def test_the_list_of_requests_costs_the_same_for_one_and_for_many(story, signed_in):
    client = signed_in(story.people.body("AMEM"))
    story.sent()
    client.get(reverse("requests"))

    def queries():
        with CaptureQueriesContext(connection) as captured:
            shown(client, reverse("requests"))
        return len(captured)

    before = queries()
    for _n in range(3):
        story.sent()
    assert queries() == before


def test_l3_who_owes_something_is_not_told_that_nothing_is_asked(story, signed_in):
    story.benefit("TH")
    page = shown(signed_in(story.people.seom("TH")), address(story, "facilitation"))
    assert "Answer whether the Member State concurs in a benefit" in page
    assert "Nothing is asked of you" not in page


def test_l3_naming_the_officer_is_never_the_main_button(story, signed_in):
    page = shown(signed_in(story.people.asec()), address(story, "facilitation"))
    aside = page[page.index('id="what-you-can-do"') :]
    assert aside.index("Write a request to ASEAN bodies") < aside.index("Name the case officer")
    before = aside[: aside.index("Name the case officer")]
    assert before.rindex("govuk-button--secondary") > before.rindex("<li>")


def test_l1_a_move_that_asks_nothing_shows_its_button_alone(story, signed_in):
    request = story.sent()
    path = reverse("move", args=[story.case.case.code, "request", request.pk, "acknowledge"])
    page = shown(signed_in(story.people.body("AMEM")), path)
    form = page[page.index('name="seen"') : page.index("Acknowledge that you have it</button>")]
    assert "None" not in form
