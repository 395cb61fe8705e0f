"""Reports: written by the proponent, checked figure by figure, frozen once accepted (M3)."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, InternalError, transaction
from django.urls import reverse

from aipbi.accounts.capacity import held_by, today
from aipbi.accounts.models import Appointment
from aipbi.asean import clocks
from aipbi.workflow.models import Notice, Obligation
from aipbi.workflow.walk import Stopped
from monitoring.models import Report, ReportFigure
from monitoring.walk import filled
from tests.support.people import sign_in


def figure(report, code, ams=None):
    return report.figures.get(line__indicator__code=code, line__ams=ams)


def page(story, client, capacity, number=1):
    return sign_in(client, capacity).get(reverse("report", args=[story.case.case.code, number]))


def test_m2_starting_opens_the_first_report_with_a_deadline_at_the_end_of_its_day(story):
    report = story.started()
    assert (report.number, report.final) == (1, False)
    assert report.period_from == date(2022, 6, 1)
    assert report.figures.count() == story.plan.lines.count()
    one = Obligation.objects.open().get(case=story.case.pk, kind="report")
    assert one.organisation == story.case.organisation
    assert one.due_at == clocks.calendar("LA").end_of(report.due_on)


def test_notices_lead_to_where_the_work_goes_on_and_their_readers_may_open_it(story, client):
    story.accepted()
    told = Notice.objects.filter(case=story.case.pk, topic="monitoring").exclude(path="")
    report, tab = (
        reverse(name, args=[story.case.case.code, *more]) for name, *more in (("report", 1), ("monitoring",))
    )
    paths = {(notice.what, notice.path) for notice in told}
    assert {("propose", tab), ("agree", tab), ("start_monitoring", tab)} <= paths
    assert {("file_report", report), ("accept_report", report)} <= paths
    assert not Notice.objects.filter(case=story.case.pk, topic="monitoring", path="").exists()
    for notice in told:
        mine = next(
            one for one in held_by(notice.person)
            if (one.office, one.organisation) == (notice.office, notice.organisation)
        )  # fmt: skip
        assert sign_in(client, mine).get(notice.path).status_code == 200, (notice.what, mine)


def test_n1_who_must_report_is_told_and_no_figure_is_mailed(story):
    story.filed()
    told = Notice.objects.filter(case=story.case.pk, what__in=["start_monitoring", "file_report"])
    assert told.filter(organisation=story.case.organisation, to_act=True).exists()
    assert told.filter(what="file_report", office=story.people.asec().office, to_act=True).exists()
    assert not any(any(sign.isdigit() for sign in notice.words) for notice in told)


def test_u5_a_draft_is_the_organisations_own_and_a_filed_report_is_read_by_the_others(story, client):
    report = story.started()
    story.do(
        "edit_report", report, story.writer, **{**filled(report), "narrative": "The secret of the transit section"}
    )
    others = [story.people.asec(), story.people.seom("LA"), story.people.seom("TH"), story.people.chair()]
    assert "The secret" in page(story, client, story.writer).content.decode()
    for other in others:
        assert page(story, client, other).status_code == 404
        assert not Report.objects.visible_to(other).exists()
        assert not ReportFigure.objects.visible_to(other).exists()
        tab = client.get(reverse("monitoring", args=[story.case.case.code]))
        assert tab.status_code == 200
        assert "The secret" not in tab.content.decode()
    story.do("file_report", report, story.writer, declaration="on")
    for other in others:
        assert "The secret" in page(story, client, other).content.decode()


def test_u5_experts_bodies_and_strangers_to_the_case_find_no_monitoring(story, client):
    story.filed()
    code = story.case.case.code
    from review.models import Invitation

    expert = story.walk.as_(Invitation.objects.filter(proposal=story.case).first().expert.person.email)
    for stranger in (
        expert,
        story.people.body("AMEM"),
        story.people.seom("PH"),
        story.people.admin(),
        nusantara(story),
    ):
        sign_in(client, stranger)
        for address in (reverse("monitoring", args=[code]), reverse("report", args=[code, 1])):
            assert client.get(address).status_code == 404
        assert not Report.objects.visible_to(stranger).exists()


def nusantara(story):
    return story.walk.as_("owner@nusantara-battery.example.org")


def test_l4_the_trail_names_the_answers_of_a_draft_without_their_figures(story):
    report = story.started()
    one = figure(report, "C1", "LA")
    story.do("edit_report", report, story.writer, **{f"actual_{one.pk}": "31415926", "narrative": "So far"})
    entry = story.case.case.trail.order_by("-number").first()
    assert entry.details == {"changed": ["C1 LA", "narrative"]}
    assert "31415926" not in str(list(story.case.case.trail.values()))


def test_m3_a_draft_may_have_gaps_and_keeps_what_is_there(story):
    report = story.started()
    one = figure(report, "C1", "LA")
    story.do("edit_report", report, story.writer, **{f"actual_{one.pk}": "1,250,000.50"})
    assert figure(report, "C1", "LA").actual == Decimal("1250000.50")
    with pytest.raises(Stopped, match=r"18 lines are not answered yet.*Say what happened"):
        story.do("file_report", report, story.writer, declaration="on")


def test_m3_an_empty_figure_with_its_reason_is_an_answer_and_not_a_zero(story, client):
    report = story.started()
    unknown, zero = figure(report, "C2", "TH"), figure(report, "C2", "SG")
    answers = filled(report) | {
        f"actual_{unknown.pk}": "", f"share_due_to_aipbi_{unknown.pk}": "", f"evidence_{unknown.pk}": "The register is not out yet.",
        f"actual_{zero.pk}": "0",
    }  # fmt: skip
    story.do("edit_report", report, story.writer, **answers)
    story.do("file_report", report, story.writer, declaration="on")
    story.do("accept_report", report, story.people.asec())
    assert (figure(report, "C2", "TH").value, figure(report, "C2", "SG").value) == (None, 0)
    shown = page(story, client, story.people.asec()).content.decode()
    assert '<abbr title="not reported">–</abbr>' in shown


def test_m3_a_figure_needs_the_share_due_to_facilitation(story):
    report = story.started()
    one = figure(report, "C1", "LA")
    story.do("edit_report", report, story.writer, **filled(report) | {f"share_due_to_aipbi_{one.pk}": ""})
    with pytest.raises(Stopped, match="1 line is not answered"):
        story.do("file_report", report, story.writer, declaration="on")


@pytest.mark.parametrize(
    ("cell", "typed", "says"),
    [
        ("actual", "-3", "cannot be below zero"),
        ("actual", "many", "is not a number"),
        ("share_due_to_aipbi", "101", "from 0 to 100"),
        ("share_due_to_aipbi", "-1", "cannot be below zero"),
    ],
)
def test_m3_a_wrong_figure_is_named_in_its_cell_and_nothing_is_lost(story, client, cell, typed, says):
    report = story.started()
    one = figure(report, "E1", "LA")
    url = reverse("move", args=[story.case.case.code, "report", report.pk, "edit_report"])
    data = filled(report) | {f"{cell}_{one.pk}": typed, "narrative": "Typed with care", "seen": report.revision}
    answer = sign_in(client, story.writer).post(url, data)
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert f'href="#id_{cell}_{one.pk}"' in shown
    assert f'id="id_{cell}_{one.pk}_error"' in shown
    assert says in shown
    assert f'value="{typed}"' in shown
    assert "Typed with care" in shown
    assert figure(report, "E1", "LA").actual is None


def test_m3_the_database_refuses_negative_jobs_and_shares_above_a_hundred(story):
    report = story.started()
    one = ReportFigure.objects.filter(pk=figure(report, "E1", "LA").pk)
    for name, changes in {
        "figure_not_negative": {"actual": -1},
        "figure_share_percent": {"share_due_to_aipbi": 101},
        "figure_denominator_above_zero": {"denominator": 0},
        "figure_one_way_of_answering": {"actual": 1, "numerator": 1},
        "figure_accepted_is_answered": {"accepted": True},
        "figure_returned_says_why": {"accepted": False},
    }.items():
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            one.update(**changes)


def test_m2_the_database_refuses_periods_that_overlap_or_end_before_they_begin(story):
    report = story.started()
    day = report.period_until
    base = {"proposal": story.case, "plan": story.plan, "number": 2, "due_on": day + timedelta(days=900)}
    with pytest.raises(IntegrityError, match="report_periods_apart"), transaction.atomic():
        Report.objects.create(**base, period_from=day, period_until=day + timedelta(days=300))
    with pytest.raises(IntegrityError, match="report_period"), transaction.atomic():
        Report.objects.create(**base, period_from=day + timedelta(days=9), period_until=day + timedelta(days=1))


def test_m1_a_share_keeps_numerator_and_denominator(story):
    story.drafted()
    story.choose("C1p")
    answers = {}
    for one in story.plan.lines.all():
        answers |= {f"baseline_{one.pk}": "0", f"target_{one.pk}": "2.5", f"note_{one.pk}": ""}
    first = story.plan.dates.first()
    story.do("edit_plan", story.plan, story.writer, **answers, until_0=first.period_until, due_0=first.due_on)
    story.do("propose", story.plan, story.writer)
    story.do("agree", story.plan, story.people.chair())
    story.do("start_monitoring", story.case, story.people.asec())
    report = story.report()
    one = figure(report, "C1p", "LA")
    for typed, says in (
        ({"numerator": "3"}, "needs its denominator"),
        ({"denominator": "3"}, "needs its numerator"),
        ({"numerator": "3", "denominator": "0"}, "above zero"),
    ):
        with pytest.raises(Stopped, match=says):
            story.do(
                "edit_report", report, story.writer, **{f"{name}_{one.pk}": value for name, value in typed.items()}
            )
    story.do("edit_report", report, story.writer, **{f"numerator_{one.pk}": "30", f"denominator_{one.pk}": "1,200"})
    kept = figure(report, "C1p", "LA")
    assert (kept.numerator, kept.denominator, kept.actual, kept.value) == (30, 1200, None, Decimal("2.5"))


def test_m3_a_report_is_filed_after_its_period_and_the_next_one_opens_then(story):
    report = story.filed()
    following = story.report(2)
    assert following.period_from == report.period_until + timedelta(days=1)
    assert following.state == "draft"
    with pytest.raises(Stopped, match="The period ends on"):
        story.do("file_report", following, story.writer, declaration="on")
    kinds = set(Obligation.objects.open().filter(case=story.case.pk).values_list("kind", "subject_pk"))
    assert ("report", following.pk) in kinds
    assert ("report", report.pk) not in kinds
    assert ("check_report", report.pk) in kinds


def test_m3_only_asec_checks_and_only_the_organisation_writes(story):
    report = story.filed()
    for other in (story.writer, story.people.chair(), story.people.seom("LA")):
        for move in ("accept_report", "return_report"):
            with pytest.raises(Stopped, match="may not"):
                story.do(move, report, other)
    story.do("accept_report", report, story.people.asec())
    with pytest.raises(Stopped, match="may not"):
        story.do("edit_report", story.report(2), story.people.asec())


def test_m3_accepted_figures_and_reports_are_frozen_also_for_plain_sql(story):
    report = story.accepted()
    assert set(report.figures.values_list("accepted", flat=True)) == {True}
    with pytest.raises(Stopped, match="not open"):
        story.do("edit_report", report, story.writer, narrative="Other words")
    attempts = [
        lambda: ReportFigure.objects.filter(report=report).update(actual=1),
        lambda: ReportFigure.objects.filter(report=report).delete(),
        lambda: Report.objects.filter(pk=report.pk).update(narrative="Other words"),
        lambda: Report.objects.filter(pk=report.pk)._raw_delete("default"),
    ]
    for attempt in attempts:
        with pytest.raises(InternalError, match="Cannot"), transaction.atomic():
            attempt()


def verdicts(report, *returned):
    """Return a verdict on every figure: `returned` go back with a comment, the others are accepted."""
    answers = {}
    for one in report.figures.exclude(accepted=True):
        answers[f"verdict_{one.pk}"] = "return" if one in returned else "accept"
        answers[f"comment_{one.pk}"] = "Split by wheeling and sale." if one in returned else ""
    return answers


def test_m3_a_report_is_returned_figure_by_figure_and_only_those_are_written_again(story, client):
    report = story.filed()
    one = figure(report, "C1", "LA")
    story.do("return_report", report, story.people.asec(), **verdicts(report, one))
    assert story.report().state == "returned"
    assert (figure(report, "C1", "LA").accepted, figure(report, "C1", "TH").accepted) == (False, True)
    assert Obligation.objects.open().filter(case=story.case.pk, kind="correct_report").exists()
    shown = sign_in(client, story.writer).get(
        reverse("move", args=[story.case.case.code, "report", report.pk, "edit_report"])
    )
    assert "Split by wheeling and sale." in shown.content.decode()
    assert f'name="actual_{one.pk}"' in shown.content.decode()
    frozen = figure(report, "C1", "TH")
    assert f'name="actual_{frozen.pk}"' not in shown.content.decode()
    story.do(
        "edit_report",
        report,
        story.writer,
        narrative="As before",
        **{f"actual_{one.pk}": "9", f"share_due_to_aipbi_{one.pk}": "10", f"actual_{frozen.pk}": "1"},
    )
    assert figure(report, "C1", "TH").actual == frozen.actual
    story.do("file_report", report, story.writer, declaration="on")
    assert figure(report, "C1", "LA").accepted is None
    assert Report.objects.filter(proposal=story.case).count() == 2
    story.do("accept_report", report, story.people.asec())
    assert story.report().state == "accepted"


def test_m3_no_verdict_is_chosen_beforehand_and_each_figure_asks_for_one(story, client):
    report = story.filed()
    url = reverse("move", args=[story.case.case.code, "report", report.pk, "return_report"])
    shown = sign_in(client, story.people.asec()).get(url).content.decode()
    assert "checked" not in shown
    answer = client.post(url, {"seen": report.revision, "comment": "Kept words"})
    assert answer.status_code == 422
    assert answer.content.decode().count("Accept or return this figure.") == 2 * report.figures.count()
    assert "Kept words" in answer.content.decode()


def test_m3_a_returned_figure_says_why_and_something_must_be_returned(story):
    report = story.filed()
    one = figure(report, "C1", "LA")
    with pytest.raises(Stopped, match="Say what to correct"):
        story.do("return_report", report, story.people.asec(), **verdicts(report, one) | {f"comment_{one.pk}": ""})
    with pytest.raises(Stopped, match="Nothing is returned"):
        story.do("return_report", report, story.people.asec(), **verdicts(report))
    story.do("return_report", report, story.people.asec(), **verdicts(report), comment="Say more on the second half.")
    assert story.report().comment == "Say more on the second half."


def test_the_case_closes_only_after_its_final_report(story):
    story.accepted()
    with pytest.raises(Stopped, match="final report"):
        story.do("close", story.case, story.people.asec())


def test_d6_the_case_does_not_close_while_it_is_being_amended(story):
    story.accepted()
    asked = {
        "changes": ["category"],
        "categories": ["talent"],
        "what": "Talent is added.",
        "because": "Engineers cross.",
    }
    story.do("ask_amendment", story.case, story.people.asec(), **asked)
    with pytest.raises(Stopped, match="amendment is under way"):
        story.do("close", story.case, story.people.asec())


def test_close_ends_every_obligation(story):
    story.walk.to("closed")
    report = story.report()
    assert (report.final, report.state) == (True, "accepted")
    assert not Obligation.objects.open().filter(case=story.case.pk).exists()
    assert story.case.state == "closed"


def test_u2_nobody_accepts_what_they_filed_themselves_in_another_capacity(story):
    """One person may hold several: the two sides of a plan and of a report are two persons all the same."""
    both = story.writer.person
    offices = []
    for capacity in (story.people.asec(), story.people.chair()):
        Appointment.objects.create(person=both, office=capacity.office, starts=today(), alternate=True)
        offices.append(next(one for one in held_by(both) if one.office == capacity.office))
    officer, member = offices
    plan = story.drafted()
    story.do("propose", plan, story.writer)
    with pytest.raises(Stopped, match="put this forward yourself"):
        story.do("agree", plan, member)
    story.do("agree", plan, story.people.chair())
    story.do("start_monitoring", story.case, story.people.asec())
    report = story.report()
    story.do("edit_report", report, story.writer, **filled(report))
    story.do("file_report", report, story.writer, declaration="on")
    with pytest.raises(Stopped, match="put this forward yourself"):
        story.do("accept_report", report, officer)
    story.do("accept_report", report, story.people.asec())


def test_m3_whoever_returns_a_report_lands_on_a_page(story, client):
    report = story.filed()
    url = reverse("move", args=[story.case.case.code, "report", report.pk, "return_report"])
    said = verdicts(report, figure(report, "C1", "LA"))
    done = sign_in(client, story.people.asec()).post(url, {"seen": report.revision, **said}, follow=True)
    assert done.status_code == 200
    assert "Report returned for correction" in done.content.decode()
