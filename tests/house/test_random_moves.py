"""Random moves by random people: whatever is tried, in whatever order, the books stay in order (L1, L2, L4, L5).

Every move goes through the door in a savepoint of its own, as it has a transaction of its own in
production; the database is rolled back after each story.
"""

from collections import Counter
from datetime import timedelta
from random import Random
from typing import Any, ClassVar

from django import forms
from django.db import transaction
from hypothesis import HealthCheck, Phase, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from aipbi.accounts.capacity import Capacity, today
from aipbi.workflow import invariants, registry, trail
from aipbi.workflow.door import perform
from aipbi.workflow.errors import Refused
from aipbi.workflow.models import Case, Obligation
from facilitation.models import BodyRequest
from proposals.enums import ENDED, State
from proposals.models import Proposal
from tests.documents import samples
from tests.support import world

# Where stories begin. The three files give three cases at once; the stories mix them.
BEGINNINGS = {
    "01-power-trade": "registered",
    "02-ev-battery-chain": "before_fg_gvc",
    "03-chip-materials-lane": "benefits_finalised",
}
STORIES, MOVES = 5, 60
# An ended case may still owe the letter that says so (F7).
LETTERS = ("draft_letter", "check_letter", "approve_letter", "revise_letter", "seal_letter")
STRANGE = ("", "\x00", "=1+1", "<b>", "-1", "9" * 30, "x" * 5000)
WORDS = ("We have looked at it.", "ພະລັງງານນ້ຳ", "<script>alert(1)</script>")
SETTINGS = settings(
    max_examples=STORIES,
    stateful_step_count=MOVES,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


class Portal(RuleBasedStateMachine):
    """Everybody who has a tie to a case, making moves on it."""

    worlds: ClassVar[list[world.World]] = []
    tried: ClassVar[Counter[str]] = Counter()

    @initialize()
    def begin(self) -> None:
        """Take the next of the cases up; what is done to it is undone at the end."""
        self.tried["stories"] += 1
        place = self.tried["stories"] % len(self.worlds)
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.world, self.step, self.done = self.worlds[place], 0, Counter[str]()

    @rule(seed=st.integers(0, 2**32))
    def somebody_moves(self, seed: int) -> None:
        """Try one move: mostly one that is open to its person, now and then any at all, or from a stale page."""
        # Small numbers come often; story and step keep them from telling the same over and over.
        self.step += 1
        dice = Random(f"{seed} {self.tried['stories']} {self.step}")
        move, subject, who = self._likely(dice) if dice.random() < 0.9 else self._any(dice)
        if move is None:
            return
        data, files = _answers(dice, move, subject, who) if subject.state in move.sources() else ({}, {})
        seen = subject.revision if dice.random() < 0.9 else max(0, subject.revision - 1)
        name = f"{move.model.kind}.{move.name}"
        try:
            with transaction.atomic():
                perform(move, subject, by=who.person, as_=who, data=data, files=files, seen=seen)
        except Refused as refusal:
            self.tried[type(refusal).__name__] += 1
            note(f"{name} by {who.label}: {refusal.message}")
        else:
            self.tried[name] += 1
            self.done[move.name] += 1
            note(f"{name} by {who.label}: done")

    @invariant()
    def the_books_are_in_order(self) -> None:
        """The state is a state, the trail's chain holds, every invariant holds, and what ended owes nothing."""
        if not hasattr(self, "undo"):
            return
        case = self.case
        assert case.state in State.values
        if case.state in ENDED:
            left = Obligation.objects.open().filter(case_id=case.pk).exclude(kind__in=LETTERS)
            assert not left.exists(), list(left.values_list("kind", "subject_kind"))
        assert list(trail.broken(Case.objects.filter(pk=case.pk))) == []
        assert invariants.violations() == {}

    def teardown(self) -> None:
        """Undo the story."""
        if hasattr(self, "undo"):
            transaction.set_rollback(True)
            self.undo.__exit__(None, None, None)

    @property
    def case(self) -> Proposal:
        return Proposal.objects.get(pk=self.world.proposal.pk)

    def _people(self) -> list[Capacity]:
        """Return everybody with a tie to the case, and some without."""
        people, case = self.world.walk.people, self.case
        states = case.participations.values_list("ams", flat=True)
        bodies = BodyRequest.objects.filter(proposal=case).values_list("body__acronym", flat=True)
        return [
            *(held for tie in world.TIES if (held := self.world.tie(tie))),
            people.proponent(case.organisation),
            *(office(ams) for ams in states for office in (people.seom, people.fg_gvc)),
            *(people.body(body) for body in bodies),
            Capacity.clock(),
        ]

    def _moves(self) -> list[tuple[Any, Any]]:
        case = self.case
        rows: dict[Any, list[Any]] = {Proposal: [case]}
        for model in {move.model for move in registry.moves()} - set(rows):
            # A meeting and a common barrier have cases of their own.
            own = model.case_path == "case" and model.kind != "request"
            rows[model] = [] if own else list(model.objects.filter(**{model.case_path: case.case}))
        return [(move, row) for move in registry.moves() for row in rows[move.model]]

    def _any(self, dice: Random) -> tuple[Any, Any, Capacity]:
        """Return any move by anybody; half of the time by somebody whose rule allows it, if not the state."""
        move, row = dice.choice(self._moves())
        people = self._people()
        may = [who for who in people if move.may(who, row)]
        return move, row, dice.choice(may if may and dice.random() < 0.5 else people)

    def _likely(self, dice: Random) -> tuple[Any, Any, Any]:
        """Return a move that state and rule allow, and mostly its reasons; one that ends things only seldom."""
        checks = dice.random() < 0.9
        people, moves = self._people(), [(move, row) for move, row in self._moves() if row.state in move.sources()]
        names = sorted({move.name for move, _row in moves if not move.warning or dice.random() < 0.02})
        # What was seldom done comes first, or a story would go round in circles.
        names.sort(key=lambda name: self.done[name] + dice.random())
        for name in names:
            for move, row in dice.sample(of_it := [one for one in moves if one[0].name == name], len(of_it)):
                may = [who for who in people if move.may(who, row)]
                if may and not (list(move(row, who := dice.choice(may)).reasons()) and checks):
                    return move, row, who
        return None, None, None


def _answers(dice: Random, move: Any, subject: Any, who: Capacity) -> tuple[dict[str, Any], dict[str, Any]]:
    """Fill the move's form in: with what it starts with, with something that fits, seldom with something strange."""
    if move.form is None:
        return {}, {}
    act = move(subject, who)
    form = move.form(move=act, initial=act.initial())
    data, files = {}, {}
    for name, field in form.fields.items():
        if isinstance(field, forms.FileField):
            if field.required or dice.random() < 0.3:
                files[name] = samples.upload()
        else:
            data[name] = _answer(dice, field, form.get_initial_for_field(field, name))
    return data, files


def _answer(dice: Random, field: forms.Field, initial: Any) -> Any:  # noqa: PLR0911 - one answer per kind of field
    if dice.random() < 0.01:
        return dice.choice(STRANGE)
    if initial not in (None, "", []) and dice.random() < 0.7:
        return initial
    choices = [str(value) for value, _label in getattr(field, "choices", []) if value not in ("", None)]
    match field:
        case forms.ModelMultipleChoiceField() | forms.MultipleChoiceField():
            return dice.sample(choices, dice.randint(min(1, len(choices)), len(choices)))
        case forms.ChoiceField() | forms.ModelChoiceField():
            return dice.choice(choices or [""])
        case forms.BooleanField():
            return "on" if dice.random() < 0.9 else ""
        case forms.DateField():
            return (today() + timedelta(days=dice.randint(1, 400))).isoformat()
        case forms.EmailField():
            return f"{dice.randint(1, 9)}@partner.example.org"
        case forms.IntegerField() | forms.DecimalField():
            return str(dice.randint(0, 100))
        case _:
            return dice.choice(WORDS)


def test_random_moves_by_random_people_leave_the_books_in_order(db):
    Portal.worlds = [world.bring(state, name) for name, state in BEGINNINGS.items()]
    Portal.tried = Counter()
    run_state_machine_as_test(Portal, settings=SETTINGS)
    done = {name for name in Portal.tried if "." in name}
    # A walk on which next to nothing is carried out would prove next to nothing.
    assert len(done) > 15, Portal.tried
    assert {"NotYours", "Stale", "Invalid", "Blocked", "NotOpen"} <= set(Portal.tried), Portal.tried
