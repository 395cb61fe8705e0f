"""What is owed around review and decision (L5); the desk shows these words.

What falls on experts is known to ASEC and the expert alone: that one of them is done must not
show to the others (R4). Who still owes a position is known to the Member States and ASEC alone.
"""

from django.utils.translation import gettext_lazy as _

from aipbi.workflow.models import Audience
from aipbi.workflow.obligations import register

DECLARE = register(
    "declare_conflict", _("Declare conflicts of interest and accept or decline an assessment"),
    clock="conflict", move="accept_invitation", audience=Audience.ASEC,
)  # fmt: skip
ASSESS = register(
    "assess", _("Assess a proposal"), clock="assessment", move="save_assessment", audience=Audience.ASEC,
)  # fmt: skip
ANSWER = register(
    "answer_clarification", _("Answer a question on the proposal"),
    clock="completion", move="answer_clarification", audience=Audience.STATES, partners=True,
)  # fmt: skip
PUT = register(
    "put_question", _("Put an expert's question to the proponent, or say why not"),
    clock="conflict", move="put_question", audience=Audience.ASEC,
)  # fmt: skip
CONSOLIDATE = register(
    "consolidate", _("See the assessment through and write the consolidated report"), tab="review", helpers=True
)
OPEN_ROUND = register(
    "open_round", _("Put the proposal before the FG-GVC"), clock="completeness", tab="decision", helpers=True
)
POSITION = register(
    "position", _("Give the Member State's position"), clock="position", move="give_position", audience=Audience.STATES,
)  # fmt: skip
ESCALATION = register(
    "escalation", _("Bring back and record the answer to the escalation"), move="record_escalation", audience=Audience.STATES,
)  # fmt: skip
CRITERION_2 = register(
    "criterion_2", _("Find how the project can be carried on, or ended: too few take part"),
    clock="position", tab="participation", audience=Audience.STATES,
)  # fmt: skip
DECIDE = register("decide", _("Record what the Member States decided"), tab="decision")
TAKE_UP = register("take_up", _("Clear up the question and take the case up again"), tab="decision")
BEGIN = register("begin_facilitation", _("Start the facilitation"), clock="completeness", tab="facilitation")
