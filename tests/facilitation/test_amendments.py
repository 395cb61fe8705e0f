"""D6: a change after the letter opens the right part again; only those it affects decide, and a new letter tells it."""

import pytest
from allauth.account.models import EmailAddress
from django.urls import reverse

from aipbi.accounts.days import today
from aipbi.accounts.enums import Membership
from aipbi.accounts.models import Member, Organisation
from aipbi.workflow import invariants, jobs, trail
from aipbi.workflow.errors import Blocked, Invalid, NotYours
from facilitation.letters import checking, superseding
from facilitation.models import Amendment, AmendmentWord, Benefit, Letter
from tests.support.cases import do

NEXT = "the chair of the FG-GVC records that it is agreed"
WHAT = "The drying station of Thailand moves from Udon Thani to Nong Khai."


@pytest.fixture
def first(story):
    """The issued letter. Thailand and Malaysia give one benefit, Lao PDR and Thailand another; Singapore gives none."""
    return story.issued()


def ask(story, *changes, by=None, what=WHAT, **more):
    do(
        story.case,
        "ask_amendment",
        by or story.writer,
        changes=changes,
        what=what,
        because="The land was sold.",
        **more,
    )
    return Amendment.objects.filter(proposal=story.case).latest("number")


def opened(story, one, *ams, **more):
    return do(Amendment.objects.get(pk=one.pk), "open_amendment", story.asec, ams=ams, **more)


def accept(story, one, *states):
    for ams in states or one.words.values_list("ams", flat=True):
        do(AmendmentWord.objects.get(amendment=one, ams=ams), "accept_amendment", story.people.seom(ams))


def agree(story, one):
    return do(Amendment.objects.get(pk=one.pk), "agree_amendment", story.chair)


def letter_of(story, **more):
    """Draft, check, approve, seal and issue the letter that tells what changed."""
    old = superseding.last_issued(story.case)
    data = {name: getattr(old, name) for name in ("addressee", "decision_reference", "particulars", "contact")}
    data["superseding_because"] = superseding.reason(story.case, old)
    story.do("draft_superseding", story.case, story.asec, **{**data, **more})
    letter = story.approve(Letter.objects.get(proposal=story.case, state="draft"))
    assert jobs.run(story.job(letter).pk)
    return story.do("issue_superseding", Letter.objects.get(pk=letter.pk), story.chair)


def owed(story, kind):
    found = story.case.case.obligations.open().filter(kind=kind)
    return {one.office.ams_id if one.office else str(one.organisation) for one in found.select_related("office")}


def who_reads(words, story, signed_in):
    readers = {"ASEC": story.asec, "lead": story.people.seom("TH"), "chair": story.chair, "proponent": story.writer}
    address = f"/cases/{story.case.case.code}/letters/"
    return [who for who, reader in readers.items() if words in signed_in(reader).get(address).text]


def asked_of(lead, word, letter):
    """The duty leads to the change with both answers; each answer's page tells it too, and leads to the other."""
    code, answers = word.proposal.case.code, ("accept_amendment", "object_to_amendment")
    assert f'href="/cases/{code}/letters/#amendments">Answer whether' in lead.get(reverse("desk")).text
    page = lead.get(f"/cases/{code}/letters/").text
    for move, other in (answers, answers[::-1]):
        said = lead.get(reverse("move", args=[code, "amendment_word", word.pk, move])).text
        for told in (WHAT, ">Thailand</span>", reverse("letter", args=[code, letter.pk]), other):
            assert told in said
        assert move in page


def test_d6_a_site_moves_and_its_member_state_alone_decides(story, first, signed_in):
    one = ask(story, "site", states=["TH"])
    assert owed(story, "open_amendment") == {None}
    with pytest.raises(Blocked, match="under way"):
        ask(story, "site", states=["TH"])
    with pytest.raises(Invalid) as refused:
        opened(story, one, "MY")
    assert "Thailand" in str(refused.value.form.errors["ams"])
    one = opened(story, one, "TH")
    assert owed(story, "amendment_word") == {"TH"}
    assert owed(story, "position") == set()
    with pytest.raises(Blocked, match="waits for Thailand"):
        agree(story, one)
    with pytest.raises(NotYours):
        do(AmendmentWord.objects.get(amendment=one, ams="TH"), "accept_amendment", story.people.seom("MY"))
    code = story.case.case.code
    theirs = signed_in(story.people.seom("TH")).get(f"/cases/{code}/letters/").text
    assert "accept_amendment" in theirs
    assert "Before it can be agreed" in theirs
    word = AmendmentWord.objects.get(amendment=one, ams="TH")
    asked_of(signed_in(story.people.seom("TH")), word, first)
    do(
        AmendmentWord.objects.get(amendment=one, ams="TH"),
        "object_to_amendment",
        story.people.seom("TH"),
        reason="No permit yet.",
    )
    with pytest.raises(Blocked, match="Thailand objected"):
        agree(story, one)
    # The proponent reads the change, not what a Member State says of it.
    mine = signed_in(story.writer).get(f"/cases/{code}/letters/").text
    assert WHAT in mine
    assert "No permit yet." not in mine
    accept(story, one, "TH")
    assert owed(story, "agree_amendment") == {story.chair.ams}
    assert NEXT not in theirs
    assert who_reads(NEXT, story, signed_in) == ["ASEC", "lead"]
    with pytest.raises(Blocked, match="before the Member States"):
        do(story.case, "draft_superseding", story.asec)
    one = agree(story, one)
    assert owed(story, "supersede_letter") == {None}
    second = letter_of(story)
    assert (second.number[-3:], second.purpose) == ("/L2", "amendment")
    assert WHAT in second.content["supersedes"]["because"]
    assert second.content["supersedes"]["agreed_by"] == ["Thailand"]
    read = signed_in(story.writer).get(f"/cases/{code}/letters/{second.pk}/").text
    assert "<dt>Agreed to by</dt><dd>Thailand</dd>" in read
    assert read.index("Takes the place of") < read.index("Dear Sir or Madam")
    old = Letter.objects.get(pk=first.pk)
    assert (old.state, old.sha256) == ("superseded", first.sha256)
    assert checking.by_code(old.check_code).superseded_by == second.number
    one = Amendment.objects.get(pk=one.pk)
    assert (one.state, one.letter, one.outcome) == ("done", second, second.number)
    assert not superseding.reason(story.case, second)
    assert invariants.violations() == {}
    assert list(trail.broken()) == []


def test_d6_a_category_is_added_and_a_benefit_in_it_is_worked_out_by_the_moves_of_facilitation(story, first):
    one = opened(
        story,
        ask(story, "category", by=story.asec, what="Talent is added.", categories=["talent"]),
        "LA",
        "MY",
        "SG",
        "TH",
    )
    with pytest.raises(Invalid):
        do(one, "propose_amended_benefit", story.asec, category="talent", measure="", given_by=["SG"])
    do(one, "propose_amended_benefit", story.asec, category="talent", measure="Short stays.", given_by=["SG", "TH"])
    new = Benefit.objects.filter(proposal=story.case).latest("number")
    accept(story, one)
    with pytest.raises(Blocked, match="waits for Singapore and Thailand"):
        agree(story, one)
    # What was final before is not asked again.
    settled = Benefit.objects.get(proposal=story.case, measure="One charge method.")
    with pytest.raises(Blocked, match="final"):
        do(story.word(settled, "TH"), "refuse", story.people.seom("TH"), reason="x")
    with pytest.raises(Blocked, match=f"withdraw what was proposed for it: benefit {new.number}"):
        do(Amendment.objects.get(pk=one.pk), "drop_amendment", story.asec, reason="x")
    story.concur(new)
    assert owed(story, "finalise") == set()
    assert owed(story, "agree_amendment") == {story.chair.ams}
    agree(story, one)
    second = letter_of(story)
    assert "Short stays." in {line["measure"] for line in second.content["schedule"]}
    assert "Short stays." not in {line["measure"] for line in Letter.objects.get(pk=first.pk).content["schedule"]}
    assert invariants.violations() == {}


def test_d6_another_organisation_takes_the_case_over_and_letters_name_it(story, first, people, signed_in):
    heir = people.proponent("Nam Ngum Grid Company")
    one = ask(
        story, "proponent", what="Nam Ngum Grid Company follows as lead.", proponent_name="Nam Ngum Grid Company Ltd"
    )
    with pytest.raises(Invalid) as refused:
        opened(story, one, "LA", "MY", "TH", organisation="Nobody & Co", owner=heir.person.email)
    assert set(refused.value.form.errors) == {"organisation"}
    named = {"organisation": "Nam Ngum Grid Company", "owner": heir.person.email}
    with pytest.raises(Invalid) as refused:
        opened(story, one, "LA", "MY", "TH", **named)
    assert set(refused.value.form.errors) == {"organisation"}, "the owner's address is not proved"
    EmailAddress.objects.create(user=heir.person, email=heir.person.email, verified=True, primary=True)
    with pytest.raises(Invalid):
        opened(story, one, "LA", "TH", **named)
    # Those that give something, and the originating one: not Singapore.
    one = opened(story, one, "LA", "MY", "TH", **named)
    code, before = story.case.case.code, story.writer
    assert signed_in(heir).get(f"/cases/{code}/").status_code == 404
    accept(story, one)
    agree(story, one)
    assert story.case.organisation == Organisation.objects.get(name="Nam Ngum Grid Company")
    assert signed_in(before).get(f"/cases/{code}/").status_code == 404
    assert signed_in(heir).get(f"/cases/{code}/letters/{first.pk}/").status_code == 200
    from facilitation.letters import first as starts

    second = letter_of(story, addressee=starts.addressee(story.case))
    assert second.content["addressee"][0] == "Nam Ngum Grid Company Ltd"
    assert second.deliveries.get(office=None).organisation == story.case.organisation
    assert "Nam Ngum Grid Company" in owed(story, "acknowledge_letter")
    assert invariants.violations() == {}


def test_d6_whoever_registers_the_name_of_another_organisation_is_not_given_its_case(story, first, people, signed_in):
    """Names of organisations are not unique: the one that came first would have read the whole case."""
    name = "Nam Ngum Grid Company"
    impostor = people.proponent("Quick Shell Company")
    Organisation.objects.filter(pk=impostor.organisation.pk).update(name=name)
    heir = Organisation.objects.create(name=name, country="LA")
    owner = people.person("owner@nam-ngum.example.org")
    Member.objects.create(person=owner, organisation=heir, role=Membership.OWNER, starts=today())
    for one in (owner, impostor.person):
        EmailAddress.objects.create(user=one, email=one.email, verified=True, primary=True)
    asked = ask(story, "proponent", what="It follows as lead.", proponent_name=name)
    with pytest.raises(Invalid) as refused:
        opened(story, asked, "LA", "MY", "TH", organisation=name)
    assert set(refused.value.form.errors) == {"owner"}
    assert opened(story, asked, "LA", "MY", "TH", organisation=name, owner=owner.email).organisation == heir
    read = signed_in(story.people.seom("TH")).get(f"/cases/{story.case.case.code}/letters/").text
    assert f"{name}, Lao" in read, "whoever accepts the change reads who takes the case over"


def test_d6_a_member_state_joins_and_gives_without_asking_the_others_again(story, first):
    story.do("ask_to_join", story.case, story.asec, ams=["VN"], reason="It makes the cables.")
    story.do("confirm", story.case.participations.get(ams="VN"), story.people.seom("VN"), reason="Yes.")
    one = opened(story, ask(story, "ams", by=story.asec, what="Viet Nam joins.", states=["VN"]), "LA", "VN")
    do(one, "propose_amended_benefit", story.asec, category="goods", measure="Cables pass at once.", given_by=["VN"])
    story.concur(Benefit.objects.filter(proposal=story.case).latest("number"))
    accept(story, one)
    agree(story, one)
    second = letter_of(story)
    assert {"code": "VN", "name": "Viet Nam"} in second.content["member_states"]
    assert {line["measure"]: [giver["code"] for giver in line["given_by"]] for line in second.content["schedule"]}[
        "Cables pass at once."
    ] == ["VN"]
    assert invariants.violations() == {}


def test_d6_an_amendment_that_is_given_up_leaves_the_letter_in_force(story, first):
    one = opened(story, ask(story, "site", states=["TH"]), "TH")
    one = do(one, "drop_amendment", story.asec, reason="The old site stays.")
    assert owed(story, "amendment_word") == owed(story, "supersede_letter") == set()
    assert (one.state, one.outcome) == ("dropped", "The old site stays.")
    assert superseding.in_force(story.case) == first
    other = ask(story, "site", states=["TH"])
    do(other, "turn_down_amendment", story.asec, reason="It was asked before.")
    assert owed(story, "open_amendment") == set()
    assert invariants.violations() == {}


@pytest.mark.parametrize(
    ("changes", "missing"),
    [(["site"], "states"), (["category"], "categories"), (["proponent"], "proponent_name"), ([], "changes")],
)
def test_d6_each_kind_of_change_asks_for_what_it_needs(story, first, changes, missing):
    with pytest.raises(Invalid) as refused:
        ask(story, *changes)
    assert set(refused.value.form.errors) == {missing}
