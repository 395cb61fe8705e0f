"""As what a person acts: one office, one organisation, or one proposal of somebody else's, on one day.

Everything that reads takes a capacity as `viewer`, everything that acts takes one as `as_`,
so that somebody with two offices sees and does only what the office in use allows (U5).
"""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from aipbi.accounts.days import today
from aipbi.accounts.enums import INSTITUTIONAL, PROPOSING, Membership, Role
from aipbi.accounts.models import Office, Organisation, Person, Team
from aipbi.asean.models import Body, ChairTerm, MemberState

__all__ = ["Capacity", "held_by", "in_force", "today"]


@dataclass(frozen=True, slots=True)
class Capacity:
    """A person and the office or organisation they act for; for a partner the team, and never an organisation."""

    role: Role
    person: Person | None = None
    office: Office | None = None
    organisation: Organisation | None = None
    membership: Membership | None = None
    team: Team | None = None
    company: str = ""
    is_chair: bool = False

    @classmethod
    def clock(cls) -> "Capacity":
        """The portal itself, when a date passes or its worker finishes."""
        return cls(role=Role.CLOCK)

    @property
    def key(self) -> str:
        """Name this capacity in the session and in forms."""
        if self.office:
            return f"office-{self.office.pk}"
        if self.team:
            return f"team-{self.team.pk}"
        return f"organisation-{self.organisation.pk}" if self.organisation else self.role.value

    @property
    def label(self) -> str:
        """The capacity in words, as the header and the trail show it."""
        if self.office:
            label = self.office.label
            return _("%(office)s (chair)") % {"office": label} if self.is_chair else label
        if self.team:
            return _("%(company)s, partner on case %(code)s") % {"company": self.company, "code": self.team.code}
        return self.organisation.name if self.organisation else str(self.role.label)

    @property
    def ams(self) -> str | None:
        """Code of the Member State the office speaks for."""
        return self.office.ams_id if self.office else None

    @property
    def body_id(self) -> int | None:
        """Primary key of the sectoral body the office speaks for."""
        return self.office.body_id if self.office else None

    @property
    def institutional(self) -> bool:
        """Whether a second factor is asked (U3)."""
        return self.role in INSTITUTIONAL

    @property
    def writes(self) -> bool:
        """Whether a colleague may change what the organisation files (U4)."""
        return self.role == Role.PROPONENT and self.membership in (Membership.OWNER, Membership.EDITOR)

    @property
    def proposes(self) -> bool:
        """Whether it stands on the side of those who ask, and so reads what proponents read in their words."""
        return self.role in PROPOSING

    @property
    def host(self) -> Organisation | None:
        """The organisation on whose proposals it works: its own, or the one that invited the partner."""
        return self.team.organisation if self.team else self.organisation


def held_by(person: Person) -> list[Capacity]:
    """Return every capacity the person holds today, offices first; two or three queries.

    Every request asks this, and every move again. It is written as SQL because to Django's
    query builder it would cost more than all else that a small page does.
    """
    return [*_offices(person), *_organisations(person)]


def _offices(person: Person) -> list[Capacity]:
    day = today()
    offices = list(Office.objects.raw(_OFFICES, {"person": person.pk, "day": day}))
    chair = ChairTerm.objects.on(day) if any(office.role == Role.FG_GVC for office in offices) else None
    return [_of_office(person, office, chair) for office in offices]


def _organisations(person: Person) -> list[Capacity]:
    found = Organisation.objects.raw(_ORGANISATIONS, {"person": person.pk, "day": today()})
    return [_of_organisation(person, one) for one in found]


# As `current` of Appointment and of Member says it: an appointment that ends today has ended.
_TODAY = "held.person_id = %(person)s AND held.starts <= %(day)s AND (held.ends IS NULL OR held.ends > %(day)s)"
_OFFICES = f"""
    SELECT office.id, office.role, office.ams_id, office.body_id, ams.name AS ams_name, body.acronym AS body_acronym
    FROM accounts_appointment held
    JOIN accounts_office office ON office.id = held.office_id
    LEFT JOIN asean_memberstate ams ON ams.code = office.ams_id
    LEFT JOIN asean_body body ON body.id = office.body_id
    WHERE {_TODAY} ORDER BY held.id"""  # noqa: S608 - our own words
_ORGANISATIONS = f"""
    SELECT organisation.*, held.role AS membership, NULL AS team_id, '' AS code, '' AS company, held.id AS place
    FROM accounts_member held
    JOIN accounts_organisation organisation ON organisation.id = held.organisation_id
    WHERE {_TODAY}
    UNION ALL
    SELECT organisation.*, held.role, team.id, team.code, held.company, held.id
    FROM accounts_partner held
    JOIN accounts_team team ON team.id = held.team_id
    JOIN accounts_organisation organisation ON organisation.id = team.organisation_id
    WHERE {_TODAY} ORDER BY team_id NULLS FIRST, place"""  # noqa: S608 - as above


def _of_office(person: Person, office: Any, chair: str | None) -> Capacity:
    """Build the capacity; what the office's label needs was read with it."""
    if office.ams_id:
        office.ams = MemberState.from_db(None, ["code", "name"], [office.ams_id, office.ams_name])
    if office.body_id:
        office.body = Body.from_db(None, ["id", "acronym"], [office.body_id, office.body_acronym])
    chairs = office.role == Role.FG_GVC and office.ams_id == chair
    return Capacity(Role(office.role), person, office, is_chair=chairs)


def _of_organisation(person: Person, one: Any) -> Capacity:
    """Build a colleague's capacity, or a partner's: the organisation that invited it is its team's, not its own."""
    if one.team_id is None:
        return Capacity(Role.PROPONENT, person, organisation=one, membership=Membership(one.membership))
    team = Team.from_db(None, ["id", "organisation_id", "code"], [one.team_id, one.pk, one.code])
    team.organisation = one
    return Capacity(Role.PARTNER, person, membership=Membership(one.membership), team=team, company=one.company)


def in_force(capacity: Capacity) -> bool:
    """Ask the database whether the capacity still holds; the door asks this inside its lock (U2)."""
    if capacity.role == Role.CLOCK:
        return True
    if capacity.person is None:
        return False
    return capacity in (_offices if capacity.office else _organisations)(capacity.person)
