"""Every state × move × role: allowed or refused as declared, inside the door (U5, L2).

`moves.csv` says who may make each move on the power-trade case, on Thailand's row where a subject
belongs to a Member State. The states from which a proposal's transitions start are those of the
table "The life of a proposal".
"""

import csv
from pathlib import Path

import pytest
from django.db import transaction

from aipbi.accounts.capacity import Capacity
from aipbi.workflow import registry
from aipbi.workflow.door import perform
from aipbi.workflow.errors import Blocked, Invalid, NotOpen, NotYours
from proposals.enums import State
from tests.support import addresses, world

with (Path(__file__).parent / "moves.csv").open() as table:
    WHO = {(row["kind"], row["move"]): frozenset(row["who"].split()) for row in csv.DictReader(table)}

# The table of domain.md, as it stands there; `drop_entry` ends what ASEC entered and nobody confirmed (P8).
FROM = {
    "submit": "draft",
    "return_to_proponent": "with_seom",
    "decline_support": "with_seom",
    "support": "with_seom",
    "register": "inbox",
    "ask_completion": "inbox",
    "complete": "awaiting_completion",
    "start_assessment": "registered",
    "file_consolidated": "under_assessment",
    "open_round": "assessed",
    "record_decision": "before_fg_gvc",
    "reopen": "deferred",
    "start_facilitation": "approved",
    "finalise_benefits": "facilitation",
    "issue_letter": "benefits_finalised",
    "start_monitoring": "letter_issued",
    "close": "monitoring",
    "drop_entry": "draft",
    "lapse": "awaiting_completion",
    "resubmit": "not_approved lapsed not_supported",
    "withdraw": "draft with_seom inbox awaiting_completion registered under_assessment assessed before_fg_gvc "
    "approved deferred facilitation benefits_finalised letter_issued monitoring",
}
TO = {
    "submit": "with_seom",
    "return_to_proponent": "draft",
    "decline_support": "not_supported",
    "support": "inbox",
    "register": "registered",
    "ask_completion": "awaiting_completion",
    "complete": "inbox",
    "start_assessment": "under_assessment",
    "file_consolidated": "assessed",
    "open_round": "before_fg_gvc",
    "record_decision": "approved not_approved deferred",
    "reopen": "registered assessed",
    "start_facilitation": "facilitation",
    "finalise_benefits": "benefits_finalised",
    "issue_letter": "letter_issued",
    "start_monitoring": "monitoring",
    "close": "closed",
    "drop_entry": "withdrawn",
    "lapse": "lapsed",
    "withdraw": "withdrawn",
}


def test_every_move_says_who_may():
    assert {(move.model.kind, move.name) for move in registry.moves()} == set(WHO)


def test_the_transitions_are_those_of_the_table():
    edges = {move.name: move.edges() for move in registry.moves() if move.model.kind == "proposal" and move.on}
    assert {name: {source for source, _t in pairs} for name, pairs in edges.items()} == {
        name: set(FROM[name].split()) for name in TO
    }
    assert {name: {target for _s, target in pairs} for name, pairs in edges.items()} == {
        name: set(goals.split()) for name, goals in TO.items()
    }
    assert registry.get("proposal", "resubmit").sources() == set(FROM["resubmit"].split())


@pytest.mark.parametrize("state", [state.value for state in State])
def test_every_role_is_allowed_or_refused_as_declared(db, state):
    here = world.bring(state)
    capacities = {tie: found for tie in world.TIES if (found := here.tie(tie))} | {"clock": Capacity.clock()}
    tried = set()
    for move in registry.moves():
        subject = _subject(here, move)
        if subject is None:
            continue
        tried.add((move.model.kind, move.name))
        for tie, capacity in capacities.items():
            place = f"{tie}: {move.model.kind} {move.name} in {subject.state}"
            may = tie in WHO[move.model.kind, move.name]
            if subject.state in move.sources():
                assert _knock(move, subject, capacity) == ("open" if may else "refused"), place
            elif may:
                assert _knock(move, subject, capacity) in {"not open", "refused"}, place
            else:
                # The rule alone: that the door asks it is seen wherever the move is open.
                assert not move.may(capacity, subject), place
    assert {key for key in WHO if key[0] == "proposal"} <= tried


def _subject(here, move):
    """Return the row the move is tried on: Thailand's, the appointed expert's, or the newest."""
    if move.model.kind == "proposal":
        return here.proposal
    rows = list(addresses.rows_of(move.model, here).order_by("-pk"))
    theirs = [row for row in rows if getattr(row, "ams_id", "TH") == "TH"]
    expert = here.tie("expert")
    mine = [row for row in theirs if not hasattr(row, "expert_id") or row.expert.person == expert.person]
    return next(iter(mine), None)


def _knock(move, subject, capacity) -> str:
    """Try the move with nothing entered, and undo it; say how the door answered."""
    fresh = type(subject).objects.get(pk=subject.pk)
    with transaction.atomic():
        try:
            perform(move, fresh, by=capacity.person, as_=capacity)
        except NotYours:
            return "refused"
        except NotOpen:
            return "not open"
        except (Invalid, Blocked):
            return "open"
        finally:
            transaction.set_rollback(True)
    return "open"
