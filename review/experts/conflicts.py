"""Conflicts of interest that the portal's own data show; each bars the appointment (R1)."""

from collections.abc import Iterator
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from aipbi.accounts.capacity import today
from aipbi.accounts.enums import OF_AN_AMS, PROPOSING, Role
from aipbi.accounts.models import Appointment, Member
from aipbi.workflow.models import TrailEntry
from proposals.models import Proposal
from review.experts.models import ExpertProfile


def found(expert: ExpertProfile, proposal: Proposal) -> list[str]:
    """Return, in words, each conflict between the expert and the case; an empty list clears nobody by itself.

    The expert's own declaration comes on top of it.
    """
    return [*_by_employer(expert, proposal), *_by_membership(expert, proposal), *_by_office(expert, proposal)]


def _parties(proposal: Proposal) -> list[dict[str, Any]]:
    """Return the lead and the partners named in the version decided on, and the organisation that filed."""
    document = proposal.version.document if proposal.version else {}
    filed = {"name": proposal.organisation.name, "corporate_group": str(proposal.organisation.corporate_group or "")}
    return [filed, document.get("lead") or {}, *(document.get("partners") or [])]


def _plain(name: object) -> str:
    return " ".join(str(name or "").casefold().split())


def _by_employer(expert: ExpertProfile, proposal: Proposal) -> Iterator[str]:
    parties = _parties(proposal)
    employer, group = _plain(expert.employer), _plain(expert.corporate_group)
    if employer and employer in {_plain(party.get("name")) for party in parties}:
        yield _("Is employed by %(employer)s, which takes part in the project.") % {"employer": expert.employer}
    elif group and expert.corporate_group and group in {_plain(party.get("corporate_group")) for party in parties}:
        yield _("The employer belongs to the corporate group %(group)s, which takes part in the project.") % {
            "group": expert.corporate_group,
        }


def _by_membership(expert: ExpertProfile, proposal: Proposal) -> Iterator[str]:
    group = proposal.organisation.corporate_group_id
    same = Q(organisation=proposal.organisation_id) | (
        Q(organisation__corporate_group=group) if group else Q(pk__in=[])
    )
    drafted = TrailEntry.objects.filter(case_id=proposal.pk, person=expert.pk, role__in=PROPOSING)
    if Member.objects.filter(same, person=expert.pk).exists():
        yield _("Works or worked in the proponent's organisation or its corporate group.")
    elif drafted.exists():
        yield _("Helped to write the proposal.")


def _by_office(expert: ExpertProfile, proposal: Proposal) -> Iterator[str]:
    held = Appointment.objects.current(today()).filter(person=expert.pk)
    if held.filter(office__role__in=sorted(OF_AN_AMS)).exists():
        yield _("Speaks for a Member State, which decides on the proposal.")
    elif held.filter(office__role=Role.ASEC).exists():
        yield _("Is an officer of the Secretariat, which runs the process.")
