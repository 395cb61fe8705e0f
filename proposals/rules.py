"""Who sees and who may do what with a proposal: the access table of the case, as code (U5)."""

from collections.abc import Callable
from typing import Any, Self

from django.apps import apps
from django.db.models import Exists, OuterRef, Q
from rules.predicates import predicate

from aipbi.accounts.capacity import Capacity
from aipbi.accounts.enums import Membership, Role
from aipbi.accounts.verbs.invitations import verified
from aipbi.workflow.models import SubjectQuerySet
from proposals.enums import OUTSIDE, Taking


def _names(ams: str | None) -> Exists:
    """Return whether a proposal names the Member State; a subquery, so that no row comes twice."""
    participation = apps.get_model("proposals", "Participation")
    return Exists(participation.objects.on_the_case().filter(proposal=OuterRef("pk"), ams=ams))


# By role, the condition on a proposal for seeing its case. Apps above add the roles they own.
CASE_READERS: dict[Role, Callable[[Capacity], Q]] = {
    Role.PROPONENT: lambda viewer: Q(organisation=viewer.organisation, unconfirmed=False),
    # One proposal, and none where there is no team.
    Role.PARTNER: lambda viewer: Q(case__team=viewer.team, case__team__isnull=False),
    # Each version that was handed in names its originating Member State too: one index leads to them all.
    Role.SEOM_LEAD: lambda viewer: (
        Q(_names(viewer.ams))
        & (Q(originating_ams=viewer.ams, submitted_at__isnull=False) | Q(registered_at__isnull=False))
    ),
    Role.FG_GVC: lambda _viewer: Q(before_fg_gvc_at__isnull=False),
    Role.ASEC: lambda _viewer: Q(inbox_at__isnull=False) | Q(unconfirmed=True),
}

_NOBODY = Q(pk__in=[])


def case_condition(viewer: Capacity) -> Q:
    """Return the condition for the proposals whose case page the capacity may open."""
    return CASE_READERS.get(viewer.role, lambda _viewer: _NOBODY)(viewer)


def enters(viewer: Capacity, proposal: Any) -> bool:
    """Whether ASEC still writes what it enters for a proponent: until that one has confirmed it (P8)."""
    return viewer.role == Role.ASEC and proposal.unconfirmed


class ProposalQuerySet(SubjectQuerySet):
    """Proposals by who may open their case."""

    def visible_to(self, viewer: Capacity) -> Self:
        """Keep the proposals whose case the capacity may open."""
        return self.filter(case_condition(viewer))


class ParticipationQuerySet(SubjectQuerySet):
    """Participations by who may open their case."""

    def visible_to(self, viewer: Capacity) -> Self:
        """Keep the participations on cases the capacity may open; who wishes to join is known to ASEC alone."""
        found = self.filter(proposal__in=apps.get_model("proposals", "Proposal").objects.visible_to(viewer))
        return found if viewer.role == Role.ASEC else found.on_the_case()

    def on_the_case(self) -> Self:
        """Keep the Member States that are on the case: named, or let onto it (D6)."""
        return self.exclude(state__in=OUTSIDE)

    def taking_part(self) -> Self:
        """Keep those that decide and give, in ASEAN's order."""
        return self.filter(state=Taking.CONFIRMED).order_by("ams__order")


# --- Predicates of moves: (capacity, subject) → bool ---


@predicate
def proponent_editor(capacity: Capacity, subject: Any) -> bool:
    """An owner or editor of the proposal's organisation."""
    return (
        capacity.role == Role.PROPONENT
        and capacity.organisation is not None
        and capacity.organisation.pk == subject.proposal.organisation_id
        and capacity.membership in (Membership.OWNER, Membership.EDITOR)
        and not subject.proposal.unconfirmed
    )


@predicate
def asked_contact(capacity: Capacity, subject: Any) -> bool:
    """The person whom ASEC asked to confirm what it entered, known by a proved address."""
    proposal = subject.proposal
    return (
        proposal.unconfirmed
        and capacity.writes
        and capacity.organisation is not None
        and capacity.person is not None
        and capacity.organisation.pk == proposal.organisation_id
        and verified(capacity.person, proposal.on_behalf.contact_email)
    )


@predicate
def partner(capacity: Capacity, subject: Any) -> bool:
    """Somebody from a partner company on this proposal, whatever their part (U4)."""
    return (
        capacity.role == Role.PARTNER
        and capacity.team is not None
        and capacity.team.pk == subject.proposal.case.team_id
    )


@predicate
def partner_editor(capacity: Capacity, subject: Any) -> bool:
    """A partner on this proposal who writes."""
    return bool(partner.test(capacity, subject)) and capacity.membership == Membership.EDITOR


@predicate
def owner(capacity: Capacity, subject: Any) -> bool:
    """An owner of the proposal's organisation."""
    return bool(proponent_editor.test(capacity, subject)) and capacity.membership == Membership.OWNER


@predicate
def entering_officer(capacity: Capacity, subject: Any) -> bool:
    """An ASEC officer, on what ASEC entered and nobody has confirmed yet."""
    return enters(capacity, subject.proposal)


# What binds the proponent stays with `proponent_editor`: handing in, withdrawing, starting again.
writer = proponent_editor | partner_editor | entering_officer


def of_the_team(capacity: Capacity, subject: Any) -> bool:
    """Whether it reads what is not handed in yet: the proposal's organisation, and its partners on this proposal.

    Until the proponent has confirmed what ASEC enters for it, ASEC alone (P8).
    """
    if subject.proposal.unconfirmed:
        return enters(capacity, subject.proposal)
    own = capacity.organisation is not None and capacity.organisation.pk == subject.proposal.organisation_id
    return own or bool(partner.test(capacity, subject))


@predicate
def originating_seom(capacity: Capacity, subject: Any) -> bool:
    """The SEOM lead of the originating Member State."""
    return capacity.role == Role.SEOM_LEAD and capacity.ams == subject.proposal.originating_ams_id


@predicate
def asec(capacity: Capacity, subject: Any) -> bool:
    """An ASEC officer, once the proposal has reached the inbox."""
    return capacity.role == Role.ASEC and subject.proposal.inbox_at is not None


@predicate
def seom_of_its_ams(capacity: Capacity, subject: Any) -> bool:
    """The SEOM lead of the Member State the subject (`subject.ams`) belongs to."""
    return capacity.role == Role.SEOM_LEAD and capacity.ams == subject.ams_id


@predicate
def seom_outside(capacity: Capacity, subject: Any) -> bool:
    """The SEOM lead of a Member State that is not on a registered case (D6)."""
    proposal = subject.proposal
    return (
        capacity.role == Role.SEOM_LEAD
        and proposal.registered_at is not None
        and not proposal.participations.filter(ams=capacity.ams).exists()
    )


@predicate
def chair(capacity: Capacity, subject: Any) -> bool:
    """The FG-GVC member whose Member State chairs today, once the case is before the FG-GVC."""
    return capacity.role == Role.FG_GVC and capacity.is_chair and subject.proposal.before_fg_gvc_at is not None


@predicate
def fg_gvc_member(capacity: Capacity, subject: Any) -> bool:
    """Any FG-GVC member, once the case is before the FG-GVC."""
    return capacity.role == Role.FG_GVC and subject.proposal.before_fg_gvc_at is not None


@predicate
def clock(capacity: Capacity, _subject: Any) -> bool:
    """The portal itself, when a date has passed."""
    return capacity.role == Role.CLOCK
