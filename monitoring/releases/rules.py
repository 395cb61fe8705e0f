"""Who sees and who may do what with a release before it is public (U5, M6)."""

from typing import Self

from aipbi.accounts.capacity import Capacity
from aipbi.accounts.enums import Role
from aipbi.workflow.models import SubjectQuerySet
from monitoring.releases.enums import PUBLIC, SHARED
from review.meetings.rules import clock, presiding, presiding_or_secretariat, secretariat

__all__ = ["READERS", "ReleaseQuerySet", "clock", "presiding", "presiding_or_secretariat", "secretariat"]

READERS = (Role.ASEC, Role.FG_GVC)


class ReleaseQuerySet(SubjectQuerySet):
    """Releases by who reads them."""

    def visible_to(self, viewer: Capacity) -> Self:
        """Keep all for ASEC, and for the FG-GVC those that were put before it."""
        if viewer.role == Role.ASEC:
            return self
        return self.filter(state__in=SHARED) if viewer.role == Role.FG_GVC else self.none()

    def public(self) -> Self:
        """Keep what anybody may know of: releases that are out, and those that were and are withdrawn."""
        return self.filter(state__in=PUBLIC)
