"""The plan: from the proposal's impacts, proposed by one side, agreed by both (M1, M2)."""

from datetime import date
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from aipbi.asean import editions
from aipbi.workflow.models import Obligation
from aipbi.workflow.walk import Stopped
from monitoring import suggestions
from monitoring.models import Plan, PlanLine, ReportingDate
from monitoring.walk import only_first_report
from tests.support.cases import document
from tests.support.people import sign_in


def line(plan, code, ams=None):
    return plan.lines.get(indicator__code=code, ams=ams)


def owed(case):
    return sorted(Obligation.objects.open().filter(case=case.pk).values_list("kind", flat=True))


def test_m2_the_letter_makes_asec_owe_the_plan_and_beginning_it_passes_it_on(story):
    assert "draft_plan" in owed(story.case)
    story.drafted("fg_gvc")
    one = Obligation.objects.open().get(case=story.case.pk, kind="propose_plan")
    assert one.office == story.people.chair().office
    assert "draft_plan" not in owed(story.case)


def test_m2_the_plan_starts_from_the_proposals_impacts(story):
    plan = story.drafted()
    assert (line(plan, "C1", "LA").baseline, line(plan, "C1", "LA").target) == (0, 41_000_000)
    assert line(plan, "E1", "LA").target == 220 + 540
    assert line(plan, "E3", "SG").target == 9
    assert line(plan, "C2", "MY").target == 11_000_000
    assert line(plan, "E2").target == 610_000
    assert "1400 people" in line(plan, "E4").note
    assert plan.lines.count() == 4 * 4 + 2


def test_m2_a_case_without_decarbonisation_gets_no_line_for_it(story):
    found = list(suggestions.lines(document("03-chip-materials-lane"), indicators(), ["MY", "SG"]))
    assert {one.indicator.code for one in found} == {"C1", "C2", "E1", "E3", "E4"}


def indicators():
    from aipbi.asean.models import Indicator

    return list(Indicator.objects.filter(edition="2025-01"))


@pytest.mark.parametrize(
    ("starts", "ends", "expected"),
    [
        ("2022-06", "2028-03", ["2026-10-31", "2027-12-31", "2028-03-31"]),
        ("2027-02", "2029-06", ["2027-12-31", "2028-12-31", "2029-06-30"]),
        ("2024-01", "2026-05", ["2026-05-31"]),
        ("2026-11", "2026-12", ["2026-12-31"]),
    ],
)
def test_m2_dates_begin_with_where_a_project_stands_and_end_with_it(starts, ends, expected):
    found = list(suggestions.dates({"starts": starts, "ends": ends}, date(2026, 11, 22)))
    assert [one.period_until.isoformat() for one in found] == expected
    assert all(one.due_on > date(2026, 11, 22) and one.due_on > one.period_until for one in found)


def test_m2_a_long_project_gets_at_most_twelve_dates():
    found = list(suggestions.dates({"starts": "2020-01", "ends": "2090-12"}, date(2026, 11, 22)))
    assert len(found) == suggestions.REPORTS_MOST
    assert found[-1].period_until == date(2090, 12, 31)


def test_m1_a_case_keeps_the_indicators_of_its_own_edition(story):
    newer = editions.copy(story.case.indicator_edition)
    plan = story.drafted()
    assert set(plan.lines.values_list("indicator__edition_id", flat=True)) == {story.case.indicator_edition_id}
    other = newer.indicators.get(code="C3")
    with pytest.raises(Stopped, match="indicators"):
        story.do("choose_indicators", plan, story.writer, indicators=[other.pk])


def test_m2_an_indicator_by_member_state_gets_a_line_for_each_and_leaving_one_out_drops_them(story):
    plan = story.drafted()
    story.choose("C1", "C1p", "S1")
    assert plan.lines.filter(indicator__code="C1p").count() == 4
    assert plan.lines.filter(indicator__code="S1", ams=None).count() == 1
    assert not plan.lines.filter(indicator__code="E1").exists()
    assert line(plan, "C1", "LA").target == 41_000_000


def test_m2_what_is_shared_by_all_projects_is_not_offered(story):
    plan = story.drafted()
    page = sign_in_and_get(story, story.writer, "choose_indicators", plan)
    assert "O3" not in page
    assert "E4" in page


def sign_in_and_get(story, capacity, move, subject):
    from django.test import Client

    return sign_in(Client(), capacity).get(address(story, move, subject)).content.decode()


def address(story, move, subject):
    return reverse("move", args=[story.case.case.code, subject.kind, subject.pk, move])


@pytest.mark.parametrize(
    ("cell", "typed", "says"),
    [
        ("target", "forty million", "is not a number"),
        ("target", "-5", "cannot be below zero"),
        ("baseline", "1,5", "is not a number"),
        ("target", "9" * 30, "digits"),
        ("target", "NaN", "number"),
    ],
)
def test_m2_a_wrong_figure_is_named_in_its_cell_and_what_was_typed_stays(story, client, cell, typed, says):
    plan = story.drafted()
    one = line(plan, "E1", "LA")
    data = {**only_first_report(plan), f"{cell}_{one.pk}": typed, f"note_{one.pk}": "keep this", "seen": plan.revision}
    answer = sign_in(client, story.writer).post(
        address(story, "edit_plan", plan), {k: "" if v is None else v for k, v in data.items()}
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'href="#id_{cell}_{one.pk}"' in page
    assert says in page
    assert f'value="{typed}"' in page
    assert "keep this" in page
    assert line(plan, "E1", "LA").target == 760


def test_m2_a_count_is_whole_and_a_quantity_may_have_decimals_and_thousands_apart(story):
    plan = story.drafted()
    answers = only_first_report(plan)
    firms, jobs, money = line(plan, "E3", "LA"), line(plan, "E1", "LA"), line(plan, "C1", "LA")
    with pytest.raises(Stopped, match="whole number"):
        story.do("edit_plan", plan, story.writer, **{**answers, f"target_{firms.pk}": "3.5"})
    story.do(
        "edit_plan", plan, story.writer, **{**answers, f"target_{jobs.pk}": "12.5", f"target_{money.pk}": "41 500 000"}
    )
    assert line(plan, "E1", "LA").target == Decimal("12.5")
    assert line(plan, "C1", "LA").target == 41_500_000


@pytest.mark.parametrize(
    ("dates", "says"),
    [
        ({"until_0": "2027-12-31"}, "is due"),
        ({"due_0": "2027-12-31"}, "period of this report ends"),
        ({"until_0": "2027-12-31", "due_0": "2027-06-30"}, "cannot be due before"),
        ({"until_0": "2019-12-31", "due_0": "2027-06-30"}, "after the project begins"),
        ({"until_0": "2027-12-31", "due_0": "2028-01-31", "until_1": "2027-12-31", "due_1": "2028-02-28"}, "same day"),
        ({"until_0": "31/12/2027", "due_0": "2028-01-31"}, "year-month-day"),
    ],
)
def test_m2_reporting_dates_hold_together(story, dates, says):
    plan = story.drafted()
    before = plan.dates.count()
    answers = {key: value for key, value in only_first_report(plan).items() if not key.startswith(("until", "due"))}
    with pytest.raises(Stopped, match=says):
        story.do("edit_plan", plan, story.writer, **answers, **dates)
    assert plan.dates.count() == before


def test_m2_dates_are_kept_in_order_and_an_empty_row_drops_one(story):
    plan = story.drafted()
    answers = only_first_report(plan)
    dates = {
        "until_0": "2028-12-31",
        "due_0": "2029-02-28",
        "until_1": "",
        "due_1": "",
        "until_2": "2027-12-31",
        "due_2": "2028-02-28",
    }
    story.do("edit_plan", plan, story.writer, **{**answers, **dates})
    assert [one.period_until.year for one in plan.dates.all()] == [2027, 2028]


def test_m2_a_plan_with_gaps_cannot_be_proposed(story):
    story.drafted()
    story.choose("C1", "C1p")
    with pytest.raises(Stopped, match="4 lines have no baseline or target"):
        story.do("propose", story.plan, story.writer)


@pytest.mark.parametrize("side", ["proponent", "fg_gvc"])
def test_m2_one_side_proposes_and_only_the_other_agrees(story, side):
    plan = story.drafted(side)
    ours, theirs = story.writer, story.people.chair()
    drafting, agreeing = (ours, theirs) if side == "proponent" else (theirs, ours)
    with pytest.raises(Stopped, match="may not"):
        story.do("propose", plan, agreeing)
    story.do("propose", plan, drafting)
    for other in (drafting, story.people.asec(), story.people.seom("LA")):
        with pytest.raises(Stopped, match="may not"):
            story.do("agree", plan, other)
    story.do("agree", plan, agreeing)
    assert story.plan.state == "agreed"
    assert story.plan.agreed_at
    assert "start_monitoring" in owed(story.case)


def test_u4_a_viewer_of_the_organisation_reads_the_plan_and_changes_nothing(story, client):
    plan = story.drafted()
    viewer = story.walk.as_("viewer@mekong-hydropower.example.org")
    page = sign_in(client, viewer).get(reverse("monitoring", args=[story.case.case.code])).content.decode()
    assert "41,000,000" in page
    assert client.get(address(story, "edit_plan", plan)).status_code == 404


def test_m2_the_other_side_may_ask_for_changes_and_the_plan_goes_back(story, client):
    plan = story.drafted()
    story.do("propose", plan, story.writer)
    story.do("send_back", plan, story.people.chair(), comment="The target for Thailand looks low.")
    assert story.plan.state == "draft"
    assert owed(story.case).count("propose_plan") == 1
    page = sign_in(client, story.writer).get(reverse("monitoring", args=[story.case.case.code])).content.decode()
    assert "The target for Thailand looks low." in page
    story.do("propose", plan, story.writer)
    assert story.plan.comment == ""


def test_m2_an_agreed_plan_does_not_change_not_even_by_plain_sql(story):
    plan = story.agreed()
    with pytest.raises(Stopped, match="not open"):
        story.do("edit_plan", plan, story.writer, **only_first_report(plan))
    one = line(plan, "C1", "LA")
    attempts = [
        lambda: PlanLine.objects.filter(pk=one.pk).update(target=1),
        one.delete,
        lambda: plan.dates.all().delete(),
        lambda: ReportingDate.objects.create(plan=plan, period_until=date(2040, 1, 1), due_on=date(2040, 2, 1)),
    ]
    for attempt in attempts:
        with pytest.raises(IntegrityError, match="agreed"), transaction.atomic():
            attempt()


def test_m2_the_database_refuses_negative_figures_and_a_line_twice(story):
    plan = story.drafted()
    one = line(plan, "E1", "LA")
    with pytest.raises(IntegrityError, match="plan_line_not_negative"), transaction.atomic():
        PlanLine.objects.filter(pk=one.pk).update(target=-1)
    with pytest.raises(IntegrityError, match="plan_line_once"), transaction.atomic():
        PlanLine.objects.create(plan=plan, indicator=line(plan, "E2").indicator)


def test_m2_a_case_has_one_plan(story):
    story.drafted()
    with pytest.raises(Stopped, match="already been begun"):
        story.drafted()
    assert Plan.objects.filter(proposal=story.case).count() == 1


def test_monitoring_starts_only_with_an_agreed_plan(story):
    story.drafted()
    with pytest.raises(Stopped, match="agreed by both sides"):
        story.do("start_monitoring", story.case, story.people.asec())
    assert story.case.state == "letter_issued"


def test_l4_the_trail_keeps_what_changed_in_the_plan_and_not_the_whole_form(story):
    plan = story.drafted()
    one = line(plan, "C1", "LA")
    answers = only_first_report(plan) | dict(zip(*all_dates(plan), strict=True))
    story.do("edit_plan", plan, story.writer, **{**answers, f"target_{one.pk}": "5"})
    entry = story.case.case.trail.order_by("-number").first()
    assert entry.details == {"changed": {"C1 LA": {"target": ["41000000.000000", "5"]}}}


def all_dates(plan):
    rows = list(enumerate(plan.dates.all()))
    names = [name for row, _one in rows for name in (f"until_{row}", f"due_{row}")]
    return names, [value for _row, one in rows for value in (one.period_until, one.due_on)]


def test_a_plan_of_a_withdrawn_case_does_not_go_on(story):
    plan = story.drafted()
    story.do("withdraw", story.case, story.writer, reason="We stop.")
    with pytest.raises(Stopped, match="once the letter is issued"):
        story.do("propose", plan, story.writer)


def test_a_note_longer_than_a_line_is_cut_with_a_sign():
    impact = SimpleNamespace(code="C1")
    method = {"year": 2027, "baseline_year": 2024, "method": "x" * 3000, "ams": "LA", "gdp_usd": 1}
    assert impact.code in suggestions.BY_AMS
    note = suggestions._method(method)
    assert len(note) == 1000
    assert note.endswith("…")
