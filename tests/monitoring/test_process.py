"""How the mechanism fares, reckoned by hand from cases with set dates (M7)."""

from datetime import UTC, datetime, timedelta

import pytest

from aipbi.accounts.enums import Role
from aipbi.accounts.models import Office
from aipbi.asean.models import CriteriaEdition, IndicatorEdition
from aipbi.workflow.models import Case, Obligation, TrailEntry
from aipbi.workflow.walk import People
from monitoring.portfolio import process
from monitoring.templatetags.figures import days
from proposals.enums import State
from proposals.models import Proposal
from tests.support import world

NOW = datetime(2026, 6, 30, 12, tzinfo=UTC)
DAY = timedelta(days=1)
# Of each case, how many days before now it came into each state.
CASES = [
    {"with_seom": 100, "registered": 90},
    {"with_seom": 80, "registered": 60},
    {"with_seom": 60, "registered": 20},
    {"with_seom": 45},
]
OWNER = "owner@mekong-hydropower.example.org"
NAMES = ["APBI-1", "APBI-2", "APBI-3", "APBI-4"]


@pytest.fixture
def cases(db, monkeypatch):
    world.offices()
    monkeypatch.setattr(process.timezone, "now", lambda: NOW)
    found, owner = [], People().as_(OWNER).organisation
    editions = {"criteria_edition": CriteriaEdition.objects.get(), "indicator_edition": IndicatorEdition.objects.get()}
    for name, states in zip(NAMES, CASES, strict=True):
        case = Case.objects.create(reference=name)
        Proposal.objects.create(case=case, organisation=owner, **editions)
        for number, (state, ago) in enumerate(states.items(), 1):
            TrailEntry.objects.create(
                case=case, number=number, at=NOW - ago * DAY, role=Role.ASEC, capacity="", action="moved",
                subject_kind="proposal", subject_pk=case.pk, target=state, digest=f"{case.pk}-{number}",
                previous=f"{case.pk}-{number - 1}" if number > 1 else "",
            )  # fmt: skip
        found.append(case)
    return found


def test_stages_tell_the_median_of_those_who_left_and_who_waits_longest(cases):
    """With the SEOM lead: 10, 20 and 40 days, one is in it since 45; registered: nobody left, three since 90 and less."""
    stages = {str(one.label): one for one in process.stages(People().as_(OWNER))}
    found = {label: (one.median, one.left, one.now, one.oldest) for label, one in stages.items()}
    assert sorted(found.values(), key=str) == sorted([(20.0, 3, 1, 45), (None, 0, 3, 90)], key=str)


def test_the_slowest_of_a_stage_are_named_with_those_still_in_it_to_who_may_open_them(cases):
    """With the SEOM lead: 10, 20, 40 and by now 45 days, of which three are named; registered since 90, 60 and 20.

    The proposals are drafts, which their owner alone opens.
    """
    slowest = {str(one.label): named(one) for one in process.stages(People().as_(OWNER))}
    assert slowest == {
        str(State.WITH_SEOM.label): [("APBI-4", 45, True), ("APBI-3", 40, False), ("APBI-2", 20, False)],
        str(State.REGISTERED.label): [("APBI-1", 90, True), ("APBI-2", 60, True), ("APBI-3", 20, True)],
    }
    # A case without a reference has no public name; one that the reader may not open is not named either.
    Case.objects.filter(pk=cases[3].pk).update(reference=None)
    later = {str(one.label): named(one) for one in process.stages(People().as_(OWNER))}
    assert later[str(State.WITH_SEOM.label)] == [("APBI-3", 40, False), ("APBI-2", 20, False), ("APBI-1", 10, False)]
    others = process.stages(People().asec())
    assert [named(one) for one in others] == [[], []]
    assert [one.left for one in others] == [3, 0], "the medians are of all cases, whoever reads them"
    assert [(one.now, one.oldest) for one in others] == [(0, None), (0, None)]


def named(stage):
    return [(slow.reference, slow.days, slow.open) for slow in stage.slowest]


def test_offices_tell_what_they_owe_what_is_overdue_and_how_long_answers_took(cases):
    """ASEC answered after 2, 4 and 12 days; it owes three, two of them overdue, the oldest for 30 days."""
    asec = Office.objects.get(role=Role.ASEC, ams=None)
    for case, opened, closed, due in zip(cases, (50, 40, 30, 9), (48, 36, None, None), (45, 30, 5, -5), strict=True):
        owed(case, asec, "a", opened=opened, closed=closed, due=due)
    owed(cases[0], asec, "b", opened=20, closed=8, due=0)
    owed(cases[1], asec, "b", opened=6, closed=None, due=1)
    mine = next(one for one in process.offices(People().as_(OWNER)) if one.label == asec.label)
    assert (mine.owes, mine.overdue, mine.oldest) == (3, 2, 30)
    assert (mine.answered, mine.median, mine.longest) == (3, 4.0, 12.0)
    # The proposals are drafts: what is owed on them is told to nobody else.
    assert process.offices(People().chair()) == []


def owed(case, office, kind, *, opened, closed, due):
    Obligation.objects.create(
        case=case, kind=kind, subject_kind="proposal", subject_pk=case.pk, office=office, opened_at=NOW - opened * DAY,
        due_at=NOW - due * DAY, closed_at=None if closed is None else NOW - closed * DAY,
    )  # fmt: skip


def test_bars_draw_what_is_said_and_below_one_day_it_is_tenths(monkeypatch, request):
    """Medians of a quarter and of half an hour are told as the same, and no bar makes them differ."""
    monkeypatch.setitem(globals(), "NAMES", NAMES[:1])
    monkeypatch.setitem(globals(), "CASES", [{"with_seom": 9, "registered": 8.99, "before_fg_gvc": 8.97}])
    request.getfixturevalue("cases")
    stages = process.stages(People().as_(OWNER))
    assert [(days(one.median), one.bar) for one in stages if one.left] == [("under 0.1", "")] * 2
    assert [days(value) for value in (0.3, 1.0, 12.5)] == ["0.3", "1", "12.5"]
