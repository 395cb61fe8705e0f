"""What the database itself refuses, whoever asks."""

from datetime import date

import pytest
from django.db import DataError, IntegrityError, connection, transaction
from django.db.utils import InternalError, ProgrammingError

from aipbi.asean.models import (
    Body,
    ChairTerm,
    Clock,
    CriteriaEdition,
    Criterion,
    Default,
    Holiday,
    HSChapter,
    Indicator,
    MemberState,
    Parameter,
    Stage,
)

pytestmark = pytest.mark.django_db


def test_u1_two_chairs_at_once_are_refused():
    with pytest.raises(IntegrityError, match="chair_term_no_overlap"), transaction.atomic():
        ChairTerm.objects.create(ams_id="VN", starts=date(2026, 12, 31), ends=date(2027, 1, 31))
    ChairTerm.objects.create(ams_id="VN", starts=date(2029, 1, 1))
    with pytest.raises(IntegrityError, match="chair_term_no_overlap"):
        ChairTerm.objects.create(ams_id="BN", starts=date(2040, 1, 1))


def test_u1_an_open_term_holds_until_further_notice():
    ChairTerm.objects.create(ams_id="VN", starts=date(2029, 1, 1))
    assert ChairTerm.objects.on(date(2050, 1, 1)) == "VN"


@pytest.mark.parametrize(
    ("model", "row", "changes"),
    [
        (MemberState, {"code": "LA"}, {"weekend": [8]}),
        (MemberState, {"code": "LA"}, {"weekend": []}),
        (MemberState, {"code": "LA"}, {"weekend": [1, 2, 3, 4, 5, 6, 7]}),
        (MemberState, {"code": "LA"}, {"name": "Thailand"}),
        (ChairTerm, {"ams": "PH"}, {"ends": date(2025, 12, 31)}),
        (Body, {"acronym": "AEM"}, {"kind": "club"}),
        (Body, {"acronym": "AEM"}, {"acronym": "SEOM"}),
        (Body, {"acronym": "AEM"}, {"active_from": date(2026, 1, 2), "active_until": date(2026, 1, 1)}),
        (Stage, {"chain": "ev_battery", "code": "cells"}, {"code": "packs"}),
        (HSChapter, {"code": "76"}, {"code": "77"}),
        (HSChapter, {"code": "97"}, {"code": "98"}),
        (HSChapter, {"code": "01"}, {"code": "00"}),
        (CriteriaEdition, {"code": "2025-01"}, {"code": "2025-13"}),
        (Criterion, {"number": 3}, {"number": 4}),
        (Criterion, {"number": 3}, {"number": 2}),
        (Parameter, {"number": 9}, {"number": 10}),
        (Parameter, {"number": 9}, {"number": 1}),
        (Parameter, {"number": 9}, {"code": "job_creation"}),
        (Indicator, {"code": "C1"}, {"code": "C2"}),
        (Indicator, {"code": "C1"}, {"aggregation": "mean"}),
        (Indicator, {"code": "C1"}, {"better": "sideways"}),
        (Clock, {"code": "seom"}, {"days": 0}),
        (Clock, {"code": "seom"}, {"counts": "lunar"}),
        (Default, {"key": "experts_minimum"}, {"value": "two"}),
        (Default, {"key": "experts_minimum"}, {"value": 0}),
        (Default, {"key": "experts_minimum"}, {"value": 10}),
        (Default, {"key": "greenfield_open"}, {"value": 1}),
        (Default, {"key": "portal_label"}, {"value": None}),
    ],
)
def test_a_value_that_cannot_be_is_refused(model, row, changes):
    with pytest.raises((IntegrityError, DataError)):
        model.objects.filter(**row).update(**changes)


def test_a_body_does_not_report_to_itself():
    body = Body.objects.get(acronym="AEM")
    body.parent = body
    with pytest.raises(IntegrityError, match="body_not_its_own_parent"):
        body.save()


def test_a_holiday_stands_once_per_day():
    with pytest.raises(IntegrityError, match="holiday_once_per_day"):
        Holiday.objects.create(ams_id="LA", date=date(2026, 1, 1), name="Again")


def test_a_parameter_belongs_to_its_criterions_edition():
    other = CriteriaEdition.objects.create(code="2099-01", label="Later", in_force_from=date(2099, 1, 1))
    Parameter.objects.filter(number=1).update(edition=other)
    with pytest.raises(IntegrityError, match="parameter_edition_of_criterion"):
        connection.check_constraints()


def test_every_change_is_kept_in_a_history_that_cannot_be_changed():
    Clock.objects.filter(code="seom").update(days=25)
    history = Clock.pgh_event_model.objects.filter(code="seom").order_by("pgh_id")
    assert [(event.pgh_label, event.days) for event in history] == [("insert", 20), ("update", 25)]
    for forbidden in (lambda: history.update(days=1), history.delete):
        with pytest.raises((ProgrammingError, InternalError)), transaction.atomic():
            forbidden()


def test_the_categories_of_a_body_have_a_history_too():
    body = Body.objects.get(acronym="AMMin")
    body.categories.add("goods")
    body.categories.remove("industrial_policies")
    events = Body.categories.through.pgh_event_model.objects.filter(body_id=body.pk).order_by("pgh_id")
    assert [(event.pgh_label, event.category_id) for event in events] == [
        ("insert", "industrial_policies"),
        ("insert", "goods"),
        ("delete", "industrial_policies"),
    ]


def test_what_others_refer_to_is_not_deleted():
    from django.db.models import ProtectedError

    with pytest.raises(ProtectedError):
        MemberState.objects.get(code="LA").delete()


def test_bodies_exist_from_their_first_day_to_their_last():
    Body.objects.filter(acronym="AIF").update(active_from=date(2026, 1, 1), active_until=date(2026, 12, 31))
    days = [date(2025, 12, 31), date(2026, 1, 1), date(2026, 12, 31), date(2027, 1, 1)]
    assert [Body.objects.on(day).filter(acronym="AIF").exists() for day in days] == [False, True, True, False]
    assert Body.objects.on(days[0]).filter(acronym="AEM").exists()
