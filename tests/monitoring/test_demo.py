"""The demonstration: loaded once, each case where a newcomer can take it up."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from aipbi.workflow import invariants, trail
from proposals.document import faults
from proposals.models import Proposal


def load() -> str:
    out = StringIO()
    call_command("load_demo", stdout=out)
    return out.getvalue()


@pytest.mark.django_db
def test_load_demo_fills_an_empty_portal_once():
    said = load()
    assert "seom@la.example.org" in said
    states = dict(Proposal.objects.values_list("organisation__name", "state").exclude(title__startswith="Recycling"))
    assert states == {
        "Mekong Hydropower Export Consortium": "draft",
        "Nusantara Battery Materials": "under_assessment",
        "Penang Advanced Packaging": "monitoring",
    }
    recycling = Proposal.objects.get(title__startswith="Recycling")
    assert recycling.state == "before_fg_gvc"
    assert recycling.rounds.get().positions.count() == 3
    assert faults(Proposal.objects.get(state="draft").answers) == []
    halfway = Proposal.objects.get(state="under_assessment")
    assert sorted(halfway.assessments.values_list("state", flat=True)) == ["drafting", "filed"]
    assert Proposal.objects.get(state="monitoring").reports.filter(state="accepted").count() == 1
    assert invariants.violations() == {}
    assert list(trail.broken()) == []
    load()
    assert Proposal.objects.count() == 4


@pytest.mark.django_db
def test_load_demo_is_refused_outside_the_demonstration(settings):
    settings.PORTAL_DEMO = False
    with pytest.raises(CommandError, match="demonstration only"):
        load()
    assert not Proposal.objects.exists()
