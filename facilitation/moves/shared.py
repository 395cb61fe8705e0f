"""What the moves of this app share."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from aipbi.accounts.capacity import today
from aipbi.accounts.enums import Role
from aipbi.asean.models import ChairTerm
from aipbi.documents.models import StoredFile
from aipbi.workflow import parties
from aipbi.workflow.models import Subject
from aipbi.workflow.moves import Move, Owes, Tell
from aipbi.workflow.parties import Party
from facilitation import amendments, extracts
from facilitation.enums import CommonState
from facilitation.models import BodyRequest, Challenge
from facilitation.obligations import FINALISE
from facilitation.queries import not_agreed
from proposals.enums import ENDED, State
from proposals.models import Proposal


class DuringFacilitation(Move):
    """A move on a part of the case, open while its proposal is in facilitation, or is being amended (D6)."""

    def reasons(self) -> Iterable[str]:
        """The proposal is about a row that the case's lock holds still."""
        proposal = self.subject.proposal
        if proposal is None and self.subject.common.state != CommonState.OPEN:
            yield _("The work on this barrier has ended.")
        if proposal is not None and proposal.state != State.FACILITATION and not amendments.open_one(proposal):
            yield _("This is worked out while the case is in facilitation.")


class WhileTheCaseLives(Move):
    """A move on a part of the case, open until the case has ended."""

    def reasons(self) -> Iterable[str]:
        """Say that nothing is awaited any more on a case that has ended."""
        if self.subject.proposal is not None and self.subject.proposal.state in ENDED:
            yield _("The case has ended.")


class ShowsExtract(Move):
    """A move on a request whose page shows what the body reads."""

    def reads(self) -> list[dict[str, Any]]:
        """Return the parts of the proposal that go with it, in words."""
        return extracts.reads(self.subject)

    def given(self) -> list[StoredFile]:
        """Return the files that go with it."""
        return extracts.files_of(self.subject)


class PartOfAnother(Move):
    """A move that another one makes on the way: that one owes and tells for it."""

    def owes(self) -> Iterable[Owes]:
        """The other move owes."""
        return ()

    def tells(self) -> Iterable[Tell]:
        """The other move tells."""
        return ()


def next_in(model: type[Subject], case_pk: int) -> int:
    """Return the next number of the case's rows of `model`; called under the case's lock."""
    rows = model._default_manager.filter(**{model.case_path: case_pk})
    last = rows.order_by("-number").values_list("number", flat=True).first()  # type: ignore[misc]
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


def challenge_page(challenge: Challenge) -> str:
    """Return the address of a challenge's own page."""
    return reverse("challenge", args=[challenge.proposal.case.code, challenge.number])


def told_proponent(challenge: Challenge, words: str, *, to_act: bool = False) -> Tell:
    """Return a notice to the challenge's proponent that leads to its page."""
    party = Party(organisation=challenge.proposal.organisation)
    return Tell(party, words, to_act=to_act, path=challenge_page(challenge))


# --- requests to bodies ---
def contact_of(request: BodyRequest) -> Party:
    """Return the office that answers for the request's body."""
    return parties.office(Role.BODY_CONTACT, body=request.body_id)


def request_page(request: BodyRequest) -> str:
    """Return the address of a request's page, the same for whoever reads it."""
    return reverse("request", args=[request.pk])


def told_body(request: BodyRequest, words: str, *, to_act: bool = False, due: datetime | None = None) -> Tell:
    """Return a notice to the request's body that leads to its page."""
    return Tell(contact_of(request), words, to_act=to_act, due=due, path=request_page(request))


def told_concerned(request: BodyRequest, words: str, *, to_act: bool = False) -> Iterable[Tell]:
    """Yield a notice to ASEC, and one to the FG-GVC member of each Member State concerned."""
    yield Tell(parties.asec(), words, to_act=to_act, path=request_page(request))
    for ams in request.ams.values_list("code", flat=True):
        yield Tell(parties.fg_gvc(ams), words, path=request_page(request))
