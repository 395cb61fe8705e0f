"""Every field comes out with its label, hint and error wired to its control, and nothing chosen in advance."""

import html.parser

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template.loader import render_to_string

from aipbi.forms import Checkboxes, Radios

POSITIONS = [("approve", "Approve"), ("object", "Object")]
MEMBER_STATES = [("LA", "Lao PDR"), ("TH", "Thailand")]


class EveryKind(forms.Form):
    title = forms.CharField(help_text="As on the letter", max_length=20)
    summary = forms.CharField(widget=forms.Textarea(attrs={"data-maxwords": 300}))
    sector = forms.ChoiceField(choices=[("energy", "New energy"), ("chips", "Semiconductors")])
    phase = forms.ChoiceField(
        choices=[("", "---------"), ("green", "Greenfield")], widget=forms.RadioSelect, required=False
    )
    position = forms.ChoiceField(choices=POSITIONS, widget=Radios(hints={"object": "A reason is asked next"}))
    ams = forms.MultipleChoiceField(choices=MEMBER_STATES, widget=Checkboxes, help_text="At least two")
    start = forms.DateField()
    jobs = forms.IntegerField(min_value=0)
    growth = forms.DecimalField()
    paper = forms.FileField(required=False)
    password = forms.CharField(widget=forms.PasswordInput)
    both = forms.SplitDateTimeField(required=False)
    true = forms.BooleanField(label="This is true")
    token = forms.CharField(widget=forms.HiddenInput)

    def clean(self):
        raise forms.ValidationError("The two dates disagree.")


class Page(html.parser.HTMLParser):
    """The elements of a piece of HTML, in order, as (tag, attributes)."""

    def __init__(self, text):
        super().__init__()
        self.elements = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def all(self, *tags):
        return [attrs for tag, attrs in self.elements if tag in tags]

    def controls(self):
        return [attrs for attrs in self.all("input", "select", "textarea") if attrs.get("type") != "hidden"]

    def named(self, name):
        return next(attrs for attrs in self.controls() if attrs.get("name") == name)

    @property
    def ids(self):
        return [attrs["id"] for _, attrs in self.elements if "id" in attrs]


@pytest.fixture
def fresh():
    return Page(str(EveryKind()))


@pytest.fixture
def wrong():
    return EveryKind({"title": "T" * 21, "start": "03/04/2027", "jobs": "many", "growth": "1,5", "position": "maybe"})


def test_every_control_has_a_label(fresh):
    labelled = {attrs["for"] for attrs in fresh.all("label")}
    alone = {attrs["id"] for attrs in fresh.controls() if not attrs["name"].startswith("both_")}
    assert len(alone) == 15
    assert alone <= labelled


@pytest.mark.parametrize("bound", [False, True])
def test_ids_are_unique_and_descriptions_point_at_one(wrong, bound):
    page = Page(str(wrong if bound else EveryKind()))
    assert len(page.ids) == len(set(page.ids))
    named = [id_ for _, attrs in page.elements for id_ in attrs.get("aria-describedby", "").split()]
    assert "id_title_helptext" in named
    assert ("id_title_error" in named) == bound
    assert set(named) <= set(page.ids)


def test_groups_are_fieldsets_described_as_a_whole(wrong):
    groups = [attrs.get("aria-describedby") for attrs in Page(str(wrong)).all("fieldset")]
    assert groups == [None, "id_position_error", "id_ams_helptext id_ams_error", None]


def test_nothing_is_chosen_in_advance(fresh):
    assert not [attrs for attrs in fresh.all("input") if "checked" in attrs]
    assert [attrs["value"] for attrs in fresh.all("option") if "selected" in attrs] == [""]


def test_what_was_chosen_stays_chosen():
    page = Page(str(EveryKind({"position": "object", "ams": ["TH"], "sector": "chips"})))
    assert [attrs["value"] for attrs in page.all("input") if "checked" in attrs] == ["object", "TH"]
    assert [attrs["value"] for attrs in page.all("option") if "selected" in attrs] == ["chips"]


def test_typed_input_is_kept_whatever_is_wrong_with_it(wrong):
    page = Page(str(wrong))
    assert {name: page.named(name)["value"] for name in ("title", "start", "jobs", "growth")} == {
        "title": "T" * 21,
        "start": "03/04/2027",
        "jobs": "many",
        "growth": "1,5",
    }


def test_a_date_is_never_guessed(wrong):
    """03/04/2027 is March in Manila and April in Jakarta."""
    assert "start" in wrong.errors
    for written in ("2027-04-03", "3 April 2027", "03 Apr 2027"):
        form = EveryKind({"start": written})
        assert "start" not in form.errors
        assert form.cleaned_data["start"].isoformat() == "2027-04-03"


def test_a_held_date_is_shown_as_it_is_typed():
    form = EveryKind(initial={"start": forms.DateField().clean("2027-04-03")})
    assert Page(str(form)).named("start")["value"] == "2027-04-03"


def test_the_browser_neither_cuts_nor_refuses_input(fresh):
    checks = {"required", "maxlength", "min", "max", "step"}
    assert not [attrs for attrs in fresh.controls() if checks & attrs.keys()]
    assert fresh.named("jobs")["type"] == "text"
    assert fresh.named("jobs")["inputmode"] == "numeric"
    assert "inputmode" not in fresh.named("growth")


def test_a_word_limit_is_counted_below_the_text(fresh):
    box = next(attrs for attrs in fresh.all("div") if attrs.get("data-module") == "govuk-character-count")
    assert (box["data-maxlength"], box["data-count-type"]) == ("300", "words")
    assert fresh.named("summary")["aria-describedby"] == "id_summary-info"


def test_a_choice_carries_its_own_hint(fresh):
    option = next(attrs for attrs in fresh.all("input") if attrs.get("value") == "object")
    assert option["aria-describedby"] == "id_position_1_hint"
    assert "id_position_1_hint" in fresh.ids


def test_an_empty_choice_is_offered_only_where_no_answer_is_allowed():
    form = EveryKind()
    assert [str(option["label"]) for option in form["phase"].options] == ["No answer", "Greenfield"]
    assert [option["value"] for option in form["position"].options] == ["approve", "object"]


def test_optional_fields_say_so_unless_the_form_says_otherwise():
    class Draft(EveryKind):
        mark_optional = False

    assert str(EveryKind()).count("(optional)") == 3
    assert "(optional)" not in str(Draft())


def test_a_held_file_is_named_and_can_be_removed():
    form = EveryKind(initial={"paper": SimpleUploadedFile("letter of support.pdf", b"%PDF")})
    form["paper"].initial.url = "/never/shown"
    assert "letter of support.pdf" in str(form["paper"].as_field_group())
    assert "/never/shown" not in str(form)
    assert Page(str(form)).named("paper-clear")["type"] == "checkbox"


def test_help_text_is_escaped():
    class Asking(forms.Form):
        answer = forms.CharField(help_text="Less than < 5 <b>units</b>")

    assert "Less than &lt; 5 &lt;b&gt;" in str(Asking())


def test_the_error_summary_links_to_every_field_that_is_wrong(wrong):
    page = Page(render_to_string("partials/error_summary.html", {"form": wrong}))
    targets = [attrs["href"].removeprefix("#") for attrs in page.all("a")]
    assert targets == [wrong[name].first_id for name in wrong.fields if name in wrong.errors and name != "token"]
    assert {"id_position_0", "id_ams_0", "id_title"} <= set(targets)
    assert set(targets) <= set(Page(str(wrong)).ids)


def test_the_error_summary_tells_what_belongs_to_no_field(wrong):
    text = render_to_string("partials/error_summary.html", {"form": wrong})
    assert "<li>The two dates disagree.</li>" in text
    assert "<li>Token: This field is required.</li>" in text


def test_the_error_summary_takes_several_forms_and_plain_errors(wrong):
    other = EveryKind({}, prefix="second")
    page = Page(render_to_string("partials/error_summary.html", {"forms": [wrong, other]}))
    targets = {attrs["href"] for attrs in page.all("a")}
    assert {"#id_title", "#id_second-title"} <= targets
    text = render_to_string(
        "partials/error_summary.html", {"errors": ["Too late.", {"message": "Row 3", "target": "row-3"}]}
    )
    assert "<li>Too late.</li>" in text
    assert '<a href="#row-3">Row 3</a>' in text


def test_no_error_no_summary():
    assert render_to_string("partials/error_summary.html", {"form": EveryKind(), "forms": [EveryKind()]}).strip() == ""


def test_a_formset_brings_its_management_form_and_its_errors():
    rows = forms.formset_factory(EveryKind, extra=2, min_num=3, validate_min=True)
    assert "form-TOTAL_FORMS" in str(rows())
    counted = rows({"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "0"})
    assert "Please submit at least 3 forms." in str(counted)
