"""Cases of tests, brought to a state through the same door as everybody else's."""

import json
from pathlib import Path

from aipbi.workflow import registry
from aipbi.workflow.door import perform
from tests.support.remembered import remembered

CASES = Path(__file__).resolve().parent.parent.parent / "demo" / "cases"
NAMES = ("01-power-trade", "02-ev-battery-chain", "03-chip-materials-lane")


def document(name: str = "01-power-trade") -> dict:
    return json.loads((CASES / f"{name}.json").read_text())


@remembered
def draft(people, name: str = "01-power-trade", *, as_=None):
    """A complete draft of the case's lead organisation."""
    from proposals import verbs

    answers = document(name)
    as_ = as_ or people.proponent(answers["lead"]["name"], country=answers["lead"]["country"])
    return verbs.start_draft(by=as_.person, as_=as_, answers=answers)


def do(subject, move: str, as_, /, *, files=None, **data):
    """Make a move as a capacity; return the subject as it is then."""
    found = registry.get(subject.kind, move)
    return perform(found, subject, by=as_.person, as_=as_, data=data, files=files, seen=subject.revision).subject


@remembered
def submitted(people, name: str = "01-power-trade"):
    """A case that waits for its SEOM lead."""
    case = draft(people, name)
    lead = document(name)["lead"]
    return do(case, "submit", people.proponent(lead["name"], country=lead["country"]), declaration="on")


@remembered
def in_inbox(people, name: str = "01-power-trade"):
    """A case that ASEC has to check for completeness."""
    case = submitted(people, name)
    return do(case, "support", people.seom(case.originating_ams_id), statement="We support it.")


@remembered
def registered(people, name: str = "01-power-trade"):
    """A case with a reference."""
    from proposals.moves.inbox import CHECKLIST

    return do(in_inbox(people, name), "register", people.asec(), **dict.fromkeys(CHECKLIST, "yes"))
