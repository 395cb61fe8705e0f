"""`manage.py walk_case`: a case file through its whole life by the demo offices, by the same rules as everybody."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from proposals.models import Proposal
from tests.support.cases import CASES, NAMES, document


def walk(file, *options) -> str:
    out = StringIO()
    call_command("walk_case", str(file), *options, stdout=out)
    return out.getvalue()


def clean(command: str) -> None:
    call_command(command, stdout=StringIO(), stderr=StringIO())


@pytest.mark.django_db
@pytest.mark.parametrize("name", NAMES)
def test_each_case_is_walked_to_monitoring_and_leaves_the_books_in_order(name):
    said = walk(CASES / f"{name}.json", "--until", "monitoring").splitlines()
    case = Proposal.objects.get()
    assert case.state == "monitoring"
    assert case.reports.get(number=1).state == "accepted"
    told = dict(line.split(":", 1) for line in said if line.startswith(("Reference", "State", "Letter")))
    assert told["Reference"].strip() == case.case.reference
    assert told["State"].strip().startswith("monitoring")
    assert Path(told["Letter"].strip()).read_bytes().startswith(b"%PDF-")
    assert any("Supported by the SEOM lead – seom@" in line for line in said)
    clean("verify_trail")
    clean("check_invariants")


@pytest.mark.django_db
def test_a_walk_stops_in_the_state_that_was_asked_for():
    assert "State:     with_seom" in walk(CASES / f"{NAMES[0]}.json", "--until", "with_seom")


@pytest.mark.django_db
def test_a_walk_can_go_to_the_end():
    walk(CASES / f"{NAMES[2]}.json", "--until", "closed")
    assert Proposal.objects.get().state == "closed"
    clean("check_invariants")


@pytest.mark.django_db
def test_an_unknown_state_is_refused_before_anything_is_done():
    with pytest.raises(CommandError, match="invalid choice"):
        walk(CASES / f"{NAMES[0]}.json", "--until", "grant_given")
    assert not Proposal.objects.exists()


@pytest.mark.django_db
def test_a_refusal_is_told_with_the_doors_own_reason(monkeypatch):
    from aipbi.workflow.walk import STEPS, discover

    discover()
    monkeypatch.setitem(
        STEPS, "draft", lambda one: one.do("submit", one.proposal, one.people.proponent(one.proposal.organisation))
    )
    with pytest.raises(CommandError) as refused:
        walk(CASES / f"{NAMES[0]}.json")
    assert "Submit to your SEOM lead" in str(refused.value)
    assert "Tick the declaration" in str(refused.value)
    assert refused.value.returncode == 1
    assert Proposal.objects.get().state == "draft"


@pytest.mark.django_db
def test_a_faulty_file_lists_every_fault_with_its_place_and_imports_nothing(tmp_path):
    faulty = document()
    faulty["participants"] = faulty["participants"][:1]
    faulty["products"][0]["hs"] = "7716.00"
    file = tmp_path / "case.json"
    file.write_text(json.dumps(faulty))
    with pytest.raises(CommandError) as refused:
        walk(file)
    assert "products[0].hs" in str(refused.value)
    assert "participants" in str(refused.value)
    assert not Proposal.objects.exists()


@pytest.mark.django_db
def test_a_file_that_is_not_there_is_said_plainly(tmp_path):
    with pytest.raises(CommandError, match="No such file"):
        walk(tmp_path / "nothing.json")


@pytest.mark.django_db
def test_walking_is_refused_outside_the_demonstration(settings):
    settings.PORTAL_DEMO = False
    with pytest.raises(CommandError) as refused:
        walk(CASES / f"{NAMES[0]}.json")
    assert len(str(refused.value).splitlines()) == 1
    assert not Proposal.objects.exists()
