"""Where a round stands, put before the rule engine."""

from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _

from proposals.document.rules import counting
from proposals.models import Proposal
from review import consensus
from review.consensus import Reason, Standing, Verdict
from review.enums import Answer
from review.rounds.models import Position, Round
from review.states import in_words


def still_in(one: Round) -> list[str]:
    """Return who of those asked still takes part, in ASEAN's order: whoever left meanwhile decides no more (D6)."""
    taking_part = {row.ams_id for row in one.proposal.participations.all() if row.takes_part}
    return [ams for ams in one.members if ams in taking_part]


def standing(one: Round, now: datetime, stepping_aside: Iterable[str] | None = None) -> Standing:
    """Return where the round stands at `now`: with those stepping aside that said so, or with others in their place.

    Raises ValueError as `Standing` does.
    """
    members = frozenset(still_in(one))
    held = [position for position in one.positions.all() if position.ams_id in members]
    aside = [position.ams_id for position in held if position.steps_aside] if stepping_aside is None else stepping_aside
    return Standing(
        confirmed=members,
        positions={position.ams_id: consensus.Answer(position.value) for position in held if position.value},
        originating=one.proposal.originating_ams_id or "",
        meeting_criterion_2=frozenset(counting(one.version.document)),
        silence_is_no_objection=one.silence_is_no_objection,
        deadline_passed=now > one.deadline,
        stepping_aside=frozenset(aside),
    )


def verdict(one: Round, now: datetime, stepping_aside: Iterable[str] | None = None) -> Verdict:
    """Return what the positions of the round allow at `now`."""
    return consensus.judge(standing(one, now, stepping_aside))


def fails(proposal: Proposal) -> list[Reason]:
    """Return what those that take part now lack to carry the project: `consensus`'s own rule, on today's list (D6)."""
    if proposal.version is None:
        return []
    remaining = list(proposal.participations.taking_part().values_list("ams_id", flat=True))
    return consensus.missing(remaining, proposal.originating_ams_id or "", counting(proposal.version.document))


def fingerprint(one: Round) -> str:
    """Name the positions as they stand, with who left: what a page shows is what a decision rests on (L2)."""
    inside = set(still_in(one))
    return " ".join(f"{held.ams_id}{held.revision}{'' if held.ams_id in inside else 'x'}" for held in _ordered(one))


def changed_since(one: Round, saw: str) -> list[str]:
    """Say of each Member State whose position changed since the page that `saw` the others, where it stands now."""
    seen, inside = set(saw.split()), set(still_in(one))
    changed = [
        held for held in _ordered(one) if f"{held.ams_id}{held.revision}" not in seen or held.ams_id not in inside
    ]
    return [_now(held, inside) for held in changed if f"{held.ams_id}{held.revision}x" not in seen]


def _ordered(one: Round) -> list[Position]:
    return sorted(one.positions.all(), key=lambda held: one.members.index(held.ams_id))


def _now(held: Position, inside: set[str]) -> str:
    place = {"state": in_words([held.ams_id])}
    if held.ams_id not in inside:
        return _("%(state)s: has left the project") % place
    if held.steps_aside:
        return _("%(state)s: steps aside under ASEAN Minus X") % place
    return _("%(state)s: now %(position)s") % {
        **place,
        "position": Answer(held.value).label if held.value else _("Not given yet"),
    }


def objecting(one: Round) -> list[str]:
    """Return the codes of those that object, in ASEAN's order."""
    inside = set(still_in(one))
    return [
        held.ams_id for held in one.positions.all() if held.value == consensus.Answer.OBJECT and held.ams_id in inside
    ]
