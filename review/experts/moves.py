"""Inviting experts, their declaration of conflicts, and taking one off the case (R1, R2)."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aipbi.workflow import parties
from aipbi.workflow.models import Audience, Obligation, Subject
from aipbi.workflow.moves import Move, Owes, Tell
from aipbi.workflow.parties import Party
from aipbi.workflow.registry import register
from proposals import rules as case_rules
from proposals.enums import State
from proposals.models import Proposal
from review import rules
from review.assessments import verbs as assessments
from review.enums import Inviting
from review.experts import conflicts, outline
from review.experts.forms import DeclarationForm, DeclineForm, InviteForm, ReplaceForm, WhyForm
from review.experts.models import Invitation
from review.links import move_page
from review.obligations import ASSESS, DECLARE
from review.standards import EXPERT_INVITATION

ASKED_DURING = frozenset({State.REGISTERED, State.UNDER_ASSESSMENT})


class _Inviting(Move):
    """What inviting and replacing share: `self.invitation` is the one that the effect writes."""

    who = case_rules.asec
    audience = Audience.ASEC
    invitation: Invitation

    def owes(self) -> Iterable[Owes]:
        """The expert owes a declaration (L5: 3 working days)."""
        yield Owes(DECLARE, Party(person=self.invitation.expert.person), on=self.invitation)

    def tells(self) -> Iterable[Tell]:
        """Tell the expert, who must act, with the page where it is done and until when (R2)."""
        yield Tell(
            Party(person=self.invitation.expert.person),
            _("You are asked to assess a proposal"),
            to_act=True,
            path=move_page(self.invitation, "accept_invitation"),
            message=EXPERT_INVITATION,
        )

    def details(self) -> dict[str, Any]:
        """Name the expert; only ASEC reads it."""
        return {"expert": str(self.invitation.expert)}


@register
class InviteExpert(_Inviting):
    """ASEC asks an expert to assess; conflicts that the data show bar it."""

    name = "invite_expert"
    model = Proposal
    during = ASKED_DURING
    label = gettext_lazy("Invite an expert")
    done = gettext_lazy("An expert was invited")
    form = InviteForm

    def effect(self) -> None:
        """Write the invitation."""
        self.invitation = Invitation.objects.create(
            proposal=self.subject, expert=self.data["expert"], message=self.data["message"], invited_at=self.now,
        )  # fmt: skip

    def after(self) -> str:
        """Go back to the experts of the case."""
        return reverse("review", args=[self.subject.case.code])


class _Answering(Move):
    """What accepting and declining share."""

    model = Invitation
    who = rules.invited_expert
    audience = Audience.ASEC
    closes = frozenset({DECLARE})

    def reasons(self) -> Iterable[str]:
        """An invitation lapses with its case."""
        if self.subject.proposal.state not in ASKED_DURING:
            yield _("Experts are no longer asked on this case.")


@register
class AcceptInvitation(_Answering):
    """invited → accepted, or conflicted where one of the three questions is answered yes."""

    name = "accept_invitation"
    on = "accept_invitation"
    label = gettext_lazy("Declare and accept")
    done = gettext_lazy("Conflicts of interest declared")
    help = gettext_lazy(
        "Three questions before you can read the proposal. A yes stands you aside; your answers stay on the Secretariat's record."
    )
    form = DeclarationForm

    def reasons(self) -> Iterable[str]:
        """What the data showed since the invitation bars it as well (R1)."""
        yield from super().reasons()
        if conflicts.found(self.subject.expert, self.subject.proposal):
            yield _(
                "The portal's records show a conflict of interest that came up after you were invited. Please decline."
            )

    def due(self) -> datetime | None:
        """Return until when the expert is asked to answer."""
        owed = Obligation.objects.open().filter(kind=DECLARE, subject_kind=Invitation.kind, subject_pk=self.subject.pk)
        return owed.values_list("due_at", flat=True).first()

    def outline(self) -> list[outline.Fact]:
        """Return what an expert must know to tell a conflict of interest, and no more."""
        return outline.facts(self.subject.proposal)

    def target(self) -> str:
        """Accept only without any yes."""
        yes = any(self.data[name] == "yes" for name in DeclarationForm.QUESTIONS)
        return Inviting.CONFLICTED if yes else Inviting.ACCEPTED

    def effect(self) -> None:
        """Keep the declaration; open the assessment where the others are already at it."""
        subject = self.subject
        for name in DeclarationForm.QUESTIONS:
            setattr(subject, name, self.data[name] == "yes")
        subject.explanation, subject.answered_at = self.data["explanation"], self.now
        subject.save(update_fields=[*DeclarationForm.QUESTIONS, "explanation", "answered_at"])
        self.begun = None
        if subject.state == Inviting.ACCEPTED and subject.proposal.state == State.UNDER_ASSESSMENT:
            self.begun = assessments.begin(subject.expert, subject.proposal)

    def owes(self) -> Iterable[Owes]:
        """The expert owes the assessment where it has begun (L5: 20 working days)."""
        if self.begun and self.begun.is_being_written:
            yield Owes(ASSESS, Party(person=self.subject.expert.person), on=self.begun)

    def tells(self) -> Iterable[Tell]:
        """Tell ASEC, which waits for it."""
        if self.subject.state == Inviting.ACCEPTED:
            yield Tell(parties.asec(), _("An expert accepted an assessment"))
        else:
            yield Tell(
                parties.asec(), _("An expert stood aside for a conflict of interest: invite another one"), to_act=True
            )


@register
class DeclineInvitation(_Answering):
    """invited → declined."""

    name = "decline_invitation"
    on = "decline_invitation"
    label = gettext_lazy("Decline")
    done = gettext_lazy("An expert declined")
    form = DeclineForm

    def effect(self) -> None:
        """Keep the reason."""
        self.subject.reason, self.subject.answered_at = self.data["reason"], self.now
        self.subject.save(update_fields=["reason", "answered_at"])

    def tells(self) -> Iterable[Tell]:
        """Tell ASEC, which must find another one."""
        yield Tell(parties.asec(), _("An expert declined an assessment: invite another one"), to_act=True)


class _TakingOff(Move):
    """What taking an expert off and replacing one share."""

    model = Invitation
    on = "withdraw_invitation"
    who = case_rules.asec
    audience = Audience.ASEC
    closes = frozenset({DECLARE, ASSESS})
    warning = True

    def reasons(self) -> Iterable[str]:
        """After the report the experts' work is part of the record."""
        if self.subject.proposal.state not in ASKED_DURING:
            yield _("The assessment of this case is over.")

    def effect(self) -> None:
        """Keep the reason."""
        self.subject.reason = self.data["reason"]
        self.subject.save(update_fields=["reason"])

    def also(self) -> Iterable[Subject]:
        """The expert owes the assessment no longer either."""
        return self.subject.proposal.assessments.filter(expert=self.subject.expert_id)

    def tells(self) -> Iterable[Tell]:
        """Tell the expert, who needs to do nothing more."""
        yield Tell(
            Party(person=self.subject.expert.person),
            _("You are no longer asked to assess a proposal"),
            path=reverse("own_work"),
        )


@register
class WithdrawInvitation(_TakingOff):
    """invited or accepted → withdrawn: ASEC takes the expert off; what was written no longer counts."""

    name = "withdraw_invitation"
    label = gettext_lazy("Take the expert off the case")
    done = gettext_lazy("An expert was taken off the case")
    help = gettext_lazy(
        "The expert loses sight of the case at once. An assessment already begun stays on record and no longer counts."
    )
    form = WhyForm


@register
class ReplaceExpert(_TakingOff, _Inviting):
    """invited or accepted → withdrawn, and another expert invited in the same step.

    What the first one drafted stays on the Secretariat's record; the other begins with an empty assessment.
    """

    name = "replace_expert"
    label = gettext_lazy("Replace the expert")
    done = gettext_lazy("An expert was replaced and another one invited")
    help = gettext_lazy(
        "The first expert loses sight of the case at once, and what was drafted stays on your record. The other is "
        "invited at the same moment and sees none of it."
    )
    form = ReplaceForm

    def effect(self) -> None:
        """Keep the reason, and write the other invitation."""
        super().effect()
        self.invitation = Invitation.objects.create(
            proposal=self.subject.proposal, expert=self.data["expert"], message=self.data["message"], invited_at=self.now,
        )  # fmt: skip

    def tells(self) -> Iterable[Tell]:
        """Tell both experts."""
        yield from super().tells()
        yield from _Inviting.tells(self)
