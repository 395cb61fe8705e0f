"""What this app adds to the shared ground: tabs, readers of files, what every sweep looks after."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from aipbi.accounts.capacity import Capacity
from aipbi.accounts.enums import Role
from aipbi.workflow import tabs, tasks
from aipbi.workflow.door import perform
from aipbi.workflow.errors import Refused
from proposals import attachments
from proposals.document import codes
from proposals.enums import State
from proposals.models import Proposal


def register() -> None:
    """Called once, when the app is ready."""
    attachments.register()
    codes.watch()
    tabs.register("proposal", _("Proposal"), order=10, shows=_proposal_shows)
    tabs.register("files", _("Files"), order=80, shows=lambda _viewer, _proposal: True)
    tabs.register("case", _("Overview"), order=0, shows=lambda _viewer, _proposal: True)
    tabs.register("participation", _("Member States"), order=20, shows=_participation_shows)
    tabs.register("trail", _("History"), order=90, shows=lambda _viewer, _proposal: True)
    tasks.sweeper(lapse_overdue)


def _participation_shows(viewer: Capacity, proposal: Proposal) -> bool:
    return proposal.registered_at is not None and viewer.role != Role.EXPERT


def _proposal_shows(viewer: Capacity, proposal: Proposal) -> bool:
    """A draft is read by its own organisation alone; others read what was handed in."""
    own = viewer.organisation is not None and viewer.organisation.pk == proposal.organisation_id
    return own or proposal.version_id is not None


def lapse_overdue() -> int:
    """Lapse what was not completed in time, by the clock; return how many."""
    lapsed = 0
    for proposal in Proposal.objects.filter(state=State.AWAITING_COMPLETION, moved_at__lt=timezone.now()).defer(
        "answers"
    ):
        lapsed += _lapse(proposal)
    return lapsed


def _lapse(proposal: Proposal) -> bool:
    from proposals.moves.inbox import Lapse, lapses_at  # noqa: PLC0415 - moves need every app's models

    if timezone.now() < lapses_at(proposal):
        return False
    try:
        perform(Lapse, proposal, by=None, as_=Capacity.clock(), seen=proposal.revision)
    except Refused:
        return False
    return True
