"""What the moves of this app share."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from aipbi.accounts.capacity import today
from aipbi.asean.models import ChairTerm
from aipbi.workflow import parties
from aipbi.workflow.models import Subject
from aipbi.workflow.moves import Move, Owes
from aipbi.workflow.parties import Party
from facilitation import amendments
from facilitation.obligations import FINALISE
from facilitation.queries import not_agreed
from proposals.enums import ENDED, State
from proposals.models import Proposal


class DuringFacilitation(Move):
    """A move on a part of the case, open while its proposal is in facilitation, or is being amended (D6)."""

    def reasons(self) -> Iterable[str]:
        """The proposal is about a row that the case's lock holds still."""
        if self.subject.proposal.state != State.FACILITATION and not amendments.open_one(self.subject.proposal):
            yield _("This is worked out while the case is in facilitation.")


class WhileTheCaseLives(Move):
    """A move on a part of the case, open until the case has ended."""

    def reasons(self) -> Iterable[str]:
        """Say that nothing is awaited any more on a case that has ended."""
        if self.subject.proposal.state in ENDED:
            yield _("The case has ended.")


def next_in(model: type[Subject], proposal: Proposal) -> int:
    """Return the next number of the proposal's rows of `model`; called under the case's lock."""
    last = model._default_manager.filter(proposal=proposal).order_by("-number").values_list("number", flat=True).first()  # type: ignore[misc]
    return (last or 0) + 1


def facilitation_tab(proposal: Proposal) -> str:
    """Return the address of the case's facilitation page."""
    return reverse("facilitation", args=[proposal.case.code])


def chair() -> Party | None:
    """Return the FG-GVC member of the Member State that chairs today."""
    ams = ChairTerm.objects.on(today())
    return parties.fg_gvc(ams) if ams else None


def finalise_if_agreed(proposal: Proposal) -> Iterable[Owes]:
    """Yield that the chair owes the finalising, once nothing stands against it."""
    party = chair()
    if party and proposal.state == State.FACILITATION and not list(not_agreed(proposal)):
        yield Owes(FINALISE, party, on=proposal)


def benefits_tab(proposal: Proposal) -> str:
    """Return the address of the case's page of benefits."""
    return reverse("benefits", args=[proposal.case.code])
