"""F5: a letter is revoked by another that says why; both stay readable, and the check page says it."""

import pytest
from django.urls import reverse

from aipbi.accounts.enums import Membership, Role
from aipbi.workflow import invariants, jobs, walk
from aipbi.workflow.errors import Blocked, NotYours
from facilitation.letters import checking
from facilitation.models import Letter
from review.models import Invitation
from tests.support.cases import do
from tests.support.client import Client
from tests.support.people import sign_in
from tests.support.world import partner


@pytest.fixture
def first(story):
    return story.issued()


def draft(story, letter, because="It names a measure that no Member State had agreed."):
    story.do(
        "draft_revocation", letter, story.asec, particulars=because, addressee="The Consortium", contact="The inbox"
    )
    return Letter.objects.get(revokes=letter, state="draft")


def supersede(story):
    story.do(
        "draft_superseding", story.case, story.asec, addressee="The Consortium", decision_reference="As before",
        particulars="", contact="The inbox", superseding_because="The schedule is corrected.",
    )  # fmt: skip
    letter = story.approve(Letter.objects.get(proposal=story.case, state="draft"))
    assert jobs.run(story.job(letter).pk)
    return story.do("issue_superseding", Letter.objects.get(pk=letter.pk), story.chair)


def owed(story, kind):
    return story.case.case.obligations.open().filter(kind=kind).count()


def test_f5_a_revocation_needs_its_reason_and_the_chair_and_leaves_the_letter_readable(story, first, signed_in):
    with pytest.raises(walk.Stopped, match="particulars"):
        draft(story, first, because="")
    letter = story.check(draft(story, first))
    for other in (story.asec, story.people.fg_gvc("TH"), story.people.seom("LA"), story.writer):
        with pytest.raises(NotYours):
            do(letter, "approve_letter", other)
    letter = story.do("approve_letter", letter, story.chair)
    # Until it is sealed the letter holds.
    assert checking.by_code(first.check_code).standing == "valid"
    assert owed(story, "acknowledge_letter") == 5
    assert jobs.run(story.job(letter).pk)
    letter.refresh_from_db()
    old = Letter.objects.get(pk=first.pk)
    assert (letter.number[-3:], old.state, old.sha256) == ("/L2", "revoked", first.sha256)
    assert letter.issued_at
    assert checking.by_code(old.check_code).standing == "revoked"
    assert checking.by_digest(old.sha256).standing == "revoked"
    assert checking.by_code(letter.check_code).standing == "valid"
    # Whoever has the one gets the other, and acknowledges that one alone.
    assert set(letter.deliveries.values_list("office", "organisation")) == set(
        old.deliveries.values_list("office", "organisation")
    )
    assert owed(story, "acknowledge_letter") == 5
    code = story.case.case.code
    page = signed_in(story.writer).get(f"/cases/{code}/letters/{old.pk}/").text
    assert "This letter is revoked." in page
    assert f"Letter {letter.number} says why" in page
    assert "One charge method." in page
    mine = old.deliveries.get(office=None)
    assert f"delivery/{mine.pk}/acknowledge_letter" not in page
    with pytest.raises(Blocked, match="holds no more"):
        do(mine, "acknowledge_letter", story.writer)
    given = signed_in(story.writer).get(f"/cases/{code}/benefits/").text
    assert f"Letter {old.number} was revoked on" in given
    assert "What is given below was told in that letter." in given
    told = signed_in(story.writer).get(f"/cases/{code}/letters/{letter.pk}/").text
    assert "no Member State had agreed" in told
    assert f"<dt>Revokes</dt><dd>Letter {old.number} of" in told
    with pytest.raises(Blocked, match="not revoked"):
        do(letter, "draft_revocation", story.asec)
    assert invariants.violations() == {}


def overview(story, reader):
    answer = sign_in(Client(), reader).get(reverse("case", args=[story.case.case.code]))
    assert answer.status_code == 200
    return answer.text


def test_f5_the_overview_says_that_the_letter_was_revoked_to_whoever_reads_letters_until_another_holds(story, first):
    revocation = draft(story, first)
    readers = (story.writer, story.asec, story.chair, story.people.seom("TH"), partner(story.case, Membership.EDITOR))
    expert_id = Invitation.objects.appointed().filter(proposal=story.case.pk).first().expert_id
    expert = next(one for one in story.people.holders(Role.EXPERT) if one.person.pk == expert_id)
    assert "was revoked" not in overview(story, story.asec), "nothing is revoked by a draft"
    revocation = story.approve(revocation)
    assert jobs.run(story.job(revocation).pk)
    revocation.refresh_from_db()
    for reader in readers:
        said = overview(story, reader)
        assert f"Letter {first.number} was revoked on" in said
        assert f'href="{revocation.home(story.case.case.code, reader)}">Letter {revocation.number} says why' in said
        assert (
            f'<time datetime="{revocation.issued_at.isoformat()}"'
            in said.split("was revoked on")[1].split("says why")[0]
        )
    assert first.number not in overview(story, expert)
    assert "was revoked" not in overview(story, expert)
    supersede(story)
    assert "was revoked on" not in overview(story, story.writer)


def test_f5_a_new_letter_takes_the_place_of_one_that_was_revoked(story, first):
    revocation = story.approve(draft(story, first))
    assert jobs.run(story.job(revocation).pk)
    third = supersede(story)
    old = Letter.objects.get(pk=first.pk)
    assert (old.state, third.number[-3:], third.purpose) == ("revoked", "/L3", "amendment")
    assert checking.by_code(old.check_code).superseded_by == third.number
    assert invariants.violations() == {}


def test_f5_a_letter_that_nobody_has_yet_is_not_revoked(story):
    with pytest.raises(Blocked, match="not issued"):
        do(story.sealed(), "draft_revocation", story.asec)
