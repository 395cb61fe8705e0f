"""What this app adds to the shared ground: tabs, readers of files, what every sweep looks after."""

from typing import Any

from django.db import transaction
from django.db.models.signals import post_save
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from aipbi.accounts import signing_up
from aipbi.accounts.capacity import Capacity
from aipbi.accounts.enums import Membership, Role
from aipbi.accounts.models import Partner
from aipbi.workflow import notices, tabs, tasks, topics, trail
from aipbi.workflow.door import perform
from aipbi.workflow.errors import Refused
from aipbi.workflow.mailing import messages
from aipbi.workflow.models import Audience
from aipbi.workflow.moves import Tell
from aipbi.workflow.parties import Party
from proposals import attachments, standards
from proposals.document import codes
from proposals.enums import State
from proposals.inbox import files
from proposals.models import Proposal
from proposals.on_behalf import letters
from proposals.rules import of_the_team


def register() -> None:
    """Called once, when the app is ready."""
    attachments.register()
    signing_up.ASKING["confirm_proposal"] = _asked_to
    codes.watch()
    tabs.register("proposal", _("Proposal"), order=10, shows=_proposal_shows)
    tabs.register("files", _("Files"), order=80, shows=lambda _viewer, _proposal: True)
    tabs.register("case", _("Overview"), order=0, shows=lambda _viewer, _proposal: True)
    tabs.register("participation", _("Member States"), order=20, shows=_participation_shows)
    tabs.register("trail", _("History"), order=90, shows=lambda _viewer, _proposal: True)
    tabs.register("team", _("People"), order=85, shows=lambda viewer, _proposal: viewer.proposes)
    tabs.register("notes", _("Internal notes"), order=88, shows=lambda viewer, _proposal: viewer.role == Role.ASEC)
    topics.cover(topics.CASE, "proposals")
    topics.register(
        "people", _("People on a case"), _("A partner joined or left, or you are named case officer."),
        "proposals.moves.partners", order=20,
    )  # fmt: skip
    topics.register(
        "decision", _("Member States and decisions"), _("Who takes part, positions, and what was decided."),
        "proposals.moves.participation", "proposals.moves.joining", order=50,
    )  # fmt: skip
    messages.CONFIDENTIAL.append(standards.confidential)
    tasks.sweeper(lapse_overdue)
    tasks.sweeper(letters.mail_waiting)
    tasks.sweeper(files.remove_old)
    post_save.connect(joined, sender=Partner, dispatch_uid="proposals.partner_joined")


def _asked_to(name: str, token: str) -> signing_up.Asked | None:
    from proposals.views.on_behalf import asked_to  # noqa: PLC0415 - views need every app's moves

    return asked_to(name, token)


def _participation_shows(viewer: Capacity, proposal: Proposal) -> bool:
    return proposal.registered_at is not None and viewer.role != Role.EXPERT


def _proposal_shows(viewer: Capacity, proposal: Proposal) -> bool:
    """A draft is read by those who write it alone; others read what was handed in."""
    return of_the_team(viewer, proposal) or proposal.version_id is not None


def joined(instance: Partner, *, created: bool, **_kwargs: Any) -> None:
    """Put on the trail that somebody took up an invitation, for which company, and tell the proponent (L4, U4)."""
    if not created:
        return
    team, case = instance.team, instance.team.case
    role = Membership(instance.role)
    as_ = Capacity(Role.PARTNER, instance.person, membership=role, team=team, company=instance.company)
    trail.note(
        case.pk, as_=as_, action="partner_joined", subject=("proposal", case.pk), details={"role": role.value},
        audience=Audience.CASE,
    )  # fmt: skip
    told = Tell(
        Party(organisation=team.organisation),
        gettext("Somebody from a partner company joined your proposal"),
        path=reverse("team", args=[case.code]),
    )
    notices.write_all(case.pk, "partner_joined", [told], topic="people")
    transaction.on_commit(notices.wake)


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
