"""What is owed while facilitation is worked out and told (L5); the desk shows these words."""

from collections.abc import Collection

from django.apps import apps
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from aipbi.workflow.models import Audience
from aipbi.workflow.obligations import register

STATES = Audience.STATES
WORK_OUT = register("work_out", _("Work out the facilitation with those concerned"), tab="facilitation")
ANSWER_CHALLENGE = register(
    "answer_challenge", _("Answer a question about a challenge"), clock="completion", move="answer_challenge"
)
SEND_REQUEST = register("send_request", _("Send a request to a sectoral body"), move="prepare_request", audience=STATES)
ANSWER_BODY = register(
    "answer_body", _("Answer what a sectoral body asked"), clock="completeness", move="reply_to_body", audience=STATES
)
KEEP_PROMISE = register("keep_promise", _("Do what was promised, and report it"), move="report_done", audience=STATES)
ESCALATED = register(
    "escalated", _("Bring back and record the answer to an escalation"), move="record_ministers", audience=STATES
)


def _which_requests(keys: Collection[int]) -> dict[int, str]:
    """Name requests by number and case; two of different cases may have the same number."""
    found = apps.get_model("facilitation", "BodyRequest").objects.filter(pk__in=keys)
    return {
        pk: gettext("Answer request %(n)s, %(case)s") % {"n": number, "case": reference}
        for pk, number, reference in found.values_list("pk", "number", "case__reference")
    }


BODY_ANSWER = register(
    "body_answer", _("Answer a request"), clock="sectoral_body", page="request", audience=STATES, named=_which_requests
)
TAKE_UP_ANSWER = register(
    "take_up_answer", _("Take up a sectoral body's answer"), move="close_request", audience=STATES
)


def _how_many_benefits(n: int) -> str:
    return gettext("Answer whether the Member State concurs in %(n)s benefits") % {"n": n}


CONCURRENCE = register(
    "concurrence",
    _("Answer whether the Member State concurs in a benefit"),
    clock="position",
    tab="benefits",
    audience=STATES,
    many=_how_many_benefits,
)
FINALISE = register("finalise", _("Finalise the benefits"), move="finalise_benefits", audience=STATES)
DRAFT_LETTER = register("draft_letter", _("Draft the letter"), tab="letters")
CHECK_LETTER = register(
    "check_letter",
    _("Check the draft of a letter, by a second officer"),
    clock="letter_check",
    move="check_letter",
    audience=STATES,
    second=True,
)
APPROVE_LETTER = register("approve_letter", _("Approve a letter"), move="approve_letter")
REVISE_LETTER = register("revise_letter", _("Change the draft of a letter"), move="edit_letter", audience=STATES)
SEAL_LETTER = register("seal_letter", _("See that a letter's PDF is made"), tab="letters", audience=Audience.ASEC)
ISSUE_LETTER = register("issue_letter", _("Issue the letter"), move="issue_letter")
OPEN_AMENDMENT = register(
    "open_amendment", _("Take up an amendment that was asked for"), clock="completeness", move="open_amendment"
)
AMENDMENT_WORD = register(
    "amendment_word", _("Answer whether the Member State accepts a change of a project"),
    clock="position", tab="letters", part="amendments", audience=STATES,
)  # fmt: skip
AGREE_AMENDMENT = register(
    "agree_amendment", _("Record that an amendment is agreed"), move="agree_amendment", audience=STATES
)
SUPERSEDE_LETTER = register(
    "supersede_letter", _("Draft the letter that takes the place of the one in force"),
    clock="completeness", move="draft_superseding", audience=STATES,
)  # fmt: skip
ISSUE_SUPERSEDING = register(
    "issue_superseding", _("Issue the superseding letter"), move="issue_superseding", audience=STATES
)
ACKNOWLEDGE_LETTER = register(
    "acknowledge_letter",
    _("Acknowledge a letter"),
    clock="letter_acknowledgement",
    move="acknowledge_letter",
    audience=Audience.STATES,
)
