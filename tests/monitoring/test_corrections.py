"""Accepted figures are corrected by versions; evidence, benefits, doubts, and reports that stay away (M3)."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from aipbi.accounts.capacity import today
from aipbi.documents.models import StoredFile
from aipbi.templatetags.portal import in_words
from aipbi.workflow import invariants
from aipbi.workflow.models import Notice, Obligation
from aipbi.workflow.walk import Stopped
from monitoring import benefits, doubts
from monitoring.forms.report import figures_of
from monitoring.models import BenefitUse, Report
from monitoring.moves.late import escalate
from monitoring.queries import accepted_figures
from monitoring.walk import filled
from tests.documents.samples import upload
from tests.support.people import sign_in


def figure(report, code, ams=None, version=1):
    return report.figures.get(line__indicator__code=code, line__ams=ams, version=version)


def counted(report, code, ams=None):
    """What the portfolio reads of a figure."""
    return accepted_figures().get(report=report, line__indicator__code=code, line__ams=ams).value


def correction(one, actual, **more):
    return {
        "figure": str(one.pk), f"actual_{one.pk}": str(actual), f"share_due_to_aipbi_{one.pk}": "10",
        f"reasoning_{one.pk}": "Half of the lane", f"evidence_{one.pk}": "Audited accounts",
        "reason": "The accounts were audited.", **more,
    }  # fmt: skip


def test_m3_a_correction_is_a_version_that_counts_once_it_is_accepted(story, client):
    report = story.accepted()
    one = figure(report, "C1", "LA")
    before = one.value
    story.do("correct_figure", report, story.writer, **correction(one, 123456))
    assert (counted(report, "C1", "LA"), figure(report, "C1", "LA", 2).accepted) == (before, None)
    owed = Obligation.objects.open().get(case=story.case.pk, kind="check_correction")
    assert owed.office == story.people.asec().office
    with pytest.raises(Stopped, match="figure"):
        story.do("correct_figure", report, story.writer, **correction(one, 5))
    with pytest.raises(Stopped, match=r"not checked yet|final report"):
        story.do("close", story.case, story.people.asec())
    fresh = figure(report, "C1", "LA", 2)
    # Whoever checks has on one page what the correction says, of what, and on which evidence.
    address = reverse("move", args=[story.case.case.code, "report", report.pk, "check_corrections"])
    asked = sign_in(client, story.people.asec()).get(address).content.decode()
    for words in (
        f'Lao PDR <span class="portal-muted">({fresh.line.measured_in})</span>', "123,456", "Audited accounts",
        "Half of the lane", one.evidence, reverse("report", args=[story.case.case.code, 1]), "Record the check",
        "The accounts were audited.",
    ):  # fmt: skip
        assert words in asked, words
    story.do("check_corrections", report, story.people.asec(), **{f"verdict_{fresh.pk}": "accept"})
    assert counted(report, "C1", "LA") == 123456
    assert figure(report, "C1", "LA").value == before
    assert not Obligation.objects.open().filter(case=story.case.pk, kind="check_correction").exists()
    shown = (
        sign_in(client, story.people.chair()).get(reverse("report", args=[story.case.case.code, 1])).content.decode()
    )
    assert "The accounts were audited." in shown
    assert "123,456" in shown
    again = figure(report, "C1", "LA", 2)
    story.do("correct_figure", report, story.writer, **correction(again, 7))
    third = figure(report, "C1", "LA", 3)
    with pytest.raises(Stopped, match="Say what is wrong"):
        story.do("check_corrections", report, story.people.asec(), **{f"verdict_{third.pk}": "return"})
    told = {f"verdict_{third.pk}": "return", f"comment_{third.pk}": "Which accounts?"}
    story.do("check_corrections", report, story.people.asec(), **told)
    assert counted(report, "C1", "LA") == 123456
    assert invariants.violations() == {}


def test_m3_a_correction_says_why_and_is_another_figure(story):
    report = story.accepted()
    one = figure(report, "C1", "LA")
    with pytest.raises(Stopped, match="reason"):
        story.do("correct_figure", report, story.writer, **correction(one, 5, reason=""))
    with pytest.raises(Stopped, match="cannot be below zero"):
        story.do("correct_figure", report, story.writer, **correction(one, -5))
    same = {
        f"{name}_{one.pk}": str(getattr(one, name))
        for name in ("actual", "share_due_to_aipbi", "reasoning", "evidence")
    }
    with pytest.raises(Stopped, match="nothing is corrected"):
        story.do("correct_figure", report, story.writer, **correction(one, 5) | same)
    for other in (story.people.asec(), story.people.chair()):
        with pytest.raises(Stopped, match="may not"):
            story.do("correct_figure", report, other, **correction(one, 5))
    with pytest.raises(IntegrityError, match="figure_correction_says_why"), transaction.atomic():
        report.figures.create(line=one.line, version=2)


def test_m3_a_share_needs_the_reason_for_it_and_a_benefit_what_became_of_it(story):
    report = story.started()
    one = figure(report, "C1", "LA")
    answers = filled(report)
    story.do("edit_report", report, story.writer, **answers | {f"reasoning_{one.pk}": ""})
    with pytest.raises(Stopped, match="1 line is not answered"):
        story.do("file_report", report, story.writer, declaration="on")
    story.do("edit_report", report, story.writer, **{f"reasoning_{one.pk}": "", f"share_due_to_aipbi_{one.pk}": "0"})
    use = benefits.uses_of(report)[0]
    said = {f"use_{use.benefit_id}": "stuck", f"words_{use.benefit_id}": ""}
    story.do("edit_report", report, story.writer, **said)
    with pytest.raises(Stopped, match="Say of 1 benefit"):
        story.do("file_report", report, story.writer, declaration="on")
    story.do("edit_report", report, story.writer, **said | {f"words_{use.benefit_id}": "No office takes the form."})
    story.do("file_report", report, story.writer, declaration="on")
    story.do("accept_report", report, story.people.asec())
    with pytest.raises(IntegrityError, match="accepted"), transaction.atomic():
        BenefitUse.objects.filter(report=report).update(words="Other words")


def test_p6_evidence_is_the_organisations_own_until_the_report_is_handed_in(story, client):
    report = story.started()
    files = {"file": upload()}
    story.do("add_evidence", report, story.writer, files=files)
    [file] = StoredFile.objects.filter(purpose="report_evidence")
    address = reverse("file", args=[file.pk])
    assert sign_in(client, story.writer).get(address).status_code == 200
    assert sign_in(client, story.people.asec()).get(address).status_code == 404
    story.do("edit_report", report, story.writer, **filled(report))
    story.do("file_report", report, story.writer, declaration="on")
    assert sign_in(client, story.people.asec()).get(address).status_code == 200
    assert sign_in(client, story.people.body("AMEM")).get(address).status_code == 404
    with pytest.raises(Stopped, match="not open"):
        story.do("remove_evidence", report, story.writer, file=str(file.pk))
    # Returned, it is written again; what figures were accepted with stays, what was added since can go.
    story.do("return_report", report, story.people.asec(), rest="on", comment="Say more.")
    with pytest.raises(Stopped, match="stays with it"):
        story.do("remove_evidence", report, story.writer, file=str(file.pk))
    story.do("add_evidence", report, story.writer, files={"file": upload()})
    new = StoredFile.objects.filter(purpose="report_evidence").latest("pk")
    with pytest.raises(Stopped, match="not one of the available choices"):
        story.do("remove_evidence", report, story.writer, file=str(file.pk))
    story.do("remove_evidence", report, story.writer, file=str(new.pk))
    assert sign_in(client, story.people.asec()).get(address).status_code == 404, (
        "returned: the organisation's own again"
    )
    assert sign_in(client, story.writer).get(address).status_code == 200


def test_m3_what_is_hard_to_believe_is_asked_and_not_refused(story, client):
    story.accepted()
    report = story.report(2)
    first = figure(story.report(), "C1", "LA")
    one, far, more = figure(report, "C1", "LA"), figure(report, "C1", "TH"), figure(report, "E1", "LA")
    story.do(
        "edit_report", report, story.writer,
        **{f"actual_{one.pk}": str(first.value - 1), f"share_due_to_aipbi_{one.pk}": "100",
           f"actual_{far.pk}": str((far.line.target or 1) * 90), f"actual_{more.pk}": "1"},
    )  # fmt: skip
    asked = doubts.of(report, figures_of(report))
    assert "this is less" in asked[one.pk][1]
    assert "All of it is said to be due" in asked[one.pk][0]
    assert any("far beyond the target" in words for words in asked[far.pk])
    assert any("times the" in words for words in asked[far.pk])
    page = sign_in(client, story.writer).get(
        reverse("move", args=[story.case.case.code, "report", report.pk, "edit_report"])
    )
    assert "far beyond the target" in page.content.decode()


def test_m3_asec_accepts_every_other_figure_at_once(story):
    report = story.filed()
    one = figure(report, "C1", "LA")
    said = {f"verdict_{one.pk}": "return", f"comment_{one.pk}": "By which model?"}
    with pytest.raises(Stopped, match="Accept or return"):
        story.do("return_report", report, story.people.asec(), **said)
    story.do("return_report", report, story.people.asec(), **said, rest="on")
    assert figure(report, "C1", "LA").accepted is False
    assert set(report.figures.exclude(pk=one.pk).values_list("accepted", flat=True)) == {True}


def test_l5_a_report_that_stays_away_is_told_of_once(story):
    report = story.started()
    assert escalate() == 0
    late = today() - timedelta(days=31)
    Report.objects.filter(pk=report.pk).update(due_on=late, period_until=late, period_from=late)
    assert (escalate(), escalate()) == (1, 0)
    told = Notice.objects.filter(case=story.case.pk, what="escalate_report")
    assert {one.office.role for one in told if one.office} == {"fg_gvc_member", "seom_lead", "asec_officer"}
    assert told.filter(organisation=story.case.organisation, to_act=True).exists()
    entry = story.case.case.trail.order_by("-number").first()
    assert (entry.action, entry.details["number"]) == ("escalate_report", 1)


# --- changes of the plan ---


def rewritten(plan, **changes):
    """The answers that leave a plan as it is, but for the changes."""
    answers = {}
    for line in plan.lines.select_related("indicator"):
        answers[f"note_{line.pk}"] = line.note
        if line.kind != "words":
            answers |= {f"baseline_{line.pk}": line.baseline, f"target_{line.pk}": line.target}
    for n, one in enumerate(plan.dates.all()):
        answers |= {f"until_{n}": one.period_until, f"due_{n}": one.due_on}
    return answers | changes


def line(plan, code, ams=None):
    return plan.lines.get(indicator__code=code, ams=ams, own_number=None)


def test_m2_a_plan_changes_by_agreement_and_what_was_reported_keeps_the_old_one(story, client):
    first_report = story.accepted()
    old = story.plan
    second = story.report(2)
    gone = figure(second, "C2", "LA")
    kept = figure(second, "C1", "LA")
    story.do("edit_report", second, story.writer, **{f"actual_{gone.pk}": "11", f"actual_{kept.pk}": "22"})
    story.do("change_plan", story.case, story.people.chair(), reason="Exports are counted by the customs union now.")
    new = story.plan
    assert (new.number, new.side, new.lines.count()) == (2, "fg_gvc", old.lines.count())
    with pytest.raises(Stopped, match="under way already"):
        story.do("change_plan", story.case, story.writer, reason="Me too.")
    from monitoring import verbs

    without = [one.pk for one in verbs.plannable(story.case) if one.code in ("C1", "E1", "E2", "E3")]
    chair = story.people.chair()
    story.do("choose_indicators", new, chair, indicators=without)
    story.do("edit_plan", new, chair, **rewritten(new, **{f"target_{line(new, 'C1', 'LA').pk}": "50000000"}))
    story.do("propose", new, chair)
    assert figure(second, "C1", "LA").line.plan_id == old.pk
    story.do("agree", new, story.writer)
    second.refresh_from_db()
    assert second.plan_id == new.pk
    assert figure(second, "C1", "LA").value == 22
    assert figure(second, "C1", "LA").line.target == Decimal(50_000_000)
    assert "From the plan before" in second.narrative
    assert "C2 Contribution to exports outside ASEAN, Lao PDR: 11" in second.narrative
    first_report.refresh_from_db()
    assert first_report.plan_id == old.pk
    assert line(old, "C1", "LA").target == 41_000_000
    assert "start_monitoring" not in set(
        Obligation.objects.open().filter(case=story.case.pk).values_list("kind", flat=True)
    )
    page = sign_in(client, story.writer).get(reverse("monitoring", args=[story.case.case.code])).content.decode()
    assert "customs union" in page
    assert "50,000,000" in page
    version = client.get(reverse("monitoring_plan", args=[story.case.case.code, 1])).content.decode()
    assert "41,000,000" in version
    assert invariants.violations() == {}


def test_m2_a_changed_date_neither_overlaps_a_report_nor_moves_one(story, client):
    report = story.accepted()
    story.do("change_plan", story.case, story.writer, reason="Another year.")
    plan = story.plan
    second = story.report(2)
    overlapping = rewritten(plan) | {"until_3": second.period_until - timedelta(days=3), "due_3": second.due_on}
    with pytest.raises(Stopped, match="overlaps that of"):
        story.do("edit_plan", plan, story.writer, **overlapping)
    moved = rewritten(plan) | {
        "until_0": report.period_until - timedelta(days=9),
        "due_1": second.due_on + timedelta(days=30),
    }
    story.do("edit_plan", plan, story.writer, **moved)
    was, now = (in_words(one) for one in (second.due_on, second.due_on + timedelta(days=30)))
    page = (
        sign_in(client, story.writer).get(reverse("monitoring_plan", args=[story.case.case.code, 2])).content.decode()
    )
    assert f"<li>Report 2: due {now}, before {was}</li>" in page
    assert "Propose the change of the plan" in page
    assert {"propose_change"} == set(
        Obligation.objects.open().filter(subject_kind="plan", subject_pk=plan.pk).values_list("kind", flat=True)
    )
    assert plan.dates.first().period_until == report.period_until
    story.do("propose", plan, story.writer)
    assert Obligation.objects.open().filter(kind="agree_change", subject_pk=plan.pk).count() == 1
    story.do("agree", plan, story.people.chair())
    assert not Obligation.objects.open().filter(kind="agree_change").exists()
    later = story.report(2)
    assert later.due_on == second.due_on + timedelta(days=30)
    owed = Obligation.objects.open().get(kind="report", subject_pk=later.pk)
    assert owed.due_at.date() >= later.due_on - timedelta(days=1)
    assert invariants.violations() == {}


def test_m2_a_change_can_be_given_up_and_the_plan_in_force_stays(story):
    story.started()
    old = story.plan
    story.do("change_plan", story.case, story.writer, reason="Not sure.")
    story.do("drop_change", story.plan, story.writer)
    assert story.plan.state == "dropped"
    assert not Obligation.objects.open().filter(case=story.case.pk, kind="propose_change").exists()
    from monitoring.models import Plan

    assert Plan.objects.in_force().get(proposal=story.case) == old
    assert invariants.violations() == {}


def test_m2_a_project_measures_something_of_its_own(story, client):
    plan = story.drafted()
    e4 = plan.lines.get(indicator__code="E4").indicator
    data = {"indicator": e4.pk, "own_name": "Women trained as line technicians", "own_kind": "count"}
    with pytest.raises(Stopped, match="Say in what it is measured"):
        story.do("define_measure", plan, story.writer, **data)
    story.do("define_measure", plan, story.writer, **data, own_unit="person")
    own = plan.lines.get(own_number=1)
    assert (own.code, own.name, own.unit, own.kind) == ("E4.1", "Women trained as line technicians", "person", "count")
    with pytest.raises(Stopped, match=r"E4\.1"):
        story.do("propose", plan, story.writer)
    story.do(
        "edit_plan", plan, story.writer, **rewritten(plan, **{f"baseline_{own.pk}": "0", f"target_{own.pk}": "40"})
    )
    story.do("propose", plan, story.writer)
    story.do("agree", plan, story.people.chair())
    story.do("start_monitoring", story.case, story.people.asec())
    report = story.report()
    story.do("edit_report", report, story.writer, paste="E4.1\t\tProject\tperson\t\t12")
    assert report.figures.get(line__own_number=1).actual == 12
    with pytest.raises(Stopped, match="whole number"):
        story.do("edit_report", report, story.writer, paste="E4.1\t\tProject\tperson\t\t12.5")
    assert invariants.violations() == {}
