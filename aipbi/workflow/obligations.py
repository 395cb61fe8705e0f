"""Opening, closing and pausing obligations (L5); `reminders` tells of them."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse

from aipbi.accounts.capacity import Capacity, today
from aipbi.accounts.enums import Role
from aipbi.accounts.models import Appointment
from aipbi.asean import clocks
from aipbi.workflow import following
from aipbi.workflow.models import Audience, Obligation, TrailEntry
from aipbi.workflow.models.obligation import FOR_PARTNERS, owned_by
from aipbi.workflow.models.trail import circle
from aipbi.workflow.moves import ALL, Move, Owes

Naming = Callable[[Collection[int]], Mapping[int, str]]
Counting = Callable[[int], str]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of obligation: its words on the desk, its clock, the move that answers it, and who may know of it."""

    label: Any
    clock: str = ""
    move: str = ""
    tab: str = ""
    part: str = ""
    page: str = ""
    audience: Audience = Audience.CASE
    named: Naming | None = None
    many: Counting | None = None
    helpers: bool = False
    second: bool = False


# They help with a proposal, and are not told what becomes of it (U5).
HELPERS = frozenset({Role.EXPERT, Role.PARTNER})
KINDS: dict[str, Kind] = {}


def register(
    code: str,
    label: Any,
    *,
    clock: str = "",
    move: str = "",
    tab: str = "",
    part: str = "",
    page: str = "",
    audience: Audience = Audience.CASE,
    named: Naming | None = None,
    many: Counting | None = None,
    second: bool = False,
    partners: bool = False,
    helpers: bool = False,
) -> str:
    """Make a kind known, and return its code.

    `clock` is a code of `asean.Clock`; `move` is where the desk's link leads, else the page named `page` of the subject, else the case's tab `tab`, at the heading `part`; `audience` is the circle that may know that it is owed;
    `named` says for subjects, by primary key, what exactly is owed, for the desk of whoever owes it;
    `many` says how many of them are owed: what a party owes of the kind on one case is then one line of a desk, as it is answered on one page;
    `second` says that whoever opens it by a move does not answer it while the office that owes it has somebody else (U2);
    `partners` lets those who write on the case for a partner company answer it too;
    `helpers` lets experts and partners know that others owe it, which tells nothing of how the case went.
    """
    if partners:
        FOR_PARTNERS.add(code)
    KINDS[code] = Kind(
        label, clock=clock, move=move, tab=tab, part=part, page=page,
        audience=audience, named=named, many=many, second=second, helpers=helpers,
    )  # fmt: skip
    return code


def known_to(viewer: Capacity, found: Any) -> Any:
    """Keep of the obligations `found` what a reader of the case may know of: by circle, and their own (U5)."""
    told, helps = circle(viewer.role), viewer.role in HELPERS
    open_kinds = [code for code, kind in KINDS.items() if kind.audience in told and (kind.helpers or not helps)]
    return found.filter(Q(kind__in=open_kinds) | owned_by(viewer))


def others() -> Exists:
    """Return whether the office has somebody else today than whoever began what it owes."""
    there = Appointment.objects.current(today()).filter(office=OuterRef("office"))
    return Exists(there.exclude(person=OuterRef("begun_by")))


def falls_to(viewer: Capacity) -> Q:
    """Return the condition that this capacity itself can answer an obligation."""
    return owned_by(viewer) & ~(Q(begun_by=viewer.person) & Q(others()))


def settle(act: Move, entry: TrailEntry) -> None:
    """Close, pause, resume and open what the move says."""
    if act.closes:
        _bound(act, act.closes).update(closed_at=act.now, closed_by=entry)
    for settled in following.settles(act):
        found = Obligation.objects.open().filter(case_id=act.subject.case_pk, kind=settled.kind)
        found.filter(subject_kind=settled.on.kind, subject_pk=settled.on.pk).update(closed_at=act.now, closed_by=entry)
    if act.pauses:
        _bound(act, act.pauses).filter(paused_at__isnull=True).update(paused_at=act.now)
    if act.resumes:
        _resume(act)
    for owed in (*act.owes(), *following.owes(act)):
        open_one(owed, act)


def _bound(act: Move, kinds: Collection[str]) -> Any:
    """Return the open obligations meant: the case's for a proposal's move, else those of the subjects it names."""
    found = Obligation.objects.open().filter(case_id=act.subject.case_pk)
    if kinds != ALL:
        found = found.filter(kind__in=kinds)
    if act.subject.kind != "proposal":
        meant = [Q(subject_kind=subject.kind, subject_pk=subject.pk) for subject in (act.subject, *act.also())]
        found = found.filter(reduce(or_, meant))
    return found


def _resume(act: Move) -> None:
    for paused in _bound(act, act.resumes).filter(paused_at__isnull=False):
        if paused.due_at:
            paused.due_at = clocks.put_off(paused.due_at, paused.paused_at, act.now, paused.calendar)
        paused.paused_at = None
        paused.save(update_fields=["due_at", "paused_at"])


def open_one(owed: Owes, act: Move) -> Obligation:
    """Open an obligation, once: the same one still open is left as it is."""
    kind = KINDS[owed.kind]
    subject = owed.on or act.subject
    due = owed.due or (clocks.due(kind.clock, act.now, owed.party.calendar) if kind.clock else None)
    begun_by = act.as_.person if kind.second else None
    found, opened = Obligation.objects.get_or_create(
        case_id=act.subject.case_pk,
        kind=owed.kind,
        subject_kind=subject.kind,
        subject_pk=subject.pk,
        office=owed.party.office,
        organisation=owed.party.organisation,
        person=owed.party.person,
        closed_at=None,
        defaults={
            "opened_at": act.now, "due_at": due, "clock": kind.clock, "calendar": owed.party.calendar,
            "begun_by": begun_by,
        },
    )  # fmt: skip
    if not opened and found.begun_by_id != (begun_by.pk if begun_by else None):
        found.begun_by = begun_by
        found.save(update_fields=["begun_by"])
    return found


def link(owed: Obligation) -> str:
    """Return the path where the obligation is answered."""
    return address(owed.kind, owed.case.code, owed.subject_kind, owed.subject_pk)


def address(kind: str, code: str, subject_kind: str, subject_pk: int) -> str:
    """Return the path where an obligation of this kind, on a subject of the case named `code`, is answered."""
    known = KINDS.get(kind)
    base = f"/cases/{code}/"
    if known and known.move:
        return f"{base}{subject_kind}/{subject_pk}/{known.move}/"
    if known and known.page:
        return reverse(known.page, args=[subject_pk])
    if not known or not known.tab:
        return base
    return f"{base}{known.tab}/{'#' if known.part else ''}{known.part}"


def ordered(found: Any, *first: Any) -> Any:
    """Order a desk: what is due first on top, what has no date last (R7); within `first`, where given."""
    return found.order_by(*first, F("due_at").asc(nulls_last=True), "pk")
