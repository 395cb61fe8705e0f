"""Whom the two sides of a plan are, today."""

from datetime import datetime

from aipbi.accounts.capacity import today
from aipbi.asean import clocks
from aipbi.asean.models import ChairTerm
from aipbi.workflow import parties
from aipbi.workflow.parties import Party
from monitoring.enums import Side
from monitoring.models import Plan, Report
from proposals.models import Proposal


def proponent(proposal: Proposal) -> Party:
    """Return the organisation."""
    return Party(organisation=proposal.organisation)


def fg_gvc() -> Party:
    """Return the FG-GVC through its chair; through ASEC where the calendar of chairs has a gap."""
    chair = ChairTerm.objects.on(today())
    return parties.fg_gvc(chair) if chair else parties.asec()


def of_side(side: Side, plan: Plan) -> Party:
    """Return the party that speaks for a side of the plan."""
    return proponent(plan.proposal) if side == Side.PROPONENT else fg_gvc()


def due_moment(report: Report, party: Party) -> datetime:
    """Return the last second of the report's day where the party is."""
    return clocks.calendar(party.calendar).end_of(report.due_on)
