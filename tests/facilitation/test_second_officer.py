"""F4: a second officer checks the words; F8: what no font has is said before the letter is approved."""

from datetime import timedelta

import pytest

from aipbi.accounts.days import today
from aipbi.accounts.enums import Role
from aipbi.accounts.models import Appointment
from aipbi.documents import glyphs
from aipbi.workflow.errors import Blocked, NotOpen
from aipbi.workflow.models import Obligation, TrailEntry
from facilitation.models import Letter
from proposals.models import Proposal
from proposals.search import terms
from tests.support.cases import do

CHECK = "Check the draft of a letter, by a second officer"
JAVANESE = "ꦥꦼꦫꦸꦱꦲꦄꦤ꧀"


def fresh(letter):
    return Letter.objects.get(pk=letter.pk)


def words(letter):
    """Return the words of a draft as its form has them."""
    found = {
        name: getattr(letter, name)
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
    return {**found, "particulars": ""}


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
    changed = do(checked, "edit_letter", story.second, **words(checked))
    assert (changed.state, changed.checked_by) == ("draft", None)
    with pytest.raises(Blocked, match="Another officer"):
        do(changed, "check_letter", story.second)
    assert do(fresh(letter), "check_letter", story.asec).state == "checked"


def duties(officer, signed_in, story):
    """What waits on an officer by their desk, what they wait for, and what the head of the case names as theirs."""
    browser = signed_in(officer)
    said = browser.get("/desk/").text.split('id="mine"')[1]
    head = browser.get(f"/cases/{story.case.case.code}/").context["owing"]
    waits, _awaited, awaited = said.partition('id="awaited"')
    return CHECK in waits, CHECK in awaited.split("</section>")[0], "check_letter" in [owed.kind for owed in head]


def test_f4_the_check_waits_on_the_other_officers_and_not_on_who_wrote_the_words(story, signed_in):
    """Whoever looks after the case: as author they wait for the check, and as nobody's author they owe it."""
    story.finalised()
    letter = story.drafted()
    Proposal.objects.filter(pk=story.case.pk).update(case_officer=story.asec.person)
    assert duties(story.asec, signed_in, story) == (False, True, False)
    assert duties(story.second, signed_in, story) == (True, False, True)
    # It was the second who wrote: the check is the case officer's alone.
    check = Obligation.objects.open().filter(kind="check_letter", subject_pk=letter.pk)
    check.update(begun_by=story.second.person)
    assert duties(story.asec, signed_in, story) == (True, False, True)
    assert duties(story.second, signed_in, story) == (False, False, False)
    # A draft that nobody wrote bars nobody.
    check.update(begun_by=None)
    assert duties(story.asec, signed_in, story) == (True, False, True)
    # Whoever changes the draft wrote it.
    do(fresh(letter), "edit_letter", story.second, **words(fresh(letter)))
    assert check.get().begun_by == story.second.person
    # Nor do they find it by what is theirs, once it is all that waits.
    waits = Obligation.objects.open().filter(case=story.case.pk, office=story.asec.office)
    waits.exclude(kind="check_letter").update(office=story.chair.office)
    for officer, finds in ((story.asec, True), (story.second, False)):
        found = Proposal.objects.filter(terms.find("is:mine", officer)[0])
        assert found.filter(pk=story.case.pk).exists() is finds


def test_f4_a_lone_officer_checks_alone_and_the_trail_says_so(story, signed_in):
    story.finalised()
    letter = story.drafted()
    Proposal.objects.filter(pk=story.case.pk).update(case_officer=story.asec.person)
    others = Appointment.objects.filter(office__role=Role.ASEC).exclude(person=story.asec.person)
    others.update(starts=today() - timedelta(days=9), ends=today() - timedelta(days=2))
    assert duties(story.asec, signed_in, story) == (True, False, True)
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
