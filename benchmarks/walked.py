"""One case in each state, brought there through the door by the offices of the demonstration."""

from datetime import timedelta
from itertools import cycle
from typing import Any

from aipbi.workflow.walk import Walk
from monitoring import demo
from proposals import registers
from proposals.enums import State
from proposals.models import Proposal
from review.enums import Answer
from review.rounds.models import Position

# Long enough ago for a proposal that was never completed to lapse.
FORGOTTEN = timedelta(days=100)


def walk_all() -> int:
    """Walk a case into every state, the case files taking turns; return how many."""
    demo.load_offices()
    for state, file in zip(State, cycle(sorted(demo.CASES.glob("*.json"))), strict=False):
        _walk(state, Walk(demo.bring_in(file)))
    return len(State)


def _walk(state: State, walk: Walk) -> None:
    match state:
        case State.NOT_SUPPORTED:
            proposal = walk.to(State.WITH_SEOM)
            walk.do("decline_support", proposal, walk.people.seom(proposal.originating_ams_id), reason="Not now.")
        case State.AWAITING_COMPLETION | State.LAPSED:
            walk.do("ask_completion", walk.to(State.INBOX), walk.people.asec(), gaps="The figures have no source.")
        case State.WITHDRAWN:
            proposal = walk.to(State.INBOX)
            walk.do("withdraw", proposal, walk.people.proponent(proposal.organisation), reason="Our plans changed.")
        case State.NOT_APPROVED | State.DEFERRED:
            _object(walk, walk.to(State.BEFORE_FG_GVC), state)
        case _:
            walk.to(state)
    if state == State.LAPSED:
        Proposal.objects.filter(pk=walk.proposal.pk).update(moved_at=walk.proposal.moved_at - FORGOTTEN)
        registers.lapse_overdue()
    walk.work()


def _object(walk: Walk, proposal: Proposal, outcome: State) -> None:
    for position in Position.objects.filter(round__proposal=proposal).order_by("ams__order"):
        by = walk.people.fg_gvc(position.ams_id)
        walk.do("give_position", position, by, value=Answer.OBJECT, text="A question of our own law is open.")
    asked: dict[str, Any] = {
        "question": "Which of our laws applies?",
        "clearing": "By the offices of the Member States.",
    }
    walk.do(
        "record_decision", walk.proposal, walk.people.chair(), outcome=outcome, reasons="There is no consensus.",
        **(asked if outcome == State.DEFERRED else {}),
    )  # fmt: skip
