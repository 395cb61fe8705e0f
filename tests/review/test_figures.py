"""Figures of the report (R6): mean, spread, strong differences, majorities."""

import pytest

from review.assessments.figures import Figures, count, letter, line, thaw


@pytest.mark.parametrize(
    ("levels", "mean", "spread", "differs"),
    [
        ([3], "3.00", 0, False),
        ([1, 2], "1.50", 1, False),
        ([0, 1, 1], "0.67", 1, False),
        ([1, 3], "2.00", 2, True),
        ([0, 0, 4, 4], "2.00", 4, True),
    ],
)
def test_r6_mean_spread_and_difference_by_two_levels(levels, mean, spread, differs):
    one = line(1, "code", "Question?", levels)
    assert (one.mean, one.spread, one.differs) == (mean, spread, differs)


def test_r6_more_than_half_make_a_majority_and_the_minority_is_kept():
    one = count("Criterion 1", ["met", "partly", "met"])
    assert (one.majority, one.minority) == ("met", ("partly",))


@pytest.mark.parametrize(
    "given", [["met", "not_met"], ["met", "partly", "not_met"], ["met", "met", "partly", "not_met"]]
)
def test_r6_a_half_is_no_majority(given):
    assert count("Criterion 1", given).majority == ""


def test_r6_figures_survive_being_frozen():
    import json

    figures = Figures(
        ("A", "B"),
        (line(1, "c", "Q?", [1, 4]),),
        (count("1", ["met", "met"]),),
        count("all", ["eligible", "eligible"]),
        ("high", "low"),
    )
    assert thaw(json.loads(json.dumps(figures.frozen()))) == figures


def test_r4_experts_are_letters():
    assert [letter(place) for place in (0, 1, 25, 26, 27)] == ["A", "B", "Z", "AA", "AB"]
