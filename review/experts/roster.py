"""The roster against a case: who fits, how much each has in hand, and who is barred (R1)."""

from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db.models import Count, Exists, OuterRef, Q
from django.utils.translation import gettext as _

from aipbi.accounts.capacity import today
from aipbi.accounts.enums import Role
from aipbi.accounts.models import Appointment
from proposals.models import Proposal
from review.enums import Assessing, Inviting
from review.experts import conflicts
from review.experts.models import LIVE, ExpertProfile
from review.rules import ExpertQuerySet


@dataclass(frozen=True, slots=True)
class Candidate:
    """An expert seen against a case; `bars` says in words why not, and is empty for who can be invited."""

    expert: ExpertProfile
    in_sector: bool
    load: int
    bars: list[str]


def serving() -> ExpertQuerySet:
    """Return the experts who hold the office today, with `load`: open invitations and unfiled assessments."""
    holders = Appointment.objects.current(today()).filter(office__role=Role.EXPERT).values("person")
    waiting = Q(invitations__state=Inviting.INVITED)
    writing = Q(assessments__state=Assessing.DRAFTING)
    return ExpertProfile.objects.filter(person__in=holders).select_related("person", "corporate_group").annotate(
        load=Count("invitations", filter=waiting, distinct=True) + Count("assessments", filter=writing, distinct=True),
    )  # fmt: skip


def against(proposal: Proposal) -> list[Candidate]:
    """Return all serving experts, those who can be invited first, then by sector and load."""
    here = set(proposal.invitations.filter(state__in=sorted(LIVE)).values_list("expert_id", flat=True))
    experts = serving().prefetch_related("sectors").order_by("person__name", "pk")
    found = [_candidate(expert, proposal, here) for expert in experts]
    return sorted(found, key=lambda one: (bool(one.bars), not one.in_sector, one.load, str(one.expert)))


def _candidate(expert: ExpertProfile, proposal: Proposal, here: set[int]) -> Candidate:
    return Candidate(
        expert=expert,
        in_sector=any(sector.pk == proposal.sector_id for sector in expert.sectors.all()),
        load=expert.load,  # type: ignore[attr-defined]
        bars=_already(expert, here) or conflicts.found(expert, proposal),
    )


def _already(expert: ExpertProfile, here: set[int]) -> list[str]:
    if expert.pk in here:
        return [_("Is already invited to this case or on it.")]
    return [] if expert.available else [_("Is marked as not available for new assessments.")]


def saying(experts: ExpertQuerySet, word: str) -> ExpertQuerySet:
    """Keep the entries that have the word in name, fields, employer, languages or a sector."""
    sector = ExpertProfile.sectors.through.objects.filter(expertprofile=OuterRef("pk"), sector__label__icontains=word)
    columns = ("person__name", "fields", "employer", "languages", "nationality")
    return experts.filter(reduce(or_, (Q(**{f"{one}__icontains": word}) for one in columns)) | Q(Exists(sector)))
