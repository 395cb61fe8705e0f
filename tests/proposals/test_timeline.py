"""What the timeline tells in words, and to whom (L4, U5)."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from django.urls import reverse

from aipbi.accounts.models import Person
from aipbi.documents.models import StoredFile
from aipbi.workflow import registry, trail
from aipbi.workflow.models import Audience, TrailEntry
from proposals import timeline
from tests.documents import samples
from tests.review import steps
from tests.support import world
from tests.support.cases import do, draft, registered, submitted

pytestmark = pytest.mark.django_db

ROOT = Path(__file__).resolve().parent.parent.parent
STATEMENT = "Their numbers look thin, yet the region needs it."


def test_u5_a_statement_of_support_is_read_by_the_member_states_and_asec(people, signed_in):
    """Its form says who reads it; neither the proponent nor an expert is among them."""
    case = do(submitted(people), "support", people.seom("LA"), statement=STATEMENT)
    lead, asec = people.seom("LA"), people.asec()
    for name in ("case", "trail"):
        address = reverse(name, args=[case.case.code])
        for who in (lead, asec):
            assert STATEMENT in signed_in(who).get(address).content.decode()
        page = signed_in(people.proponent()).get(address).content.decode()
        assert "Supported by the SEOM lead" in page
        assert STATEMENT not in page


def test_u5_an_expert_reads_that_a_case_was_supported_and_not_in_which_words(people, signed_in):
    case = steps.confirmed(people)
    steps.accept(people, case, 1)
    page = signed_in(people.expert(1)).get(reverse("trail", args=[case.case.code])).content.decode()
    assert "Supported by the SEOM lead" in page
    assert "We support it." not in page


def test_a_reason_meant_for_the_proponent_is_read_by_the_proponent(people, signed_in):
    case = do(submitted(people), "return_to_proponent", people.seom("LA"), changes="Shorter, please.")
    page = signed_in(people.proponent()).get(reverse("trail", args=[case.case.code])).content.decode()
    assert "Shorter, please." in page


def test_u5_a_file_that_was_taken_off_before_submission_is_not_named_to_the_secretariat(people, signed_in):
    proposal, owner = draft(people), people.proponent()
    proposal = do(proposal, "add_file", owner, files={"file": samples.upload(name="secret-offer.pdf")})
    [kept] = proposal.answers["attachments"]
    assert signed_in(owner).get(f"/files/{StoredFile.objects.get().pk}/").status_code == 200
    proposal = do(proposal, "remove_file", owner, sha256=kept["sha256"])
    proposal = do(proposal, "submit", owner, declaration="on")
    case = do(proposal, "support", people.seom("LA"), statement=STATEMENT)
    history = reverse("trail", args=[case.case.code])
    assert "File downloaded" in signed_in(people.asec()).get(history).text
    assert "secret-offer" not in signed_in(people.asec()).get(history).text


# Subjects whose course tells who assesses or what a Member State thinks (R4, D2).
KEPT_FROM_PROPONENTS = {"assessment", "invitation", "position", "round", "concurrence"}


def test_r4_d2_no_action_on_the_trail_shows_a_proponent_an_experts_name_or_a_position(people, signed_in):
    """Every action there is, done by an expert and by a Member State, each detail of it marked."""
    case = registered(people)
    actors = [people.expert(1), people.seom("TH"), people.fg_gvc("TH"), people.asec()]
    for number, actor in enumerate(actors):
        Person.objects.filter(pk=actor.person.pk).update(name=f"Marked-name-{number}")
    actors = [replace(actor, person=Person.objects.get(pk=actor.person.pk)) for actor in actors]
    moves = {(move.model.kind, move.name): move for move in registry.moves()}
    for (kind, name), move in moves.items():
        fields = {*move.shown, "value", "text", "expert", "overall", "officer"}
        for actor in actors:
            trail.note(
                case.pk, as_=actor, action=name, subject=(kind, case.pk), audience=move.audience,
                details={field: f"Marked-{kind}-{name}-{field}" for field in fields},
            )  # fmt: skip
    for name in timeline.WORDS:
        trail.note(case.pk, as_=actors[0], action=name, subject=("proposal", case.pk), details={"name": "Marked-file"})
    client = signed_in(people.proponent())
    code = case.case.code
    text = client.get(reverse("trail", args=[code])).text + client.get(reverse("case", args=[code])).text
    readable = {
        f"Marked-{kind}-{name}-{field}"
        for (kind, name), move in moves.items()
        for field in move.shown
        if move.audience == move.shown_to == Audience.CASE
    }
    assert readable
    assert set(re.findall(r"Marked-[\w-]+", text)) == readable
    shown = timeline.lines(case.pk, people.proponent())
    hidden = {str(move.done) for (kind, _name), move in moves.items() if kind in KEPT_FROM_PROPONENTS}
    assert not {str(line.what) for line in shown} & hidden
    codes = {name for _kind, name in moves} | set(timeline.WORDS)
    assert not {str(line.what) for line in shown} & codes


def test_every_note_on_the_trail_has_its_words():
    """What is written beside the moves is read in words, never by its code."""
    sources = [
        path
        for app in ("aipbi", "proposals", "review", "facilitation", "monitoring")
        for path in (ROOT / app).rglob("*.py")
    ]
    calls = [
        call
        for path in sources
        for call in re.findall(r"trail\.note\(.*?action=(.*?)subject=", path.read_text(), re.DOTALL)
    ]
    noted = {name for call in calls for name in re.findall(r'"(\w+)"', call)}
    assert {"download", "start_draft", "write", "virus_found"} <= noted
    assert noted <= set(timeline.WORDS)


def test_r4_d2_a_case_that_went_all_the_way_names_no_expert_and_no_position(db, signed_in):
    """The same on a whole life: what experts and Member States did is on the trail, and a proponent reads none of it."""
    here = world.bring("monitoring")
    offices = Person.objects.filter(appointments__isnull=False).distinct()
    for person in offices:
        Person.objects.filter(pk=person.pk).update(name=f"Marked-name-{person.pk}")
    entries = TrailEntry.objects.filter(case_id=here.proposal.pk)
    kinds = set(entries.values_list("subject_kind", flat=True))
    assert {"assessment", "position", "invitation"} <= kinds
    owner = here.tie("owner")
    read = TrailEntry.objects.visible_to(owner).filter(case_id=here.proposal.pk)
    assert not read.filter(subject_kind__in=KEPT_FROM_PROPONENTS).exists()
    assert not read.filter(role="expert").exists()
    text = signed_in(owner).get(reverse("trail", args=[here.proposal.case.code])).text
    assert "Benefit letter issued" in text
    assert "Marked-name" not in text
