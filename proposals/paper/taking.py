"""Taking what a form says into a draft: a new one, or one that stands, where nothing is replaced unseen (P5, P8, L4)."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Self

from django.core import signing
from django.db import transaction

from aipbi.accounts.capacity import Capacity
from aipbi.accounts.models import Person
from aipbi.workflow import trail
from aipbi.workflow.models import Audience, TrailEntry
from proposals import verbs
from proposals.document import changes
from proposals.document.faults import blank
from proposals.document.schema import One
from proposals.models import Proposal
from proposals.paper.gathering import ON_FORM
from proposals.paper.reading import Reading
from proposals.paper.unread import stored

_SALT = "proposals.paper"


def start(reading: Reading, *, by: Person, as_: Capacity, file: str) -> Proposal:
    """Begin a draft with what a form says. Raises NotYours."""
    return verbs.start_draft(by=by, as_=as_, answers=reading.document, source=file, report=_report(reading))


@dataclass(frozen=True, slots=True)
class Offer:
    """What a form says other than a draft: its answers by name, those that stand there, and the report of the reading.

    It holds for the draft it was compared with, `case`, and for no other.
    """

    case: int
    answers: dict[str, Any]
    stands: dict[str, Any]
    report: dict[str, Any]

    @classmethod
    def of(cls, reading: Reading, proposal: Proposal, *, file: str) -> Self:
        """Compare a form with a draft. What the form leaves empty stays as it stands."""
        answers: dict[str, Any] = {}
        for name, part in ON_FORM.items():
            value, stands = reading.document[name], proposal.answers.get(name)
            if isinstance(part, One) and isinstance(stands, dict) and value:
                value = {**stands, **{key: one for key, one in value.items() if not blank(one)}}
            if not blank(value) and any(changes.differences({name: stands}, {name: value})):
                answers[name] = value
        return cls(proposal.pk, answers, cls._standing(answers, proposal), {"file": file, **_report(reading)})

    @staticmethod
    def _standing(answers: dict[str, Any], proposal: Proposal) -> dict[str, Any]:
        return {name: proposal.answers.get(name) for name in answers}

    def now(self, proposal: Proposal) -> "Offer":
        """Return the same offer beside what stands in the draft now."""
        return Offer(self.case, self.answers, self._standing(self.answers, proposal), self.report)

    @property
    def sealed(self) -> str:
        """The offer as a page carries it."""
        return signing.dumps(asdict(self), salt=_SALT, compress=True)

    @classmethod
    def on_page(cls, seal: str, proposal: Proposal) -> Self:
        """Return the offer that a page carried. Raises signing.BadSignature when it was tampered with or is another's."""
        found = cls(**signing.loads(seal, salt=_SALT))
        if found.case != proposal.pk:
            raise signing.BadSignature(found.case)
        return found

    def take(self, proposal: Proposal, *, as_: Capacity, now: datetime) -> None:
        """Put the form's answers into the draft, and the report on the trail. Raises Refused as `verbs.keep` does."""
        with transaction.atomic():
            verbs.keep(proposal, self.answers, as_=as_, now=now, seen=changes.token(self.stands))
            trail.note(
                proposal.pk,
                as_=as_,
                action="read_form",
                subject=("proposal", proposal.pk),
                details=self.report,
                audience=Audience.CASE,
            )


def _report(reading: Reading) -> dict[str, Any]:
    return {"counts": dict(reading.counts), "unread": stored(reading.unread)}


def last_report(proposal: Proposal, viewer: Capacity) -> TrailEntry | None:
    """Return what came of reading the last form into a proposal."""
    read = TrailEntry.objects.visible_to(viewer).filter(
        case_id=proposal.pk, action__in=("import", "read_form"), details__has_key="unread"
    )
    return read.order_by("-number").first()
