"""What ASEC says to a report: accepted whole, or returned figure by figure (M3)."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aipbi.workflow import parties as offices
from aipbi.workflow import two_persons
from aipbi.workflow.moves import Owes, Tell
from aipbi.workflow.registry import register
from monitoring import parties
from monitoring.forms.report import figures_of
from monitoring.forms.verdicts import VerdictsForm
from monitoring.models import ReportFigure
from monitoring.moves.shared import OnReport
from monitoring.obligations import CHECK_REPORT, CLOSE_CASE, CORRECT_REPORT
from proposals import rules


@register
class AcceptReport(OnReport):
    """filed → accepted: every figure is accepted and frozen."""

    name = "accept_report"
    on = "accept_report"
    who = rules.asec
    label = gettext_lazy("Accept the report")
    done = gettext_lazy("Report accepted")
    help = gettext_lazy("Every figure is accepted and does not change any more.")
    closes = {CHECK_REPORT}

    def refusals(self) -> Iterable[str]:
        """Not by who put it forward."""
        return two_persons.refusals(self, "file_report")

    def effect(self) -> None:
        """Freeze the figures, then the report."""
        self.subject.figures.filter(version=1).exclude(accepted=True).update(accepted=True, comment="")
        self.subject.accepted_at = self.now
        self.subject.save(update_fields=["accepted_at"])

    def details(self) -> dict[str, Any]:
        """Say which."""
        return {"number": self.subject.number, "final": self.subject.final}

    def owes(self) -> Iterable[Owes]:
        """After the final report ASEC owes the end of the case."""
        if self.subject.final:
            yield Owes(CLOSE_CASE, offices.asec(), on=self.subject.proposal)

    def tells(self) -> Iterable[Tell]:
        """Tell the proponent, and the FG-GVC, to which the results go."""
        yield Tell(parties.proponent(self.subject.proposal), _("Your report on results is accepted"))
        yield Tell(parties.fg_gvc(), _("A report on results is accepted"))


@register
class ReturnReport(OnReport):
    """filed → returned: figure by figure, with what to correct. What is accepted stays accepted."""

    name = "return_report"
    on = "return_report"
    who = rules.asec
    label = gettext_lazy("Return it for correction")
    done = gettext_lazy("Report returned for correction")
    help = gettext_lazy("Accept or return each figure. Accepted figures are frozen; the proponent corrects the others.")
    form = VerdictsForm
    closes = {CHECK_REPORT}

    def refusals(self) -> Iterable[str]:
        """Not by who put it forward."""
        return two_persons.refusals(self, "file_report")

    def after(self) -> str:
        """Show the tab: until it is filed anew the report is the proponent's alone."""
        return reverse("monitoring", args=[self.subject.proposal.case.code])

    def effect(self) -> None:
        """Write the verdicts."""
        self.subject.comment = self.data["comment"]
        self.subject.save(update_fields=["comment"])
        figures = [figure for figure in figures_of(self.subject) if figure.pk in self.data["verdicts"]]
        for figure in figures:
            figure.accepted, figure.comment = self.data["verdicts"][figure.pk]
        ReportFigure.objects.bulk_update(figures, ["accepted", "comment"])
        self.returned = [str(figure.line) for figure in figures if not figure.accepted]

    def kept(self) -> dict[str, Any]:
        """Name the figures returned; what is said of them stands beside them."""
        return {"number": self.subject.number, "returned": self.returned}

    def owes(self) -> Iterable[Owes]:
        """The proponent owes the corrections (L5: 10 working days)."""
        yield Owes(CORRECT_REPORT, parties.proponent(self.subject.proposal))

    def tells(self) -> Iterable[Tell]:
        """Tell the proponent, who must act."""
        yield Tell(
            parties.proponent(self.subject.proposal), _("Your report on results was returned: correct it"), to_act=True
        )
