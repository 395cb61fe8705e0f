"""A party: the office, organisation or person that owes something or is told something."""

from dataclasses import dataclass

from aipbi.accounts.capacity import today
from aipbi.accounts.enums import Membership, Role
from aipbi.accounts.models import Appointment, Member, Office, Organisation, Partner, Person


@dataclass(frozen=True, slots=True)
class Party:
    """Exactly one of the three is given; for a notice also an office with the one of its holders who is meant."""

    office: Office | None = None
    organisation: Organisation | None = None
    person: Person | None = None

    def people(self) -> list[Person]:
        """Return who is reached today: the office's holders, the organisation's owners and editors, the person."""
        if self.office:
            held = Appointment.objects.current(today()).filter(office=self.office).select_related("person")
            if self.person:
                held = held.filter(person=self.person)
            return [appointment.person for appointment in held]
        if self.organisation:
            members = Member.objects.current(today()).filter(
                organisation=self.organisation,
                role__in=[Membership.OWNER, Membership.EDITOR],
            )
            return [member.person for member in members.select_related("person")]
        return [self.person] if self.person else []

    @property
    def calendar(self) -> str:
        """Code of the Member State whose holidays count for this party; ASEC uses Indonesia's (L5)."""
        if self.office and self.office.ams_id:
            return self.office.ams_id
        if self.organisation and self.organisation.country in ASEAN:
            return self.organisation.country
        return "ID"


def partners(case_pk: int) -> list[Person]:
    """Return who writes on the case today for a partner company (U4)."""
    held = Partner.objects.current(today()).filter(team__case=case_pk, role=Membership.EDITOR)
    return [partner.person for partner in held.select_related("person")]


ASEAN = frozenset(["BN", "KH", "ID", "LA", "MY", "MM", "PH", "SG", "TH", "TL", "VN"])


def office(role: Role, *, ams: str | None = None, body: int | None = None) -> Party:
    """Return the office's party; the seat is made when it has never been used."""
    seat = Office.objects.select_related("ams", "body").get_or_create(role=role, ams_id=ams, body_id=body)[0]  # type: ignore[misc]
    return Party(office=seat)


def asec() -> Party:
    """Return the Secretariat's officers."""
    return office(Role.ASEC)


def officer(person: Person) -> Party:
    """Return one of the Secretariat's officers, to be told something as that."""
    return Party(office=asec().office, person=person)


def seom(ams: str) -> Party:
    """Return the SEOM lead of a Member State."""
    return office(Role.SEOM_LEAD, ams=ams)


def fg_gvc(ams: str) -> Party:
    """Return the FG-GVC member of a Member State."""
    return office(Role.FG_GVC, ams=ams)
