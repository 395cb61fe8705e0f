"""Which letter is in force, and what another in its place would say of why (D6, F5)."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from facilitation.enums import BENEFITS, AmendmentState, LetterState
from facilitation.letters.schedule import schedule
from facilitation.models import Amendment, Letter
from facilitation.queries import in_a_sentence, participating
from proposals.models import Proposal


def in_force(proposal: Proposal) -> Letter | None:
    """Return the benefit letter that holds: issued, and not superseded."""
    issued = Letter.objects.filter(proposal=proposal, purpose__in=BENEFITS, state=LetterState.SEALED)
    return issued.filter(issued_at__isnull=False).first()


def last_issued(proposal: Proposal) -> Letter | None:
    """Return the benefit letter that was issued last, which holds unless it was revoked."""
    issued = Letter.objects.filter(proposal=proposal, purpose__in=BENEFITS, issued_at__isnull=False)
    return issued.order_by("-sequence").first()


def under_way(proposal: Proposal) -> Letter | None:
    """Return the superseding letter that is drafted, approved or sealed, and not issued yet."""
    begun = Letter.objects.filter(proposal=proposal, supersedes__isnull=False, issued_at__isnull=True).live()
    return begun.first()


def reason(proposal: Proposal, letter: Letter) -> str:
    """Return what changed since the letter, in a sentence that ASEC may change: who joined, who takes part no more."""
    named = {one["code"] for one in (letter.content or {}).get("member_states", [])}
    now = participating(proposal)
    joined = [one for one in now if one.code not in named]
    known = {row.ams_id: row.ams for row in proposal.participations.select_related("ams").order_by("ams__order")}
    gone = [ams for code, ams in known.items() if code in named and code not in {one.code for one in now}]
    said = []
    if letter.state == LetterState.REVOKED:
        said.append(_("Letter %(number)s was revoked.") % {"number": letter.number})
    if gone:
        said.append(
            _("%(states)s no longer take part in the project.") % {"states": in_a_sentence(gone)}
            if len(gone) > 1
            else _("%(states)s no longer takes part in the project.") % {"states": in_a_sentence(gone)}
        )
    if joined:
        said.append(_("%(states)s joined the project.") % {"states": in_a_sentence(joined)})
    said += [" ".join(one.what.split()) for one in agreed(proposal).exclude(letter=letter)]
    if not said and _gives(schedule(proposal)) != _gives((letter.content or {}).get("schedule", [])):
        said.append(_("What is given has changed."))
    return " ".join(sentence[0].upper() + sentence[1:] for sentence in said)


def agreed(proposal: Proposal) -> QuerySet[Amendment]:
    """Return the amendments that are agreed and that no issued letter tells yet."""
    found: QuerySet[Amendment] = Amendment.objects.filter(proposal=proposal, state=AmendmentState.AGREED)
    return found


def _gives(lines: list[dict[str, Any]]) -> list[tuple[str, list[str]]]:
    return sorted((line["measure"], sorted(giver["code"] for giver in line["given_by"])) for line in lines)
