"""The roster of experts with what each has in hand, searched, narrowed and sorted (R1)."""

from dataclasses import dataclass
from datetime import timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Avg, Count, Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from aipbi.accounts import countries
from aipbi.accounts.capacity import today
from aipbi.accounts.enums import Role
from aipbi.accounts.models import Appointment
from aipbi.workflow.models import Obligation
from review.enums import Assessing, Inviting, Stating
from review.experts import languages
from review.experts.dated import Absence, Employment
from review.experts.models import ExpertProfile, Invitation
from review.obligations import ASSESS
from review.rules import ExpertQuerySet

YEAR = timedelta(days=365)
SORTS: dict[str, tuple[Any, tuple[Any, ...]]] = {
    "name": (_("Name"), ("person__name", "pk")),
    "load": (_("Fewest in hand"), ("load", "person__name", "pk")),
    "rested": (_("Fewest in the past year"), ("past_year", "load", "person__name", "pk")),
    "quick": (_("Shortest time taken"), (F("time_taken").asc(nulls_last=True), "person__name", "pk")),
}


def _counted(found: QuerySet[Any]) -> Coalesce:
    """Return how many rows there are for the expert of the outer query."""
    rows = found.order_by().values("expert").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(rows), 0)


def serving() -> ExpertQuerySet:
    """Return the experts who hold the office today, each with figures on their work.

    `load`: invitations not answered and assessments not filed; `past_year`: assessments filed in the last 365 days;
    `time_taken`: from beginning to filing on average, as a timedelta; `away_until`: the last day of an absence of today.
    """
    from review.assessments.models import Assessment  # noqa: PLC0415 - assessments stand above the roster

    own, day = {"expert": OuterRef("pk")}, today()
    holders = Appointment.objects.current(day).filter(office__role=Role.EXPERT).values("person")
    taken = Obligation.objects.filter(
        kind=ASSESS, person=OuterRef("pk"), closed_by__action="file_assessment"
    ).order_by().values("person").annotate(took=Avg(F("closed_at") - F("opened_at"))).values("took")  # fmt: skip
    away = Absence.objects.filter(**own, starts__lte=day, until__gte=day).order_by("-until").values("until")[:1]
    return ExpertProfile.objects.filter(person__in=holders).select_related("person").annotate(
        load=_counted(Invitation.objects.filter(**own, state=Inviting.INVITED))
        + _counted(Assessment.objects.filter(**own, state=Assessing.DRAFTING)),
        past_year=_counted(Assessment.objects.filter(**own, filed_at__gt=timezone.now() - YEAR)),
        time_taken=Subquery(taken),
        away_until=Subquery(away),
    )  # fmt: skip


def with_entries(experts: ExpertQuerySet) -> ExpertQuerySet:
    """Fetch what an entry shows beside its row: employers, absences to come, sectors and fields."""
    coming = Absence.objects.filter(until__gte=today())
    counted = Employment.objects.counted()
    return experts.prefetch_related(
        "sectors", "expertise", Prefetch("employments", counted), Prefetch("absences", coming)
    )


@dataclass(frozen=True, slots=True)
class Wanted:
    """What ASEC looks for on the roster; whatever is empty narrows nothing."""

    words: str = ""
    sector: str = ""
    field: str = ""
    language: str = ""
    nationality: str = ""
    free: bool = False
    waiting: bool = False
    sort: str = "name"


def find(wanted: Wanted) -> ExpertQuerySet:
    """Return the experts who fit, in the order wanted."""
    found = serving()
    for word in wanted.words.split()[:6]:
        found = _saying(found, word)
    if wanted.sector:
        found = found.filter(_linked("sectors", "sector", wanted.sector))
    if wanted.field:
        found = found.filter(_linked("expertise", "expertise", wanted.field))
    if wanted.language:
        found = found.filter(languages__contains=[wanted.language])
    if wanted.nationality:
        found = found.filter(nationality=wanted.nationality)
    if wanted.free:
        found = found.filter(
            Q(most_at_once__isnull=True) | Q(load__lt=F("most_at_once")), available=True, away_until__isnull=True
        )
    if wanted.waiting:
        found = found.filter(Exists(Employment.objects.filter(expert=OuterRef("pk"), state=Stating.STATED)))
    return found.order_by(*SORTS[wanted.sort][1])


def _linked(field: str, column: str, code: str) -> Exists:
    through = getattr(ExpertProfile, field).through
    return Exists(through.objects.filter(expertprofile=OuterRef("pk"), **{column: code}))


def _saying(experts: ExpertQuerySet, word: str) -> ExpertQuerySet:
    """Keep the entries that have the word in name, employer, own words, or the name of a field, sector, language or country."""
    spoken = [code for code, name in languages.names().items() if word.casefold() in name.casefold()]
    lands = [code for code, name in countries.names().items() if word.casefold() in name.casefold()]
    labels = [
        Exists(
            getattr(ExpertProfile, field).through.objects.filter(
                expertprofile=OuterRef("pk"), **{f"{column}__label__icontains": word}
            )
        )
        for field, column in (("sectors", "sector"), ("expertise", "expertise"))
    ]
    employed = Employment.objects.counted().filter(
        Q(employer__icontains=word) | Q(corporate_group__icontains=word), expert=OuterRef("pk")
    )
    columns = [Q(person__name__icontains=word), Q(fields__icontains=word), Q(nationality__in=lands)]
    return experts.filter(
        reduce(or_, [*columns, Q(languages__overlap=spoken), Q(Exists(employed)), *(Q(one) for one in labels)])
    )
