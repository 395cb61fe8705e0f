"""What stands on a desk: what the capacity owes, in groups by date, and what it waits for on others (R7, L5)."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aipbi.accounts.capacity import Capacity, today
from aipbi.accounts.enums import Role
from aipbi.accounts.models import Appointment, Office
from aipbi.templatetags.portal import day_in_words
from aipbi.workflow import obligations, waiting
from aipbi.workflow.models import Obligation
from aipbi.workflow.models.obligation import owned_by
from proposals import urgent
from proposals.lines import OTHERS, OWN, Cells, Row, shown
from proposals.models import Proposal
from proposals.urgent import Of, Part

PAGE = 50
COUNTED = 100


@dataclass(frozen=True, slots=True)
class Light:
    """A group of the desk: its word, and the rule by which something stands there."""

    code: str
    label: Any
    rule: Any
    # How many lines the desk shows; the rest is one link away.
    few: int


LIGHTS = {
    light.code: light
    for light in (
        Light("overdue", gettext_lazy("Overdue"), gettext_lazy("the date has passed"), 12),
        Light("soon", gettext_lazy("Due soon"), gettext_lazy("today or within the next five days"), 12),
        Light("later", gettext_lazy("Later"), gettext_lazy("more than five days off, or without a date"), 8),
        Light(
            "paused", gettext_lazy("Paused"), gettext_lazy("the clock stands still until somebody else has acted"), 5
        ),
    )
}


@dataclass(slots=True)
class Group:
    """The lines under one light; `more` when there are others."""

    light: Light
    rows: list[Row]
    more: bool


_MORE = (
    "pk", "opened_at", "case__proposal__title", "case__proposal__organisation__name",
    "case__proposal__case_officer__name",
)  # fmt: skip


def read(viewer: Capacity, parts: Mapping[str, Part]) -> dict[str, list[Row]]:
    """Return the lines of each part, the most urgent first, without their cells; two queries for all parts.

    Which lines these are is asked by itself: among so many tables PostgreSQL no longer looks for the best order,
    and joins all of them for every open obligation. Title and organisation of a case come only for who may open
    it (U5); `opens` is asked as a value and not by EXISTS, for which it would first read every case that one
    may open.
    """
    of = urgent.chosen(parts, viewer)
    opens = Subquery(Proposal.objects.visible_to(viewer).filter(pk=OuterRef("case_id")).values("pk")[:1])
    found = Obligation.objects.filter(pk__in=set().union(*of.values()))
    rows = list(obligations.ordered(found).values(*waiting.READ, *_MORE, opens=opens))
    alike = {pk: many for lines in of.values() for pk, many in lines.items()}
    for row in rows:
        row["alike"] = alike[row["pk"]]
    by_key = {row["pk"]: row for row in waiting.dressed(rows)}
    # One that was closed between the two is not owed any more.
    return {name: [row for pk, row in by_key.items() if pk in mine] for name, mine in of.items()}


def lights(found: QuerySet[Obligation], viewer: Capacity, of: Of) -> dict[str, Part]:
    """Return the parts of a desk: for each light a few lines, and one more, which tells that there are others."""
    return {code: _under(found, viewer, of, code, range(light.few + 1)) for code, light in LIGHTS.items()}


def groups(rows: Mapping[str, list[Row]], cells: Cells = OWN) -> list[Group]:
    """Return the lines that were read by light, empty groups left out."""
    waiting.named([row for code in LIGHTS for row in rows[code]])
    return [_group(LIGHTS[code], rows[code], LIGHTS[code].few, cells) for code in LIGHTS if rows[code]]


def group(
    found: QuerySet[Obligation], viewer: Capacity, of: Of, code: str, page: int, *, cells: Cells = OWN
) -> Group | None:
    """Return a page of the lines under one light, or nothing where there are none."""
    start = (page - 1) * PAGE
    rows = read(viewer, {code: _under(found, viewer, of, code, range(start, start + PAGE + 1))})[code]
    waiting.named(rows)
    return _group(LIGHTS[code], rows, PAGE, cells) if rows else None


def _under(found: QuerySet[Obligation], viewer: Capacity, of: Of, code: str, lines: range) -> Part:
    # Only Member States owe what is answered many on one page.
    return Part(found, lines.start, lines.stop, code, once=bool(viewer.ams), of=of)


def _group(light: Light, rows: list[Row], most: int, cells: Cells) -> Group:
    return Group(light, shown(rows[:most], cells), more=len(rows) > most)


def together(lines: list[Row], mine: set[tuple[int, str]], viewer: Capacity, most: int) -> list[Row]:
    """Put lines of one case and kind together, in the order in which they come, and say in the first who owes it.

    All who owe the same are one line, each Member State once; `most` lines and one more. What the viewer owes too (`mine`, by case and kind) is not awaited from the other office of the same
    Member State: either may answer.
    """
    taken: dict[tuple[int, str, int], list[Row]] = {}
    for line in lines:
        what = (line["case_id"], line["kind"])
        if viewer.ams and line["office__ams_id"] == viewer.ams and what in mine:
            continue
        taken.setdefault((*what, line["alike"]), []).append(line)
    return [same[0] | {"who": _names(same)} for same in islice(taken.values(), most + 1)]


def _names(lines: list[Row]) -> str:
    """Say who owes it: a Member State by its name where both its offices do, else by the office; with the day, if it is another.

    Each has the holidays of its own country.
    """
    offices = {(line["office__ams__name"], line["office__role"]) for line in lines}
    both = {state for state, count in Counter(state for state, _role in offices).items() if state and count > 1}
    told: dict[str, date | None] = {}
    for line in lines:
        name = line["office__ams__name"] if line["office__ams__name"] in both else line["who"]
        told.setdefault(name, line["due_at"] and localtime(line["due_at"]).date())
    first = next(iter(told.values()))
    names = [f"{name} ({day_in_words(day)})" if day and day != first else name for name, day in told.items()]
    return ("; " if any(", " in name for name in names) else ", ").join(names)


def rows(found: QuerySet[Obligation], viewer: Capacity, most: int, start: int = 0) -> list[Row]:
    """Return the most urgent lines of what others owe, from place `start` (counted from 0); two queries."""
    return shown(read(viewer, {"": Part(found, start, start + most)})[""], OTHERS)


# --- whose desk ---
def owed(viewer: Capacity) -> QuerySet[Obligation]:
    """Return what falls to the capacity's office, organisation or person."""
    return Obligation.objects.owed_by(viewer).open()


def held(viewer: Capacity) -> QuerySet[Obligation]:
    """Return what the Secretariat owes on the cases that this officer looks after, or that the officer of a case began.

    What an officer began and somebody else must finish stands on the desks of the others (U2).
    """
    officer = "case__proposal__case_officer"
    return owed(viewer).filter(Q(**{officer: viewer.person}) | Q(begun_by=F(officer)))


def held_by_nobody(viewer: Capacity) -> QuerySet[Obligation]:
    """Return what the Secretariat owes where no officer, or none of today's, looks after the case."""
    now = Appointment.objects.current(today()).filter(office=viewer.office).values("person")
    return owed(viewer).exclude(case__proposal__case_officer__in=now)


def awaited(viewer: Capacity) -> QuerySet[Obligation]:
    """Return what others owe on the capacity's cases and it may know of; for ASEC on those the officer looks after.

    What the reader began is left in it: whether somebody else of the office must finish it is asked with the lines.
    """
    mine = Proposal.objects.visible_to(viewer)
    if viewer.role == Role.ASEC:
        mine = mine.filter(case_officer=viewer.person)
    known = obligations.known_to(viewer, Obligation.objects.open())
    return known.filter(case__proposal__in=mine).exclude(owned_by(viewer) & ~Q(begun_by=viewer.person))


# --- overdue elsewhere ---
def elsewhere(viewer: Capacity) -> QuerySet[Obligation]:
    """Return what is overdue at others on cases that ASEC may open: of what is with a SEOM lead it knows the number alone."""
    late = Obligation.objects.visible_to(viewer).open().exclude(office=viewer.office)
    late = late.filter(due_at__lt=timezone.now(), paused_at__isnull=True)
    return late.filter(case__proposal__in=Proposal.objects.visible_to(viewer))


def at(found: QuerySet[Obligation], place: str) -> QuerySet[Obligation]:
    """Keep what is owed by the place: an office by its number, `proponents` or `experts`."""
    if place == "proponents":
        return found.filter(organisation__isnull=False)
    if place == "experts":
        return found.filter(person__isnull=False)
    return found.filter(office=int(place)) if place.isdecimal() and len(place) < 10 else found.none()  # noqa: PLR2004 - a number of the database


def by_office(viewer: Capacity) -> list[dict[str, Any]]:
    """Return who is overdue: the place, its name, how many (a hundred at most) and the oldest; the longest overdue first."""
    late = elsewhere(viewer)
    first = late.filter(office=OuterRef("pk")).order_by("due_at").values("due_at")[:COUNTED]
    offices = Office.objects.exclude(role=Role.ASEC).select_related("ams", "body")
    found = [(str(one.pk), one.label, one.late) for one in offices.annotate(late=ArraySubquery(first))]
    for place, name in (("proponents", _("Proponents")), ("experts", _("Technical experts"))):
        dates = list(at(late, place).order_by("due_at").values_list("due_at", flat=True)[:COUNTED])
        found.append((place, str(name), dates))
    shown = [
        {"place": place, "name": name, "n": len(dates), "many": len(dates) == COUNTED, "oldest": dates[0]}
        for place, name, dates in found
        if dates
    ]
    return sorted(shown, key=lambda row: row["oldest"])
