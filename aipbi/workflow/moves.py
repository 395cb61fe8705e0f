"""What a move is. Each app declares its own in `<app>/moves`; `door.perform` carries them out.

A move says, top to bottom: what it is called, on which subject, by which transition (or in which
states, when it leaves the state as it is), who may, what it asks (form), what stands against it
(reasons), what follows (effect), whom it tells, which obligations it opens and closes.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django.urls import reverse
from django.utils import timezone
from django_fsm import RETURN_VALUE
from rules.predicates import Predicate

from aipbi.accounts.capacity import Capacity
from aipbi.workflow.models import Audience, Subject
from aipbi.workflow.parties import Party

if TYPE_CHECKING:
    from aipbi.workflow.forms import MoveForm

ALL = frozenset({"*"})


@dataclass(frozen=True, slots=True)
class Owes:
    """An obligation to open: its kind (see `obligations.KINDS`), whose, on what, and until when.

    `on` is the subject it is about (default: the move's own). `due` overrides the kind's clock.
    """

    kind: str
    party: Party
    on: Subject | None = None
    due: datetime | None = None


@dataclass(frozen=True, slots=True)
class Settles:
    """An obligation that a move of a lower app also closes: of this kind, on this subject, whoever owes it."""

    kind: str
    on: Subject


@dataclass(frozen=True, slots=True)
class Tell:
    """A notice to a party. `words` are mailed: nothing confidential, no title, no names (N1).

    `partners`: where the party is the proponent, those who write on the case for a partner company are told too.
    `message`: the kind of `mailing.standard` whose text, in the Secretariat's name, is the e-mail.
    """

    party: Party
    words: str
    to_act: bool = False
    due: datetime | None = None
    path: str = ""
    partners: bool = False
    message: str = ""


class Move:
    """One thing that somebody does to a subject, whole or not at all (L1)."""

    # --- declared by each move ---
    name: ClassVar[str]
    model: ClassVar[type[Subject]]
    on: ClassVar[str | None] = None
    during: ClassVar[frozenset[str]] = frozenset()
    who: ClassVar[Predicate]
    label: ClassVar[Any]
    done: ClassVar[Any]
    help: ClassVar[Any] = ""
    form: "ClassVar[type[MoveForm] | None]" = None
    audience: ClassVar[Audience] = Audience.CASE
    closes: ClassVar[Collection[str]] = frozenset()
    pauses: ClassVar[Collection[str]] = frozenset()
    resumes: ClassVar[Collection[str]] = frozenset()
    # Which of the details are read in words on the timeline, and by whom of those who read the entry.
    shown: ClassVar[tuple[str, ...]] = ()
    shown_to: ClassVar[Audience] = Audience.CASE
    # A move that ends something for good is set apart on the page.
    warning: ClassVar[bool] = False
    # Made by the portal itself when a date passes or its worker finishes: it has no page.
    by_clock: ClassVar[bool] = False
    # Kept off the lists of buttons: its page is reached from where it belongs.
    hidden: ClassVar[bool] = False
    # Helps the case without taking it on: it stands below the others and is never the main button.
    beside: ClassVar[bool] = False
    # Asks nothing, or the same of every case: it may be made on many cases at once, after a dry run (R7).
    in_bulk: ClassVar[bool] = False

    def __init__(self, subject: Subject, as_: Capacity, *, now: datetime | None = None) -> None:
        self.subject: Any = subject
        self.as_ = as_
        self.now = now or timezone.now()
        self.data: Mapping[str, Any] = {}
        # What the link that led to the page asks the form to begin with.
        self.begin: Mapping[str, Any] = {}

    # --- what a move may say ---
    def reasons(self) -> Iterable[str]:
        """Yield what stands against the move now, whatever is entered; shown beside its button."""
        return ()

    def refusals(self) -> Iterable[str]:
        """Yield what stands against it given what was entered (`self.data`)."""
        return ()

    def target(self) -> str | None:
        """Return the state to go to, where the transition leaves it to what was entered."""
        return None

    def effect(self) -> None:
        """Change what else changes, inside the transaction."""

    def also(self) -> Iterable[Subject]:
        """Yield other subjects of the case whose obligations it closes, pauses and resumes too."""
        return ()

    def owes(self) -> Iterable[Owes]:
        """Yield the obligations it opens."""
        return ()

    def tells(self) -> Iterable[Tell]:
        """Yield whom it tells."""
        return ()

    def leads(self) -> str:
        """Return the address to which notices of the move lead, where they name none; '' for the case's overview."""
        return ""

    def kept(self) -> dict[str, Any]:
        """Return what the trail keeps of what was entered: all of it, unless its audience is wider than the entry's."""
        return dict(self.data)

    def merged(self, entered: Mapping[str, Any], seen: int) -> Mapping[str, Any]:
        """Return what the form shows again after somebody else changed the subject since revision `seen`: what was typed."""
        return entered

    def repeats(self, entered: Mapping[str, Any], kept: Mapping[str, Any]) -> bool:
        """Whether what was `entered`, as the trail writes it, is just what the person's last entry has `kept`."""
        return entered.items() <= kept.items()

    def details(self) -> dict[str, Any]:
        """Return what the trail keeps beside who, when and what was entered."""
        return {}

    @classmethod
    def as_read(cls, details: Mapping[str, Any]) -> list[str]:
        """Return what the timeline reads of an entry's details, in words."""
        return [str(details[name]) for name in cls.shown if details.get(name)]

    @classmethod
    def told_as(cls, details: Mapping[str, Any]) -> Any:  # noqa: ARG003 - moves that say more read them
        """Return what was done, in the words of the timeline: `done`, or more exactly with what the trail keeps."""
        return cls.done

    def done_now(self) -> str:
        """Return what is told whoever just made it."""
        return str(self.done)

    def initial(self) -> dict[str, Any]:
        """Return what the form starts with; never a verdict."""
        return {}

    def would(self) -> str:
        """Say what it would change, once it was checked with what was entered: a dry run shows it."""
        names = dict(self.subject._meta.get_field("state").flatchoices)
        targets = [names[target] for source, target in self.edges() if source == self.subject.state != target]
        return f"{self.subject.state_label} → {' / '.join(map(str, targets))}" if targets else str(self.done)

    def home(self, code: str) -> str:
        """Return the address of the page that leads to it, on the case named `code`."""
        return self.subject.home(code, self.as_)

    def after(self) -> str:
        """Return the address to go to when it is done; the case's page by default."""
        return ""

    def warnings(self) -> Iterable[str]:
        """Yield what was left out although it is done, told beside that it is done."""
        return ()

    # --- what follows from the declaration ---
    @classmethod
    def edges(cls) -> list[tuple[str, str]]:
        """Return every (source, target) the move can take; target equals source when it stays."""
        if cls.on is None:
            return [(state, state) for state in sorted(cls.during)]
        pairs = []
        for transition in _transitions(cls.model, cls.on):
            target = transition.target
            targets = target.allowed_states if isinstance(target, RETURN_VALUE) else [target]
            pairs += [(transition.source, goal) for goal in targets]
        return sorted(pairs)  # type: ignore[arg-type]

    @classmethod
    def sources(cls) -> frozenset[str]:
        """Return the states from which it is open."""
        return frozenset(source for source, _target in cls.edges())

    @classmethod
    def may(cls, capacity: Capacity, subject: Subject) -> bool:
        """Whether the capacity may make this move on this subject, whatever its state."""
        return bool(cls.who.test(capacity, subject))

    @classmethod
    def may_be_made_by_people(cls) -> bool:
        """Whether it has a page at all; the clock's own moves have none."""
        return not cls.by_clock

    @property
    def is_open(self) -> bool:
        """Whether the state allows it now."""
        return self.subject.state in self.sources()

    @property
    def called(self) -> Any:
        """What its button and page say: the label, unless the subject as it is makes it another thing."""
        return self.label

    def url(self, code: str) -> str:
        """Return the address of its page on the case named `code`."""
        return reverse("move", args=[code, self.subject.kind, self.subject.pk, self.name])


def _transitions(model: type[Subject], method: str) -> list[Any]:
    field = next(f for f in model._meta.get_fields() if f.name == "state")
    return [t for t in field.get_all_transitions(model) if t.name == method]  # type: ignore[union-attr]
