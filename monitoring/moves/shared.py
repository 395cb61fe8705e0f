"""What moves on reports share."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from aipbi.workflow.moves import Move
from monitoring.models import Report
from proposals.enums import State


class OnReport(Move):
    """A move on a report, while its project is followed."""

    model = Report

    def reasons(self) -> Iterable[str]:
        """Reports are made while the project is followed."""
        if self.subject.proposal.state != State.MONITORING:
            yield _("Reports are written and checked while the project is followed.")
