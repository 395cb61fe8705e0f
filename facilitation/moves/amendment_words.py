"""The word of each Member State that an amendment affects: it accepts the change, or objects and says why (D6)."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aipbi.workflow import parties
from aipbi.workflow.forms import MoveForm
from aipbi.workflow.models import Audience
from aipbi.workflow.moves import Owes, Tell
from aipbi.workflow.registry import register
from facilitation import amendments
from facilitation.enums import AmendmentState
from facilitation.letters import superseding
from facilitation.models import Amendment, AmendmentWord, Letter
from facilitation.moves.amendments import LONG, tab_of
from facilitation.moves.concurrence import WhyForm
from facilitation.moves.shared import WhileTheCaseLives, chair
from facilitation.obligations import AGREE_AMENDMENT, AMENDMENT_WORD
from proposals import rules as case_rules
from proposals.models import Proposal


def to_agree(proposal: Proposal) -> Iterable[Owes]:
    """Yield that the chair can record the agreement, once nothing stands against it."""
    one = amendments.open_one(proposal)
    party = chair()
    if one and party and not list(amendments.lacking(one)):
        yield Owes(AGREE_AMENDMENT, party, on=one)


class _OnAmendment(WhileTheCaseLives):
    """A word on an open amendment."""

    model = AmendmentWord
    who = case_rules.seom_of_its_ams
    audience = Audience.STATES
    closes = frozenset({AMENDMENT_WORD})

    @property
    def amendment(self) -> Amendment:
        """What is asked, with the names of what it touches, for the page of the answer."""
        amendments.touched([self.subject.amendment])
        one: Amendment = self.subject.amendment
        return one

    @property
    def in_force(self) -> Letter | None:
        """The letter that the change touches, for the page of the answer."""
        return superseding.in_force(self.subject.proposal)

    @property
    def other(self) -> dict[str, Any] | None:
        """The other answer, while there is one to give."""
        act = (ObjectToAmendment if self.name == "accept_amendment" else AcceptAmendment)(self.subject, self.as_)
        open_now = act.is_open and not list(act.reasons())
        return {"label": act.label, "url": act.url(self.subject.proposal.case.code)} if open_now else None

    def reasons(self) -> Iterable[str]:
        """While it is open, and by whoever takes part still."""
        yield from super().reasons()
        if self.subject.amendment.state != AmendmentState.OPEN:
            yield _("The amendment is not before the Member States.")
        elif not self.subject.proposal.participations.taking_part().filter(ams=self.subject.ams_id).exists():
            yield _("Your country takes no part in the project any more.")

    def effect(self) -> None:
        """Keep it; what was said before is on the trail."""
        self.subject.reason, self.subject.answered_at = self.data.get("reason", ""), self.now
        self.subject.save(update_fields=["reason", "answered_at"])

    def details(self) -> dict[str, Any]:
        """Keep on which, and of which Member State."""
        return {"amendment": self.subject.amendment.number, "ams": self.subject.ams_id}

    def owes(self) -> Iterable[Owes]:
        """The last word makes it the chair's turn."""
        yield from to_agree(self.subject.proposal)

    def tells(self) -> Iterable[Tell]:
        """Tell the Secretariat."""
        yield Tell(parties.asec(), _("A Member State answered on an amendment"), path=tab_of(self.subject.proposal))

    def after(self) -> str:
        """Go back to the amendments."""
        return tab_of(self.subject.proposal)


class RemarkForm(MoveForm):
    """A remark, if any."""

    reason = forms.CharField(
        label=gettext_lazy("Remark"),
        help_text=gettext_lazy("The Member States on the case and the Secretariat read it; the proponent does not."),
        widget=forms.Textarea,
        max_length=LONG,
        required=False,
    )


@register
class AcceptAmendment(_OnAmendment):
    """The Member State goes along with the change."""

    name = "accept_amendment"
    on = "accept_amendment"
    label = gettext_lazy("Accept the change")
    done = gettext_lazy("Member State accepts an amendment")
    help = gettext_lazy("You can change your answer until the amendment is agreed.")
    form = RemarkForm


@register
class ObjectToAmendment(_OnAmendment):
    """The Member State does not, and says why."""

    name = "object_to_amendment"
    on = "object_to_amendment"
    label = gettext_lazy("Object to the change")
    done = gettext_lazy("Member State objects to an amendment")
    help = gettext_lazy("You can change your answer until the amendment is agreed or given up.")
    form = WhyForm
