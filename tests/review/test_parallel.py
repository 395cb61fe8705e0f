"""Positions and a decision given at the same moment, by real threads on a real database (L2, D2, D3)."""

from threading import Barrier, Thread

import pytest
from django.db import connection

from aipbi.workflow import invariants, trail
from aipbi.workflow.errors import Refused, Stale
from review.models import Decision
from tests.review import steps
from tests.support.cases import do


def at_once(*acts):
    """Run all acts at the same moment; return what each came to: None, or its refusal."""
    start, came = Barrier(len(acts)), [None] * len(acts)

    def run(place, act):
        try:
            start.wait(timeout=30)
            act()
        except Refused as refusal:
            came[place] = refusal
        finally:
            connection.close()

    threads = [Thread(target=run, args=(place, act)) for place, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return came


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

    chair, seen = people.chair(), steps.position(case, "SG")
    came = at_once(
        lambda: steps.decide(people, case, "approved", chair),
        lambda: do(seen, "give_position", four["SG"][1], value="object", text="The list is not agreed."),
    )
    decided = Decision.objects.filter(proposal=case).first()
    held = steps.fresh(seen).value
    assert (came[0] is None) == (decided is not None)
    assert (came[1] is None) == (held == "object")
    # Whoever came first, nobody was decided over.
    assert (decided is None) != (held == "approve")
    assert invariants.violations() == {}
    assert list(trail.broken()) == []
