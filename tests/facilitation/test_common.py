"""F1: one barrier of many projects, taken up once; no proponent reads of another."""

import pytest
from django.urls import reverse

from aipbi.asean.models import Category
from aipbi.workflow.errors import Invalid, NotYours
from aipbi.workflow.models import Notice, TrailEntry
from aipbi.workflow.walk import Walk
from facilitation import common
from facilitation.models import Challenge, CommonBarrier
from monitoring import demo
from tests.support.cases import do
from tests.support.client import Client
from tests.support.people import sign_in


@pytest.fixture
def other(story):
    """Another case in facilitation, of another company."""
    return Walk(demo.bring_in(demo.CASES / "02-ev-battery-chain.json")).to("facilitation")


def grouped(story, other) -> CommonBarrier:
    chosen = [story.challenge(), Challenge.objects.filter(proposal=other).order_by("number").first()]
    words = {
        "title": "No agreed method",
        "category": Category.objects.get(pk="goods"),
        "description": "None is agreed.",
    }
    return common.begin(as_=story.asec, challenges=chosen, **words)


def test_f1_challenges_of_several_cases_are_taken_up_together_from_the_list(story, other):
    client = sign_in(Client(), story.people.fg_gvc("BN"))
    theirs = Challenge.objects.filter(proposal=other).order_by("number").first()
    ticked = {"challenge": [story.challenge().pk, theirs.pk]}
    page = client.get(reverse("group_barriers"), ticked).content.decode()
    assert theirs.description[:60] in page
    wrong = client.post(reverse("group_barriers"), {**ticked, "into": "new", "title": "No agreed method"})
    assert wrong.status_code == 422
    assert 'value="No agreed method"' in wrong.content.decode()
    data = {"into": "new", "title": "No agreed method", "category": "goods", "description": "None is agreed."}
    done = client.post(reverse("group_barriers"), {**ticked, **data})
    one = CommonBarrier.objects.get()
    assert done.url == reverse("common_barrier", args=[one.pk])
    assert one.case.reference.startswith("BARRIER/")
    assert set(one.challenges.values_list("proposal", flat=True)) == {story.case.pk, other.pk}
    again = client.get(reverse("group_barriers"), ticked).content.decode()
    assert "Left out" in again


def test_f1_the_others_that_are_alike_are_offered_beside_the_one_that_led_here(story, other):
    """From a challenge's page: open ones of its category that the reader sees; a new common barrier begins with its category alone."""
    client, mine = sign_in(Client(), story.people.fg_gvc("BN")), story.challenge()
    theirs, apart = Challenge.objects.filter(proposal=other).order_by("number")[:2]
    unlike = Category.objects.exclude(pk=mine.category_id).first()
    Challenge.objects.filter(pk=theirs.pk).update(category=mine.category_id)
    Challenge.objects.filter(pk=apart.pk).update(category=unlike)
    page = client.get(reverse("group_barriers"), {"challenge": mine.pk}).context["form"]
    offered = {int(key) for key, _label in page.fields["also"].choices}
    assert theirs.pk in offered
    assert not offered & {mine.pk, apart.pk}
    assert (page["title"].value(), page["category"].value()) == (None, mine.category_id)
    assert not page["title"].optional
    data = {"challenge": mine.pk, "also": theirs.pk, "into": "new", "title": "No method", "category": mine.category_id}
    wrong = client.post(reverse("group_barriers"), data)
    assert wrong.status_code == 422
    assert wrong.context["form"]["also"].value() == [str(theirs.pk)]
    forged = client.post(reverse("group_barriers"), {**data, "description": "None is agreed.", "also": apart.pk})
    assert set(forged.context["form"].errors) == {"also"}
    client.post(reverse("group_barriers"), {**data, "description": "None is agreed."})
    assert set(CommonBarrier.objects.get().challenges.all()) == {mine, theirs}
    again = Challenge.objects.filter(proposal=story.case, common=None).exclude(pk=mine.pk).first()
    Challenge.objects.filter(pk=again.pk).update(category=mine.category_id)
    late = client.get(reverse("group_barriers"), {"challenge": again.pk}).context["form"]
    choices = late.fields["also"].choices if "also" in late.fields else []
    assert not {mine.pk, theirs.pk} & {int(key) for key, _label in choices}, "they are worked on together already"


def test_u5_its_words_name_no_organisation_that_it_joins(story, other):
    """The leads of all its cases read them: as it begins, as a challenge joins, as its words change."""
    client = sign_in(Client(), story.people.fg_gvc("BN"))
    mine, theirs = story.challenge(), Challenge.objects.filter(proposal=other).order_by("number").first()
    company = other.organisation.name
    words = {"title": "No method", "category": "goods", "description": f"As {company.upper()} says, none is agreed."}
    refused = client.post(reverse("group_barriers"), {"challenge": [mine.pk, theirs.pk], "into": "new", **words})
    assert refused.status_code == 422
    assert f"Leave out: {company}." in refused.context["errors"][0]
    assert refused.context["form"]["description"].value() == words["description"]
    assert not CommonBarrier.objects.exists()
    client.post(reverse("group_barriers"), {"challenge": mine.pk, "into": "new", **words})
    one = CommonBarrier.objects.get()
    late = client.post(reverse("group_barriers"), {"challenge": theirs.pk, "into": one.pk})
    assert (late.status_code, one.challenges.count()) == (422, 1)
    with pytest.raises(Invalid) as named:
        do(one, "edit_common", story.asec, **{**words, "title": f"What {story.case.organisation.name} meets"})
    assert set(named.value.form.errors) == {"title"}


def test_f1_one_request_is_made_for_all_of_them_and_shown_on_each_case(story, other, signed_in):
    one = grouped(story, other)
    contact = story.people.body("ACCSQ")
    story.do("add_common_request", one, story.asec, body=[contact.body_id], question="Can you agree one?", ams=["TH"])
    request = one.requests.get()
    request = story.do("prepare_request", request, story.asec, question=request.question, extract="Several projects.")
    request = story.do("send", request, story.asec)
    for case in (story.case, other):
        page = sign_in(Client(), story.asec).get(reverse("facilitation", args=[case.case.code])).content.decode()
        assert reverse("request", args=[request.pk]) in page
    assert sign_in(Client(), contact).get(reverse("request", args=[request.pk])).status_code == 200
    story.do("answer", request, contact, answer="no", answer_text="No mandate.")
    request.refresh_from_db()
    assert request.state == "answered"


def test_u5_a_proponent_reads_that_there_are_others_and_never_which(story, other):
    one = grouped(story, other)
    mine = sign_in(Client(), story.writer)
    secrets = [other.organisation.name, other.title, other.case.reference, one.title, one.case.reference]
    for page in (
        reverse("challenge", args=[story.case.case.code, 1]),
        reverse("facilitation", args=[story.case.case.code]),
        reverse("trail", args=[story.case.case.code]),
        reverse("notices"),
    ):
        shown = mine.get(page).content.decode()
        assert not [secret for secret in secrets if secret in shown], page
    assert (
        "Other projects meet the same barrier."
        in mine.get(reverse("challenge", args=[story.case.case.code, 1])).content.decode()
    )
    assert mine.get(reverse("common_barrier", args=[one.pk])).status_code == 404
    told = Notice.objects.filter(what="join_common", organisation=story.writer.organisation)
    assert told.exists()
    assert not [words for words in told.values_list("words", flat=True) if any(secret in words for secret in secrets)]


def test_u5_a_seom_lead_reads_the_challenges_of_its_own_cases_and_how_many_others_there_are(story, other):
    one = grouped(story, other)
    theirs = Challenge.objects.get(common=one, proposal=other)
    lead = sign_in(Client(), story.people.seom("SG"))
    page = lead.get(reverse("common_barrier", args=[one.pk])).content.decode()
    assert story.challenge().description[:50] in page
    assert theirs.description[:50] not in page
    assert "and 1 on a case that you may not open" in page
    assert sign_in(Client(), story.people.seom("BN")).get(reverse("common_barrier", args=[one.pk])).status_code == 404


def test_f1_its_end_is_told_to_each_proponent_in_words_that_name_no_other(story, other):
    one = grouped(story, other)
    data = {"challenges": "resolved", "outcome": f"Agreed, as {other.organisation.name} asked."}
    with pytest.raises(Invalid) as refused:
        do(one, "end_common", story.asec, **data)
    assert other.organisation.name in str(refused.value.form.errors["outcome"])
    with pytest.raises(Invalid) as refused:
        do(one, "end_common", story.asec, outcome="Agreed.")
    assert set(refused.value.form.errors) == {"challenges"}, "nothing is chosen in advance"
    do(one, "end_common", story.asec, **{**data, "outcome": "One method is agreed."})
    for challenge in one.challenges.all():
        assert (challenge.state, challenge.outcome) == ("resolved", "One method is agreed.")
        assert TrailEntry.objects.filter(case=challenge.proposal_id, action="resolve").exists()


def test_f1_a_challenge_leaves_with_the_reason_and_belongs_to_one_at_a_time(story, other):
    one = grouped(story, other)
    with pytest.raises(NotYours):
        do(story.challenge(), "leave_common", story.people.seom("TH"), reason="Another.")
    challenge = story.do("leave_common", story.challenge(), story.asec, reason="It is another barrier.")
    assert challenge.common_id is None
    assert one.challenges.count() == 1
