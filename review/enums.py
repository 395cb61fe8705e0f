"""The states and answers of review and decision, with their words."""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _

from review import consensus


class Inviting(TextChoices):
    """How far the invitation of an expert is (R2)."""

    INVITED = "invited", _("Invited, not yet answered")
    ACCEPTED = "accepted", _("Accepted, no conflict declared")
    DECLINED = "declined", _("Declined")
    CONFLICTED = "conflicted", _("Stood aside for a conflict of interest")
    WITHDRAWN = "withdrawn", _("Withdrawn by the Secretariat")


class Stating(TextChoices):
    """How far an employer that an expert names is (R1)."""

    STATED = "stated", _("Waits for the Secretariat to confirm it")
    CONFIRMED = "confirmed", _("Confirmed")
    REFUSED = "refused", _("Not confirmed by the Secretariat")
    REPLACED = "replaced", _("Replaced by a later entry")


class Assessing(TextChoices):
    """How far an assessment is (R3)."""

    DRAFTING = "drafting", _("Being written")
    FILED = "filed", _("Filed")


class Asking(TextChoices):
    """How far a question to the proponent is (R5)."""

    PROPOSED = "proposed", _("With the Secretariat, not put yet")
    ASKED = "asked", _("Waiting for the answer")
    ANSWERED = "answered", _("Answered")
    TURNED_DOWN = "turned_down", _("Not put to the proponent")


class Drafting(TextChoices):
    """The texts of the consolidated report before it is filed (R6)."""

    OPEN = "open", _("Being written")


class Kept(TextChoices):
    """Why a version of the report's texts was kept."""

    SAVED = "saved", _("Saved as a version")
    HANDED_OVER = "handed_over", _("Kept when somebody else went on writing")
    FILED = "filed", _("Filed with the report")


class RoundState(TextChoices):
    """Whether positions are still taken (D1, D5)."""

    OPEN = "open", _("Open")
    ESCALATED = "escalated", _("Escalated")
    CLOSED = "closed", _("Closed")


class Speaking(TextChoices):
    """Whether a confirmed Member State has given its position in a round (D2)."""

    AWAITED = "awaited", _("Not given yet")
    GIVEN = "given", _("Given")


class Level(IntegerChoices):
    """A rating; what it means for a parameter is in the edition of the criteria (R3)."""

    ZERO = 0, "0"
    ONE = 1, "1"
    TWO = 2, "2"
    THREE = 3, "3"
    FOUR = 4, "4"


class Met(TextChoices):
    """A verdict on a criterion."""

    MET = "met", _("Met")
    PARTLY = "partly", _("Partly met")
    NOT_MET = "not_met", _("Not met")


class Overall(TextChoices):
    """An expert's verdict on the whole."""

    ELIGIBLE = "eligible", _("Eligible")
    WITH_CONDITIONS = "with_conditions", _("Eligible with conditions")
    NOT_ELIGIBLE = "not_eligible", _("Not eligible")


class Confidence(TextChoices):
    """How sure an expert is of the assessment."""

    HIGH = "high", _("High: I know the field and the proposal gives what is needed")
    MEDIUM = "medium", _("Medium: some points could be judged only in part")
    LOW = "low", _("Low: important points could not be judged")


class Instrument(TextChoices):
    """How the Member States decide (D1)."""

    MEETING = "meeting", _("At a meeting")
    AD_REFERENDUM = "ad_referendum", _("Ad referendum, in writing by a deadline")


class Forum(TextChoices):
    """Where the FG-GVC can escalate to (D5)."""

    AEM = "AEM", _("ASEAN Economic Ministers")
    AECC = "AECC", _("ASEAN Economic Community Council")


class Answer(TextChoices):
    """The position of a Member State (D2); the codes are those of `consensus.Answer`."""

    APPROVE = consensus.Answer.APPROVE.value, _("Approve")
    NO_OBJECTION = consensus.Answer.NO_OBJECTION.value, _("No objection")
    CONDITIONS = consensus.Answer.CONDITIONS.value, _("Approve with conditions")
    DEFER = consensus.Answer.DEFER.value, _("Defer")
    OBJECT = consensus.Answer.OBJECT.value, _("Object")


LIVE = (RoundState.OPEN, RoundState.ESCALATED)
NEEDS_TEXT = frozenset({Answer.CONDITIONS, Answer.DEFER, Answer.OBJECT})


class Outcome(TextChoices):
    """What is recorded; the codes are those of `consensus.Outcome` and of the proposal's states."""

    APPROVED = consensus.Outcome.APPROVED.value, _("Approved")
    NOT_APPROVED = consensus.Outcome.NOT_APPROVED.value, _("Not approved")
    DEFERRED = consensus.Outcome.DEFERRED.value, _("Deferred")


class Basis(TextChoices):
    """On what an outcome rests; the codes are those of `consensus.Basis`."""

    CONSENSUS = consensus.Basis.CONSENSUS.value, _("Consensus")
    SILENCE = consensus.Basis.SILENCE.value, _("Consensus, with silence counted as no objection")
    MINUS_X = consensus.Basis.MINUS_X.value, _("ASEAN Minus X")
    QUESTION = consensus.Basis.QUESTION.value, _("A Member State asked to wait for an answer")
    NO_CONSENSUS = consensus.Basis.NO_CONSENSUS.value, _("No consensus")
    AWAITED = consensus.Basis.AWAITED.value, _("Positions are still awaited")
