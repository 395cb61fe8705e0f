"""registered → under assessment: enough experts are on the case."""

from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aipbi.asean import clocks, defaults
from aipbi.workflow import parties
from aipbi.workflow.moves import Move, Owes, Tell
from aipbi.workflow.parties import Party
from aipbi.workflow.registry import register
from proposals import rules, verbs
from proposals.models import Proposal
from proposals.obligations import FIND_EXPERTS
from review.assessments.models import Assessment
from review.assessments.verbs import begin
from review.experts.models import Invitation
from review.obligations import ASSESS, CONSOLIDATE
from review.report import texts
from review.rules import InvitationQuerySet


@register
class StartAssessment(Move):
    """Starts with at least two experts cleared of conflict (*default* 2); more may join later."""

    name = "start_assessment"
    model = Proposal
    on = "start_assessment"
    who = rules.asec
    label = gettext_lazy("Start the assessment")
    done = gettext_lazy("Assessment started")
    help = gettext_lazy("Each expert who accepted gets an empty assessment and works on it without seeing the others'.")
    closes = frozenset({FIND_EXPERTS})
    in_bulk = True

    def reasons(self) -> Iterable[str]:
        """Wait for enough experts."""
        least, there = defaults.get("experts_minimum"), self._appointed().count()
        if there < least:
            yield _("At least %(least)s experts must have accepted and declared no conflict of interest; now it is %(there)s.") % {
                "least": least, "there": there,
            }  # fmt: skip

    def _appointed(self) -> InvitationQuerySet:
        return Invitation.objects.appointed().filter(proposal=self.subject).select_related("expert__person")

    def effect(self) -> None:
        """Date it, and give each expert an empty assessment."""
        verbs.stamp(self.subject, now=self.now)
        texts.begin(self.subject)
        self.begun = [begin(invitation.expert, self.subject) for invitation in self._appointed()]

    def _to_write(self) -> list[Assessment]:
        """Return those to be written; after a deferral the filed ones stay filed."""
        return [assessment for assessment in self.begun if assessment.is_being_written]

    def owes(self) -> Iterable[Owes]:
        """Each expert owes an assessment (L5: 20 working days), ASEC the report after them."""
        for assessment in self._to_write():
            yield Owes(ASSESS, Party(person=assessment.expert.person), on=assessment)
        experts_done = clocks.due("assessment", self.now, "ID")
        yield Owes(CONSOLIDATE, parties.asec(), due=clocks.due("completeness", experts_done, "ID"))

    def tells(self) -> Iterable[Tell]:
        """Tell the experts, who must act, and the proponent, who waits."""
        for assessment in self._to_write():
            yield Tell(Party(person=assessment.expert.person), _("You can begin your assessment"), to_act=True)
        yield Tell(Party(organisation=self.subject.organisation), _("The assessment of your proposal has started"))
