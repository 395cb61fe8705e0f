"""F4: the words of letters are versioned templates with typed placeholders."""

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from facilitation import templates
from facilitation.enums import Purpose
from facilitation.letters import text
from facilitation.models import LetterTemplate
from facilitation.models.letter_template import BLOCKS

WORDS = {"title": "Trade {number} # <b>", "reasons": "One.\n\nTwo."}


@pytest.mark.django_db
def test_f4_every_kind_of_letter_has_a_sound_template_once():
    assert set(LetterTemplate.objects.values_list("purpose", flat=True)) == set(Purpose.values)
    for template in LetterTemplate.objects.all():
        template.full_clean()
    before = LetterTemplate.objects.count()
    assert templates.load() == 0
    assert LetterTemplate.objects.count() == before


@pytest.mark.django_db
def test_f4_a_benefit_letter_says_best_endeavour_non_binding_and_autonomy():
    standing = templates.newest(Purpose.APPROVAL).standing
    for words in ("best-endeavour", "not binding", "autonomy"):
        assert words in standing
    broken = templates.newest(Purpose.APPROVAL)
    broken.standing = " "
    with pytest.raises(ValidationError) as refused:
        broken.clean()
    assert set(refused.value.message_dict) == {"standing"}


@pytest.mark.parametrize(
    ("words", "purpose", "said"),
    [
        ("Dear {titel},", "approval", "Line 1, column 6: “{titel}” is not known here. Did you mean {title}?"),
        ("One\r\nTwo {number", "approval", "Line 2, column 5: the brace “{” has no partner."),
        ("Two }", "approval", "Line 1, column 5: the brace “}” has no partner."),
        ("{reasons}", "approval", "It belongs to other kinds of letter: Letter of non-approval"),
        ("{Member States}", "approval", "Did you mean {member_states}?"),
        ("{zzz}", "lapse", "These are: {number}, {date}"),
        ("Because {reasons}", "non_approval", "must stand on a line of its own"),
        ("{member_states}", "lapse", "is not known here"),
        ("{}", "approval", "is not known here"),
    ],
)
def test_f4_a_wrong_placeholder_is_found_with_its_line(words, purpose, said):
    assert any(said in fault for fault in text.faults(words, purpose))


def test_f4_every_placeholder_in_place_is_sound():
    for purpose in Purpose.values:
        for name, one in text.known(purpose).items():
            words = f"Before\n\n{{{name}}}\n\nAfter" if one.kind is text.Kind.PARAGRAPHS else f"Before {{{name}}} after"
            assert list(text.faults(words, purpose)) == []


def test_f4_what_is_filled_in_is_never_markup():
    assert text.blocks("# About\n\n{title}\n\n{reasons}", WORDS) == [
        {"is": "heading", "text": "About"},
        {"is": "paragraph", "text": "Trade {number} # <b>"},
        {"is": "paragraph", "text": "One."},
        {"is": "paragraph", "text": "Two."},
    ]


def test_f4_lists_headings_and_paragraphs():
    assert text.blocks("One\nline\n- a\n- b\n\n# Head\nText", {}) == [
        {"is": "paragraph", "text": "One line"},
        {"is": "list", "items": ["a", "b"]},
        {"is": "heading", "text": "Head"},
        {"is": "paragraph", "text": "Text"},
    ]


def test_f4_a_heading_over_nothing_is_left_out():
    assert text.blocks("# Conditions\n\n{conditions}\n\n# Next\n\nText", {"conditions": ""}) == [
        {"is": "heading", "text": "Next"},
        {"is": "paragraph", "text": "Text"},
    ]
    assert text.blocks("# Conditions\n\n{conditions}", {"conditions": ""}) == []
    assert text.blocks("", {}) == []


@pytest.mark.django_db
def test_f4_an_administrator_writes_the_next_version_and_letters_keep_theirs(people, signed_in):
    client = signed_in(people.admin())
    old = templates.newest(Purpose.LAPSE)
    page = reverse("admin:facilitation_lettertemplate_change", args=[old.pk])
    words = {block: getattr(old, block) for block in BLOCKS}
    refused = client.post(page, {**words, "opening": "Dear {nobody},"})
    assert "is not known here" in refused.content.decode()
    assert templates.newest(Purpose.LAPSE) == old
    assert client.post(page, {**words, "opening": "Dear {proponent},"}).status_code == 302
    new = templates.newest(Purpose.LAPSE)
    assert (new.number, new.opening, new.written_by) == (old.number + 1, "Dear {proponent},", people.admin().person)
    old.refresh_from_db()
    assert old.opening == words["opening"]
