"""Who sees and who may do what with a meeting (U5): the Secretariat, the FG-GVC, and SEOM leads who are invited."""

from typing import Any, Self

from django.apps import apps
from rules.predicates import predicate

from aipbi.accounts.capacity import Capacity
from aipbi.accounts.enums import Role
from aipbi.workflow.models import SubjectQuerySet

# These read papers, positions and the record; an invited SEOM lead reads date, place and its own items.
MEMBERS = frozenset({Role.ASEC, Role.FG_GVC})


class MeetingQuerySet(SubjectQuerySet):
    """Meetings by who is invited to them."""

    def visible_to(self, viewer: Capacity) -> Self:
        """Keep all for ASEC and the FG-GVC, and for a SEOM lead those to which the lead's Member State is invited."""
        if viewer.role in MEMBERS:
            return self
        if viewer.role == Role.SEOM_LEAD and viewer.ams:
            return self.filter(seom__contains=[viewer.ams])
        return self.none()


class PaperQuerySet(SubjectQuerySet):
    """Packs, records and corrections of meetings: for ASEC and the FG-GVC, before whom every case in them is."""

    def visible_to(self, viewer: Capacity) -> Self:
        """Keep them for ASEC and the FG-GVC alone."""
        return self if viewer.role in MEMBERS else self.none()


def meetings(viewer: Capacity) -> Any:
    """Return the primary keys of the meetings the capacity sees, for `meeting__in`."""
    return apps.get_model("review", "Meeting").objects.visible_to(viewer).values("pk")


# --- Predicates of moves: (capacity, subject) → bool ---


@predicate
def secretariat(capacity: Capacity, _subject: Any) -> bool:
    """An ASEC officer."""
    return capacity.role == Role.ASEC


@predicate
def presiding(capacity: Capacity, _subject: Any) -> bool:
    """The FG-GVC member whose Member State chairs today."""
    return capacity.role == Role.FG_GVC and capacity.is_chair


@predicate
def member(capacity: Capacity, _subject: Any) -> bool:
    """Any FG-GVC member."""
    return capacity.role == Role.FG_GVC


@predicate
def clock(capacity: Capacity, _subject: Any) -> bool:
    """The portal itself, when its worker has finished."""
    return capacity.role == Role.CLOCK


presiding_or_secretariat = presiding | secretariat
