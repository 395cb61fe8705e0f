"""The two sides of a plan, and the states of plan and report."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Side(TextChoices):
    """Who agrees a plan with whom (M2)."""

    PROPONENT = "proponent", _("The proponent")
    FG_GVC = "fg_gvc", _("The FG-GVC")

    @property
    def other(self) -> "Side":
        """The side across the table."""
        return Side.FG_GVC if self == Side.PROPONENT else Side.PROPONENT


class PlanState(TextChoices):
    """Where a plan stands."""

    DRAFT = "draft", _("Being drafted")
    PROPOSED = "proposed", _("Proposed, waiting for the other side")
    AGREED = "agreed", _("Agreed by both sides")
    DROPPED = "dropped", _("Not pursued")

    @property
    def tone(self) -> str:
        """Colour of its tag; the words say the same."""
        return {"draft": "grey", "proposed": "blue", "agreed": "green", "dropped": "grey"}[self.value]


class ReportState(TextChoices):
    """Where a report stands."""

    DRAFT = "draft", _("Not filed yet")
    FILED = "filed", _("Filed, being checked")
    RETURNED = "returned", _("Returned for correction")
    ACCEPTED = "accepted", _("Accepted")

    @property
    def tone(self) -> str:
        """Colour of its tag; the words say the same."""
        return {"draft": "grey", "filed": "blue", "returned": "orange", "accepted": "green"}[self.value]


class Use(TextChoices):
    """What became of a benefit of the letter in a period (M3)."""

    USED = "used", _("Used")
    STUCK = "stuck", _("Stuck")
    UNUSED = "unused", _("Not used")

    @property
    def tone(self) -> str:
        """Colour of its tag; the words say the same."""
        return {"used": "green", "stuck": "orange", "unused": "grey"}[self.value]


OPEN_PLANS = frozenset({PlanState.DRAFT, PlanState.PROPOSED})
WRITABLE = frozenset({ReportState.DRAFT, ReportState.RETURNED})
HANDED_IN = frozenset({ReportState.FILED, ReportState.ACCEPTED})
