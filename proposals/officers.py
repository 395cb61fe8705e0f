"""Who looks after which cases at the Secretariat, and how many (R7)."""

from dataclasses import dataclass

from django.db.models import Count

from aipbi.accounts.capacity import Capacity
from aipbi.accounts.models import Person
from aipbi.workflow import parties
from proposals.enums import OPEN
from proposals.models import Proposal


@dataclass(frozen=True, slots=True)
class Load:
    """An officer with the open cases they hold; `gone` who is no officer any more."""

    person: Person
    cases: int
    gone: bool


def today() -> list[int]:
    """Return the primary keys of today's officers."""
    return [person.pk for person in parties.asec().people()]


def loads(viewer: Capacity) -> list[Load]:
    """Return today's officers and whoever else still holds open cases, those who are gone first."""
    held = Proposal.objects.visible_to(viewer).filter(state__in=OPEN, case_officer__isnull=False)
    counts = dict(held.order_by().values("case_officer").annotate(n=Count("pk")).values_list("case_officer", "n"))
    now = {person.pk: person for person in parties.asec().people()}
    people = now | Person.objects.in_bulk([pk for pk in counts if pk not in now])
    found = [Load(person, counts.get(pk, 0), pk not in now) for pk, person in people.items()]
    return sorted(found, key=lambda load: (not load.gone, str(load.person).casefold()))


def held_by_nobody(viewer: Capacity) -> int:
    """Return how many open cases in ASEC's hands have no officer."""
    return (
        Proposal.objects.visible_to(viewer).filter(state__in=OPEN, case_officer__isnull=True, unconfirmed=False).count()
    )
