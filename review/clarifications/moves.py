"""Asking the proponent, directly or through ASEC, and stopping the experts' clock meanwhile (R5)."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aipbi.accounts.enums import Role
from aipbi.asean import clocks
from aipbi.workflow import parties
from aipbi.workflow.models import Audience, Subject
from aipbi.workflow.moves import Move, Owes, Tell
from aipbi.workflow.parties import Party
from aipbi.workflow.registry import register
from proposals import rules as case_rules
from proposals.enums import State
from proposals.models import Proposal
from review import rules
from review.clarifications.forms import ForwardForm, QuestionForm, TurnDownForm
from review.clarifications.models import Clarification
from review.enums import Asking
from review.links import move_page
from review.obligations import ANSWER, ASSESS, PUT

ASKED_DURING = frozenset(
    {State.REGISTERED, State.UNDER_ASSESSMENT, State.ASSESSED, State.BEFORE_FG_GVC, State.DEFERRED}
)


class _Putting(Move):
    """What every way of putting a question to the proponent shares."""

    clarification: Clarification

    @property
    def proposal(self) -> Proposal:
        """The case."""
        found: Proposal = self.subject if self.model is Proposal else self.subject.proposal
        return found

    @property
    def is_put(self) -> bool:
        """Whether the question goes out now, or waits with ASEC."""
        return not self.data.get("first_to_asec")

    @property
    def pauses(self) -> Collection[str]:  # type: ignore[override]
        """Stop the experts' clock where ASEC says so."""
        return {ASSESS} if self.data.get("pauses") else frozenset()

    def also(self) -> Iterable[Subject]:
        """The assessments of the case, whose clock may stand still."""
        return self.proposal.assessments.all()

    def write(self, **more: Any) -> Clarification:
        """Write the question."""
        return Clarification.objects.create(  # type: ignore[misc]
            proposal=self.proposal,
            state=Asking.ASKED if self.is_put else Asking.PROPOSED,
            question=self.data["question"],
            parameter=self.data["parameter"],
            asked_by=self.as_.person,
            asked_as=self.as_.role,
            asked_at=self.now,
            pauses=bool(self.data.get("pauses")),
            **more,
        )

    def owes(self) -> Iterable[Owes]:
        """The proponent owes an answer (L5: 10 working days, as for completion, or until the day ASEC named)."""
        if not self.is_put:
            yield Owes(PUT, parties.asec(), on=self.clarification)
            return
        party, day = Party(organisation=self.proposal.organisation), self.data.get("due")
        yield Owes(ANSWER, party, on=self.clarification, due=_end_of(day, party) if day else None)

    def tells(self) -> Iterable[Tell]:
        """Tell the proponent, who must act; and ASEC, so that it can put the question or stop the clock."""
        if self.is_put:
            yield Tell(
                Party(organisation=self.proposal.organisation),
                _("There is a question on your proposal"),
                to_act=True,
                path=move_page(self.clarification, "answer_clarification"),
                partners=True,
            )
        if self.as_.role == Role.EXPERT:
            words = (
                _("An expert put a question to the proponent")
                if self.is_put
                else _("An expert asks you to put a question to the proponent")
            )
            yield Tell(parties.asec(), words, to_act=not self.is_put, path=self.after())

    def after(self) -> str:
        """Go to the questions of the case."""
        return reverse("review", args=[self.proposal.case.code])


def _end_of(day: date, party: Party) -> Any:
    return clocks.calendar(party.calendar).end_of(day)


def experts_ask_while_they_assess(move: Move, proposal: Proposal) -> Iterable[str]:
    """Yield why an expert does not ask now."""
    if move.as_.role == Role.EXPERT and proposal.state != State.UNDER_ASSESSMENT:
        yield _("Experts ask while the case is under assessment.")


@register
class AskClarification(_Putting):
    """An expert or ASEC asks; the proponent is told that the Secretariat forwards a question."""

    name = "ask_clarification"
    model = Proposal
    during = ASKED_DURING
    who = rules.asec_or_expert
    label = gettext_lazy("Ask the proponent a question")
    beside = True
    done = gettext_lazy("A question was put to the proponent")
    form = QuestionForm
    audience = Audience.ASEC

    def reasons(self) -> Iterable[str]:
        """Experts ask while they assess."""
        return experts_ask_while_they_assess(self, self.subject)

    def effect(self) -> None:
        """Write the question."""
        self.clarification = self.write()


@register
class FollowUp(_Putting):
    """A further question on an answer; it stands below it."""

    name = "follow_up"
    model = Clarification
    during = frozenset({Asking.ANSWERED})
    who = rules.asec_or_expert
    label = gettext_lazy("Ask a follow-up")
    beside = True
    done = gettext_lazy("A follow-up was put to the proponent")
    form = QuestionForm
    audience = Audience.ASEC

    def reasons(self) -> Iterable[str]:
        """As for a first question."""
        if self.proposal.state not in ASKED_DURING:
            yield _("Questions are no longer put on this case.")
        yield from experts_ask_while_they_assess(self, self.proposal)

    def initial(self) -> dict[str, Any]:
        """It is about what the first one was about."""
        return {"parameter": self.subject.parameter_id}

    def effect(self) -> None:
        """Write the question below the one it follows."""
        self.clarification = self.write(follows=self.subject)


@register
class PutQuestion(_Putting):
    """proposed → asked: ASEC puts an expert's question, in its own words where they serve better."""

    name = "put_question"
    model = Clarification
    on = "put_question"
    who = case_rules.asec
    label = gettext_lazy("Put it to the proponent")
    done = gettext_lazy("A question was put to the proponent")
    form = ForwardForm
    audience = Audience.ASEC
    closes = frozenset({PUT})

    def reasons(self) -> Iterable[str]:
        """While questions are put on the case."""
        if self.proposal.state not in ASKED_DURING:
            yield _("Questions are no longer put on this case.")

    def initial(self) -> dict[str, Any]:
        """Start with the expert's words."""
        return {"question": self.subject.question}

    def effect(self) -> None:
        """Write the words that go out; those of the expert stay on the trail."""
        self.clarification = self.subject
        self.before = self.subject.question
        self.subject.question, self.subject.pauses = self.data["question"], self.data["pauses"]
        self.subject.asked_at = self.now
        self.subject.save(update_fields=["question", "pauses", "asked_at"])

    def details(self) -> dict[str, Any]:
        """Keep the expert's words."""
        return {"proposed": self.before}

    def tells(self) -> Iterable[Tell]:
        """Tell the proponent, and the expert who asked."""
        yield from super().tells()
        yield Tell(Party(person=self.subject.asked_by), _("Your question was put to the proponent"), path=self.after())


@register
class TurnDownQuestion(Move):
    """proposed → not put: ASEC says why."""

    name = "turn_down_question"
    model = Clarification
    on = "turn_down_question"
    who = case_rules.asec
    label = gettext_lazy("Do not put it")
    done = gettext_lazy("A question was not put to the proponent")
    form = TurnDownForm
    audience = Audience.ASEC
    closes = frozenset({PUT})

    def effect(self) -> None:
        """Keep why."""
        self.subject.turned_down = self.data["turned_down"]
        self.subject.save(update_fields=["turned_down"])

    def tells(self) -> Iterable[Tell]:
        """Tell the expert who asked."""
        path = reverse("review", args=[self.subject.proposal.case.code])
        yield Tell(Party(person=self.subject.asked_by), _("Your question was not put to the proponent"), path=path)


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
