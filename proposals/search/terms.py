"""What the keys of the case search mean; words that a reader may not know of can't be asked for (R7, U5)."""

import calendar
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import reduce
from operator import or_
from typing import Any

from django.contrib.postgres.search import SearchQuery
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.timezone import make_aware
from django.utils.translation import gettext_lazy as _

from aipbi.accounts.capacity import Capacity
from aipbi.accounts.enums import Membership, Role
from aipbi.asean import names
from aipbi.workflow.models import Obligation
from aipbi.workflow.models.obligation import owned_by
from aipbi.workflow.obligations import known_to
from proposals.enums import ENDED, OPEN, State
from proposals.models import Participation, Profile, Proposal
from proposals.search.language import Fault, Term, Value, Why, read, values_of

_NONE = Q(pk__in=[])
_ENTERED = Q(state=State.DRAFT, unconfirmed=True)
_DATE = re.compile(r"(?P<year>2\d{3})(?:-(?P<month>\d{1,2})(?:-(?P<day>\d{1,2}))?)?")


@dataclass(slots=True)
class Reading:
    """A query while it is read: for whom, and what was wrong so far."""

    viewer: Capacity
    faults: list[Fault] = field(default_factory=list)

    def condition(self, terms: list[Term]) -> Q:
        """Return what all terms ask of a proposal."""
        found = Q()
        for term in terms:
            meant = KEYS[term.key].meaning(self, term) if term.key else _words(term)
            found &= ~meant if term.negated else meant
        return found

    def owed(self) -> QuerySet[Obligation]:
        """Return the open obligations on the proposal that the reader may know of."""
        return known_to(self.viewer, Obligation.objects.open().filter(case=OuterRef("pk")))


def _words(term: Term) -> Q:
    """Title, reference, organisation hold it as typed, or the answers in any of its forms."""
    [value] = term.values
    named = Proposal.objects.filter(search_text__icontains=value.text).values("pk")
    said = Profile.objects.filter(words=SearchQuery(value.text, config="english", search_type="phrase")).values("pk")
    return Q(pk__in=named.union(said))


def _is(reading: Reading, term: Term) -> Q:
    owed, viewer = reading.owed(), reading.viewer
    flags = {
        "overdue": Q(Exists(owed.filter(due_at__lt=timezone.now(), paused_at__isnull=True))),
        "paused": Q(Exists(owed.filter(paused_at__isnull=False))),
        "mine": Q(Exists(Obligation.objects.open().filter(owned_by(viewer), case=OuterRef("pk")))) | _own_draft(viewer),
        "open": Q(state__in=OPEN),
        "ended": Q(state__in=ENDED),
        "again": Q(follows__isnull=False),
    }
    return _any([flags[name] for name in values_of(term, {name: name for name in flags}, reading.faults)])


def _own_draft(viewer: Capacity) -> Q:
    """A draft has no obligation, and waits for its organisation and the partners who write it all the same.

    What ASEC enters waits for ASEC (P8).
    """
    if viewer.role == Role.ASEC:
        return _ENTERED
    if viewer.team:
        return Q(state=State.DRAFT, case__team=viewer.team) if viewer.membership == Membership.EDITOR else _NONE
    return Q(state=State.DRAFT, organisation=viewer.organisation) if viewer.organisation else _NONE


def _state(reading: Reading, term: Term) -> Q:
    known = {spelt: state for state in State for spelt in (state.value, state.value.replace("_", "-"))}
    return Q(state__in=values_of(term, known, reading.faults))


def _ams(reading: Reading, term: Term) -> Q:
    named = Participation.objects.filter(proposal=OuterRef("pk"), ams__in=_member_states(reading, term))
    return Q(Exists(named))


def _from(reading: Reading, term: Term) -> Q:
    return Q(originating_ams__in=_member_states(reading, term))


def _member_states(reading: Reading, term: Term) -> list[str]:
    return values_of(term, _by_code_and_name(names.member_state_names()), reading.faults)


def _sector(reading: Reading, term: Term) -> Q:
    return Q(sector__code__in=values_of(term, _by_code_and_name(names.sector_names()), reading.faults))


def _chain(reading: Reading, term: Term) -> Q:
    return Q(value_chain__code__in=values_of(term, _by_code_and_name(names.chain_names()), reading.faults))


def _officer(reading: Reading, term: Term) -> Q:
    person = reading.viewer.person
    meant = {"me": Q(case_officer=person), "none": Q(case_officer__isnull=True)}
    return _any([meant.get(v.text.casefold(), Q(case_officer__name__icontains=v.text)) for v in term.values])


WAITS_FOR = {
    "proponent": Q(organisation__isnull=False),
    "expert": Q(office__role=Role.EXPERT) | Q(person__isnull=False),
    "seom": Q(office__role=Role.SEOM_LEAD),
    "asec": Q(office__role=Role.ASEC),
    "fg-gvc": Q(office__role=Role.FG_GVC),
    "body": Q(office__role=Role.BODY_CONTACT),
}


def _waits(reading: Reading, term: Term) -> Q:
    parties = values_of(term, {name: name for name in WAITS_FOR}, reading.faults)
    waiting = Q(Exists(reading.owed().filter(_any([WAITS_FOR[name] for name in parties]))))
    drafts = {"proponent": Q(state=State.DRAFT, unconfirmed=False), "asec": _ENTERED}
    return waiting | _any([condition for name, condition in drafts.items() if name in parties])


def _before(reading: Reading, term: Term) -> Q:
    return _any([Q(submitted_at__lt=_starts(at[0])) for at in _days(reading, term)])


def _after(reading: Reading, term: Term) -> Q:
    return _any([Q(submitted_at__gt=_ends(at[1])) for at in _days(reading, term)])


def _days(reading: Reading, term: Term) -> list[tuple[date, date]]:
    found = []
    for value in term.values:
        if days := _first_and_last(value):
            found.append(days)
        else:
            reading.faults.append(Fault(Why.DATE, value.text, value.at, term.key))
    return found


def _first_and_last(value: Value) -> tuple[date, date] | None:
    """Return the first and the last day of a year, a month or a day, written 2026, 2026-03 or 2026-03-14."""
    if not (typed := _DATE.fullmatch(value.text)):
        return None
    year, month, day = (int(part) if part else 0 for part in typed.groups())
    try:
        last_month = month or 12
        last_day = day or calendar.monthrange(year, last_month)[1]
        return date(year, month or 1, day or 1), date(year, last_month, last_day)
    except (ValueError, calendar.IllegalMonthError):
        return None


def _starts(day: date) -> datetime:
    return make_aware(datetime.combine(day, time.min))


def _ends(day: date) -> datetime:
    return make_aware(datetime.combine(day, time.max))


def _by_code_and_name(known: dict[str, str]) -> dict[str, str]:
    """Return the codes by themselves, by their names, and by each word of a code that no other has: `ev`."""
    parts = Counter(part for code in known for part in code.split("_"))
    found = {part.casefold(): code for code in known for part in code.split("_") if parts[part] == 1}
    return found | {spelt.casefold(): code for code, name in known.items() for spelt in (code, str(name))}


def _any(conditions: list[Q]) -> Q:
    """Return what any of them asks; of none, which only happens beside a fault, nothing."""
    return reduce(or_, conditions, _NONE)


@dataclass(frozen=True, slots=True)
class Key:
    """What a key asks, with the words and the example of the help beside the search box."""

    meaning: Callable[[Reading, Term], Q]
    says: Any
    example: str


KEYS: dict[str, Key] = {
    "is": Key(
        _is, _("overdue, paused, mine (waits for my office), open, ended, or again (handed in again)"), "is:overdue"
    ),
    "state": Key(_state, _("where the case stands"), "state:before-fg-gvc"),
    "ams": Key(_ams, _("a Member State named in the proposal, by code or name"), "ams:TH,VN"),
    "from": Key(_from, _("the originating Member State"), "from:LA"),
    "sector": Key(_sector, _("the sector, by code or name"), "sector:ev"),
    "chain": Key(_chain, _("the value chain, by code or name"), "chain:wind"),
    "officer": Key(_officer, _("the case officer: me, none, or a part of the name"), "officer:me"),
    "waits": Key(_waits, _("who the case waits for: proponent, seom, asec, expert, fg-gvc or body"), "waits:seom"),
    "before": Key(_before, _("handed in before a year, a month or a day"), "before:2026-03"),
    "after": Key(_after, _("handed in after a year, a month or a day"), "after:2026-03-14"),
}
# Who holds a case inside the Secretariat is its own matter.
_OF_ASEC = frozenset({"officer"})


def keys_for(viewer: Capacity) -> list[str]:
    """Return the keys that mean something to this reader."""
    return [key for key in KEYS if viewer.role == Role.ASEC or key not in _OF_ASEC]


def find(text: str, viewer: Capacity) -> tuple[Q, list[Fault]]:
    """Return what the query asks of a proposal, and its faults in order; with faults the condition means nothing."""
    terms, faults = read(text, keys_for(viewer))
    reading = Reading(viewer, faults)
    condition = reading.condition(terms)
    return condition, sorted(reading.faults, key=lambda fault: fault.at)
