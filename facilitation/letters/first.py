"""What the draft of a letter starts with, taken from the case; ASEC may change all of it."""

from email.utils import parseaddr

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aipbi.accounts.days import SECRETARIAT
from aipbi.asean.models import MemberState
from aipbi.workflow.models import TrailEntry
from facilitation.enums import BENEFITS, Purpose
from facilitation.queries import last_decision, proponent_name
from proposals.models import Proposal
from review.enums import Instrument

_HOW = {Instrument.MEETING: gettext_lazy("at a meeting"), Instrument.AD_REFERENDUM: gettext_lazy("ad referendum")}


def addressee(proposal: Proposal) -> str:
    """Return the proponent's organisation, and its country where that is a Member State; one to a line."""
    state = MemberState.objects.filter(code=proposal.organisation.country).first()
    return "\n".join(filter(None, [proponent_name(proposal), state.name if state else ""]))


def decision_reference(proposal: Proposal) -> str:
    """Return the decision in words: its day at the Secretariat, its round, how it was reached."""
    decision = last_decision(proposal)
    if decision is None:
        return ""
    day = decision.recorded_at.astimezone(SECRETARIAT)
    return _("FG-GVC decision of %(day)s (round %(round)d, %(how)s)") % {
        "day": date_format(day, "j F Y"),
        "round": proposal.rounds.filter(pk__lte=decision.pk).count(),
        "how": _HOW[Instrument(decision.round.instrument)],
    }


def particulars(proposal: Proposal, purpose: str) -> str:
    """Return the decision's conditions or reasons, or the gaps that the Secretariat listed last."""
    if purpose in BENEFITS or purpose == Purpose.NON_APPROVAL:
        decision = last_decision(proposal)
        if decision is None:
            return ""
        return decision.reasons if purpose == Purpose.NON_APPROVAL else decision.conditions
    asked = TrailEntry.objects.filter(case_id=proposal.pk, action="ask_completion").order_by("-number").first()
    return str(asked.details.get("gaps", "")) if asked else ""


def contact() -> str:
    """Return the AIPBI inbox with its address."""
    return _("the AIPBI inbox at the ASEAN Secretariat, %(address)s") % {
        "address": parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    }
