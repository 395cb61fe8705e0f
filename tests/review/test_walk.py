"""The whole way of review and decision, by the steps the demonstration takes."""

import pytest

from aipbi.workflow import invariants, trail
from aipbi.workflow.walk import Walk
from tests.support.cases import NAMES, registered

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", NAMES)
def test_each_case_walks_from_registered_to_approved(people, name):
    case = registered(people, name)
    for number in (1, 2, 3):
        people.expert(number)
    people.chair()
    for participation in case.participations.all():
        people.fg_gvc(participation.ams_id)
        from tests.support.cases import do

        do(participation, "confirm", people.seom(participation.ams_id))
    lines = []
    case = Walk(case, say=lines.append).to("approved")
    assert case.decided_at
    assert case.decisions.get().basis == "consensus"
    assert len(lines) > 10
    assert invariants.violations() == {}
    assert list(trail.broken()) == []
