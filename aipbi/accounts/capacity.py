"""As what a person acts: one office, or one organisation, on one day.

Everything that reads takes a capacity as `viewer`, everything that acts takes one as `as_`,
so that somebody with two offices sees and does only what the office in use allows (U5).
"""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from aipbi.accounts.days import today
from aipbi.accounts.enums import INSTITUTIONAL, Membership, Role
from aipbi.accounts.models import Appointment, Member, Office, Organisation, Person
from aipbi.asean.models import ChairTerm

__all__ = ["Capacity", "held_by", "in_force", "today"]


@dataclass(frozen=True, slots=True)
class Capacity:
    """A person and the office or organisation they act for."""

    role: Role
    person: Person | None = None
    office: Office | None = None
    organisation: Organisation | None = None
    membership: Membership | None = None
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
        return f"organisation-{self.organisation.pk}" if self.organisation else self.role.value

    @property
    def label(self) -> str:
        """The capacity in words, as the header and the trail show it."""
        if self.office:
            label = self.office.label
            return _("%(office)s (chair)") % {"office": label} if self.is_chair else label
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


def held_by(person: Person) -> list[Capacity]:
    """Return every capacity the person holds today, offices first; two or three queries."""
    day = today()
    appointments = list(
        Appointment.objects.current(day)
        .filter(person=person)
        .select_related("office__ams", "office__body")
        .order_by("pk")
    )
    chair = ChairTerm.objects.on(day) if any(a.office.role == Role.FG_GVC for a in appointments) else None
    offices = [
        Capacity(
            role=Role(appointment.office.role),
            person=person,
            office=appointment.office,
            is_chair=appointment.office.role == Role.FG_GVC and appointment.office.ams_id == chair,
        )
        for appointment in appointments
    ]
    members = Member.objects.current(day).filter(person=person).select_related("organisation").order_by("pk")
    return offices + [
        Capacity(role=Role.PROPONENT, person=person, organisation=m.organisation, membership=Membership(m.role))
        for m in members
    ]


def in_force(capacity: Capacity) -> bool:
    """Ask the database whether the capacity still holds; the door asks this inside its lock (U2)."""
    if capacity.role == Role.CLOCK:
        return True
    return any(held == capacity for held in held_by(capacity.person)) if capacity.person else False
