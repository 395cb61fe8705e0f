"""What holds of every small table: the audit's intervals are the true ones, and more protection never costs less."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitoring.disclosure import (
    Contribution,
    Contributions,
    Dimension,
    Indicator,
    Kind,
    Parameters,
    Table,
    protect,
    suppress,
)

STATES, SECTORS = ("A", "B"), ("I", "II")
DIMENSIONS = [
    Dimension("ams", dict.fromkeys(STATES)),
    Dimension("sector", dict.fromkeys(SECTORS)),
    Dimension("year", {}),
]
PLACES = [(("ams", state), ("sector", sector)) for state in STATES for sector in SECTORS]
TWO_WAY = Table(("ams", "sector"))
figures = st.lists(
    st.tuples(st.integers(0, 5), st.sampled_from(STATES), st.sampled_from(SECTORS), st.integers(1, 40)),
    min_size=1,
    max_size=14,
)


def contributions(drawn):
    return Contributions(
        Contribution(f"p{n}", f"g{group}", state, sector, "", "jobs", float(value))
        for n, (group, state, sector, value) in enumerate(drawn)
    )


def cells(values):
    """Every cell of the two-way table with its margins: which inner cells it adds up."""
    for state, sector in product((None, *STATES), (None, *SECTORS)):
        pairs = (("ams", state), ("sector", sector))
        coords = tuple((name, code) for name, code in pairs if code)
        yield coords, [number for number, place in enumerate(PLACES) if set(coords) <= set(place)]


@settings(max_examples=25, deadline=None)
@given(values=st.tuples(*[st.integers(0, 5)] * 4), sensitive=st.sets(st.sampled_from(PLACES), min_size=1, max_size=2))
def test_the_audits_intervals_are_those_that_trying_every_table_gives(values, sensitive):
    asked = dict.fromkeys(sensitive, (0.0, 1.0))
    hidden, intervals = suppress(dict(zip(PLACES, map(float, values), strict=True)), asked, DIMENSIONS, [TWO_WAY])
    all_cells = dict(cells(values))
    shown = [members for coords, members in all_cells.items() if coords not in hidden]
    worlds = (
        [
            world
            for world in product(range(21), repeat=4)
            if all(sum(world[n] for n in members) == sum(values[n] for n in members) for members in shown)
        ]
        if any(len(members) == 4 for members in shown)
        else []
    )
    for coords, (low, high) in intervals.items():
        sums = [sum(world[n] for n in all_cells[coords]) for world in worlds]
        if sums:
            assert (min(sums), max(sums)) == (pytest.approx(low, abs=1e-6), pytest.approx(high, abs=1e-6))
    for place in sensitive:
        assert intervals[place][1] >= values[PLACES.index(place)] + 1 - 1e-6


@settings(max_examples=12, deadline=None)
@given(drawn=figures, contributors=st.integers(1, 3), percent=st.sampled_from([1.0, 10.0]))
def test_more_protection_never_costs_less(drawn, contributors, percent):
    def hidden(rules):
        outcome = protect(contributions(drawn), [Indicator("jobs")], DIMENSIONS, tables=[TWO_WAY], rules=rules)
        assert all(proof.cheapest for proof in outcome.proofs)
        return outcome.kept.value_suppressed

    plain = hidden(Parameters(min_contributors=contributors, p_percent=percent))
    for more in (
        Parameters(min_contributors=contributors + 1, p_percent=percent),
        Parameters(min_contributors=contributors, p_percent=percent * 2),
        Parameters(min_contributors=contributors, p_percent=percent, pooled=True),
        Parameters(min_contributors=contributors, p_percent=percent, dominance_k=70.0),
    ):
        assert hidden(more) >= plain - 1e-5


@settings(max_examples=12, deadline=None)
@given(drawn=figures)
def test_whole_figures_are_off_by_one_at_least(drawn):
    jobs = Indicator("jobs", Kind.COUNT)
    outcome = protect(contributions(drawn), [jobs], DIMENSIONS, tables=[TWO_WAY], rules=Parameters(min_contributors=2))
    for cell in outcome.cells.values():
        if cell.reason in {"threshold", "p_percent", "count", "coalition"} and cell.interval:
            assert cell.interval[1] >= cell.value + 1 - 1e-6
            assert cell.interval[0] <= cell.value - 1 + 1e-6
    assert [proof.unanswered for proof in outcome.proofs] == [0]
