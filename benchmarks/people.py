"""Many organisations, each with an owner, beside the offices of the demonstration."""

from dataclasses import dataclass
from datetime import timedelta

from aipbi.accounts.days import today
from aipbi.accounts.enums import Membership
from aipbi.accounts.models import CorporateGroup, Member, Organisation, Person

NAMES = (
    "Mekong Hydropower",
    "Straits Battery Materials",
    "Siam Cold Chain",
    "Nusantara Nickel",
    "Red River Semiconductors",
    "Visayas Wind",
    "Tonle Sap Textiles",
    "Irrawaddy Logistics",
    "Borneo Biofuels",
    "Timor Sea Services",
)


@dataclass(frozen=True, slots=True)
class Owner:
    """An organisation and the person who owns it, by their numbers in the database."""

    organisation: int
    name: str
    person: int


def owners(count: int) -> list[Owner]:
    """Write this many organisations; the first owner is `owner-1@organisations.example.org`."""
    numbers = range(1, count + 1)
    names = [f"{NAMES[number % len(NAMES)]} {number}" for number in numbers]
    groups = CorporateGroup.objects.bulk_create([CorporateGroup(name=name) for name in names])
    organisations = Organisation.objects.bulk_create(
        [
            Organisation(name=name, country="LA", corporate_group=group)
            for name, group in zip(names, groups, strict=True)
        ],
    )
    people = Person.objects.bulk_create(
        [
            Person(email=f"owner-{number}@organisations.example.org", name=f"Owner {number}", password="!")
            for number in numbers
        ],
    )
    since = today() - timedelta(days=1500)
    Member.objects.bulk_create(
        [
            Member(person=person, organisation=organisation, role=Membership.OWNER, starts=since)
            for person, organisation in zip(people, organisations, strict=True)
        ],
    )
    return [Owner(one.pk, one.name, person.pk) for one, person in zip(organisations, people, strict=True)]
