"""Which copies of the walked cases are made: of which state, for whom, how long ago."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from aipbi.workflow.models.case import new_code
from benchmarks.people import Owner
from proposals.enums import State
from proposals.models import Proposal, ReferenceCounter

# How many of every hundred cases stand in each state. At any size the first pages of the
# Secretariat, the FG-GVC and Malaysia, which every case file names, are full: so sizes can be compared.
SHARE = {
    State.DRAFT: 4,
    State.WITH_SEOM: 4,
    State.NOT_SUPPORTED: 2,
    State.INBOX: 6,
    State.AWAITING_COMPLETION: 3,
    State.REGISTERED: 10,
    State.UNDER_ASSESSMENT: 10,
    State.ASSESSED: 4,
    State.BEFORE_FG_GVC: 12,
    State.APPROVED: 6,
    State.NOT_APPROVED: 3,
    State.DEFERRED: 4,
    State.FACILITATION: 12,
    State.BENEFITS_FINALISED: 6,
    State.LETTER_ISSUED: 3,
    State.MONITORING: 5,
    State.CLOSED: 4,
    State.WITHDRAWN: 1,
    State.LAPSED: 1,
}
# The first organisation has one case in each of these, at every size.
OWN = [state for state, share in SHARE.items() if share >= 4]  # noqa: PLR2004 - of which a hundred cases have enough
LONG_AGO = timedelta(days=90)


@dataclass(slots=True)
class Copy:
    """One copy of a walked case. What is exchanged stands as it was and as it becomes."""

    number: int
    walked: int
    code: str
    new_code: str
    reference: str
    new_reference: str
    organisation: int
    new_organisation: int
    name: str
    new_name: str
    person: int
    new_person: int
    age: timedelta
    trail_head: str = ""


def copies(cases: int, walked: dict[State, Proposal], owners: list[Owner], counter: ReferenceCounter) -> Iterator[Copy]:
    """Yield the copies that, with the walked cases, make this many; the same ones whenever it is asked."""
    chance = random.Random(2025)
    for number, state in enumerate(_states(cases, chance), 1):
        one = walked[state]
        first = number <= len(OWN)
        owner = owners[0] if first else owners[1 + number % (len(owners) - 1)]
        if one.case.reference:
            counter.last += 1
        yield Copy(
            number=number,
            walked=one.pk,
            code=one.case.code,
            new_code=new_code(),
            reference=one.case.reference or "",
            new_reference=f"AIPBI/{counter.year}/{counter.last:04d}" if one.case.reference else "",
            organisation=one.organisation_id,
            new_organisation=owner.organisation,
            name=one.organisation.name,
            new_name=owner.name,
            person=one.started_by_id or 0,
            new_person=owner.person,
            age=LONG_AGO * chance.random(),
        )


def _states(cases: int, chance: random.Random) -> list[State]:
    wanted = [state for state, share in SHARE.items() for _one in range(cases * share // 100 - 1)]
    wanted += [State.REGISTERED] * (cases - len(SHARE) - len(wanted))
    for state in OWN:
        wanted.remove(state)
    chance.shuffle(wanted)
    return OWN + wanted
