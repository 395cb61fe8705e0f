"""Who sees and who may do what in monitoring: the last column of the access table, as code (U5)."""

from typing import Any, Self

from django.apps import apps
from django.db import models
from django.db.models import Q
from rules.predicates import predicate

from aipbi.accounts.capacity import Capacity
from aipbi.accounts.enums import Role
from aipbi.workflow.models import SubjectQuerySet
from monitoring.enums import HANDED_IN, Side
from proposals import rules
from proposals.enums import State

READERS = frozenset({Role.PROPONENT, Role.SEOM_LEAD, Role.FG_GVC, Role.ASEC})
FOLLOWED = frozenset({State.LETTER_ISSUED, State.MONITORING, State.CLOSED})


def reads(viewer: Capacity, proposal: Any) -> bool:
    """Whether the capacity, which sees the case, sees its monitoring: experts and bodies do not."""
    return viewer.role in READERS and (proposal.state in FOLLOWED or proposal.state == State.WITHDRAWN)


def _seen(viewer: Capacity) -> Q:
    """Return the condition for what hangs on a proposal whose monitoring the capacity reads."""
    if viewer.role not in READERS:
        return Q(pk__in=[])
    return Q(proposal__in=apps.get_model("proposals", "Proposal").objects.visible_to(viewer))


class PlanQuerySet(SubjectQuerySet):
    """Plans, by case."""

    def visible_to(self, viewer: Capacity) -> Self:
        """Keep the plans of cases the capacity follows."""
        return self.filter(_seen(viewer))


class ReportQuerySet(SubjectQuerySet):
    """Reports: a draft is the organisation's own."""

    def visible_to(self, viewer: Capacity) -> Self:
        """Keep the organisation's own reports; others read one while it is handed in."""
        found = self.filter(_seen(viewer))
        return found if viewer.role == Role.PROPONENT else found.filter(state__in=HANDED_IN)


class FigureQuerySet(models.QuerySet[Any]):
    """Figures, as far as their report is read."""

    def visible_to(self, viewer: Capacity) -> Self:
        """Keep the figures of the reports the capacity reads."""
        return self.filter(report__in=apps.get_model("monitoring", "Report").objects.visible_to(viewer))


# --- Predicates of moves: (capacity, subject) → bool ---


def _speaks_for(side: Side, capacity: Capacity, subject: Any) -> bool:
    rule = rules.proponent_editor if side == Side.PROPONENT else rules.fg_gvc_member
    return bool(rule.test(capacity, subject))


@predicate
def drafting_side(capacity: Capacity, plan: Any) -> bool:
    """Who drafts the plan: the proponent's owners and editors, or a member of the FG-GVC."""
    return _speaks_for(plan.side, capacity, plan)


@predicate
def agreeing_side(capacity: Capacity, plan: Any) -> bool:
    """Who agrees the plan: the other side."""
    return _speaks_for(plan.side.other, capacity, plan)
