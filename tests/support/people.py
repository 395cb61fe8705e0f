"""People of tests: one capacity per office or organisation, made when first asked for."""

from datetime import date, timedelta

from aipbi.accounts.capacity import Capacity, held_by, today
from aipbi.accounts.enums import Membership, Role
from aipbi.accounts.models import Appointment, CorporateGroup, Member, Office, Organisation, Person
from aipbi.asean.models import Body, ChairTerm


class People:
    """`people.seom("LA")`, `people.proponent()` … return a Capacity in force today."""

    def person(self, email: str, name: str = "") -> Person:
        found = Person.objects.filter(email=email).first()
        return found or Person.objects.create_user(email=email, name=name or email.split("@", maxsplit=1)[0])

    def office(self, role: Role, email: str, *, ams: str | None = None, body: int | None = None) -> Capacity:
        office = Office.objects.get_or_create(role=role, ams_id=ams, body_id=body)[0]
        person = self.person(email)
        if not Appointment.objects.current(today()).filter(person=person, office=office).exists():
            Appointment.objects.create(person=person, office=office, starts=self._long_ago)
        return next(held for held in held_by(person) if held.office == office)

    def proponent(
        self,
        name: str = "Mekong Hydropower Export Consortium",
        membership: Membership = Membership.OWNER,
        country: str = "LA",
    ) -> Capacity:
        organisation = Organisation.objects.filter(name=name).first() or Organisation.objects.create(
            name=name, country=country, corporate_group=CorporateGroup.objects.get_or_create(name=name)[0]
        )
        person = self.person(f"{membership}@{name.split(maxsplit=1)[0].lower()}.example.org")
        if not Member.objects.filter(person=person, organisation=organisation, ends=None).exists():
            Member.objects.create(person=person, organisation=organisation, role=membership, starts=self._long_ago)
        return next(held for held in held_by(person) if held.organisation == organisation)

    def seom(self, ams: str) -> Capacity:
        return self.office(Role.SEOM_LEAD, f"seom@{ams.lower()}.example.org", ams=ams)

    def fg_gvc(self, ams: str) -> Capacity:
        return self.office(Role.FG_GVC, f"fg-gvc@{ams.lower()}.example.org", ams=ams)

    def chair(self) -> Capacity:
        """The FG-GVC member whose Member State chairs today."""
        return self.fg_gvc(ChairTerm.objects.on(today()))

    def expert(self, number: int = 1) -> Capacity:
        return self.office(Role.EXPERT, f"expert-{number}@experts.example.org")

    def body(self, acronym: str) -> Capacity:
        body = Body.objects.get(acronym=acronym)
        return self.office(Role.BODY_CONTACT, f"{acronym.lower().replace(' ', '-')}@bodies.example.org", body=body.pk)

    def asec(self, number: int = 1) -> Capacity:
        return self.office(Role.ASEC, f"officer-{number}@asec.example.org")

    def admin(self) -> Capacity:
        return self.office(Role.ADMIN, "admin@asec.example.org")

    @property
    def _long_ago(self) -> date:
        return today() - timedelta(days=400)


def sign_in(client, capacity: Capacity):
    """Sign a Django test client in as the capacity, second factor passed; return the client."""
    from aipbi.accounts.middleware import DEMO_KEY, SESSION_KEY

    client.force_login(capacity.person)
    session = client.session
    session[SESSION_KEY] = capacity.key
    session[DEMO_KEY] = True
    session.save()
    return client
