"""What a confirmed Member State says in a round (D2), and its own word that it steps aside (D4)."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.apps import apps
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aipbi.accounts.enums import Role
from aipbi.workflow import parties
from aipbi.workflow.models import Audience
from aipbi.workflow.moves import Move, Tell
from aipbi.workflow.registry import register
from proposals.enums import State
from review import rules
from review.enums import Answer, RoundState, Speaking
from review.links import move_page
from review.obligations import POSITION
from review.rounds import verbs
from review.rounds.forms import PositionForm, StepAsideForm
from review.rounds.models import Position
from review.rounds.moves import chair_or_secretariat


class _Speaks(Move):
    """What a Member State says, by either of its offices; the last word stands."""

    model = Position
    who = rules.speaks_for_its_ams
    audience = Audience.STATES

    def reasons(self) -> Iterable[str]:
        """Positions are taken while the round is open, of those that take part."""
        subject = self.subject
        one = subject.round
        if one.state == RoundState.ESCALATED:
            yield _(
                "The matter is with the ministers or the council. Positions are taken again once their answer is recorded."
            )
        elif one.state != RoundState.OPEN or subject.proposal.state != State.BEFORE_FG_GVC:
            yield _("This round is closed.")
        elif subject.ams_id not in verbs.still_in(one):
            yield _("Your country has left the project; it gives no position.")

    @cached_property
    def other_said(self) -> str:
        """The last position that the other office of the same Member State gave in this round, or nothing."""
        if self.as_.role not in rules.STATES:
            return ""
        kept: Any = apps.get_model("review", "PositionEntry")
        entries = kept.objects.filter(pgh_obj_id=self.subject.pk, aside_at__isnull=True).exclude(value="")
        entries = entries.filter(office__ams=self.subject.ams_id)
        return entries.exclude(office=self.as_.office).order_by("-pgh_id").values_list("value", flat=True).first() or ""

    def _others(self) -> Iterable[Tell]:
        yield Tell(parties.asec(), self.words)
        chair = chair_or_secretariat()
        if chair.office != self.as_.office and chair != parties.asec():
            yield Tell(chair, self.words)

    @property
    def words(self) -> str:
        """What the notice says to those who wait."""
        return _("%(state)s: position given") % {"state": self.subject.ams}


@register
class GivePosition(_Speaks):
    """awaited or given → given: one position per confirmed Member State, changeable until the round closes (D2)."""

    name = "give_position"
    on = "give_position"
    label = gettext_lazy("Give your country's position")
    done = gettext_lazy("Position given")
    help = gettext_lazy(
        "It can be changed until the round is closed. Every position given stays on record. Both offices of your "
        "country may speak; the last word stands."
    )
    form = PositionForm
    closes = frozenset({POSITION})

    @property
    def called(self) -> Any:
        """What stands is changed, not given again."""
        return _("Change your country's position") if self.subject.value else self.label

    def effect(self) -> None:
        """Write the position, and no stepping aside of an earlier one; the database keeps the one before."""
        subject = self.subject
        subject.value, subject.text = self.data["value"], self.data["text"]
        subject.person, subject.office, subject.given_at = self.as_.person, self.as_.office, self.now
        subject.aside_basis, subject.aside_office, subject.aside_at = "", None, None
        subject.save(
            update_fields=["value", "text", "person", "office", "given_at", "aside_basis", "aside_office", "aside_at"]
        )

    def details(self) -> dict[str, Any]:
        """Say whose position it is, and what the other office said last."""
        return {"ams": self.subject.ams_id, "other_office": self.other_said}

    @classmethod
    def as_read(cls, details: Mapping[str, Any]) -> list[str]:
        """Read the position on the timeline, and the other office's where they differ."""
        value, other = details.get("value"), details.get("other_office")
        found = [str(Answer(value).label)] if value in Answer.values else []
        if other in Answer.values and other != value:
            found.append(_("Before, its other office said: %(position)s") % {"position": Answer(other).label})
        return found

    @property
    def differs(self) -> bool:
        """Whether the other office said something else."""
        return bool(self.other_said) and self.other_said != self.subject.value

    def tells(self) -> Iterable[Tell]:
        """Tell ASEC and the chair, who wait; both offices of the Member State where they differ, else the other one."""
        yield from self._others()
        for party in (parties.fg_gvc(self.subject.ams_id), parties.seom(self.subject.ams_id)):
            if self.differs:
                words = _("The two offices of your country gave different positions; the last one stands")
                yield Tell(party, words, path=move_page(self.subject, "give_position"))
            elif party.office != self.as_.office:
                yield Tell(party, _("Your country's position was recorded"))

    def warnings(self) -> Iterable[str]:
        """Say to whoever spoke last that the other office said something else."""
        if self.differs:
            office = Role.SEOM_LEAD if self.as_.role == Role.FG_GVC else Role.FG_GVC
            yield _("Your country's %(office)s said before: %(position)s. Yours stands now; both are on record, and both offices are told.") % {
                "office": office.label, "position": Answer(self.other_said).label,
            }  # fmt: skip


@register
class StepAside(_Speaks):
    """An objecting Member State lets the others go on without it, and says so itself (D4).

    It is taken back by giving a position anew.
    """

    name = "step_aside"
    during = frozenset({Speaking.GIVEN})
    label = gettext_lazy("Step aside under ASEAN Minus X")
    done = gettext_lazy("Stepped aside under ASEAN Minus X")
    help = gettext_lazy(
        "Your country keeps its objection and lets the others decide without it. It is asked for nothing and gives "
        "nothing, and it can join later. As long as the round is open, giving a position again takes this back."
    )
    form = StepAsideForm
    beside = True
    # It has spoken: nobody waits for its position any more.
    closes = frozenset({POSITION})

    @property
    def hidden(self) -> bool:  # type: ignore[override]
        """Offered to a Member State that objects and has not said so yet."""
        return self.subject.value != Answer.OBJECT or self.subject.steps_aside

    def reasons(self) -> Iterable[str]:
        """Whoever does not object has no need to step aside."""
        yield from super().reasons()
        if self.subject.value != Answer.OBJECT:
            yield _("Only a Member State that objects can step aside.")
        elif self.subject.steps_aside:
            yield _("Your country has stepped aside already.")

    def effect(self) -> None:
        """Write the basis beside the objection."""
        subject = self.subject
        subject.aside_basis, subject.aside_office, subject.aside_at = self.data["basis"], self.as_.office, self.now
        subject.save(update_fields=["aside_basis", "aside_office", "aside_at"])

    def details(self) -> dict[str, Any]:
        """Say who."""
        return {"ams": self.subject.ams_id}

    def tells(self) -> Iterable[Tell]:
        """Tell ASEC, the chair, and the other office of the same Member State."""
        yield from self._others()
        for party in (parties.fg_gvc(self.subject.ams_id), parties.seom(self.subject.ams_id)):
            if party.office != self.as_.office:
                yield Tell(party, _("Your country stepped aside in a round"))

    @property
    def words(self) -> str:
        """What the notice says."""
        return _("%(state)s: stepped aside under ASEAN Minus X") % {"state": self.subject.ams}
