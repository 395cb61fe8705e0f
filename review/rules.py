"""Who sees and who may do what in review and decision: the access table's columns, as code (U5, R4)."""

from typing import Any, Self

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from rules.predicates import predicate

from aipbi.accounts.capacity import Capacity
from aipbi.accounts.days import today
from aipbi.accounts.enums import Role
from aipbi.workflow.models import SubjectQuerySet
from proposals import rules
from review.enums import Asking, Assessing, Inviting

STATES = frozenset({Role.SEOM_LEAD, Role.FG_GVC})


def _model(name: str) -> Any:
    return apps.get_model("review", name)


def _me(viewer: Capacity) -> int | None:
    return viewer.person.pk if viewer.person else None


def _cases(viewer: Capacity) -> Any:
    """Return the primary keys of the cases the capacity may open, for `proposal__in`."""
    return apps.get_model("proposals", "Proposal").objects.visible_to(viewer).values("pk")


def appointed(person: Any, proposal: Any) -> Exists:
    """Return whether the person is appointed to the case: invited, clear of conflicts, accepted, not withdrawn."""
    return Exists(_model("Invitation").objects.filter(expert=person, proposal=proposal, state=Inviting.ACCEPTED))


def still_writing(proposal: Any) -> Exists:
    """Return whether an appointed expert of the case has not filed: until then all stay blind (R4)."""
    filed = _model("Assessment").objects.filter(
        proposal=OuterRef("proposal"), expert=OuterRef("expert"), state=Assessing.FILED,
    )  # fmt: skip
    appointments = _model("Invitation").objects.filter(proposal=proposal, state=Inviting.ACCEPTED)
    return Exists(appointments.filter(~Exists(filed)))


def expert_reads_case(viewer: Capacity) -> Q:
    """Return the condition on a proposal for an expert: from acceptance until withdrawn, never before (R2)."""
    return Q(appointed(_me(viewer), OuterRef("pk")))


class ExpertQuerySet(SubjectQuerySet):
    """Entries of the roster."""

    def visible_to(self, viewer: Capacity) -> Self:
        """Keep the roster for ASEC, and each expert's own entry for the expert."""
        if viewer.role == Role.ASEC:
            return self
        return self.filter(person=_me(viewer)) if viewer.role == Role.EXPERT else self.none()


class InvitationQuerySet(SubjectQuerySet):
    """Invitations of experts."""

    def visible_to(self, viewer: Capacity) -> Self:
        """Keep all for ASEC, and an expert's own; nobody else learns who is asked (R4)."""
        if viewer.role == Role.ASEC:
            return self
        if viewer.role == Role.EXPERT:
            return self.filter(expert=_me(viewer))
        return self.none()

    def with_office(self) -> Self:
        """Add to each `serves`, whether the expert holds the office today, and `office_ended`, when it last ended."""
        held = apps.get_model("accounts", "Appointment").objects.filter(
            person=OuterRef("expert"), office__role=Role.EXPERT
        )
        last = held.filter(ends__lte=today()).order_by("-ends").values("ends")[:1]
        return self.annotate(serves=Exists(held.current(today())), office_ended=Subquery(last))

    def appointed(self) -> Self:
        """Keep those of the experts who are on the case."""
        return self.filter(state=Inviting.ACCEPTED)


class AssessmentQuerySet(SubjectQuerySet):
    """Assessments."""

    def visible_to(self, viewer: Capacity) -> Self:
        """Keep all for ASEC; for an appointed expert the own, and all filed ones once all have filed (R4)."""
        if viewer.role == Role.ASEC:
            return self
        if viewer.role != Role.EXPERT:
            return self.none()
        others = Q(appointed(OuterRef("expert"), OuterRef("proposal")), state=Assessing.FILED) & ~Q(
            still_writing(OuterRef("proposal")),
        )
        return self.filter(Q(expert=_me(viewer)) | others, appointed(_me(viewer), OuterRef("proposal")))

    def counted(self) -> Self:
        """Keep those that count: filed, by an expert who is still on the case."""
        return self.filter(appointed(OuterRef("expert"), OuterRef("proposal")), state=Assessing.FILED)


class ClarificationQuerySet(SubjectQuerySet):
    """Questions to the proponent."""

    def visible_to(self, viewer: Capacity) -> Self:
        """Keep all for ASEC, what was put to it for the proponent and its partners, the answered ones for Member States (R5).

        Experts all read what was put to the proponent, by whomever and without a name, so that they
        assess on the same facts; what still waits with ASEC, or was not put, is its author's alone.
        """
        if viewer.role == Role.ASEC:
            return self
        found = self.filter(proposal__in=_cases(viewer))
        if viewer.role in STATES:
            return found.filter(state=Asking.ANSWERED)
        put = Q(state__in=[Asking.ASKED, Asking.ANSWERED])
        if viewer.proposes:
            return found.filter(put)
        return (
            found.filter(put | Q(asked_by=_me(viewer), asked_as=Role.EXPERT))
            if viewer.role == Role.EXPERT
            else self.none()
        )


class ReportQuerySet(SubjectQuerySet):
    """Consolidated reports."""

    def visible_to(self, viewer: Capacity) -> Self:
        """Keep those for ASEC and the Member States; the proponent reads its part in `review.queries.told`."""
        if viewer.role == Role.ASEC:
            return self
        return self.filter(proposal__in=_cases(viewer)) if viewer.role in STATES else self.none()


class ReportDraftQuerySet(SubjectQuerySet):
    """What ASEC has written of a report that is not filed."""

    def visible_to(self, viewer: Capacity) -> Self:
        """Keep all for ASEC; nobody else reads a draft."""
        return self if viewer.role == Role.ASEC else self.none()


class RoundPartQuerySet(SubjectQuerySet):
    """Rounds and positions."""

    def visible_to(self, viewer: Capacity) -> Self:
        """Keep those for ASEC and the Member States on the case; proponents and experts see none (D2)."""
        if viewer.role == Role.ASEC:
            return self
        return self.filter(proposal__in=_cases(viewer)) if viewer.role in STATES else self.none()


class RecordQuerySet(models.QuerySet[Any]):
    """What a round went through; read with the round, by whoever may see that."""


class DecisionQuerySet(RoundPartQuerySet):
    """Decisions; the proponent reads outcome and reasons alone, in `review.queries.told`."""


# --- Predicates of moves: (capacity, subject) → bool ---


@predicate
def appointed_expert(capacity: Capacity, subject: Any) -> bool:
    """An expert who is on the case."""
    return (
        capacity.role == Role.EXPERT
        and capacity.person is not None
        and _model("Invitation")
        .objects.appointed()
        .filter(expert=capacity.person.pk, proposal=subject.proposal_id)
        .exists()
    )


@predicate
def invited_expert(capacity: Capacity, subject: Any) -> bool:
    """The expert whom the invitation asks."""
    return capacity.role == Role.EXPERT and capacity.person is not None and capacity.person.pk == subject.expert_id


@predicate
def its_expert(capacity: Capacity, subject: Any) -> bool:
    """The expert whose assessment it is, as long as appointed."""
    return bool(invited_expert.test(capacity, subject) and appointed_expert.test(capacity, subject))


@predicate
def speaks_for_its_ams(capacity: Capacity, subject: Any) -> bool:
    """The FG-GVC member or the SEOM lead of the Member State whose position it is (D2)."""
    return capacity.role in STATES and capacity.ams is not None and capacity.ams == subject.ams_id


@predicate
def fg_gvc(capacity: Capacity, _subject: Any) -> bool:
    """Any FG-GVC member; from when on, the move itself says."""
    return capacity.role == Role.FG_GVC


@predicate
def chairs(capacity: Capacity, _subject: Any) -> bool:
    """The FG-GVC member whose Member State chairs today; from when on, the move itself says."""
    return capacity.role == Role.FG_GVC and capacity.is_chair


asec_or_expert = rules.asec | appointed_expert
chair_or_asec = rules.chair | rules.asec
# P9: never a proponent, a SEOM lead or a sectoral body.
weighs_similar = rules.asec | fg_gvc | appointed_expert
SEES_SIMILAR = frozenset({Role.ASEC, Role.FG_GVC, Role.EXPERT})
