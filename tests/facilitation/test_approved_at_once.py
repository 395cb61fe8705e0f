"""F4, F7: a letter that several of the chair's office take up in the same moment is approved once, or not at all."""

from functools import partial

from aipbi.accounts.capacity import held_by, today
from aipbi.accounts.models import Appointment
from aipbi.workflow import invariants, trail
from aipbi.workflow.models import Job, TrailEntry
from facilitation.models import Letter
from tests.support.at_once import at_once
from tests.support.cases import do


def _alternate(people, office, number):
    person = people.person(f"alternate-{number}@chair.example.org")
    Appointment.objects.create(person=person, office=office, starts=today(), alternate=True)
    return next(held for held in held_by(person) if held.office == office)


def test_f4_one_approval_of_one_letter(committed_story, people):
    story = committed_story
    story.finalised()
    letter = story.check(story.drafted())
    of_the_chair = [story.chair, *(_alternate(people, story.chair.office, n) for n in range(4))]

    def act(by, move, **data):
        return partial(do, Letter.objects.get(pk=letter.pk), move, by, **data)

    came = at_once(
        *(act(by, "approve_letter") for by in of_the_chair[:4]),
        act(of_the_chair[4], "ask_letter_changes", wanted_changes="Name the second site."),
    )

    letter.refresh_from_db()
    approved = letter.state == "approved"
    taken = TrailEntry.objects.filter(action__in=["approve_letter", "ask_letter_changes"], subject_pk=letter.pk)
    assert [entry.action for entry in taken] == ["approve_letter" if approved else "ask_letter_changes"]
    assert len([one for one in came if one is None]) == 1, came
    assert Job.objects.filter(kind="letter_pdf", subject_pk=letter.pk).count() == approved
    assert bool(letter.number) == approved
    assert bool(letter.wanted_changes) != approved
    assert list(trail.broken()) == []
    assert invariants.violations() == {}
