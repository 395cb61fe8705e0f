"""Joining and leaving once the letter is out: criterion 2 again, and the letter superseded (D6, F5)."""

import pytest

from aipbi.workflow import invariants, jobs, walk
from facilitation.models import Letter


@pytest.fixture
def first(story):
    """The issued letter; Lao PDR, Malaysia, Singapore and Thailand take part."""
    return story.issued()


def leave(story, ams, reason="Budget of 2027."):
    story.do("leave", story.case.participations.get(ams=ams), story.people.seom(ams), reason=reason)


def owed(story, kind):
    return story.case.case.obligations.open().filter(kind=kind).exists()


def supersede(story):
    story.do(
        "draft_superseding", story.case, story.asec, addressee="The Consortium", decision_reference="As before",
        particulars="", contact="The inbox", superseding_because="Thailand no longer takes part.",
    )  # fmt: skip
    letter = Letter.objects.get(proposal=story.case, state="draft")
    letter = story.approve(letter)
    assert jobs.run(story.job(letter).pk)
    return Letter.objects.get(pk=letter.pk)


def test_d6_whoever_leaves_is_in_the_superseding_letter_no_more_and_the_old_one_stays_readable(story, first, signed_in):
    leave(story, "TH")
    assert owed(story, "supersede_letter")
    assert not owed(story, "criterion_2")
    second = supersede(story)
    assert (second.number[-3:], second.supersedes, second.issued_at) == ("/L2", first, None)
    # Until the new one is issued the old one holds.
    assert Letter.objects.get(pk=first.pk).state == "sealed"
    story.do("issue_superseding", second, story.chair)
    old, new = Letter.objects.get(pk=first.pk), Letter.objects.get(pk=second.pk)
    assert (old.state, old.sha256, new.state) == ("superseded", first.sha256, "sealed")
    assert "TH" in {one["code"] for one in old.content["member_states"]}
    assert "TH" not in {one["code"] for one in new.content["member_states"]}
    assert "TH" not in {giver["code"] for line in new.content["schedule"] for giver in line["given_by"]}
    assert new.content["supersedes"]["number"] == old.number
    assert "TH" not in set(new.deliveries.exclude(office=None).values_list("office__ams", flat=True))
    code = story.case.case.code
    page = signed_in(story.writer).get(f"/cases/{code}/letters/{old.pk}/").text
    assert "This letter is superseded." in page
    assert f"Letter {new.number} has taken its place" in page
    overview = signed_in(story.writer).get(f"/cases/{code}/").text
    assert f"Letter {old.number} holds no more" in overview.split("Latest")[0]
    assert f">letter {new.number}</a> has taken its place on" in overview.split("Latest")[0]
    assert f"Letter {old.number} superseded by letter {new.number}" in overview.split("Latest")[1]
    # Who has not said that the old one arrived is not asked any more, and not let.
    assert set(old.deliveries.values_list("state", flat=True)) == {"delivered"}
    mine = old.deliveries.get(office=None)
    assert f"delivery/{mine.pk}/acknowledge_letter" not in page
    with pytest.raises(walk.Stopped, match="holds no more"):
        story.do("acknowledge_letter", mine, story.writer)
    assert (
        f"<dt>Takes the place of</dt><dd>Letter {old.number} of "
        in signed_in(story.writer).get(f"/cases/{code}/letters/{new.pk}/").text
    )
    with pytest.raises(walk.Stopped, match="already"):
        story.do("issue_superseding", new, story.chair)
    assert invariants.violations() == {}


def test_d6_too_few_that_remain_carry_no_letter_until_one_joins_again(story, first, signed_in):
    for ams in ("TH", "SG", "MY"):
        leave(story, ams)
    assert owed(story, "criterion_2")
    with pytest.raises(walk.Stopped, match="Fewer than two Member States would remain"):
        story.do("draft_superseding", story.case, story.asec, addressee="x")
    code = story.case.case.code
    for reader, reads in ((story.people.seom("MY"), True), (story.writer, False)):
        text = signed_in(reader).get(f"/cases/{code}/participation/").text
        assert ("Those that take part now cannot carry the project." in text) is reads
        assert ("Budget of 2027." in text) is reads
    malaysia = story.case.participations.get(ams="MY")
    with pytest.raises(walk.Stopped, match="reason"):
        story.do("confirm", malaysia, story.people.seom("MY"))
    story.do("confirm", malaysia, story.people.seom("MY"), reason="The budget is there.", categories=["financing"])
    assert not owed(story, "criterion_2")
    assert [one.state for one in malaysia.entries.all()] == ["confirmed", "left", "confirmed"]
    assert invariants.violations() == {}


def test_d6_a_member_state_that_the_proposal_does_not_name_joins_by_its_own_wish(story, first, signed_in):
    brunei, code = story.people.seom("BN"), story.case.case.code
    client = signed_in(brunei)
    wish = {"reference": story.case.case.reference.lower(), "reason": "Wish-of-brunei-12"}
    assert "No case that can be joined" in client.post("/join/", {**wish, "reference": "AIPBI/2020/0001"}).text
    assert client.post("/join/", wish).status_code == 302
    # Until it is let in it reads nothing, and nobody but ASEC knows.
    assert client.get(f"/cases/{code}/").status_code == 404
    assert "Wishes to join" in client.get("/join/").text
    for reader in (story.people.seom("TH"), story.writer):
        text = signed_in(reader).get(f"/cases/{code}/participation/").text
        assert "Brunei" not in text
    assert "Wish-of-brunei-12" in signed_in(story.asec).get(f"/cases/{code}/participation/").text
    row = story.case.participations.get(ams="BN")
    story.do("turn_down", row, story.asec, reason="Not before the first report.")
    assert "Not before the first report." in client.get("/join/").text
    story.do("admit", row, story.asec)
    assert client.get(f"/cases/{code}/participation/").status_code == 200
    story.do("confirm", row, brunei, reason="We process the copper.", categories=["goods", "talent"])
    text = client.get(f"/cases/{code}/participation/").text
    assert "not named in the proposal" in text
    assert "Not in this one" in text
    assert owed(story, "supersede_letter")
    assert invariants.violations() == {}
