"""What is owed around a proposal (L5); the desk shows these words."""

from django.utils.translation import gettext_lazy as _

from aipbi.workflow.models import Audience
from aipbi.workflow.obligations import register

REVISE = register("revise", _("Revise the proposal and submit it again"), tab="write", partners=True, helpers=True)
SEOM_DECISION = register("seom_decision", _("Decide whether to support a proposal"), clock="seom", helpers=True)
COMPLETENESS = register("completeness", _("Check a proposal for completeness"), clock="completeness", helpers=True)
COMPLETION = register(
    "completion", _("Complete the proposal"), clock="completion", tab="write", partners=True, helpers=True
)
PARTICIPATION = register(
    "participation",
    _("Answer whether the Member State takes part"),
    clock="position",
    tab="participation",
    helpers=True,
)
ADMIT = register(
    "admit", _("Say whether a Member State may join"), clock="completeness", move="admit", audience=Audience.ASEC
)
CONFIRMATION = register("confirmation", _("Have the proponent confirm what you entered"), audience=Audience.ASEC)
FIND_EXPERTS = register(
    "find_experts", _("Appoint technical experts"), clock="completeness", tab="review", helpers=True
)
