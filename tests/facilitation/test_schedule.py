"""The schedule of benefits inside a letter, as machines and people read it (F3, F5)."""

import json

import pytest
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from facilitation.letters.schedule import schedule_json


@pytest.fixture
def said(story):
    story.concur(story.benefit("TH", "MY", agreement="acia", starts="2027-01-01", ends="2029-12-31"))
    return story.approved().content


def test_f5_the_schedule_keeps_to_the_schema_that_is_published(said, client):
    schema = json.loads(client.get("/check/letter-schedule-1.json").getvalue())
    Draft202012Validator.check_schema(schema)
    schedule = json.loads(schedule_json(said))
    validator = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
    validator.validate(schedule)
    described = schema["$defs"]["benefit"]["properties"]
    assert {name for benefit in schedule["benefits"] for name in benefit} <= set(described)
    assert [one["rests_on"]["label"] for one in schedule["benefits"] if "rests_on" in one] == ["ACIA"]
    schedule["benefits"][0]["until"] = "31 December 2029"
    with pytest.raises(ValidationError, match="is not a 'date'"):
        validator.validate(schedule)


def test_f3_the_letter_names_the_agreement_a_benefit_rests_on(said):
    from django.template.loader import render_to_string

    page = render_to_string("facilitation/letter_alone.html", {"letter": said, "title": "x"})
    assert page.count("Rests on: ASEAN Comprehensive Investment Agreement") == 1
