"""What this app adds to the shared ground: two tabs, and who reads the PDFs of letters."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from aipbi.accounts.capacity import Capacity
from aipbi.accounts.enums import PROPOSING, Role
from aipbi.documents import readers
from aipbi.workflow import following, parties, remarks, tabs, topics
from aipbi.workflow.moves import Move, Owes, Settles
from facilitation import answer_drafts, drafts, extracts
from facilitation.enums import BENEFITS, BenefitState, ConcurrenceState, LetterState
from facilitation.extracts import ESCALATION_FILES, REQUEST_FILES
from facilitation.letters import revoked, superseding
from facilitation.letters.produce import PURPOSE
from facilitation.models import BodyRequest, Challenge, Concurrence, Letter, RequestEscalation
from facilitation.moves.shared import finalise_if_agreed
from facilitation.obligations import CONCURRENCE, DRAFT_LETTER, SUPERSEDE_LETTER
from facilitation.queries import standing_words
from facilitation.rules import INSIDE
from proposals import timeline
from proposals.enums import State

_SINCE = frozenset(
    {State.APPROVED, State.FACILITATION, State.BENEFITS_FINALISED, State.LETTER_ISSUED, State.MONITORING, State.CLOSED}
)
_ON_THE_CASE = INSIDE | {Role.PROPONENT}


def register() -> None:
    """Called once, when the app is ready."""
    tabs.register("facilitation", _("Facilitation"), order=50, shows=facilitation_shows)
    tabs.register("benefits", _("Benefits"), order=55, shows=facilitation_shows)
    tabs.register("letters", _("Letters"), order=60, shows=letters_show)
    remarks.register("case", revoked.remark)
    remarks.register("benefits", revoked.of_benefits)
    topics.register(
        "facilitation",
        _("Facilitation"),
        _("Challenges, requests to ASEAN bodies, benefits."),
        "facilitation",
        order=60,
    )
    topics.register(
        "letters", _("Letters"), _("Drafted, approved, issued, acknowledged."),
        "facilitation.moves.letters", "facilitation.moves.approving", "facilitation.moves.issuing", "facilitation.moves.superseding",
        "facilitation.moves.revoking", "facilitation.moves.amendments", "facilitation.moves.amendment_words",
        "facilitation.moves.asking_amendments", order=70,
    )  # fmt: skip
    readers.register(PURPOSE, _letter_files)
    for purpose in (extracts.GIVEN, REQUEST_FILES):
        readers.register(purpose, _request_files)
    readers.register(ESCALATION_FILES, _escalation_files)
    timeline.WORDS["begin_common"] = _("Taken up for several cases")
    readers.register(drafts.SENT, _challenge_files)
    readers.register(drafts.DRAFT, lambda viewer: _challenge_files(viewer) & _own(viewer))
    readers.register(answer_drafts.DRAFT, lambda viewer: _request_files(viewer) & _own(viewer))
    following.follows("proposal", "record_decision", _letter_of_non_approval)
    for move in ("concur", "leave_out"):
        following.follows("concurrence", move, _agreeing)
    following.follows("benefit", "withdraw_benefit", _agreeing)
    for move in ("confirm", "leave"):
        following.follows("participation", move, _superseding_letter)
    for move in ("confirm", "leave", "decline", "observe", "change_categories"):
        following.follows("participation", move, _words_owed)


def facilitation_shows(viewer: Capacity, proposal: Any) -> bool:
    """Whether the reader has a facilitation tab: from the approval on."""
    withdrawn_late = proposal.state == State.WITHDRAWN and proposal.decided_at is not None
    return viewer.role in _ON_THE_CASE and (proposal.state in _SINCE or withdrawn_late)


def letters_show(viewer: Capacity, proposal: Any) -> bool:
    """Whether the reader has a tab of letters: from the inbox on, since a proposal may be returned or lapse there."""
    return viewer.role in INSIDE | PROPOSING and proposal.inbox_at is not None


def _letter_of_non_approval(decided: Move) -> Iterable[Owes]:
    """A proposal that was not approved waits for the letter that says so (F7)."""
    if decided.subject.state == State.NOT_APPROVED:
        yield Owes(DRAFT_LETTER, parties.asec())


def _superseding_letter(act: Move) -> Iterable[Owes | Settles]:
    """A letter that names others than take part now is superseded; one that names the same after all is not (D6)."""
    proposal = act.subject.proposal
    numbered = Letter.objects.filter(proposal=proposal, purpose__in=BENEFITS, number__isnull=False)
    letter = numbered.exclude(state=LetterState.SUPERSEDED).order_by("-sequence").first()
    if letter is None:
        return
    if superseding.reason(proposal, letter):
        yield Owes(SUPERSEDE_LETTER, parties.asec(), on=proposal)
    else:
        yield Settles(SUPERSEDE_LETTER, proposal)


def _agreeing(act: Move) -> Iterable[Owes]:
    """The last word on a benefit that an amendment calls for makes it the chair's turn (D6)."""
    from facilitation.moves.amendment_words import to_agree  # noqa: PLC0415 - moves are read once all apps are there

    return to_agree(act.subject.proposal)


def _words_owed(act: Move) -> Iterable[Owes | Settles]:
    """Who takes no part any more owes no word on a benefit; who takes part again owes what it has not said (D6, F3)."""
    proposal = act.subject.proposal
    if proposal.state != State.FACILITATION:
        return
    standing = {word.pk for words in standing_words(proposal).values() for word in words}
    asked = Concurrence.objects.filter(proposal=proposal, ams=act.subject.ams_id, state=ConcurrenceState.ASKED)
    for word in asked.filter(benefit__state=BenefitState.PROPOSED):
        if word.pk in standing:
            yield Owes(CONCURRENCE, parties.seom(word.ams_id), on=word)
        else:
            yield Settles(CONCURRENCE, word)
    yield from finalise_if_agreed(proposal)


def _challenge_files(viewer: Capacity) -> Q:
    """Who reads a challenge reads what was sent with its messages."""
    return Q(subject_kind=Challenge.kind, subject_pk__in=Challenge.objects.visible_to(viewer).values("pk"))


def _request_files(viewer: Capacity) -> Q:
    """Who reads a request reads what the body was given, and what came with answers and messages."""
    return Q(subject_kind=BodyRequest.kind, subject_pk__in=BodyRequest.objects.visible_to(viewer).values("pk"))


def _escalation_files(viewer: Capacity) -> Q:
    """Who reads an escalation reads the file of its answer."""
    rows = RequestEscalation.objects.visible_to(viewer).values("pk")
    return Q(subject_kind=RequestEscalation.kind, subject_pk__in=rows)


def _own(viewer: Capacity) -> Q:
    """The files of what is not sent yet are its writers' own."""
    return Q(organisation=viewer.organisation) if viewer.organisation else Q(office=viewer.office, office__isnull=False)


def _letter_files(viewer: Capacity) -> Q:
    return Q(pk__in=Letter.objects.visible_to(viewer).filter(pdf__isnull=False).values("pdf"))
