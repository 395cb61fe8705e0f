"""The data that ships: ASEAN's own spellings and dates, nine parameters, ninety-six chapters."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from aipbi.asean import names
from aipbi.asean.models import (
    Body,
    Category,
    ChairTerm,
    Clock,
    Criterion,
    Default,
    Goal,
    Holiday,
    HSChapter,
    Indicator,
    MemberState,
    Parameter,
    Sector,
    Stage,
    ValueChain,
)

pytestmark = pytest.mark.django_db

MEMBER_STATES = {
    "BN": ("Brunei Darussalam", date(1984, 1, 7)),
    "KH": ("Cambodia", date(1999, 4, 30)),
    "ID": ("Indonesia", date(1967, 8, 8)),
    "LA": ("Lao PDR", date(1997, 7, 23)),
    "MY": ("Malaysia", date(1967, 8, 8)),
    "MM": ("Myanmar", date(1997, 7, 23)),
    "PH": ("Philippines", date(1967, 8, 8)),
    "SG": ("Singapore", date(1967, 8, 8)),
    "TH": ("Thailand", date(1967, 8, 8)),
    "TL": ("Timor-Leste", date(2025, 10, 26)),
    "VN": ("Viet Nam", date(1995, 7, 28)),
}


def test_eleven_member_states_in_aseans_spelling_and_order_with_their_accession():
    rows = {state.code: (state.name, state.acceded_on) for state in MemberState.objects.all()}
    assert list(rows.items()) == list(MEMBER_STATES.items())
    assert MemberState.objects.get(code="PH").in_text == "the Philippines"


def test_zones_and_weekends_of_the_member_states():
    june = datetime(2026, 6, 1, tzinfo=UTC)
    zones = MemberState.objects.values_list("code", "timezone")
    hours = {code: june.astimezone(ZoneInfo(zone)).utcoffset() / timedelta(hours=1) for code, zone in zones}
    assert hours == {
        "MM": 6.5,
        "KH": 7,
        "ID": 7,
        "LA": 7,
        "TH": 7,
        "VN": 7,
        "BN": 8,
        "MY": 8,
        "PH": 8,
        "SG": 8,
        "TL": 9,
    }
    weekends = dict(MemberState.objects.values_list("code", "weekend"))
    assert weekends.pop("BN") == [5, 7]
    assert set(map(tuple, weekends.values())) == {(6, 7)}


def test_four_categories_of_facilitation():
    assert list(names.category_names()) == ["goods", "talent", "financing", "industrial_policies"]
    assert all(category.description for category in Category.objects.all())


def test_bodies_report_upwards_without_a_circle():
    bodies = {body.pk: body for body in Body.objects.all()}
    for body in bodies.values():
        above = set()
        while body.parent_id:
            assert body.pk not in above
            above.add(body.pk)
            body = bodies[body.parent_id]  # noqa: PLW2901 - climbing
    assert Body.objects.get(acronym="SOME").parent.acronym == "AMEM"
    assert Body.objects.get(acronym="ASOMM").parent.acronym == "AMMin"
    assert Body.objects.get(acronym="SEOM").parent.parent.acronym == "AECC"


def test_every_body_acts_in_a_category_and_every_category_has_bodies():
    assert not Body.objects.filter(categories=None).exists()
    assert not Category.objects.filter(bodies=None).exists()
    assert set(Body.objects.get(acronym="ACCSQ").categories.values_list("pk", flat=True)) == {
        "goods",
        "industrial_policies",
    }


def test_p1_taxonomy_holds_what_the_framework_names_first():
    sectors = list(Sector.objects.values_list("code", flat=True))
    assert sectors[0] == "new_energy"
    assert {"ev_upstream", "semiconductors", "digital_economy"} < set(sectors)
    assert not Sector.objects.filter(chains=None).exists()
    assert not ValueChain.objects.filter(stages__isnull=True).exists()
    battery = list(Stage.objects.filter(chain="ev_battery").values_list("code", flat=True))
    assert battery == ["mining", "refining", "precursors", "cells", "packs", "assembly", "recycling"]
    assert names.stage_names()["wind", "towers_blades"] == "Towers and blades"


def test_p1_ninety_six_chapters_of_the_harmonized_system_and_no_77():
    chapters = set(HSChapter.objects.values_list("code", flat=True))
    assert chapters == {f"{number:02}" for number in range(1, 98)} - {"77"}
    assert HSChapter.objects.values("title").distinct().count() == 96


def test_r3_nine_parameters_with_five_distinct_levels_each():
    parameters = list(Parameter.objects.filter(edition="2025-01").select_related("criterion"))
    assert [(parameter.number, parameter.criterion.number, parameter.code) for parameter in parameters] == [
        (1, 1, "project_details"),
        (2, 1, "challenges_faced"),
        (3, 1, "facilitation_request"),
        (4, 2, "number_of_ams"),
        (5, 2, "economic_growth"),
        (6, 2, "job_creation"),
        (7, 2, "msmes_and_suppliers"),
        (8, 3, "decarbonisation"),
        (9, 3, "inclusive_development"),
    ]
    for parameter in parameters:
        assert len({*parameter.levels}) == 5
        assert all(parameter.levels)
        assert parameter.question.endswith("?")
        assert parameter.help
    assert {criterion.clause for criterion in Criterion.objects.all()} == {"Framework §2.C, Figure 4"}


def test_m1_indicators_of_figure_6():
    indicators = {row.code: row for row in Indicator.objects.filter(edition="2025-01")}
    assert list(indicators) == [
        "C1",
        "C1p",
        "C2",
        "C2p",
        "C3",
        "R1",
        "R2",
        "S1",
        "S2",
        "S2p",
        "S3",
        "E1",
        "E2",
        "E3",
        "E4",
        "O1",
        "O2",
        "O3",
    ]
    assert {row.goal_id for row in indicators.values()} == set(Goal.objects.values_list("code", flat=True))
    assert {code for code, row in indicators.items() if row.by_ams} == {"C1", "C1p", "C2", "C2p", "E1", "E3"}
    assert {code for code, row in indicators.items() if row.unit == "percent"} == {"C1p", "C2p", "S2p"}
    assert {row.aggregation for row in indicators.values() if row.unit == "percent"} == {"ratio_of_sums"}


def test_l5_clocks():
    assert {clock.code: (clock.days, clock.counts) for clock in Clock.objects.all()} == {
        "seom": (20, "working"),
        "completeness": (10, "working"),
        "completion": (10, "working"),
        "completion_lapse": (60, "calendar"),
        "conflict": (3, "working"),
        "assessment": (20, "working"),
        "position": (20, "working"),
        "sectoral_body": (30, "working"),
        "plan": (20, "working"),
        "letter_check": (3, "working"),
        "letter_acknowledgement": (10, "working"),
    }


def test_defaults_of_the_rules():
    values = dict(Default.objects.values_list("key", "value"))
    assert values["greenfield_open"] is True
    assert (values["experts_minimum"], values["resubmissions_maximum"]) == (2, 2)
    assert (values["file_megabytes"], values["summary_words"]) == (25, 300)


def test_u1_the_chair_follows_the_year_of_the_asean_chair():
    days = {date(2025, 12, 31): "MY", date(2026, 1, 1): "PH", date(2027, 6, 1): "SG", date(2028, 12, 31): "TH"}
    assert {day: ChairTerm.objects.on(day) for day in days} == days
    assert ChairTerm.objects.on(date(2024, 12, 31)) is None


@pytest.mark.parametrize("code", MEMBER_STATES)
def test_holidays_of_each_member_state_are_known_for_every_year(code):
    years = Holiday.objects.filter(ams=code).values_list("date__year", flat=True)
    assert set(years) == {2025, 2026, 2027, 2028}
    new_year = Holiday.objects.filter(ams=code, date=date(2026, 1, 1))
    assert new_year.exists()


def test_days_that_hang_on_the_moon_are_marked():
    estimated = Holiday.objects.filter(estimated=True)
    assert estimated.filter(ams="ID", date__year=2027, name="Eid al-Fitr").exists()
    assert not Holiday.objects.filter(name__contains="estimated").exists()
    assert not estimated.filter(name="New Year's Day").exists()
