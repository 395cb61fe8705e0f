"""A report that stays away: after the reminders, the FG-GVC and the SEOM lead are told once (M2, L5)."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aipbi.accounts.capacity import Capacity, today
from aipbi.asean import defaults
from aipbi.workflow import parties as offices
from aipbi.workflow.door import perform
from aipbi.workflow.errors import Refused
from aipbi.workflow.moves import Tell
from aipbi.workflow.registry import register
from monitoring import parties
from monitoring.enums import ReportState
from monitoring.models import Report
from monitoring.moves.shared import OnReport, tab
from proposals import rules
from proposals.enums import State


def late() -> Any:
    """Return the reports that nobody has filed so long after their day that they are escalated (*default* 30 days)."""
    day = today() - timedelta(days=defaults.get("report_escalation_days"))
    return Report.objects.filter(
        state=ReportState.DRAFT, due_on__lt=day, escalated_at__isnull=True, proposal__state=State.MONITORING
    )


@register
class EscalateReport(OnReport):
    """A late report is told of to those who wait for it; it stays open, and the weekly reminders go on."""

    name = "escalate_report"
    during = frozenset({ReportState.DRAFT})
    who = rules.clock
    by_clock = True
    label = gettext_lazy("Escalate the late report")
    done = gettext_lazy("Late report told to the FG-GVC and the SEOM lead")

    def reasons(self) -> Iterable[str]:
        """Once, and only when it is late enough."""
        yield from super().reasons()
        if not late().filter(pk=self.subject.pk).exists():
            yield _("The report is not so late, or was escalated already.")

    def effect(self) -> None:
        """Date it."""
        self.subject.escalated_at = self.now
        self.subject.save(update_fields=["escalated_at"])

    def details(self) -> dict[str, Any]:
        """Say how late it is."""
        return {"number": self.subject.number, "due_on": self.subject.due_on}

    def leads(self) -> str:
        """The report itself is its proponent's alone until it is filed."""
        return tab(self)

    def tells(self) -> Iterable[Tell]:
        """Tell the FG-GVC, the SEOM lead of the originating Member State, ASEC, and once more the proponent."""
        words = _("A report on results is late")
        yield Tell(parties.fg_gvc(), words)
        yield Tell(offices.seom(self.subject.proposal.originating_ams_id), words)
        yield Tell(offices.asec(), words)
        told = _("Your report on results is late: the FG-GVC and your SEOM lead have been told")
        yield Tell(parties.proponent(self.subject.proposal), told, to_act=True)


def escalate() -> int:
    """Escalate what is late, by the clock; return how many."""
    done = 0
    for report in late():
        try:
            perform(EscalateReport, report, by=None, as_=Capacity.clock(), seen=report.revision)
        except Refused:
            continue
        done += 1
    return done
