"""The demonstration: loaded once, each case where a newcomer can take it up."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from aipbi.workflow import invariants, trail
from aipbi.workflow.models import Obligation
from facilitation.models import Amendment, Concurrence
from proposals.document import faults
from proposals.models import Proposal
from review.models import Meeting


def load() -> str:
    out = StringIO()
    call_command("load_demo", stdout=out)
    return out.getvalue()


@pytest.mark.django_db
def test_load_demo_fills_an_empty_portal_once():
    said = load()
    assert "demo accounts" in said
    others = Proposal.objects.exclude(title__regex="^(Recycling|Packaging|Shared reserve)")
    states = dict(others.values_list("organisation__name", "state"))
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
    waits = Proposal.objects.get(title__startswith="Packaging")
    assert waits.state == "registered"
    grid = Proposal.objects.get(state="facilitation")
    assert grid.benefits.count() == 10
    words = Concurrence.objects.filter(proposal=grid)
    assert set(words.filter(state="asked").values_list("ams", flat=True)) == {"LA", "KH", "VN"}
    assert words.filter(state="concurred_with_conditions").count() == words.filter(state="refused").count() == 1
    assert grid.body_requests.get().state == "sent"
    assert Amendment.objects.get(state="open").words.get().ams_id == "VN"
    owed = Obligation.objects.open().filter(office__ams__isnull=False)
    assert {"concurrence", "amendment_word"} <= set(owed.values_list("kind", flat=True))
    overdue = Obligation.objects.open().filter(case=waits.pk, due_at__lt=timezone.now())
    assert overdue.filter(office__ams="PH").exists()
    assert Meeting.objects.get(state="held").items.get().noted_at < timezone.now() - timedelta(days=13)
    assert invariants.violations() == {}
    assert list(trail.broken()) == []
    load()
    assert Proposal.objects.count() == 6


@pytest.mark.django_db
def test_load_demo_is_refused_outside_the_demonstration(settings):
    settings.PORTAL_DEMO = False
    with pytest.raises(CommandError, match="demonstration only"):
        load()
    assert not Proposal.objects.exists()
