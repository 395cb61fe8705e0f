"""The states of a meeting and its kinds, with their words (D7)."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class MeetingState(TextChoices):
    """How far a meeting has come."""

    PLANNED = "planned", _("Planned")
    PACK_ISSUED = "pack_issued", _("Paper pack issued")
    HELD = "held", _("Opened, record to be adopted")
    ADOPTED = "adopted", _("Record adopted")
    CANCELLED = "cancelled", _("Cancelled")


class Sitting(TextChoices):
    """Whether the meeting belongs to the yearly round of meetings or was called for a reason of its own."""

    REGULAR = "regular", _("Regular meeting")
    SPECIAL = "special", _("Special meeting")


# While the agenda is still being made, and papers with it.
AHEAD = frozenset({MeetingState.PLANNED.value, MeetingState.PACK_ISSUED.value})
