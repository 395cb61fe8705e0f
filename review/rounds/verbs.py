"""Where a round stands, put before the rule engine."""

from collections.abc import Iterable
from datetime import datetime

from proposals.document.rules import counting
from review import consensus
from review.consensus import Standing, Verdict
from review.rounds.models import Round


def standing(one: Round, now: datetime, stepping_aside: Iterable[str] = ()) -> Standing:
    """Return where the round stands at `now`, with those that would step aside. Raises ValueError as `Standing` does."""
    return Standing(
        confirmed=frozenset(one.members),
        positions={held.ams_id: consensus.Answer(held.value) for held in one.positions.all() if held.value},
        originating=one.proposal.originating_ams_id or "",
        meeting_criterion_2=frozenset(counting(one.version.document)),
        silence_is_no_objection=one.silence_is_no_objection,
        deadline_passed=now > one.deadline,
        stepping_aside=frozenset(stepping_aside),
    )


def verdict(one: Round, now: datetime, stepping_aside: Iterable[str] = ()) -> Verdict:
    """Return what the positions of the round allow at `now`."""
    return consensus.judge(standing(one, now, stepping_aside))


def objecting(one: Round) -> list[str]:
    """Return the codes of those that object, in ASEAN's order."""
    return [held.ams_id for held in one.positions.all() if held.value == consensus.Answer.OBJECT]
