"""Where there is no consensus yet: consulting again, and escalating to the ministers or the council (D5)."""

from collections.abc import Iterable
from typing import Any

from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aipbi.documents import uploads
from aipbi.workflow import parties
from aipbi.workflow.models import Audience, Subject
from aipbi.workflow.moves import Move, Owes, Tell
from aipbi.workflow.registry import register
from proposals.enums import State
from review import rules
from review.enums import Answer, RoundState
from review.links import move_page
from review.obligations import DECIDE, ESCALATION, POSITION
from review.rounds import deadlines, verbs
from review.rounds.forms import ConsultForm, EscalateForm, EscalationAnswerForm
from review.rounds.models import Position, Round
from review.rounds.moves import chair_or_secretariat
from review.rounds.record import Consultation, Escalation, EscalationAnswer

FILES = "escalation"
SETTLED = frozenset({Answer.APPROVE, Answer.NO_OBJECTION, Answer.CONDITIONS})


class _OfRound(Move):
    """What the chair does with an open round, or ASEC."""

    model = Round
    who = rules.chair_or_asec
    audience = Audience.STATES
    closes = frozenset({POSITION, DECIDE, ESCALATION})

    @cached_property
    def members(self) -> list[str]:
        """Who decides: those asked that still take part."""
        return verbs.still_in(self.subject)

    def reasons(self) -> Iterable[str]:
        """The lock holds the case still."""
        if self.subject.proposal.state != State.BEFORE_FG_GVC:
            yield _("The case is not before the Member States any more.")

    def also(self) -> Iterable[Subject]:
        """What the positions and the case owe is owed anew, until another day."""
        return [*self.subject.positions.all(), self.subject.proposal]

    def _go_on(self) -> None:
        """Let the round run to the new deadline."""
        self.subject.deadline = deadlines.end_of(self.data["deadline"])
        self.subject.save(update_fields=["deadline"])

    def _asked_again(self) -> list[Position]:
        """Return the positions of those whose word is still missing, or stands against a decision."""
        held = self.subject.positions.filter(ams__in=self.members)
        return [one for one in held if one.value not in SETTLED and not one.steps_aside]

    def _owed_again(self) -> Iterable[Owes]:
        due = self.subject.deadline
        for position in self._asked_again():
            yield Owes(POSITION, parties.fg_gvc(position.ams_id), on=position, due=due)
            yield Owes(POSITION, parties.seom(position.ams_id), on=position, due=due)
        yield Owes(DECIDE, chair_or_secretariat(), on=self.subject.proposal, due=due)

    def _told_again(self, words: str) -> Iterable[Tell]:
        """Tell both offices of each that decides; who is asked for a position, until when."""
        asked = {one.ams_id: one for one in self._asked_again()}
        for ams in self.members:
            path = move_page(asked[ams], "give_position") if ams in asked else ""
            for party in (parties.fg_gvc(ams), parties.seom(ams)):
                yield Tell(party, words, to_act=ams in asked, due=self.subject.deadline, path=path)
        yield Tell(parties.asec(), words)


@register
class ConsultAgain(_OfRound):
    """The round stays open until a later day; who objects, asks to wait or is silent is asked once more (D5)."""

    name = "consult_again"
    during = frozenset({RoundState.OPEN})
    label = gettext_lazy("Consult again")
    done = gettext_lazy("The Member States consult again")
    help = gettext_lazy(
        "The round stays open until the new deadline. Positions stand until they are changed; those that object, ask to "
        "wait or have not answered are asked again, but for whoever steps aside."
    )
    form = ConsultForm

    def initial(self) -> dict[str, Any]:
        """Propose the usual time."""
        return {"deadline": deadlines.usual(self.now, self.members)}

    def effect(self) -> None:
        """Put it on record, and the deadline off."""
        before = self.subject.deadline
        self._go_on()
        Consultation.objects.create(  # type: ignore[misc]
            round=self.subject, words=self.data["words"], deadline_before=before, deadline=self.subject.deadline,
            person=self.as_.person, office=self.as_.office, at=self.now,
        )  # fmt: skip

    def owes(self) -> Iterable[Owes]:
        """Those asked again owe a position, the chair the decision."""
        yield from self._owed_again()

    def tells(self) -> Iterable[Tell]:
        """Tell everybody who decides."""
        yield from self._told_again(_("The Member States consult again on a proposal"))


@register
class Escalate(_OfRound):
    """open → escalated: the ministers or the council are asked, until a day (D5)."""

    name = "escalate"
    on = "escalate"
    label = gettext_lazy("Escalate to AEM or AECC")
    done = gettext_lazy("Escalated")
    help = gettext_lazy("Positions and the decision wait until the answer is recorded.")
    form = EscalateForm
    beside = True

    def initial(self) -> dict[str, Any]:
        """Propose the usual time."""
        return {"due": deadlines.usual(self.now, self.members)}

    def effect(self) -> None:
        """Put on record what is asked, of whom, until when."""
        self.escalation = Escalation.objects.create(  # type: ignore[misc]
            round=self.subject, forum=self.data["forum"], question=self.data["question"],
            due=deadlines.end_of(self.data["due"]), person=self.as_.person, office=self.as_.office, at=self.now,
        )  # fmt: skip

    def owes(self) -> Iterable[Owes]:
        """ASEC brings the answer back."""
        yield Owes(ESCALATION, parties.asec(), due=self.escalation.due)

    def tells(self) -> Iterable[Tell]:
        """Tell everybody who decides, and ASEC."""
        words = _("A proposal was escalated")
        for ams in self.members:
            for party in (parties.fg_gvc(ams), parties.seom(ams)):
                yield Tell(party, words)
        yield Tell(parties.asec(), words, to_act=True, due=self.escalation.due)


@register
class RecordEscalation(_OfRound):
    """escalated → open: the answer is on record, and the Member States consult with it (D5)."""

    name = "record_escalation"
    on = "record_escalation"
    label = gettext_lazy("Record the answer to the escalation")
    done = gettext_lazy("The answer to the escalation was recorded")
    form = EscalationAnswerForm

    @cached_property
    def escalation(self) -> Escalation:
        """The one that waits for its answer."""
        return Escalation.objects.filter(round=self.subject, answer__isnull=True).latest("pk")

    def initial(self) -> dict[str, Any]:
        """Propose the usual time for the consultation that follows."""
        return {"deadline": deadlines.usual(self.now, self.members)}

    def effect(self) -> None:
        """Put the answer on record, with its file, and let the round go on."""
        self._go_on()
        file = self.data.get("file")
        EscalationAnswer.objects.create(  # type: ignore[misc]
            escalation=self.escalation, text=self.data["text"], given_on=self.data["given_on"],
            file=uploads.keep(file, subject=self.subject, purpose=FILES, as_=self.as_) if file else None,
            person=self.as_.person, office=self.as_.office, at=self.now,
        )  # fmt: skip

    def kept(self) -> dict[str, Any]:
        """Keep the file by its name."""
        file = self.data.get("file")
        return {**self.data, "file": file.name if file else ""}

    def owes(self) -> Iterable[Owes]:
        """Those asked again owe a position, the chair the decision."""
        yield from self._owed_again()

    def tells(self) -> Iterable[Tell]:
        """Tell everybody who decides."""
        yield from self._told_again(_("The answer to an escalation is there; the Member States consult again"))
