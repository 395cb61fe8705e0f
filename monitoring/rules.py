"""Who sees and who may do what in monitoring: the last column of the access table, as code (U5)."""

from typing import Any, Self

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q
from rules.predicates import predicate

from aipbi.accounts.capacity import Capacity
from aipbi.accounts.enums import Role
from aipbi.workflow.models import SubjectQuerySet
from monitoring.enums import HANDED_IN, PlanState, Side
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

    def in_force(self) -> Self:
        """Keep of each case the last plan that both sides agreed."""
        later = self.model.objects.filter(
            proposal=OuterRef("proposal"), state=PlanState.AGREED, number__gt=OuterRef("number")
        )
        return self.filter(~Exists(later), state=PlanState.AGREED)

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

    def accepted(self) -> Self:
        """Keep what counts: of each figure the last version that ASEC accepted, in reports that are accepted whole."""
        later = self.model.objects.filter(
            report=OuterRef("report"), line=OuterRef("line"), accepted=True, version__gt=OuterRef("version")
        )
        return self.filter(~Exists(later), accepted=True, report__accepted_at__isnull=False)

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
def either_side(capacity: Capacity, proposal: Any) -> bool:
    """Who may want an agreed plan changed: the proponent's owners and editors, or a member of the FG-GVC."""
    return any(_speaks_for(side, capacity, proposal) for side in Side)


@predicate
def agreeing_side(capacity: Capacity, plan: Any) -> bool:
    """Who agrees the plan: the other side."""
    return _speaks_for(plan.side.other, capacity, plan)
