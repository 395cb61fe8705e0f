"""Walking a case through the door with the offices that exist, as the demonstration and tests do.

Each app says in `<app>/walk.py` how a case leaves a state, as `STEPS: dict[state, step]`. A step
makes its moves through `walk.do`, so a walk meets every rule that a person would.
"""

from collections.abc import Callable, Mapping
from functools import cache, cached_property
from importlib import import_module
from importlib.util import find_spec
from time import monotonic, sleep
from typing import Any

from django.apps import apps
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from aipbi.accounts.capacity import Capacity, held_by, today
from aipbi.accounts.enums import Role
from aipbi.accounts.models import Appointment, Member, Organisation, Person
from aipbi.workflow import jobs, registry
from aipbi.workflow.door import perform
from aipbi.workflow.errors import Refused
from aipbi.workflow.models import Job, JobState, Subject, TrailEntry

Step = Callable[["Walk"], None]

STEPS: dict[str, Step] = {}
WORK_SECONDS = 120


class Stopped(Exception):  # noqa: N818 - a stop with its reason, not a fault
    """The walk cannot go on; the message says why."""


def register_steps(steps: Mapping[str, Step]) -> None:
    """Make an app's steps known. Raises ValueError where two lead out of one state."""
    for state, step in steps.items():
        if STEPS.setdefault(state, step) is not step:
            raise ValueError(f"Two steps lead out of {state}")


@cache
def discover() -> None:
    """Register the steps of every installed app that has some."""
    for config in apps.get_app_configs():
        name = f"{config.name}.walk"
        if name != __name__ and find_spec(name):
            register_steps(getattr(import_module(name), "STEPS", {}))


def account(as_: Capacity) -> str:
    """Say who acts and as what, as a walk prints it."""
    return f"{as_.person.email} as {as_.label}" if as_.person else as_.label


class People:
    """Who holds which office today, each as the capacity they act in. Raises Stopped for an empty office."""

    def __init__(self) -> None:
        self._held: dict[str, list[Capacity]] = {}

    def as_(self, email: str) -> Capacity:
        """Return the first capacity of the person with this e-mail."""
        held = self._of(Person.objects.filter(email__iexact=email).first())
        if not held:
            raise Stopped(_("Nobody acts as %(email)s.") % {"email": email})
        return held[0]

    def office(self, role: Role, *, ams: str | None = None, body: str | None = None) -> Capacity:
        """Return who holds an office: of a Member State by its code, of a body by its acronym."""
        return self.holders(role, ams=ams, body=body)[0]

    def holders(self, role: Role, *, ams: str | None = None, body: str | None = None) -> list[Capacity]:
        """Return everyone who holds an office, principals first."""
        found = Appointment.objects.current(today()).filter(
            office__role=role, office__ams=ams, office__body__acronym=body
        )
        people = [appointment.person for appointment in found.select_related("person").order_by("alternate", "pk")]
        held = [capacity for person in people for capacity in self._of(person) if _is(capacity, role, ams, body)]
        if not held:
            place = ams or body
            raise Stopped(
                _("Nobody holds the office “%(office)s”.")
                % {"office": f"{role.label}, {place}" if place else role.label}
            )
        return held

    def seom(self, ams: str) -> Capacity:
        """Return the SEOM lead of a Member State."""
        return self.office(Role.SEOM_LEAD, ams=ams)

    def fg_gvc(self, ams: str) -> Capacity:
        """Return the FG-GVC member of a Member State."""
        return self.office(Role.FG_GVC, ams=ams)

    def asec(self) -> Capacity:
        """Return an officer of the Secretariat."""
        return self.office(Role.ASEC)

    def admin(self) -> Capacity:
        """Return an administrator."""
        return self.office(Role.ADMIN)

    def body(self, acronym: str) -> Capacity:
        """Return the contact of a sectoral body."""
        return self.office(Role.BODY_CONTACT, body=acronym)

    def expert(self, number: int = 1) -> Capacity:
        """Return the first, second … technical expert."""
        known = self.holders(Role.EXPERT)
        if number > len(known):
            raise Stopped(_("There are only %(n)d technical experts.") % {"n": len(known)})
        return known[number - 1]

    @cached_property
    def _chairs(self) -> list[Capacity]:
        members = (
            Appointment.objects.current(today())
            .filter(office__role=Role.FG_GVC)
            .select_related("person")
            .order_by("pk")
        )
        return [capacity for member in members for capacity in self._of(member.person) if capacity.is_chair]

    def chair(self) -> Capacity:
        """Return the FG-GVC member whose Member State chairs today."""
        if not self._chairs:
            raise Stopped(_("Nobody chairs the FG-GVC today."))
        return self._chairs[0]

    def proponent(self, organisation: Organisation | None = None) -> Capacity:
        """Return a colleague who writes for the organisation; for none given, the first of all who write."""
        members = Member.objects.current(today()).select_related("person").order_by("pk")
        if organisation:
            members = members.filter(organisation=organisation)
        for member in members:
            for capacity in self._of(member.person):
                if capacity.writes and capacity.organisation == (organisation or capacity.organisation):
                    return capacity
        raise Stopped(_("Nobody writes for an organisation."))

    def _of(self, person: Person | None) -> list[Capacity]:
        if person is None:
            return []
        if person.email not in self._held:
            self._held[person.email] = held_by(person)
        return self._held[person.email]


def _is(capacity: Capacity, role: Role, ams: str | None, body: str | None) -> bool:
    acronym = capacity.office.body.acronym if capacity.office and capacity.office.body else None
    return capacity.role == role and capacity.ams == ams and acronym == body


class Walk:
    """One case on its way. `say` is told of each move in a line."""

    def __init__(self, proposal: Subject, *, say: Callable[[str], object] = lambda _line: None) -> None:
        discover()
        self._model, self._pk = type(proposal), proposal.pk
        self._say = say
        self.people = People()
        self.until = ""

    @property
    def proposal(self) -> Any:
        """The proposal as it is in the database now."""
        return self._model._default_manager.get(pk=self._pk)

    def to(self, until: str) -> Any:
        """Walk until the case is in the state `until`; return the proposal. Raises Stopped."""
        self.until = until
        while (state := self.proposal.state) != until:
            step = STEPS.get(state)
            if step is None:
                raise Stopped(
                    _("The walk does not lead from “%(here)s” to “%(there)s”.") % {"here": state, "there": until}
                )
            step(self)
            if self.proposal.state == state:
                raise Stopped(_("The walk does not get out of “%(state)s”.") % {"state": state})
        return self.proposal

    def do(
        self,
        move: str,
        subject: Subject,
        as_: Capacity,
        /,
        *,
        files: Mapping[str, UploadedFile] | None = None,
        **data: Any,
    ) -> Any:
        """Make a move with the answers its form asks; return the subject as it is then. Raises Stopped with the door's reason."""
        found = registry.get(subject.kind, move)
        if found is None:
            raise Stopped(_("There is no move “%(move)s” on “%(kind)s”.") % {"move": move, "kind": subject.kind})
        who = account(as_)
        try:
            done = perform(found, subject, by=as_.person, as_=as_, data=data, files=files)
        except Refused as refusal:
            raise Stopped(f"{found.label} ({who}): {refusal.message}") from refusal
        self._say(f"{self.proposal.state:<20}{found.done} – {who}")
        return done.subject

    # --- short ways to the people ---
    def as_(self, email: str) -> Capacity:
        """Return the first capacity of the person with this e-mail."""
        return self.people.as_(email)

    def office(self, role: Role, *, ams: str | None = None, body: str | None = None) -> Capacity:
        """Return who holds an office."""
        return self.people.office(role, ams=ams, body=body)

    def work(self) -> None:
        """Do the case's queued jobs here, or wait for the worker that has them. Raises Stopped when one fails."""
        end, said = monotonic() + WORK_SECONDS, TrailEntry.objects.filter(case=self._pk).count()
        while open_now := list(Job.objects.filter(case=self._pk, state__in=[JobState.QUEUED, JobState.RUNNING])):
            for job in open_now:
                jobs.run(job.pk)
                job.refresh_from_db()
                if job.error:
                    raise Stopped(
                        _("The worker failed at “%(kind)s”: %(error)s") % {"kind": job.kind, "error": job.error}
                    )
                if job.state == JobState.RUNNING:
                    sleep(0.1)
            if monotonic() > end:
                raise Stopped(_("The worker does not finish “%(kind)s”.") % {"kind": open_now[0].kind})
        for entry in TrailEntry.objects.filter(case=self._pk, number__gt=said, role=Role.CLOCK).order_by("number"):
            move = registry.get(entry.subject_kind, entry.action)
            self._say(f"{self.proposal.state:<20}{move.done if move else entry.action} – {entry.capacity}")
