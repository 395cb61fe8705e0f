"""The offices of the demonstration: who they are, and how they come into the database.

They are offices at addresses that no mail server serves. They have no password; the demonstration's
own sign-in is their only door, and it exists in the demonstration alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils.translation import gettext as _

from aipbi.accounts import zones
from aipbi.accounts.days import today
from aipbi.accounts.enums import Membership, OrganisationKind, Role
from aipbi.accounts.models import Appointment, CorporateGroup, Member, Office, Organisation, Person
from aipbi.asean.models import Body, ChairTerm, MemberState

SINCE = date(2026, 1, 5)


@dataclass(frozen=True)
class DemoOrganisation:
    """The lead organisation of one of the demonstration's cases."""

    name: str
    country: str
    corporate_group: str
    kind: OrganisationKind


@dataclass(frozen=True)
class DemoPerson:
    """One button on the sign-in page; `short` tells it from the others of its role."""

    email: str
    name: str
    short: str
    role: Role
    ams: str | None = None
    body: str | None = None
    organisation: DemoOrganisation | None = None
    membership: Membership | None = None
    zone: str = "Asia/Jakarta"


MEKONG = DemoOrganisation(
    "Mekong Hydropower Export Consortium", "LA", "Mekong Hydropower Export", OrganisationKind.PUBLIC
)
NUSANTARA = DemoOrganisation("Nusantara Battery Materials", "ID", "Nusantara Materials", OrganisationKind.PRIVATE)
PENANG = DemoOrganisation("Penang Advanced Packaging", "MY", "Penang Packaging", OrganisationKind.PRIVATE)

# Lao PDR first: its SEOM lead opens the first case that a newcomer walks.
STATES = {
    "LA": "Lao PDR",
    "BN": "Brunei Darussalam",
    "KH": "Cambodia",
    "ID": "Indonesia",
    "MY": "Malaysia",
    "MM": "Myanmar",
    "PH": "Philippines",
    "SG": "Singapore",
    "TH": "Thailand",
    "TL": "Timor-Leste",
    "VN": "Viet Nam",
}
BODIES = ("AMEM", "AIF", "Customs DGs", "ACCSQ", "CCS", "AQRF Committee")
EXPERTS = {
    1: ("power systems", "Asia/Manila"),
    2: ("materials and metals", "Asia/Brunei"),
    3: ("trade and logistics", "Asia/Phnom_Penh"),
    4: ("finance", "Asia/Singapore"),
    5: ("climate and inclusion", "Asia/Bangkok"),
    6: ("skills and labour", "Asia/Ho_Chi_Minh"),
}


def _proponent(organisation: DemoOrganisation, domain: str, membership: Membership) -> DemoPerson:
    return DemoPerson(
        email=f"{membership.value}@{domain}.example.org",
        name=f"{membership.label} at {organisation.name}",
        short=f"{organisation.name}: {membership.label.lower()}",
        role=Role.PROPONENT,
        organisation=organisation,
        membership=membership,
    )


def _people() -> Iterator[DemoPerson]:
    yield _proponent(MEKONG, "mekong-hydropower", Membership.OWNER)
    yield _proponent(MEKONG, "mekong-hydropower", Membership.EDITOR)
    yield _proponent(MEKONG, "mekong-hydropower", Membership.VIEWER)
    yield _proponent(NUSANTARA, "nusantara-battery", Membership.OWNER)
    yield _proponent(PENANG, "penang-packaging", Membership.OWNER)
    for code, state in STATES.items():
        yield DemoPerson(
            f"seom@{code.lower()}.example.org", f"SEOM lead’s office, {state}", state, Role.SEOM_LEAD, ams=code
        )
    for number in (1, 2):
        yield DemoPerson(
            f"officer-{number}@asec.example.org", f"ASEC officer, desk {number}", f"Officer, desk {number}", Role.ASEC
        )
    yield DemoPerson(
        "admin@asec.example.org", "ASEC administrator’s office", "Administrator of accounts and settings", Role.ADMIN
    )
    for number, (field, zone) in EXPERTS.items():
        yield DemoPerson(
            f"expert-{number}@experts.example.org",
            f"Technical expert {number} ({field})",
            f"Expert {number}: {field}",
            Role.EXPERT,
            zone=zone,
        )
    for code, state in STATES.items():
        yield DemoPerson(
            f"fg-gvc@{code.lower()}.example.org", f"FG-GVC member’s office, {state}", state, Role.FG_GVC, ams=code
        )
    for acronym in BODIES:
        address = acronym.lower().replace(" ", "-")
        yield DemoPerson(
            f"{address}@bodies.example.org", f"Contact of {acronym}", acronym, Role.BODY_CONTACT, body=acronym
        )


DEMO_PEOPLE: tuple[DemoPerson, ...] = tuple(_people())
EMAILS = frozenset(person.email for person in DEMO_PEOPLE)


@transaction.atomic
def load_people() -> int:
    """Make what is missing of the demo offices and their people; return how many people were made."""
    made = 0
    for entry in DEMO_PEOPLE:
        person, new = _person(entry)
        made += new
        if entry.organisation:
            _join(person, entry)
        else:
            _hold(person, entry)
    return made


def _person(entry: DemoPerson) -> tuple[Person, bool]:
    person = Person.objects.filter(email=entry.email).first()
    new = person is None
    if person is None:
        country = entry.ams or (entry.organisation.country if entry.organisation else "")
        zone = zones.of_ams(country) if country else entry.zone
        person = Person.objects.create_user(email=entry.email, name=entry.name, time_zone=zone)
    EmailAddress.objects.get_or_create(user=person, email=entry.email, defaults={"verified": True, "primary": True})
    return person, new


def _join(person: Person, entry: DemoPerson) -> None:
    about, role = entry.organisation, entry.membership
    assert about  # noqa: S101 - told apart by the caller
    assert role  # noqa: S101 - as above
    group = CorporateGroup.objects.get_or_create(name=about.corporate_group)[0]
    organisation = Organisation.objects.filter(name=about.name).first() or Organisation.objects.create(
        name=about.name, country=about.country, corporate_group=group, kind=about.kind
    )
    if not person.memberships.filter(organisation=organisation).exists():
        Member.objects.create(person=person, organisation=organisation, role=role, starts=SINCE)


def _hold(person: Person, entry: DemoPerson) -> None:
    body = Body.objects.get(acronym=entry.body) if entry.body else None
    office = Office.objects.get_or_create(role=entry.role, ams_id=entry.ams, body=body)[0]
    if not person.appointments.filter(office=office).exists():
        since = max(SINCE, MemberState.objects.get(pk=entry.ams).acceded_on) if entry.ams else SINCE
        Appointment.objects.create(person=person, office=office, starts=since)


GROUPS = {
    Role.PROPONENT: "Proponents",
    Role.SEOM_LEAD: "SEOM leads",
    Role.ASEC: "ASEAN Secretariat",
    Role.EXPERT: "Technical experts",
    Role.FG_GVC: "FG-GVC members",
    Role.BODY_CONTACT: "Sectoral body contacts",
}


def buttons() -> list[dict[str, object]]:
    """Return the groups of the sign-in page in the order in which a case meets them; two queries."""
    there = set(Person.objects.filter(email__in=EMAILS, is_active=True).values_list("email", flat=True))
    chair = ChairTerm.objects.on(today())
    groups: dict[Role, list[dict[str, str]]] = {role: [] for role in GROUPS}
    for person in DEMO_PEOPLE:
        if person.email in there:
            role = Role.ASEC if person.role == Role.ADMIN else person.role
            groups[role].append({"email": person.email, "prefix": _prefix(person), "short": _short(person, chair)})
    return [{"label": GROUPS[role], "people": people} for role, people in groups.items() if people]


def _prefix(person: DemoPerson) -> str:
    """What the button says to those who don't see the heading above it."""
    return {
        Role.SEOM_LEAD: "SEOM lead’s office,",
        Role.FG_GVC: "FG-GVC member’s office,",
        Role.BODY_CONTACT: "Contact of",
    }.get(person.role, "")


def _short(person: DemoPerson, chair: str | None) -> str:
    if person.role == Role.FG_GVC and person.ams == chair:
        return _("%(state)s (chair)") % {"state": person.short}
    return person.short
