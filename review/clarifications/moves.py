"""Asking the proponent, and stopping the experts' clock meanwhile (R5)."""

from collections.abc import Collection, Iterable

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aipbi.accounts.enums import Role
from aipbi.workflow import parties
from aipbi.workflow.forms import MoveForm
from aipbi.workflow.models import Audience, Subject
from aipbi.workflow.moves import Move, Owes, Tell
from aipbi.workflow.parties import Party
from aipbi.workflow.registry import register
from proposals import rules as case_rules
from proposals.enums import State
from proposals.models import Proposal
from review import rules
from review.clarifications.models import Clarification
from review.enums import Asking
from review.links import move_page
from review.obligations import ANSWER, ASSESS


class QuestionForm(MoveForm):
    """One question."""

    question = forms.CharField(
        label=gettext_lazy("Question to the proponent"),
        help_text=gettext_lazy(
            "The proponent reads it without learning who asks. Ask one thing at a time and name nobody."
        ),
        widget=forms.Textarea,
        max_length=8000,
    )
    pauses = forms.BooleanField(
        label=gettext_lazy("Stop the experts' clock until it is answered"), required=False,
    )  # fmt: skip

    def prepare(self) -> None:
        """Only ASEC stops the clock."""
        if self.move.as_.role != Role.ASEC:
            del self.fields["pauses"]


@register
class AskClarification(Move):
    """An expert or ASEC asks; the proponent is told that the Secretariat forwards a question."""

    name = "ask_clarification"
    model = Proposal
    during = frozenset({State.REGISTERED, State.UNDER_ASSESSMENT, State.ASSESSED, State.BEFORE_FG_GVC, State.DEFERRED})
    who = rules.asec_or_expert
    label = gettext_lazy("Ask the proponent a question")
    beside = True
    done = gettext_lazy("A question was put to the proponent")
    form = QuestionForm
    audience = Audience.ASEC

    def reasons(self) -> Iterable[str]:
        """Experts ask while they assess."""
        if self.as_.role == Role.EXPERT and self.subject.state != State.UNDER_ASSESSMENT:
            yield _("Experts ask while the case is under assessment.")

    @property
    def pauses(self) -> Collection[str]:  # type: ignore[override]
        """Stop the experts' clock where ASEC says so."""
        return {ASSESS} if self.data.get("pauses") else frozenset()

    def effect(self) -> None:
        """Write the question."""
        self.clarification = Clarification.objects.create(  # type: ignore[misc]
            proposal=self.subject,
            question=self.data["question"],
            asked_by=self.as_.person,
            asked_as=self.as_.role,
            asked_at=self.now,
            pauses=bool(self.data.get("pauses")),
        )

    def owes(self) -> Iterable[Owes]:
        """The proponent owes an answer (L5: 10 working days, as for completion)."""
        yield Owes(ANSWER, Party(organisation=self.subject.organisation), on=self.clarification)

    def tells(self) -> Iterable[Tell]:
        """Tell the proponent, who must act; and ASEC, so that it can stop the clock."""
        path = move_page(self.clarification, "answer_clarification")
        yield Tell(
            Party(organisation=self.subject.organisation),
            _("There is a question on your proposal"),
            to_act=True,
            path=path,
            partners=True,
        )
        if self.as_.role == Role.EXPERT:
            yield Tell(parties.asec(), _("An expert put a question to the proponent"), path=self.after())

    def after(self) -> str:
        """Go to the questions of the case."""
        return reverse("review", args=[self.subject.case.code])


class OnExpertsClock(Move):
    """What reaches the experts' clock from a question."""

    model = Clarification

    def also(self) -> Iterable[Subject]:
        """The assessments of the case, whose clock stands still or goes on."""
        return self.subject.proposal.assessments.all()


@register
class StopClock(OnExpertsClock):
    """ASEC stops the experts' clock for a question an expert asked."""

    name = "stop_clock"
    during = frozenset({Asking.ASKED})
    who = case_rules.asec
    label = gettext_lazy("Stop the experts' clock until it is answered")
    done = gettext_lazy("The experts' clock stands still until a question is answered")
    audience = Audience.ASEC
    pauses = frozenset({ASSESS})

    def reasons(self) -> Iterable[str]:
        """Once is enough."""
        if self.subject.pauses:
            yield _("The clock stands still for this question already.")

    def effect(self) -> None:
        """Remember that the answer lets it go on."""
        self.subject.pauses = True
        self.subject.save(update_fields=["pauses"])
