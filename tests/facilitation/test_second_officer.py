"""F4: a second officer checks the words; F8: what no font has is said before the letter is approved."""

from datetime import timedelta

import pytest

from aipbi.accounts.days import today
from aipbi.accounts.enums import Role
from aipbi.accounts.models import Appointment
from aipbi.documents import glyphs
from aipbi.workflow.errors import Blocked, NotOpen
from aipbi.workflow.models import TrailEntry
from facilitation.models import Letter
from tests.support.cases import do

JAVANESE = "ꦥꦼꦫꦸꦱꦲꦄꦤ꧀"


def fresh(letter):
    return Letter.objects.get(pk=letter.pk)


def test_f4_nobody_checks_their_own_words_while_there_is_another_officer(story, signed_in):
    story.finalised()
    letter = story.drafted()
    with pytest.raises(NotOpen):
        do(letter, "approve_letter", story.chair)
    with pytest.raises(Blocked, match="Another officer"):
        do(letter, "check_letter", story.asec)
    checked = do(fresh(letter), "check_letter", story.second)
    assert (checked.state, checked.checked_by) == ("checked", story.second.person)
    page = signed_in(story.chair).get(f"/cases/{story.case.case.code}/letters/{letter.pk}/").text
    assert f"Checked by {story.second.person}" in page
    # Who changes a checked draft has it checked by somebody else again.
    words = {
        name: getattr(checked, name)
        for name in (
            "addressee",
            "decision_reference",
            "contact",
            "subject",
            "opening",
            "reporting",
            "standing",
            "closing",
        )
    }
    changed = do(checked, "edit_letter", story.second, **words, particulars="")
    assert (changed.state, changed.checked_by) == ("draft", None)
    with pytest.raises(Blocked, match="Another officer"):
        do(changed, "check_letter", story.second)
    assert do(fresh(letter), "check_letter", story.asec).state == "checked"


def test_f4_a_lone_officer_checks_alone_and_the_trail_says_so(story):
    story.finalised()
    letter = story.drafted()
    others = Appointment.objects.filter(office__role=Role.ASEC).exclude(person=story.asec.person)
    others.update(starts=today() - timedelta(days=9), ends=today() - timedelta(days=2))
    assert do(letter, "check_letter", story.asec).state == "checked"
    assert TrailEntry.objects.get(action="check_letter", subject_pk=letter.pk).details["alone"] is True


def test_f8_a_name_in_a_script_no_font_covers_is_said_before_the_letter_is_checked(story, signed_in):
    story.finalised()
    letter = story.drafted(addressee=f"{JAVANESE}\nSemarang")
    page = signed_in(story.asec).get(f"/cases/{story.case.case.code}/letters/{letter.pk}/").text
    assert "In the addressee no font has ꦥ (U+A9A5 JAVANESE LETTER PA)" in page
    with pytest.raises(Blocked, match="the addressee no font"):
        do(letter, "check_letter", story.second)
    # Also where a checked draft meets a signature that cannot be printed.
    Letter.objects.filter(pk=letter.pk).update(addressee="Semarang")
    checked = do(fresh(letter), "check_letter", story.second)
    story.chair.person.name = JAVANESE
    story.chair.person.save(update_fields=["name"])
    with pytest.raises(Blocked, match="the signature no font"):
        do(checked, "approve_letter", story.chair)


def test_f8_every_script_of_the_region_is_covered():
    from tests.facilitation.test_letter_pdf import NAMES

    assert glyphs.missing("".join(name for name, _font in NAMES.values()) + " \u200b\u200d\ufe0f") == []
    assert glyphs.missing("a\U0010fffdb\U0010fffd") == ["\U0010fffd"]
