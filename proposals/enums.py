"""The states a proposal can be in, with the words for each circle of readers."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class State(TextChoices):
    """Where a proposal stands; labels are the words inside the mechanism."""

    DRAFT = "draft", _("Draft")
    WITH_SEOM = "with_seom", _("With the SEOM lead")
    NOT_SUPPORTED = "not_supported", _("Not supported")
    INBOX = "inbox", _("In the AIPBI inbox")
    AWAITING_COMPLETION = "awaiting_completion", _("Awaiting completion")
    REGISTERED = "registered", _("Registered, awaiting experts")
    UNDER_ASSESSMENT = "under_assessment", _("Under assessment")
    ASSESSED = "assessed", _("Assessed")
    BEFORE_FG_GVC = "before_fg_gvc", _("Before the FG-GVC")
    APPROVED = "approved", _("Approved")
    NOT_APPROVED = "not_approved", _("Not approved")
    DEFERRED = "deferred", _("Deferred")
    FACILITATION = "facilitation", _("Facilitation")
    BENEFITS_FINALISED = "benefits_finalised", _("Benefits finalised")
    LETTER_ISSUED = "letter_issued", _("Letter issued")
    MONITORING = "monitoring", _("Monitoring")
    CLOSED = "closed", _("Closed")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    LAPSED = "lapsed", _("Lapsed")


PUBLIC_LABELS = {
    State.DRAFT: _("Being written"),
    State.WITH_SEOM: _("Waiting for your country's support"),
    State.NOT_SUPPORTED: _("Not supported by your country"),
    State.INBOX: _("Received by the ASEAN Secretariat"),
    State.AWAITING_COMPLETION: _("Waiting for you to complete it"),
    State.REGISTERED: _("Registered"),
    State.UNDER_ASSESSMENT: _("Being assessed by independent experts"),
    State.ASSESSED: _("Assessed"),
    State.BEFORE_FG_GVC: _("Being considered by the Member States"),
    State.APPROVED: _("Approved for facilitation"),
    State.NOT_APPROVED: _("Not approved"),
    State.DEFERRED: _("Put off until a question is answered"),
    State.FACILITATION: _("Facilitation is being worked out"),
    State.BENEFITS_FINALISED: _("Facilitation agreed, letter in preparation"),
    State.LETTER_ISSUED: _("Benefit letter issued"),
    State.MONITORING: _("Running, with reports on results"),
    State.CLOSED: _("Closed"),
    State.WITHDRAWN: _("Withdrawn by you"),
    State.LAPSED: _("Lapsed"),
}

# A draft that ASEC entered for its proponent, who has not confirmed it; only ASEC sees it (P8).
UNCONFIRMED = _("Entered by ASEC, not yet confirmed")

ENDED = frozenset({State.NOT_SUPPORTED, State.NOT_APPROVED, State.CLOSED, State.WITHDRAWN, State.LAPSED})
OPEN = frozenset(State) - ENDED


class Phase(TextChoices):
    """How far the project is (P1): projects under way have priority."""

    UNDER_WAY = "under_way", _("Under way")
    GREENFIELD = "greenfield", _("Greenfield: not begun yet")


class Arrival(TextChoices):
    """How a proposal reached ASEC that the portal did not take in itself (P8)."""

    EMAIL = "email", _("By e-mail to the AIPBI inbox")
    LETTER = "letter", _("By letter")
    BY_HAND = "by_hand", _("Handed over in person")


class Standing(TextChoices):
    """Where a proposal stands that ASEC enters for its proponent (P8); computed from its dates."""

    WRITING = "writing", _("Being entered")
    SENDING = "sending", _("The e-mail is being sent")
    FAILING = "failing", _("The e-mail could not be sent yet")
    ASKED = "asked", _("The proponent is asked to confirm")
    CHANGED = "changed", _("Changed after the proponent was asked: ask again")
    EXPIRED = "expired", _("The link has run out: ask again")
    REFUSED = "refused", _("The proponent says that it is not theirs")
    CONFIRMED = "confirmed", _("Confirmed by the proponent")


class Taking(TextChoices):
    """Where a Member State stands on taking part in a project (D1, D4, D6)."""

    NAMED = "named", _("Named, not yet answered")
    CONFIRMED = "confirmed", _("Confirmed")
    DECLINED = "declined", _("Declined")
    OBSERVING = "observing", _("Observing")
    WISHING = "wishing", _("Wishes to join")
    NOT_ADMITTED = "not_admitted", _("Not admitted")
    LEFT = "left", _("Left")
    ASIDE = "aside", _("Stepped aside")


# On no case yet: it reads nothing of it, and others than ASEC do not know of its wish (D6, U5).
OUTSIDE = frozenset({Taking.WISHING, Taking.NOT_ADMITTED})
