"""Agreement (R6): r*wg(J) by its published definition, for two to five experts and at its ends; the picture beside it.

James, Demaree and Wolf (1984) give 2 as the variance of five levels by chance (4 for seven); Lindell, Brandt and Whitney (1999)
take the mean variance, let the measure fall below 0, and let it not rise with the number of items alone.
"""

from decimal import Decimal

import numpy as np
import pytest

from review.assessments import agreement
from review.assessments.chart import draw
from review.assessments.figures import Figures, count, line, thaw


@pytest.mark.parametrize(
    ("rows", "value", "words"),
    [
        # All the same, wherever on the scale: nothing to explain by chance.
        ([[3, 3]] * 9, "1.00", "very strong"),
        ([[0, 0, 0]] * 9, "1.00", "very strong"),
        # Two experts one level apart on each: variance 0.5 of 2.
        ([[2, 3]] * 9, "0.75", "strong"),
        # Neighbouring levels by three: variance 1 of 2.
        ([[1, 2, 3]], "0.50", "weak"),
        # Two levels apart is what chance gives.
        ([[1, 3]] * 9, "0.00", "hardly any"),
        # From end to end: variance 8 of 2.
        ([[0, 4]] * 9, "-3.00", "no agreement"),
        # All five levels once: variance 2.5.
        ([[0, 1, 2, 3, 4]], "-0.25", "no agreement"),
        # The number of parameters alone changes nothing, unlike r_wg(J).
        ([[2, 3]] * 90, "0.75", "strong"),
    ],
)
def test_r6_agreement_is_that_of_its_definition(rows, value, words):
    found = agreement.measure(rows)
    assert found.value == Decimal(value)
    assert words in str(found.words)


def test_r6_chance_is_the_variance_of_equally_likely_levels():
    assert agreement.AT_RANDOM == 2
    assert pytest.approx(float(agreement.AT_RANDOM)) == np.var(range(5))


@pytest.mark.parametrize("experts", [2, 3, 4, 5])
def test_r6_agreement_of_any_ratings_is_that_of_numpy(experts):
    ratings = np.random.default_rng(7 * experts).integers(0, 5, size=(9, experts))
    told = 1 - np.var(ratings, axis=1, ddof=1).mean() / 2
    assert float(agreement.measure(ratings.tolist()).value) == pytest.approx(told, abs=0.005)


@pytest.mark.parametrize("rows", [[], [[3]], [[3]] * 9])
def test_r6_one_expert_agrees_with_nobody(rows):
    found = agreement.measure(rows)
    assert found.value is None
    assert "nothing to compare" in str(found.words)


def figures(*rows, overall=("eligible", "eligible"), late=()):
    return Figures(
        ("A", "B"),
        tuple(line(n, "c", "Q?", row, late) for n, row in enumerate(rows, 1)),
        (count("1", ["met", "met"]),),
        count("all", list(overall)),
        ("high", "low"),
        ("Report by Member State.",),
    )


@pytest.mark.parametrize(
    ("found", "differ"),
    [
        (figures([3, 3], [2, 3]), False),
        (figures([3, 3], [1, 3]), True),
        (figures([3, 3], overall=("eligible", "not_eligible")), True),
        (figures([3, 3], overall=("eligible", "with_conditions")), False),
    ],
)
def test_r6_one_more_expert_is_suggested_for_two_levels_or_contrary_verdicts(found, differ):
    assert found.differs_strongly is differ


def test_r6_a_report_frozen_before_there_was_a_measure_is_still_read():
    kept = figures([1, 4], late=[1]).frozen()
    assert kept["agreement"] == {"measure": "r*wg", "value": "-1.25"}
    assert thaw(kept).lines[0].late == (1,)
    del kept["agreement"], kept["conditions"], kept["lines"][0]["late"]
    assert thaw(kept).conditions == ()


def test_r6_the_picture_puts_experts_of_one_level_together():
    chart = draw(figures([1, 3], [2, 2]).lines, ("A", "B"))
    apart, together = chart.rows
    assert [dot.letters for dot in apart.dots] == ["A", "B"]
    assert [dot.letters for dot in together.dots] == ["A B"]
    assert apart.start < apart.mean_x < apart.end
    assert together.start == together.end == together.mean_x
