"""The states of challenges, requests, benefits, concurrences and letters, in words."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ChallengeState(TextChoices):
    """How far a barrier has been worked out (F1)."""

    OPEN = "open", _("Open")
    IN_PROGRESS = "in_progress", _("In progress")
    WAITING = "waiting", _("Waiting for the proponent")
    RESOLVED = "resolved", _("Resolved")
    SET_ASIDE = "set_aside", _("Set aside")


WORKED_ON = frozenset({ChallengeState.OPEN, ChallengeState.IN_PROGRESS, ChallengeState.WAITING})


class Severity(TextChoices):
    """How much a barrier weighs on the project (F1); what each level means is in `SEVERITY_MEANS`."""

    STOPS = "stops", _("Stops it")
    HOLDS_UP = "holds_up", _("Holds it up")
    HINDERS = "hinders", _("Hinders it")


SEVERITY_MEANS = {
    Severity.STOPS: _("The project, or a stage of it, cannot go on while the barrier stands."),
    Severity.HOLDS_UP: _("The project goes on, but months late or at a cost that changes its plan."),
    Severity.HINDERS: _("The project goes on as planned, with more work or cost than without it."),
}


class CommonState(TextChoices):
    """Whether a barrier is still worked on for all its cases together (F1)."""

    OPEN = "open", _("Worked on together")
    ENDED = "ended", _("Ended")


class RequestState(TextChoices):
    """How far a request to a sectoral body has come (F2)."""

    DRAFT = "draft", _("Draft")
    SENT = "sent", _("Sent")
    ACKNOWLEDGED = "acknowledged", _("Acknowledged")
    ANSWERED = "answered", _("Answered")
    CLOSED = "closed", _("Closed")


class CanAct(TextChoices):
    """What a sectoral body says it can do (F2)."""

    YES = "yes", _("It can act")
    IN_PART = "in_part", _("It can act in part")
    NO = "no", _("It cannot act")


class PromiseState(TextChoices):
    """What became of a body's promise (F2)."""

    OPEN = "open", _("Promised")
    DONE = "done", _("Done")
    GIVEN_UP = "given_up", _("Given up")


class EscalationState(TextChoices):
    """Whether the ministers or the council have answered (F2)."""

    PUT = "put", _("Waiting for the answer")
    ANSWERED = "answered", _("Answered")


class BenefitState(TextChoices):
    """Whether a benefit stands (F3)."""

    PROPOSED = "proposed", _("Proposed")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class ConcurrenceState(TextChoices):
    """What a Member State says of a benefit it would give (F3)."""

    ASKED = "asked", _("Not answered yet")
    CONCURRED = "concurred", _("Concurs")
    WITH_CONDITIONS = "concurred_with_conditions", _("Concurs with conditions")
    REFUSED = "refused", _("Does not concur")
    LEFT_OUT = "left_out", _("Left out")


GIVEN = frozenset({ConcurrenceState.CONCURRED, ConcurrenceState.WITH_CONDITIONS})


class LetterState(TextChoices):
    """How far a letter has come (F4, F7)."""

    DRAFT = "draft", _("Draft")
    CHECKED = "checked", _("Checked, waiting for approval")
    APPROVED = "approved", _("Approved, PDF in preparation")
    SEALED = "sealed", _("Sealed")
    SUPERSEDED = "superseded", _("Superseded")
    REVOKED = "revoked", _("Revoked")
    DISCARDED = "discarded", _("Discarded")


# Its words can still be changed.
UNDECIDED = frozenset({LetterState.DRAFT, LetterState.CHECKED})


class Purpose(TextChoices):
    """What a letter tells (F4, F5, F7)."""

    APPROVAL = "approval", _("Benefit letter")
    NON_APPROVAL = "non_approval", _("Letter of non-approval")
    RETURN = "return", _("Letter of return")
    LAPSE = "lapse", _("Letter of lapse")
    AMENDMENT = "amendment", _("Letter of amendment")
    REVOCATION = "revocation", _("Letter of revocation")


# Those that give benefits; and those that the FG-GVC decides, which its chair approves and signs.
BENEFITS = frozenset({Purpose.APPROVAL, Purpose.AMENDMENT})
DECIDED = BENEFITS | {Purpose.NON_APPROVAL, Purpose.REVOCATION}


class DeliveryState(TextChoices):
    """Whether an addressee has said that the letter reached it (F7)."""

    DELIVERED = "delivered", _("Delivered")
    ACKNOWLEDGED = "acknowledged", _("Acknowledged")


class Change(TextChoices):
    """What an amendment changes (D6)."""

    MEMBER_STATE = "ams", _("The Member States that take part")
    CATEGORY = "category", _("A category of facilitation")
    PROPONENT = "proponent", _("The proponent: its name, organisation or lead partner")
    SITE = "site", _("A site")


class AmendmentState(TextChoices):
    """How far an amendment has come (D6)."""

    ASKED = "asked", _("Asked for")
    OPEN = "open", _("Before the Member States it affects")
    AGREED = "agreed", _("Agreed, letter in preparation")
    DONE = "done", _("Told in a letter")
    TURNED_DOWN = "turned_down", _("Not taken up")
    DROPPED = "dropped", _("Given up")


# One at a time on a case.
UNDER_WAY = frozenset({AmendmentState.ASKED, AmendmentState.OPEN, AmendmentState.AGREED})


class Said(TextChoices):
    """What an affected Member State says of an amendment (D6)."""

    ASKED = "asked", _("Not answered yet")
    ACCEPTED = "accepted", _("Accepts")
    OBJECTS = "objects", _("Objects")
