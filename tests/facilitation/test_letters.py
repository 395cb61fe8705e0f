"""F4, F7: a letter is drafted, previewed, changed, approved, sealed, issued and acknowledged."""

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from aipbi.accounts.days import SECRETARIAT
from aipbi.documents.models import StoredFile
from aipbi.workflow import invariants, jobs, trail
from aipbi.workflow.errors import Blocked, Invalid, NotYours
from aipbi.workflow.models import Notice, Obligation
from aipbi.workflow.walk import Stopped
from facilitation.letters import compose
from facilitation.models import Delivery, Letter
from facilitation.models.letter_template import BLOCKS
from tests.support.cases import do


def owed(case):
    return {(one.kind, one.party_label) for one in Obligation.objects.open().filter(case_id=case.pk)}


def words_of(letter):
    return {
        name: getattr(letter, name) for name in ("addressee", "decision_reference", "particulars", "contact", *BLOCKS)
    }


def test_f4_a_draft_starts_from_template_and_case(story):
    story.finalised()
    letter = story.drafted()
    assert letter.number is None
    assert letter.opening == letter.template.opening
    assert letter.addressee == "Mekong Hydropower Export Consortium\nLao PDR"
    said = compose.shown(letter)
    assert said["number"] == f"{story.case.case.reference}/L1"
    assert said["decision"].startswith("FG-GVC decision of ")
    assert [state["name"] for state in said["member_states"]] == ["Lao PDR", "Malaysia", "Singapore", "Thailand"]
    assert said["copies"] == [f"SEOM lead, {name}" for name in ("Lao PDR", "Malaysia", "Singapore", "Thailand")]
    assert "Lao PDR, Malaysia, Singapore and Thailand, have approved" in str(said["opening"])
    assert story.case.title in str(said["opening"])
    assert {line["category"]["code"] for line in said["schedule"]} == {"financing", "industrial_policies"}


def test_f4_the_draft_can_be_previewed_and_changed_before_approval(story, signed_in):
    story.finalised()
    letter = story.drafted()
    client, page = signed_in(story.asec), reverse("letter", args=[story.case.case.code, letter.pk])
    assert "This is a draft." in client.get(page).content.decode()
    words = words_of(letter)
    with pytest.raises(Invalid) as refused:
        do(letter, "edit_letter", story.asec, **{**words, "opening": "Dear {reader},"})
    assert set(refused.value.form.errors) == {"opening"}
    story.do("edit_letter", letter, story.asec, **{**words, "opening": "Dear colleagues of {proponent},"})
    assert "Dear colleagues of Mekong Hydropower Export Consortium," in client.get(page).content.decode()


def test_f4_the_approver_asks_for_changes_and_asec_makes_them(story):
    story.finalised()
    letter = story.drafted()
    chair = story.chair.office.label
    assert ("check_letter", "ASEC officer") in owed(story.case)
    assert ("approve_letter", chair) not in owed(story.case)
    letter = story.check(letter)
    assert ("check_letter", "ASEC officer") not in owed(story.case)
    assert ("approve_letter", chair) in owed(story.case)
    letter = story.do("ask_letter_changes", letter, story.chair, wanted_changes="Name the contact point.")
    assert ("revise_letter", "ASEC officer") in owed(story.case)
    assert ("approve_letter", chair) not in owed(story.case)
    letter = story.do(
        "edit_letter", letter, story.asec, **{**words_of(letter), "contact": "the desk, desk@asec.example.org"}
    )
    assert (letter.wanted_changes, letter.checked_by, letter.state) == ("", None, "draft")
    story.check(letter)
    assert ("approve_letter", chair) in owed(story.case)


def test_f4_approval_freezes_number_date_words_and_schedule(story):
    letter = story.approved()
    assert (letter.number, letter.sequence) == (f"{story.case.case.reference}/L1", 1)
    assert letter.dated == letter.approved_at.astimezone(SECRETARIAT).date()
    assert letter.content["signatory"]["name"] == str(story.chair.person)
    assert (
        letter.content["signatory"]["office"]
        == f"Chair, Focal Group on Global Value Chains ({story.chair.office.ams.name})"
    )
    with pytest.raises(Stopped):
        story.do("edit_letter", letter, story.asec, **words_of(letter))
    for column, value in (("number", "AIPBI/2026/9999/L1"), ("content", {}), ("sequence", 7)):
        with pytest.raises(DatabaseError), transaction.atomic():
            Letter.objects.filter(pk=letter.pk).update(**{column: value})


def test_f4_only_the_chair_approves_a_benefit_letter(story):
    story.finalised()
    letter = story.drafted()
    for other in (story.asec, story.people.fg_gvc("TH"), story.people.seom("LA"), story.writer):
        with pytest.raises(NotYours):
            do(letter, "approve_letter", other)


def test_f4_a_number_is_never_used_twice(story):
    letter = story.issued()
    assert compose.next_number(story.case) == (2, f"{story.case.case.reference}/L2")
    Delivery.objects.filter(letter=letter).delete()
    with pytest.raises(DatabaseError), transaction.atomic():
        letter.delete()
    same = {
        name: getattr(letter, name)
        for name in ("number", "sequence", "dated", "content", "approved_at", "proposal", "template")
    }
    with pytest.raises(DatabaseError, match="number"), transaction.atomic():
        Letter.objects.create(**{**same, "sequence": 9}, purpose="return", drafted_at=letter.drafted_at)
    with pytest.raises(DatabaseError, match="letter_sequence_once"), transaction.atomic():
        Letter.objects.create(
            **{**same, "number": "AIPBI/2026/9999/L1"}, purpose="return", drafted_at=letter.drafted_at
        )


def test_f4_a_discarded_draft_never_had_a_number_and_makes_room(story):
    story.finalised()
    letter = story.drafted()
    with pytest.raises(Stopped, match="already"):
        story.drafted()
    story.do("discard_letter", letter, story.asec)
    assert ("draft_letter", "ASEC officer") in owed(story.case)
    again = story.approve(story.drafted())
    assert again.sequence == 1


def test_f7_issuing_waits_for_the_sealed_letter_and_says_what_is_lacking(story):
    def reason():
        with pytest.raises(Blocked) as refused:
            do(story.case, "issue_letter", story.chair)
        return refused.value.reasons

    story.finalised()
    assert reason() == ["The Secretariat has not drafted the letter yet."]
    letter = story.drafted()
    assert reason() == ["The letter is not approved yet."]
    letter = story.approve(letter)
    assert reason() == ["The letter's PDF is still being made."]
    jobs.run(story.job(letter).pk)
    assert story.do("issue_letter", story.case, story.chair).state == "letter_issued"


def test_f7_the_letter_goes_to_proponent_and_seom_leads_who_acknowledge(story):
    letter = story.issued()
    to = [delivery.to for delivery in Delivery.objects.filter(letter=letter)]
    assert to == [
        "Mekong Hydropower Export Consortium",
        *(f"SEOM lead, {name}" for name in ("Lao PDR", "Malaysia", "Singapore", "Thailand")),
    ]
    assert Notice.objects.filter(person=story.writer.person, what="issue_letter", to_act=True).exists()
    assert {one for one in owed(story.case) if one[0] == "acknowledge_letter"} == {
        ("acknowledge_letter", name) for name in to
    }
    mine = Delivery.objects.get(letter=letter, organisation__isnull=False)
    with pytest.raises(NotYours):
        do(mine, "acknowledge_letter", story.people.seom("LA"))
    done = story.do("acknowledge_letter", mine, story.writer)
    assert (done.acknowledged_by, bool(done.acknowledged_at)) == (story.writer.person, True)
    assert len([one for one in owed(story.case) if one[0] == "acknowledge_letter"]) == 4
    theirs = Delivery.objects.get(letter=letter, office__ams="TH")
    story.do("acknowledge_letter", theirs, story.people.seom("TH"))
    assert len([one for one in owed(story.case) if one[0] == "acknowledge_letter"]) == 3


def test_u5_the_proponent_sees_the_letter_and_its_file_once_issued(story, signed_in):
    letter = story.sealed()
    client = signed_in(story.writer)
    page = reverse("letter", args=[story.case.case.code, letter.pk])
    file = reverse("file", args=[letter.pdf.pk])
    assert not Letter.objects.visible_to(story.writer).exists()
    assert client.get(page).status_code == client.get(file).status_code == 404
    assert StoredFile.objects.visible_to(story.people.seom("LA")).filter(pk=letter.pdf.pk).exists()
    story.do("issue_letter", story.case, story.chair)
    assert letter.number in client.get(page).content.decode()
    got = client.get(file)
    assert got.status_code == 200
    assert b"".join(got.streaming_content).startswith(b"%PDF-")


def test_u5_who_has_no_part_in_the_case_sees_no_letter(story, people):
    letter = story.issued()
    for stranger in (
        people.proponent("Straits Power Retail", country="SG"), people.seom("VN"), people.body("AMEM"), people.expert(3), people.admin(),
    ):  # fmt: skip
        assert not Letter.objects.visible_to(stranger).exists(), stranger.label
        assert not StoredFile.objects.visible_to(stranger).filter(pk=letter.pdf.pk).exists()


def test_the_books_are_in_order_after_the_letter(story):
    story.issued()
    assert invariants.violations() == {}
    assert list(trail.broken()) == []
