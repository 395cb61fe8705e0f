"""An ASEC administrator keeps the reference data in the admin."""

from datetime import date

import pytest
from django.contrib import admin
from django.urls import reverse

from aipbi.asean import defaults, names
from aipbi.asean.models import (
    Body,
    ChairTerm,
    Clock,
    CriteriaEdition,
    Default,
    Holiday,
    IndicatorEdition,
    MemberState,
    Parameter,
)

pytestmark = pytest.mark.django_db

MODELS = [model for model in admin.site._registry if model._meta.app_label == "asean"]


@pytest.fixture
def administrator(people, signed_in):
    return signed_in(people.admin())


def changes(model, pk):
    return reverse(f"admin:asean_{model._meta.model_name}_change", args=[pk])


def form_of(page):
    """What the browser would send back from the page as it stands."""
    form = page.context["adminform"].form
    sent = {}
    for bound in form:
        value = bound.value()
        if value is not None and value is not False:
            sent[bound.html_name] = value
    for inline in page.context["inline_admin_formsets"]:
        for part in (inline.formset.management_form, *inline.formset.forms):
            sent |= {bound.html_name: bound.value() for bound in part if bound.value() is not None}
    return {name: value.pk if hasattr(value, "pk") else value for name, value in sent.items()}


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_list_and_row_opens(administrator, model):
    listed = administrator.get(reverse(f"admin:asean_{model._meta.model_name}_changelist"))
    assert listed.status_code == 200
    row = model.objects.first()
    page = administrator.get(changes(model, row.pk))
    assert page.status_code == 200
    assert str(row) in page.content.decode().replace("&#x27;", "'")


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_a_row_saved_as_it_stands_is_accepted_and_unchanged(administrator, model):
    row = model.objects.first()
    before = model.objects.values().get(pk=row.pk)
    url = changes(model, row.pk)
    answer = administrator.post(url, form_of(administrator.get(url)))
    assert answer.status_code == 302, answer.context["adminform"].form.errors
    assert model.objects.values().get(pk=row.pk) == before


def test_a_proponent_and_a_stranger_do_not_get_in(client, people, signed_in):
    url = reverse("admin:asean_clock_changelist")
    assert client.get(url).status_code in (302, 404)
    assert signed_in(people.proponent()).get(url).status_code in (302, 403, 404)
    assert signed_in(people.asec()).get(url).status_code in (302, 403, 404)


def test_a_setting_is_changed_by_its_kind_and_within_its_limits(administrator):
    url = changes(Default, "experts_minimum")
    assert administrator.post(url, {"value": "3"}).status_code == 302
    assert defaults.get("experts_minimum") == 3
    refused = administrator.post(url, {"value": "0"})
    assert "greater than or equal to 1" in refused.content.decode()
    assert 'value="0"' in refused.content.decode()
    assert administrator.post(url, {"value": "many"}).status_code == 200
    assert defaults.get("experts_minimum") == 3
    assert administrator.post(changes(Default, "greenfield_open"), {}).status_code == 302
    assert defaults.get("greenfield_open") is False
    assert administrator.post(changes(Default, "portal_label"), {"value": " "}).status_code == 200
    assert administrator.post(changes(Default, "portal_label"), {"value": "The Initiative"}).status_code == 302
    assert defaults.get("portal_label") == "The Initiative"


@pytest.mark.parametrize("name", ["default", "clock", "category"])
def test_what_the_code_asks_for_by_name_is_neither_added_nor_deleted(administrator, name):
    assert administrator.get(reverse(f"admin:asean_{name}_add")).status_code == 403
    row = {"default": "summary_words", "clock": "seom", "category": "goods"}[name]
    assert administrator.post(reverse(f"admin:asean_{name}_delete", args=[row]), {"post": "yes"}).status_code == 403


def test_a_code_is_written_once(administrator):
    url = changes(MemberState, "LA")
    page = administrator.get(url)
    assert "code" not in page.context["adminform"].form.fields
    sent = form_of(page) | {"code": "XX", "name": "Lao PDR (new)"}
    assert administrator.post(url, sent).status_code == 302
    assert MemberState.objects.count() == 11
    assert names.member_state_names()["LA"] == "Lao PDR (new)"


def test_the_row_history_names_the_administrator(administrator, people):
    administrator.post(changes(Clock, "seom"), {"label": "Support", "days": "25", "counts": "working"})
    event = Clock.pgh_event_model.objects.filter(code="seom").order_by("pgh_id").last()
    assert event.days == 25
    assert event.pgh_context.metadata["user"] == people.admin().person.pk


def test_u1_two_chairs_at_once_are_refused_in_words(administrator):
    sent = {"ams": "VN", "starts": "2026-12-01", "ends": "2027-01-31"}
    refused = administrator.post(reverse("admin:asean_chairterm_add"), sent)
    assert "Two cannot chair at once" in refused.content.decode()
    assert ChairTerm.objects.count() == 4


def test_a_moved_holiday_is_confirmed(administrator):
    row = Holiday.objects.filter(ams="ID", estimated=True).first()
    sent = {"ams": "ID", "date": "2028-12-29", "name": row.name}
    assert administrator.post(changes(Holiday, row.pk), sent).status_code == 302
    row.refresh_from_db()
    assert (row.date, row.estimated) == (date(2028, 12, 29), False)


def test_the_weekend_is_ticked_by_name(administrator):
    url = changes(MemberState, "BN")
    page = administrator.get(url)
    assert "Friday" in page.content.decode()
    assert administrator.post(url, form_of(page) | {"weekend": ["6", "7"]}).status_code == 302
    assert MemberState.objects.get(code="BN").weekend == [6, 7]


def test_a_zone_or_weekend_that_is_none_is_refused_in_words(administrator):
    url = changes(MemberState, "LA")
    sent = form_of(administrator.get(url)) | {"timezone": "Asia/Nowhere", "weekend": ["6", "8"]}
    refused = administrator.post(url, sent).content.decode()
    assert "“Asia/Nowhere” is not a time zone" in refused
    assert "8 is not one of the available choices" in refused


def test_a_body_does_not_report_to_itself_in_words(administrator):
    body = Body.objects.get(acronym="AIF")
    url = changes(Body, body.pk)
    refused = administrator.post(url, form_of(administrator.get(url)) | {"parent": body.pk})
    assert "A body does not report to itself." in refused.content.decode()


@pytest.mark.parametrize("model", [CriteriaEdition, IndicatorEdition])
def test_a_new_edition_is_a_copy(administrator, model):
    sent = {"action": "copy_edition", "_selected_action": ["2025-01"]}
    url = reverse(f"admin:asean_{model._meta.model_name}_changelist")
    page = administrator.post(url, sent, follow=True)
    made = model.objects.exclude(code="2025-01").get()
    assert f"{made.code} is a copy of 2025-01" in page.content.decode()


def test_the_wording_of_an_edition_that_no_case_uses_changes_with_its_structure(administrator):
    parameter = Parameter.objects.get(number=1)
    url = changes(Parameter, parameter.pk)
    page = administrator.get(url)
    assert "Cases use this edition" not in page.content.decode()
    assert administrator.post(url, form_of(page) | {"question": "Which project?", "code": "project"}).status_code == 302
    parameter.refresh_from_db()
    assert (parameter.question, parameter.code) == ("Which project?", "project")


def test_an_edition_that_cases_use_keeps_its_structure_and_can_have_its_wording_mended(administrator, people):
    from tests.support import cases

    cases.submitted(people)
    parameter = Parameter.objects.get(number=1)
    url = changes(Parameter, parameter.pk)
    page = administrator.get(url)
    assert "Cases use this edition" in page.content.decode()
    assert not {"code", "number", "criterion"} & set(page.context["adminform"].form.fields)
    assert administrator.post(url, form_of(page) | {"question": "Which project?", "code": "project"}).status_code == 302
    parameter.refresh_from_db()
    assert (parameter.question, parameter.code) == ("Which project?", "project_details")
    delete = reverse("admin:asean_parameter_delete", args=[parameter.pk])
    assert administrator.post(delete, {"post": "yes"}).status_code == 403
    edition = administrator.get(changes(CriteriaEdition, "2025-01"))
    assert set(edition.context["adminform"].form.fields) == {"label"}
    assert (
        not administrator.get(reverse("admin:asean_parameter_add"))
        .context["adminform"]
        .form.fields["criterion"]
        .queryset
    )


def test_a_number_that_another_parameter_has_is_refused_in_words(administrator):
    parameter = Parameter.objects.get(number=1)
    url = changes(Parameter, parameter.pk)
    refused = administrator.post(url, form_of(administrator.get(url)) | {"number": "2"})
    assert "Another parameter of this edition has it already." in refused.content.decode()
