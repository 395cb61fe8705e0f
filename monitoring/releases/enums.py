"""The states of a release, and for whom its figures are."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ReleaseState(TextChoices):
    """How far a release has come."""

    PREPARING = "preparing", _("Being prepared")
    PREPARED = "prepared", _("Prepared, being looked through")
    SUBMITTED = "submitted", _("Before the FG-GVC")
    APPROVED = "approved", _("Approved, files being made")
    PUBLISHED = "published", _("Published")
    INSIDE = "inside", _("Kept inside the FG-GVC")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    DISCARDED = "discarded", _("Discarded")

    @property
    def tone(self) -> str:
        """Colour of its tag; the words say the same."""
        return {"published": "green", "withdrawn": "red", "discarded": "grey", "inside": "teal"}.get(self.value, "blue")


class Audience(TextChoices):
    """Who is told the figures; each has its own threshold (M5)."""

    PUBLIC = "public", _("Everybody")
    INSIDE = "inside", _("The FG-GVC")
    RESEARCH = "research", _("A researcher")


IN_THE_WORKS = frozenset({ReleaseState.PREPARING, ReleaseState.PREPARED, ReleaseState.SUBMITTED, ReleaseState.APPROVED})
SHARED = frozenset(
    {
        ReleaseState.SUBMITTED,
        ReleaseState.APPROVED,
        ReleaseState.PUBLISHED,
        ReleaseState.INSIDE,
        ReleaseState.WITHDRAWN,
    }
)
PUBLIC = frozenset({ReleaseState.PUBLISHED, ReleaseState.WITHDRAWN})
