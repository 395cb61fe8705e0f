"""What facilitation asks of the case: who takes part, by which decision, and what is not agreed yet."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from aipbi.asean.models import MemberState
from facilitation.enums import AmendmentState, ConcurrenceState
from facilitation.models import Amendment, Benefit, Concurrence
from proposals.models import Proposal
from review.rounds.models import Decision


def participating(proposal: Proposal) -> list[MemberState]:
    """Return who takes part since the decision, in ASEAN's order: without those that stepped aside or left, with those that joined (D4, D6)."""
    if last_decision(proposal) is None:
        return []
    codes = proposal.participations.taking_part().values("ams")
    return list(MemberState.objects.filter(code__in=codes).order_by("order"))


def last_decision(proposal: Proposal) -> Decision | None:
    """Return the decision in force."""
    return proposal.decisions.select_related("round").order_by("-pk").first()


def in_a_sentence(states: list[MemberState]) -> str:
    """Return the Member States as they are written inside a sentence: “Lao PDR, the Philippines and Thailand”."""
    names = [one.in_text for one in states]
    return (
        _("%(first)s and %(last)s") % {"first": ", ".join(names[:-1]), "last": names[-1]}
        if len(names) > 1
        else "".join(names)
    )


def proponent_name(proposal: Proposal) -> str:
    """Return the proponent as letters name it: as the last agreed amendment says, else as its organisation is called (D6)."""
    agreed = Amendment.objects.filter(proposal=proposal, state__in=[AmendmentState.AGREED, AmendmentState.DONE])
    last = agreed.exclude(proponent_name="").order_by("-number").first()
    return last.proponent_name if last else proposal.organisation.name


def not_agreed(proposal: Proposal) -> Iterator[str]:
    """Yield what keeps the benefits from being final, benefit by benefit, in words (F3)."""
    words: dict[int, list[Concurrence]] = {}
    for word in (
        Concurrence.objects.filter(proposal=proposal).exclude(state=ConcurrenceState.LEFT_OUT).select_related("ams")
    ):
        words.setdefault(word.benefit_id, []).append(word)
    benefits = list(Benefit.objects.filter(proposal=proposal).standing().order_by("number"))
    if not benefits:
        yield _("No benefit has been proposed yet.")
    for benefit in benefits:
        yield from _not_agreed(benefit.number, sorted(words.get(benefit.pk, []), key=lambda word: word.ams.order))


def _not_agreed(number: int, words: list[Concurrence]) -> Iterator[str]:
    awaited = [word.ams for word in words if word.state == ConcurrenceState.ASKED]
    refused = [word.ams for word in words if word.state == ConcurrenceState.REFUSED]
    if awaited:
        yield _("Benefit %(number)d waits for %(states)s.") % {"number": number, "states": in_a_sentence(awaited)}
    if refused:
        yield _("Benefit %(number)d: %(states)s did not concur. Go on without, or withdraw the benefit.") % {
            "number": number, "states": in_a_sentence(refused),
        }  # fmt: skip
    if not words:
        yield _("Benefit %(number)d is given by no Member State. Withdraw it.") % {"number": number}
