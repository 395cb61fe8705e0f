"""How a case gets from the proponent's desk to being registered with its Member States confirmed."""

from typing import Any

from aipbi.workflow.walk import Walk
from proposals.enums import State, Taking
from proposals.moves.inbox import CHECKLIST


def submit(walk: Walk) -> None:
    """The proponent hands it in."""
    proposal = walk.proposal
    walk.do("submit", proposal, walk.people.proponent(proposal.organisation), declaration="on")


def support(walk: Walk) -> None:
    """The SEOM lead of the originating Member State supports it."""
    proposal = walk.proposal
    statement = "The project links producers and buyers across our region. We support asking for facilitation."
    walk.do("support", proposal, walk.people.seom(proposal.originating_ams_id), statement=statement)


def register(walk: Walk) -> None:
    """ASEC registers it, and every Member State in it confirms that it takes part."""
    checked: dict[str, Any] = dict.fromkeys(CHECKLIST, "yes")
    walk.do("register", walk.proposal, walk.people.asec(), **checked)
    for participation in walk.proposal.participations.filter(state=Taking.NAMED).order_by("ams__order"):
        walk.do("confirm", participation, walk.people.seom(participation.ams_id))


STEPS = {State.DRAFT: submit, State.WITH_SEOM: support, State.INBOX: register}
