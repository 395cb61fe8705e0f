"""Letters for the worker to make: drafted and approved through the door, in cases whose benefits are final."""

from collections.abc import Iterator

from aipbi.accounts.enums import Role
from aipbi.workflow.walk import People, Walk
from facilitation.letters import first
from facilitation.models import Letter
from proposals.enums import State
from proposals.models import Proposal


def approve(letters: int) -> Iterator[Letter]:
    """Yield so many letters as they are approved. SystemExit where the data set has too few cases."""
    found = Proposal.objects.filter(state=State.BENEFITS_FINALISED).order_by("pk")
    if found.count() < letters:
        raise SystemExit(f"Only {found.count()} cases wait for their letter in this data set: seed a larger one.")
    people = People()
    for case in found[:letters]:
        walk = Walk(case)
        walk.do(
            "draft_letter", case, people.asec(), addressee=first.addressee(case), contact=first.contact(),
            decision_reference=first.decision_reference(case), particulars="",
        )  # fmt: skip
        letter = Letter.objects.get(proposal=case, state="draft")
        checked = walk.do("check_letter", letter, people.holders(Role.ASEC)[-1])
        walk.do("approve_letter", checked, people.chair())
        letter.refresh_from_db()
        yield letter
