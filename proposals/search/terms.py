"""What the keys of the case search mean; words that a reader may not know of can't be asked for (R7, U5)."""

import calendar
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import partial, reduce
from operator import or_
from typing import Any

from django.contrib.postgres.search import SearchQuery
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.utils import timezone
from django.utils.timezone import make_aware
from django.utils.translation import gettext_lazy as _

from aipbi.accounts.capacity import Capacity
from aipbi.accounts.enums import Membership, Role
from aipbi.asean import names
from aipbi.documents.models import Scan, StoredFile
from aipbi.templatetags.portal import SOON_DAYS
from aipbi.workflow.models import Obligation
from aipbi.workflow.obligations import falls_to, known_to
from proposals.attachments import ATTACHMENT, RECEIVED, SUPPORT
from proposals.enums import ENDED, OPEN, State
from proposals.models import Participation, Profile, Proposal
from proposals.search.language import Fault, Term, Value, Why, read, values_of

_NONE = Q(pk__in=[])
_ENTERED = Q(state=State.DRAFT, unconfirmed=True)
_LONGEST_NUMBER = 6
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
            meant = KEYS[term.key].meaning(self, term) if term.key else _words(self, term)
            found &= ~meant if term.negated else meant
        return found

    def owed(self) -> QuerySet[Obligation]:
        """Return the open obligations on the proposal that the reader may know of."""
        return known_to(self.viewer, Obligation.objects.open().filter(case=OuterRef("pk")))


def _words(reading: Reading, term: Term) -> Q:
    """Title, reference, organisation hold it as typed; or the answers or a file, in any of its forms.

    Files are those of the proposal and of the talk about it before the decision; one that the reader
    may not open tells nothing, not even that it holds the words (P6, U5).
    """
    [value] = term.values
    asked = SearchQuery(value.text, config="english", search_type="phrase")
    named = Proposal.objects.filter(search_text__icontains=value.text).values("pk")
    said = Profile.objects.filter(answers=asked).values("pk")
    holding = StoredFile.objects.filter(scan__in=[Scan.CLEAN, Scan.UNSCANNED], text__words=asked)
    held = holding.visible_to(reading.viewer, SEARCHED).values("case_id")
    # Put into words here: Django would else copy all of it whenever the list is narrowed, ordered or counted.
    return Q(pk__in=RawSQL(*named.union(said, held).query.sql_with_params()))  # noqa: S611 - Django's own words


def _is(reading: Reading, term: Term) -> Q:
    owed, viewer, now = reading.owed(), reading.viewer, timezone.now()
    running = owed.filter(paused_at__isnull=True)
    flags: dict[str, Callable[[], Q]] = {
        "overdue": lambda: Q(Exists(running.filter(due_at__lt=now))),
        "soon": lambda: Q(Exists(running.filter(due_at__gte=now, due_at__lt=now + timedelta(days=SOON_DAYS + 1)))),
        "paused": lambda: Q(Exists(owed.filter(paused_at__isnull=False))),
        "mine": lambda: (
            Q(Exists(Obligation.objects.open().filter(falls_to(viewer), case=OuterRef("pk")))) | _own_draft(viewer)
        ),
        "open": lambda: Q(state__in=OPEN),
        "ended": lambda: Q(state__in=ENDED),
        "again": lambda: Q(follows__isnull=False),
        "entered": lambda: _ENTERED,
        "waiting": lambda: Q(Exists(owed)),
        **{word: partial(_at, state) for word, state in _states().items()},
    }
    return _any([flags[name]() for name in values_of(term, {name: name for name in flags}, reading.faults)])


def _at(state: State) -> Q:
    return Q(state=state)


def _states() -> dict[str, State]:
    """Return the states by their codes, with hyphens too."""
    return {spelt: state for state in State for spelt in (state.value, state.value.replace("_", "-"))}


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
    return Q(state__in=values_of(term, _states(), reading.faults))


def _ref(reading: Reading, term: Term) -> Q:
    """The whole reference, its end, or its number within any year."""
    found = []
    for value in term.values:
        *before, number = value.text.upper().split("/")
        if number.isdecimal() and len(number) <= _LONGEST_NUMBER:
            tail = "/".join([*before, f"{int(number):04d}"])
            found.append(Q(case__reference__endswith=f"/{tail}") | Q(case__reference=tail))
        else:
            reading.faults.append(Fault(Why.REFERENCE, value.text, value.at, term.key))
    return _any(found)


def _company(_reading: Reading, term: Term) -> Q:
    return _any([Q(organisation__name__icontains=value.text) for value in term.values])


def _ams(reading: Reading, term: Term) -> Q:
    named = Participation.objects.on_the_case().filter(proposal=OuterRef("pk"), ams__in=_member_states(reading, term))
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


def _waiting(reading: Reading, term: Term) -> Q:
    offices = _offices(reading.viewer)
    words = values_of(term, {name: name for name in offices}, reading.faults)
    waiting = Q(Exists(reading.owed().filter(_any([offices[name] for name in words]))))
    drafts = {"proponent": Q(state=State.DRAFT, unconfirmed=False), "asec": _ENTERED, "me": _own_draft(reading.viewer)}
    return waiting | _any([condition for name, condition in drafts.items() if name in words])


def _offices(viewer: Capacity) -> dict[str, Q]:
    """Return what can be waited for: any office of a role, the one of a Member State (`seom-th`), a body's, one's own."""
    found = WAITS_FOR | {"me": falls_to(viewer)}
    for word, role in (("seom", Role.SEOM_LEAD), ("fg-gvc", Role.FG_GVC)):
        found |= {
            f"{word}-{code.lower()}": Q(office__role=role, office__ams=code) for code in names.member_state_names()
        }
    return found | {
        acronym.casefold(): Q(office__role=Role.BODY_CONTACT, office__body__acronym=acronym)
        for acronym in names.body_acronyms()
    }


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
        _is,
        _(
            "overdue, soon (due within five days), paused, waiting (for anybody), mine (waits for my office), open, ended, again (handed in again), entered (by ASEC, not confirmed), or any state"
        ),
        "is:overdue",
    ),
    "ref": Key(_ref, _("the reference, or its number"), "ref:2026/0007"),
    "company": Key(_company, _("a part of the organisation’s name"), "company:hydro"),
    "state": Key(_state, _("where the case stands"), "state:before-fg-gvc"),
    "ams": Key(_ams, _("a Member State named in the proposal, by code or name"), "ams:TH,VN"),
    "from": Key(_from, _("the originating Member State"), "from:LA"),
    "sector": Key(_sector, _("the sector, by code or name"), "sector:ev"),
    "chain": Key(_chain, _("the value chain, by code or name"), "chain:wind"),
    "officer": Key(_officer, _("the case officer: me, none, or a part of the name"), "officer:me"),
    "waiting": Key(
        _waiting,
        _(
            "who the case waits for: me, proponent, asec, expert, seom or fg-gvc, of one Member State as in seom-th, body or its acronym"
        ),
        "waiting:seom-th",
    ),
    "before": Key(_before, _("handed in before a year, a month or a day"), "before:2026-03"),
    "after": Key(_after, _("handed in after a year, a month or a day"), "after:2026-03-14"),
}
# Who holds a case inside the Secretariat is its own matter; apps above add what only it may ask.
OF_ASEC = {"officer"}
# Purposes of the files in which words are looked for; apps above add theirs.
SEARCHED = {ATTACHMENT, SUPPORT, RECEIVED}


def keys_for(viewer: Capacity) -> list[str]:
    """Return the keys that mean something to this reader."""
    return [key for key in KEYS if viewer.role == Role.ASEC or key not in OF_ASEC]


def find(text: str, viewer: Capacity) -> tuple[Q, list[Fault]]:
    """Return what the query asks of a proposal, and its faults in order; with faults the condition means nothing."""
    terms, faults = read(text, keys_for(viewer))
    reading = Reading(viewer, faults)
    condition = reading.condition(terms)
    return condition, sorted(reading.faults, key=lambda fault: fault.at)
