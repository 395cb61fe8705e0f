"""Who sees and who may do what in facilitation: the access table's columns “engagements” and “letter” (U5)."""

from typing import Any, Self

from django.apps import apps
from django.db.models import Exists, OuterRef, Q, QuerySet
from rules.predicates import predicate

from aipbi.accounts.capacity import Capacity
from aipbi.accounts.enums import Role
from aipbi.workflow.models import SubjectQuerySet
from facilitation.enums import BENEFITS, DECIDED, BenefitState, LetterState
from proposals import rules

# Those who see the whole of the engagements on a case that they may open.
INSIDE = frozenset({Role.SEOM_LEAD, Role.FG_GVC, Role.ASEC})
# Those who see every case that has come as far as facilitation.
COLLECTIVE = frozenset({Role.FG_GVC, Role.ASEC})


def _cases(viewer: Capacity) -> Any:
    return apps.get_model("proposals", "Proposal").objects.visible_to(viewer).values("pk")


class _InsideQuerySet(SubjectQuerySet):
    """What the proponent reads no part of before the letter."""

    def visible_to(self, viewer: Capacity) -> Self:
        """Keep those on the cases of SEOM leads, FG-GVC members and ASEC."""
        return self.filter(proposal__in=_cases(viewer)) if viewer.role in INSIDE else self.none()


class ChallengeQuerySet(SubjectQuerySet):
    """Challenges by who reads them."""

    def visible_to(self, viewer: Capacity) -> Self:
        """Keep those on the capacity's cases; the proponent reads its own, experts none."""
        return self.filter(proposal__in=_cases(viewer)) if viewer.role in INSIDE | {Role.PROPONENT} else self.none()


class DraftQuerySet(QuerySet[Any]):
    """Drafts of messages: nobody but the side that writes them."""

    def visible_to(self, viewer: Capacity) -> Self:
        """Keep those of the capacity's own office or organisation, on challenges that it may read."""
        mine = self.filter(challenge__in=apps.get_model("facilitation", "Challenge").objects.visible_to(viewer))
        if viewer.organisation:
            return mine.filter(organisation=viewer.organisation)
        return mine.filter(office=viewer.office) if viewer.office else mine.none()


class CommonBarrierQuerySet(SubjectQuerySet):
    """Barriers common to several cases by who reads them."""

    def visible_to(self, viewer: Capacity) -> Self:
        """Keep all for ASEC and the FG-GVC; for a SEOM lead those that meet a case the lead may open; proponents none."""
        if viewer.role in COLLECTIVE:
            return self
        if viewer.role != Role.SEOM_LEAD:
            return self.none()
        seen = apps.get_model("facilitation", "Challenge").objects.visible_to(viewer)
        return self.filter(pk__in=seen.filter(common__isnull=False).values("common"))


class BodyRequestQuerySet(SubjectQuerySet):
    """Requests to bodies by who reads them."""

    def visible_to(self, viewer: Capacity) -> Self:
        """Keep those on the capacity's cases; a body's contact sees the body's own once sent, the proponent none."""
        if viewer.role == Role.BODY_CONTACT:
            return self.filter(body=viewer.body_id, sent_at__isnull=False)
        if viewer.role not in INSIDE:
            return self.none()
        together = apps.get_model("facilitation", "CommonBarrier").objects.visible_to(viewer).values("pk")
        return self.filter(Q(proposal__in=_cases(viewer)) | Q(common__in=together))


def requests(viewer: Capacity) -> Any:
    """Return the primary keys of the requests that the capacity may read, for `request__in`."""
    return apps.get_model("facilitation", "BodyRequest").objects.visible_to(viewer).values("pk")


class AnswerDraftQuerySet(QuerySet[Any]):
    """Drafts of answers to requests: nobody but the body that is asked."""

    def visible_to(self, viewer: Capacity) -> Self:
        """Keep those of the contact's own body."""
        if viewer.role != Role.BODY_CONTACT:
            return self.none()
        return self.filter(request__in=requests(viewer))


class PromiseQuerySet(SubjectQuerySet):
    """What bodies promised: for whoever reads the request."""

    def visible_to(self, viewer: Capacity) -> Self:
        """Keep those of requests that the capacity reads."""
        return self.filter(request__in=requests(viewer))


class EscalationQuerySet(SubjectQuerySet):
    """What ministers were asked: the bodies themselves do not read it."""

    def visible_to(self, viewer: Capacity) -> Self:
        """Keep those of requests that the capacity reads, for SEOM leads, FG-GVC members and ASEC."""
        return self.filter(request__in=requests(viewer)) if viewer.role in INSIDE else self.none()


class AmendmentQuerySet(SubjectQuerySet):
    """Amendments by who reads them."""

    def visible_to(self, viewer: Capacity) -> Self:
        """Keep those on the capacity's cases; the proponent reads what is asked and what came of it."""
        return self.filter(proposal__in=_cases(viewer)) if viewer.role in INSIDE | {Role.PROPONENT} else self.none()


class AmendmentWordQuerySet(_InsideQuerySet):
    """Each affected Member State's word on each amendment."""


class ConcurrenceQuerySet(_InsideQuerySet):
    """Each Member State's word on each benefit."""


class BenefitQuerySet(SubjectQuerySet):
    """Benefits by who reads them."""

    def visible_to(self, viewer: Capacity) -> Self:
        """Keep those on the capacity's cases; the proponent reads what its issued letter gives."""
        if viewer.role == Role.PROPONENT:
            issued = apps.get_model("facilitation", "Letter").objects.filter(
                proposal=OuterRef("proposal"),
                purpose__in=BENEFITS,
                issued_at__isnull=False,
            )
            return self.filter(Exists(issued), proposal__in=_cases(viewer), finalised_at__isnull=False)
        return self.filter(proposal__in=_cases(viewer)) if viewer.role in INSIDE else self.none()

    def standing(self) -> Self:
        """Keep those that were not withdrawn."""
        return self.filter(state=BenefitState.PROPOSED)


class LetterQuerySet(SubjectQuerySet):
    """Letters by who reads them."""

    def visible_to(self, viewer: Capacity) -> Self:
        """Keep those on the capacity's cases; drafts are ASEC's, the FG-GVC's and the SEOM leads', the proponent's and its partners' are issued."""
        if viewer.proposes:
            return self.filter(proposal__in=_cases(viewer), issued_at__isnull=False)
        return self.filter(proposal__in=_cases(viewer)) if viewer.role in INSIDE else self.none()

    def live(self) -> Self:
        """Keep those that were not discarded."""
        return self.exclude(state=LetterState.DISCARDED)


class DeliveryQuerySet(SubjectQuerySet):
    """Deliveries by who reads them."""

    def visible_to(self, viewer: Capacity) -> Self:
        """Keep the capacity's own; SEOM leads, FG-GVC members and ASEC see who of the others has acknowledged."""
        found = self.filter(proposal__in=_cases(viewer))
        if viewer.role == Role.PROPONENT:
            return found.filter(organisation=viewer.organisation)
        return found if viewer.role in INSIDE else self.none()


# --- Predicates of moves: (capacity, subject) → bool ---


@predicate
def contact_of_its_body(capacity: Capacity, subject: Any) -> bool:
    """A contact of the body that the request was sent to."""
    return capacity.role == Role.BODY_CONTACT and capacity.body_id == subject.body_id and subject.sent_at is not None


@predicate
def contact(capacity: Capacity, subject: Any) -> bool:
    """A contact of the body whose request the subject belongs to."""
    return bool(contact_of_its_body.test(capacity, subject.request))


@predicate
def secretariat(capacity: Capacity, _subject: Any) -> bool:
    """An ASEC officer: what is asked of bodies begins once a case is in facilitation."""
    return capacity.role == Role.ASEC


@predicate
def together(capacity: Capacity, _subject: Any) -> bool:
    """An ASEC officer or an FG-GVC member, on what is asked of bodies and what cases have in common."""
    return capacity.role in COLLECTIVE


@predicate
def approver(capacity: Capacity, letter: Any) -> bool:
    """The chair for what the FG-GVC decided; ASEC for what only concerns its inbox (return and lapse)."""
    return bool((rules.chair if letter.purpose in DECIDED else rules.asec).test(capacity, letter))


@predicate
def addressee(capacity: Capacity, delivery: Any) -> bool:
    """The office, or an owner or editor of the organisation, that the letter was delivered to."""
    if delivery.organisation_id:
        return (
            capacity.writes
            and capacity.organisation is not None
            and capacity.organisation.pk == delivery.organisation_id
        )
    return capacity.office is not None and capacity.office.pk == delivery.office_id


# The proponent asks for a change of its project; the Secretariat also for whoever told it of one.
asks_amendment = rules.asec | rules.proponent_editor
engages = rules.asec | rules.fg_gvc_member
talks = engages | rules.proponent_editor
