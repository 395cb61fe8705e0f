"""F4: ASEC writes the texts of letters in the portal, sees them on a real case, and a wrong placeholder is never saved."""

import pytest
from django.urls import reverse

from aipbi.workflow.errors import Invalid
from facilitation import templates
from facilitation.models import Letter, LetterTemplate
from facilitation.models.letter_template import BLOCKS, FAULTS_TOLD
from tests.support.cases import do

PURPOSE = "approval"


def page(name="letter_text", *more):
    return reverse(name, args=[PURPOSE, *more])


def words(**changed):
    now = templates.newest(PURPOSE)
    return {**{block: getattr(now, block) for block in BLOCKS}, "seen": now.number, **changed}


def test_f4_a_mistyped_placeholder_is_pointed_at_and_nothing_is_saved(story, signed_in):
    client = signed_in(story.asec)
    before = LetterTemplate.objects.count()
    answer = client.post(page(), words(opening="Dear reader,\n\nabout {titel}.", what="save"))
    assert answer.status_code == 422
    assert "Line 3, column 7: “{titel}” is not known here. Did you mean {title}?" in answer.text
    assert "about {titel}." in answer.text
    assert 'href="#id_opening"' in answer.text
    assert client.post(page(), words(standing=" ", what="save")).status_code == 422
    assert LetterTemplate.objects.count() == before


def test_f4_words_beyond_any_letter_are_refused_and_their_faults_not_counted_one_by_one(story, signed_in):
    """Thirty thousand open braces held the page for a minute and a half: each was told of, with its place."""
    story.finalised()
    letter, client = story.drafted(), signed_in(story.asec)
    answer = client.post(page(), words(opening="{x " * 6668, what="preview"))
    assert answer.status_code == 422
    assert "at most 20" in answer.text
    shorter = client.post(page(), words(opening="{x " * 6000, what="preview"))
    assert shorter.text.count("has no partner") <= 2 * FAULTS_TOLD
    with pytest.raises(Invalid) as refused:
        do(letter, "edit_letter", story.asec, opening="x" * 20_001)
    assert "at most 20" in str(refused.value.form.errors["opening"])


def test_f4_the_preview_shows_the_chosen_case_and_saves_nothing(story, signed_in):
    client, case = signed_in(story.asec), story.case
    before = (LetterTemplate.objects.count(), Letter.objects.count())
    typed = words(opening="Dear people of {proponent}, about {title}.", on=case.case.reference.lower(), what="preview")
    shown = client.post(page(), typed)
    assert shown.status_code == 200
    assert f"Dear people of {case.organisation.name}, about {case.title}." in shown.text
    assert (LetterTemplate.objects.count(), Letter.objects.count()) == before
    refused = client.post(page(), {**typed, "on": "AIPBI/2020/0001"})
    assert "No case that you may open has the reference or code “AIPBI/2020/0001”." in refused.text
    assert "Dear people of {proponent}" in refused.text
    for purpose in ("amendment", "revocation", "return", "lapse", "non_approval"):
        assert client.get(reverse("letter_text", args=[purpose])).status_code == 200


def test_f4_saving_writes_the_next_version_and_a_letter_in_hand_keeps_its_words(story, signed_in):
    story.finalised()
    letter, client = story.drafted(), signed_in(story.asec)
    old = templates.newest(PURPOSE)
    assert client.post(page(), words(closing="Ask {contact}.", what="save")).status_code == 302
    new = templates.newest(PURPOSE)
    assert (new.number, new.closing, new.written_by) == (old.number + 1, "Ask {contact}.", story.asec.person)
    letter.refresh_from_db()
    assert (letter.closing, letter.template) == (old.closing, old)
    shown = client.get(page("letter_text_version", new.number)).text
    assert '<ins class="portal-ins">' in shown
    assert "?from=2" in shown
    assert "This page starts from version 1." in client.get(page() + "?from=1").text
    # Nothing changed, but for the ends of lines as a browser sends them: no version.
    same = {name: str(value).replace("\n", "\r\n") for name, value in words(what="save").items()}
    client.post(page(), same)
    assert templates.newest(PURPOSE) == new


def test_f4_two_who_write_at_once_one_is_told_and_keeps_what_was_typed(story, signed_in):
    mine = words(closing="Mine. Ask {contact}.", what="save")
    signed_in(story.second).post(page(), words(closing="Theirs. Ask {contact}.", what="save"))
    answer = signed_in(story.asec).post(page(), mine)
    assert answer.status_code == 409
    assert "Somebody else wrote a version meanwhile" in answer.text
    assert "Mine. Ask {contact}." in answer.text
    assert templates.newest(PURPOSE).closing == "Theirs. Ask {contact}."
    # The page that said so carries the version it told of: saving then is meant.
    assert signed_in(story.asec).post(page(), {**mine, "seen": 2}).status_code == 302
    assert templates.newest(PURPOSE).number == 3


@pytest.mark.parametrize("name", ["letter_texts", "letter_text", "letter_text_version"])
def test_u5_nobody_but_asec_finds_the_texts(story, signed_in, name):
    where = reverse(
        name, args=[] if name == "letter_texts" else [PURPOSE, 1] if name.endswith("version") else [PURPOSE]
    )
    for other in (story.chair, story.people.seom("TH"), story.writer, story.people.admin()):
        assert signed_in(other).get(where).status_code == 404
    assert signed_in(story.asec).get(where).status_code == 200
