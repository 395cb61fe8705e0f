"""From accepted figures to what releases are made from (M5): what was reached, what each year added, each thing once."""

from datetime import date
from decimal import Decimal

import pytest

from monitoring.disclosure import InputError
from monitoring.portfolio import figures
from monitoring.releases import protecting
from tests.support import releases

LATE = date(2099, 1, 1)


def reached(code, year, actual=None, **more):
    of = {"project": 1, "company": 2, "sector": "automotive", "chain": "vehicle_parts", "ams": "TH", "price_year": 2025}
    parts = {"numerator": None, "denominator": None}
    return {
        **of,
        **parts,
        "code": code,
        "year": str(year),
        "actual": None if actual is None else Decimal(actual),
        **more,
    }


def made(monkeypatch, *found):
    monkeypatch.setattr(figures, "_accepted", lambda _until: iter(found))
    rows = [one for one in figures.rows(LATE, protecting.indicators(LATE)) if one.indicator not in ("C3", "S1", "O3")]
    return [(one.indicator, one.year, one.value) for one in rows]


def test_a_year_is_told_by_what_it_added_to_what_was_reached(db, monkeypatch):
    assert made(monkeypatch, reached("E1", 2025, 60), reached("E1", 2025, 100), reached("E1", 2026, 130)) == [
        ("E1", "2025", 100.0),
        ("E1", "2026", 30.0),
    ]
    assert made(monkeypatch, reached("E1", 2025, 100), reached("E1", 2026), reached("E1", 2027, 90)) == [
        ("E1", "2025", 100.0),
        ("E1", "2027", -10.0),
    ]
    assert made(monkeypatch, reached("E3", 2025, 9), reached("E3", 2026, 7)) == [("E3", "", 7.0)], "counts do not fall"


def test_a_share_keeps_its_parts_and_prices_are_not_mixed(db, monkeypatch):
    parts = [reached("C1p", year, numerator=Decimal(year), denominator=Decimal(9000)) for year in (2025, 2026)]
    assert made(monkeypatch, *parts) == [("C1p", "", 2026.0)]
    with pytest.raises(InputError, match="C1 is reported in prices of different years"):
        made(monkeypatch, reached("C1", 2025, 1), reached("C1", 2026, 2, price_year=2026))


def test_a_case_with_an_accepted_report_counts_once_and_passes_alone_nowhere(story):
    story.accepted()
    rows = list(figures.rows(LATE, protecting.indicators(LATE)))
    assert {one.project for one in rows} == {str(story.case.pk)}
    assert {one.item for one in rows if one.indicator == "S1"} == set(
        story.case.participations.taking_part().values_list("ams", flat=True)
    )
    assert [one.value for one in rows if one.indicator == "O3"] == [1.0]
    assert any(one.value > 0 for one in rows if one.indicator == "E1")
    release = releases.prepared()
    assert release.document["nothing_passes"] is True
    assert release.document["projects"] == 1
