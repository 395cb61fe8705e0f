"""Positions and a decision given at the same moment, by real threads on a real database (L2, D2, D3)."""

import pytest

from aipbi.workflow import invariants, trail
from aipbi.workflow.errors import Stale
from review.models import Decision
from tests.review import steps
from tests.support.at_once import at_once
from tests.support.cases import do


@pytest.fixture
def case(committed_db, people):
    return steps.before_fg_gvc(people)


def test_l2_d2_positions_and_a_decision_at_the_same_moment_each_end_right(case, people):
    four = {ams: (steps.position(case, ams), people.fg_gvc(ams)) for ams in ("LA", "TH", "MY", "SG")}
    came = at_once(*(lambda p=p, w=w: do(p, "give_position", w, value="approve") for p, w in four.values()))
    assert came == [None] * 4

    seen, lead = steps.position(case, "TH"), people.seom("TH")
    came = at_once(
        lambda: do(seen, "give_position", four["TH"][1], value="no_objection"),
        lambda: do(seen, "give_position", lead, value="object", text="The transit rules."),
    )
    assert sorted(type(one) for one in came if one) == [Stale]
    steps.say(people, case, TH="approve")

    # Ten threads of two persons who speak for one Member State, while the chair records: one is heard, or none.
    chair, seen, lead = people.chair(), steps.position(case, "SG"), people.seom("SG")
    came = at_once(
        lambda: steps.decide(people, case, "approved", chair),
        *(
            lambda who=who: do(seen, "give_position", who, value="object", text="The list is not agreed.")
            for who in (four["SG"][1], lead) * 5
        ),
    )
    decided = Decision.objects.filter(proposal=case).first()
    held, heard = steps.fresh(seen), came[1:].count(None)
    assert (came[0] is None) == (decided is not None)
    assert heard == (1 if held.value == "object" else 0)
    assert held.revision == seen.revision + heard
    # Whoever came first, nobody was decided over.
    assert (decided is None) != (held.value == "approve")
    assert invariants.violations() == {}
    assert list(trail.broken()) == []
