"""deferred → registered or assessed: what was put off is taken up again."""

from collections.abc import Iterable

from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aipbi.workflow import parties
from aipbi.workflow.moves import Move, Owes, Tell
from aipbi.workflow.parties import Party
from aipbi.workflow.registry import register
from proposals import rules, verbs
from proposals.enums import State
from proposals.models import Proposal
from proposals.obligations import FIND_EXPERTS
from review.enums import Outcome
from review.obligations import OPEN_ROUND, TAKE_UP
from review.rounds.forms import ReopenForm
from review.rounds.models import Decision
from review.rounds.record import Clearing


@register
class Reopen(Move):
    """ASEC says what was cleared up, and where the case goes on."""

    name = "reopen"
    model = Proposal
    on = "reopen"
    who = rules.asec
    label = gettext_lazy("Take it up again")
    done = gettext_lazy("Taken up again")
    form = ReopenForm
    closes = frozenset({TAKE_UP})

    def target(self) -> str:
        """Go where ASEC says."""
        return self.data["stage"]

    def effect(self) -> None:
        """Date it, and put beside the deferral how it was cleared up."""
        verbs.stamp(self.subject, now=self.now)
        Clearing.objects.create(  # type: ignore[misc]
            decision=self.deferral, text=self.data["cleared_up"], stage=self.data["stage"],
            person=self.as_.person, office=self.as_.office, at=self.now,
        )  # fmt: skip

    @cached_property
    def deferral(self) -> Decision:
        """The decision whose question is answered now; shown above the form."""
        return Decision.objects.filter(proposal=self.subject, outcome=Outcome.DEFERRED).latest("pk")

    def owes(self) -> Iterable[Owes]:
        """ASEC owes the next step."""
        again = self.data["stage"] == State.REGISTERED
        yield Owes(FIND_EXPERTS if again else OPEN_ROUND, parties.asec())

    def tells(self) -> Iterable[Tell]:
        """Tell the proponent and the participating Member States."""
        yield Tell(Party(organisation=self.subject.organisation), _("Your proposal was taken up again"))
        for ams in self.subject.participations.on_the_case().values_list("ams_id", flat=True):
            yield Tell(parties.seom(ams), _("A deferred proposal was taken up again"))
