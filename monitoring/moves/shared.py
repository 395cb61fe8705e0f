"""What moves on reports share."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from aipbi.workflow.moves import Move
from monitoring.models import Report
from proposals.enums import State


class OnReport(Move):
    """A move on a report, while its project is followed."""

    model = Report

    def leads(self) -> str:
        """Notices lead to the report."""
        return self.subject.home(self.subject.proposal.case.code, self.as_)

    def reasons(self) -> Iterable[str]:
        """Reports are made while the project is followed."""
        if self.subject.proposal.state != State.MONITORING:
            yield _("Reports are written and checked while the project is followed.")


def tab(move: Move) -> str:
    """Return the address of the case's page of monitoring, where plan and reports stand."""
    proposal = getattr(move.subject, "proposal", move.subject)
    return reverse("monitoring", args=[proposal.case.code])
