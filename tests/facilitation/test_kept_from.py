"""U5: whoever has no page of a challenge, a letter or a report reads nothing of it in the history of the case either."""

import pytest
from django.urls import reverse

from aipbi.accounts.enums import Membership, Role
from aipbi.workflow.models import TrailEntry
from aipbi.workflow.models.trail import closed_to
from facilitation.models import Delivery
from review.models import Invitation
from tests.support.client import Client
from tests.support.people import sign_in
from tests.support.world import partner

OUTCOME, REASON = "Word-4471 of the ministers", "Word-4472: it came back"
# What each may read of on this case, by kind.
READS = {"expert": {"proposal", "invitation", "assessment"}, "partner": {"proposal", "letter", "clarification"}}


def history(story, reader) -> str:
    answer = sign_in(Client(), reader).get(reverse("trail", args=[story.case.case.code]))
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def readers(story):
    invited = Invitation.objects.appointed().filter(proposal=story.case.pk).first()
    expert = next(one for one in story.people.holders(Role.EXPERT) if one.person.pk == invited.expert_id)
    return {"expert": expert, "partner": partner(story.case, Membership.EDITOR)}


def test_u5_experts_and_partners_read_no_word_of_what_facilitation_came_to(story, readers):
    story.do("comment", story.challenge(), story.asec, text="Which office?")
    story.do("resolve", story.challenge(), story.asec, outcome=OUTCOME)
    story.do("reopen_challenge", story.challenge(), story.asec, reason=REASON)
    for reader in (story.writer, story.asec, story.people.seom("TH")):
        assert OUTCOME in history(story, reader)
    for who, reader in readers.items():
        page = history(story, reader)
        assert OUTCOME not in page, who
        assert REASON not in page, who
        kinds = (
            TrailEntry.objects.visible_to(reader).filter(case_id=story.case.pk).values_list("subject_kind", flat=True)
        )
        assert set(kinds) <= READS[who]
        assert "Facilitation started" in page


def test_u5_the_trail_knows_of_each_role_what_it_has_no_page_of(story, readers):
    expert, guest = closed_to(readers["expert"]), closed_to(readers["partner"])
    assert {"challenge", "benefit", "letter", "delivery", "amendment", "plan", "report", "round", "position"} <= expert
    assert {"challenge", "benefit", "amendment", "plan", "report", "invitation", "assessment", "round"} <= guest
    assert not {"proposal", "assessment", "invitation", "clarification"} & expert
    assert not {"proposal", "letter", "clarification"} & guest
    assert not {"proposal", "challenge", "letter", "delivery", "plan", "report", "amendment"} & closed_to(story.writer)
    for reader in (story.asec, story.chair, story.people.seom("TH")):
        assert not {"proposal", "challenge", "letter", "delivery", "plan", "report", "round"} & closed_to(reader)


def test_f7_who_of_the_others_has_a_letter_is_not_the_proponents_nor_an_experts(story, readers):
    letter = story.issued()
    theirs = Delivery.objects.get(letter=letter, office__ams="TH")
    mine = Delivery.objects.get(letter=letter, organisation=story.case.organisation)
    story.do("acknowledge_letter", theirs, story.people.seom("TH"))
    said = "SEOM lead, Thailand"
    pages = [reverse(name, args=[story.case.case.code]) for name in ("trail", "case")]
    for reader in (story.writer, *readers.values()):
        for page in pages:
            text = sign_in(Client(), reader).get(page).content.decode()
            assert "Letter acknowledged" not in text, (reader.label, page)
            assert "Acknowledge a letter" not in text or reader == story.writer, (reader.label, page)
        assert said not in history(story, reader)
    assert "Letter acknowledged" in history(story, story.asec)
    story.do("acknowledge_letter", mine, story.writer)
    assert history(story, story.writer).count("Letter acknowledged") == 1
