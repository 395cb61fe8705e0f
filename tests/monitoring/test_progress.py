"""Progress against targets: bars with a table beside each, from accepted figures alone (M4)."""

import re
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.template.loader import render_to_string
from django.urls import reverse

from aipbi.asean.models import Indicator, MemberState
from monitoring import progress
from monitoring.models import PlanLine, Report, ReportFigure
from monitoring.templatetags.figures import figure, percent
from tests.support.people import sign_in

SUM = Indicator(code="C1", name="GDP", unit="USD", aggregation="sum", by_ams=True, pk=1)
SHARE = Indicator(code="C1p", name="GDP share", unit="percent", aggregation="ratio_of_sums", by_ams=True, pk=2)
FIRMS = Indicator(code="E3", name="MSMEs", unit="firm", aggregation="count_distinct", by_ams=True, pk=3)
STATES = [MemberState(code="LA", name="Lao PDR"), MemberState(code="TH", name="Thailand")]


def lines(indicator, *targets, baseline=0):
    return [
        PlanLine(pk=place, indicator=indicator, ams=state, baseline=Decimal(baseline), target=Decimal(target))
        for place, (state, target) in enumerate(zip(STATES, targets, strict=True), start=1)
    ]


def answer(line, actual=None, *, accepted=True, number=1, parts=(None, None)):
    top, bottom = (None if part is None else Decimal(part) for part in parts)
    value = None if actual is None else Decimal(actual)
    return ReportFigure(
        report=Report(number=number), line=line, actual=value, numerator=top, denominator=bottom, accepted=accepted
    )


def test_m4_the_way_gone_is_counted_from_the_baseline():
    first, second = lines(SUM, 200, 100, baseline=100)
    [found] = progress.of([first], [answer(first, 150)])
    assert found.rows[0].percent == 50
    [found] = progress.of([second], [answer(second, 150)])
    assert found.rows[0].percent is None


def test_m4_the_latest_accepted_figure_counts_and_no_other():
    first, second = lines(SUM, 100, 100)
    figures = [
        answer(first, 10),
        answer(first, 30, number=2),
        answer(first, 90, number=3, accepted=None),
        answer(second, 1, accepted=False),
    ]
    [found] = progress.of([first, second], figures)
    assert [row.actual for row in found.rows] == [30, None]
    assert [row.percent for row in found.rows] == [30, None]


def test_m1_sums_add_up_only_where_every_member_state_has_a_figure():
    both = lines(SUM, 100, 300)
    [found] = progress.of(both, [answer(both[0], 10), answer(both[1], 90)])
    assert found.rows[-1].total
    assert (found.rows[-1].actual, found.rows[-1].target, found.rows[-1].percent) == (100, 400, 25)
    [found] = progress.of(both, [answer(both[0], 10)])
    assert not any(row.total for row in found.rows)


def test_m1_shares_add_up_as_sums_of_their_parts_never_as_averages():
    both = lines(SHARE, 50, 50)
    [found] = progress.of(
        both,
        [
            answer(both[0], parts=(1, 100)),
            answer(both[1], parts=(30, 100)),
        ],
    )
    assert found.rows[-1].actual == Decimal("15.5")
    [found] = progress.of(both, [answer(both[0], parts=(1, 900)), answer(both[1], parts=(30, 100))])
    assert found.rows[-1].actual == Decimal("3.1")


def test_m1_what_counts_distinct_things_is_not_summed_over_member_states():
    both = lines(FIRMS, 10, 10)
    [found] = progress.of(both, [answer(both[0], 4), answer(both[1], 5)])
    assert not any(row.total for row in found.rows)


def test_m4_bars_share_one_scale():
    both = lines(SUM, 100, 50)
    [found] = progress.of(both, [answer(both[0], 25), answer(both[1], 200)])
    bars = found.bars
    assert [(bar["actual"], bar["target"]) for bar in bars[:2]] == [("11.11", "44.44"), ("88.89", "22.22")]
    assert bars[2]["actual"] == "100.00"


def test_m4_nothing_but_zeros_draws_without_dividing_by_zero():
    first, _second = lines(SUM, 0, 0)
    [found] = progress.of([first], [answer(first, 0)])
    assert found.bars[0]["actual"] == "0"


def test_m4_every_chart_has_its_table_and_no_style_of_its_own():
    both = lines(SUM, 1000, 3000)
    [found] = progress.of(both, [answer(both[0], 100), answer(both[1], 300)])
    found.rows[0].report.period_until = None
    html = render_to_string("monitoring/chart.html", {"one": found, "number": 1})
    assert "<svg" in html
    assert 'role="img"' in html
    assert "style=" not in html
    cells = re.findall(r"<td[^>]*>([^<]*)</td>", html)
    assert cells[:4] == ["0", "1,000", "100", "10 %"]


def test_m4_the_page_draws_accepted_figures_only(story, client):
    story.filed()
    address = reverse("monitoring", args=[story.case.case.code])
    before = sign_in(client, story.writer).get(address).content.decode()
    assert 'portal-chart__actual" x=' not in before
    story.do("accept_report", story.report(), story.people.asec())
    for reader in (story.writer, story.people.asec(), story.people.seom("TH"), story.people.chair()):
        shown = sign_in(client, reader).get(address).content.decode()
        assert 'portal-chart__actual" x=' in shown
        assert "8,200,000" in shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("41000000", "41,000,000"),
        ("12.500000", "12.5"),
        ("0", "0"),
        ("0.000123", "0.000123"),
        ("1234.567", "1,234.57"),
        ("0E-6", "0"),
        ("0.5", "0.5"),
    ],
)
def test_figures_are_written_with_thousands_apart(value, shown):
    assert figure(Decimal(value)) == shown


def test_nothing_has_a_sign_of_its_own():
    assert "not reported" in figure(None)
    assert percent(12) == "12 %"
    assert "not reported" in percent(None)
    assert SimpleNamespace(shown=figure(Decimal(0))).shown == "0"
