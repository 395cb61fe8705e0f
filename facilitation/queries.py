"""What facilitation asks of the case: who takes part, by which decision, and what is not agreed yet."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from aipbi.asean.models import MemberState
from facilitation.enums import GIVEN, AmendmentState, ConcurrenceState
from facilitation.giving import outside_agreement
from facilitation.models import Amendment, Benefit, Concurrence, NotGiven
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


def requests(proposal: Proposal) -> list[dict[str, Any]]:
    """Return what the proponent asked for in the version decided on, by rank (P2)."""
    asked = proposal.version.document.get("requests", []) if proposal.version else []
    return sorted(asked, key=lambda one: one["rank"])


def unanswered(proposal: Proposal) -> list[dict[str, Any]]:
    """Return the requests that no benefit answers, by rank."""
    ranks = set(Benefit.objects.filter(proposal=proposal).standing().values_list("request_rank", flat=True))
    return [one for one in requests(proposal) if one["rank"] not in ranks]


def why_not_given(proposal: Proposal) -> dict[int, NotGiven]:
    """Return, by rank, the reason that stands for what no benefit answers."""
    return {one.rank: one for one in NotGiven.objects.filter(proposal=proposal).order_by("pk")}


def not_agreed(proposal: Proposal) -> Iterator[str]:
    """Yield what keeps the benefits from being final, in words: who has not answered, what nobody gives, what was not explained (F3).

    A Member State that does not concur keeps nothing from being final: the benefit goes on without it.
    """
    words = standing_words(proposal)
    benefits = list(Benefit.objects.filter(proposal=proposal).standing().select_related("agreement").order_by("number"))
    if not benefits:
        yield _("No benefit has been proposed yet.")
    for benefit in benefits:
        benefit.proposal = proposal
        yield from _not_agreed(benefit, words.get(benefit.pk, []))
    explained = why_not_given(proposal)
    for asked in unanswered(proposal):
        if asked["rank"] not in explained:
            yield _("Request %(rank)s of the proponent is answered by no benefit: say why.") % {"rank": asked["rank"]}


def standing_words(proposal: Proposal) -> dict[int, list[Concurrence]]:
    """Return, by benefit, the words that count: of Member States that take part in its category and were not left out, in ASEAN's order."""
    taking = {one.ams_id: one for one in proposal.participations.taking_part()}
    found: dict[int, list[Concurrence]] = {}
    rows = Concurrence.objects.filter(proposal=proposal).exclude(state=ConcurrenceState.LEFT_OUT)
    for word in rows.select_related("ams", "benefit").order_by("ams__order"):
        taken = taking.get(word.ams_id)
        if taken and taken.covers(word.benefit.category_id):
            found.setdefault(word.benefit_id, []).append(word)
    return found


def _not_agreed(benefit: Benefit, words: list[Concurrence]) -> Iterator[str]:
    number = benefit.number
    awaited = [word.ams for word in words if word.state == ConcurrenceState.ASKED]
    given = [word.ams for word in words if word.state in GIVEN]
    if awaited:
        yield _("Benefit %(number)d waits for %(states)s.") % {"number": number, "states": in_a_sentence(awaited)}
    elif not given:
        yield _("Benefit %(number)d is given by no Member State. Change it, or withdraw it.") % {"number": number}
    for why in outside_agreement(benefit.agreement, given, starts=benefit.starts, ends=benefit.ends).values():
        yield _("Benefit %(number)d: %(why)s") % {"number": number, "why": why}
