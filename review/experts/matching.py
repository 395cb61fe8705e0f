"""The roster against a case: who fits and why, in words; what to look at; and who is barred (R1).

The order is by what suits the case, weighed as `_WEIGHTS` says, less what each has in hand; ASEC reads
the reasons and never a number, and chooses whom it will.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from aipbi.accounts import countries
from aipbi.accounts.capacity import today
from aipbi.asean import clocks
from aipbi.asean.models import Category, Expertise
from aipbi.templatetags.portal import day_in_words
from proposals.models import Proposal
from review.experts import conflicts, languages, roster
from review.experts.models import LIVE, ExpertProfile
from review.states import in_words

_WEIGHTS = {"sector": 4, "field": 3, "language": 2, "balance": 2}


@dataclass(frozen=True, slots=True)
class Candidate:
    """An expert seen against a case: `reasons` for, `remarks` to look at, and `bars`, empty for who can be invited."""

    expert: ExpertProfile
    fits: int
    load: int
    reasons: list[str]
    remarks: list[str]
    bars: list[str]

    @property
    def in_hand(self) -> str:
        """What the expert has in hand and did in the past year, in words."""
        most = self.expert.most_at_once
        now = ngettext("%(n)s assessment in hand", "%(n)s assessments in hand", self.load) % {"n": self.load}
        if most:
            now = _("%(now)s of at most %(most)s") % {"now": now, "most": most}
        done = self.expert.past_year  # type: ignore[attr-defined]
        year = ngettext("%(n)s filed in the past year", "%(n)s filed in the past year", done) % {"n": done}
        return f"{capfirst(now)}; {year}."


@dataclass(frozen=True, slots=True)
class _Case:
    """What of a case bears on who should assess it."""

    sector: str
    sector_label: str
    categories: dict[str, str]
    parameters: frozenset[str]
    states: frozenset[str]
    nationalities: Counter[str]
    until: date


def against(proposal: Proposal) -> list[Candidate]:
    """Return all serving experts, those who can be invited first, then by how they fit and what they have in hand."""
    here = set(proposal.invitations.filter(state__in=sorted(LIVE)).values_list("expert_id", flat=True))
    experts = list(roster.with_entries(roster.serving()))
    case = _case(proposal, [one for one in experts if one.pk in here])
    looked = conflicts.look(experts, proposal)
    found = [_candidate(one, case, here, looked) for one in experts]
    return sorted(found, key=lambda one: (bool(one.bars), one.load - one.fits, one.load, str(one.expert)))


def _case(proposal: Proposal, there: Iterable[ExpertProfile]) -> _Case:
    document: dict[str, Any] = proposal.version.document if proposal.version else {}
    rows = [*(document.get("roadblocks") or []), *(document.get("requests") or [])]
    named = {str(row.get("category")) for row in rows if isinstance(row, dict)}
    parameters = {"economic_growth", "job_creation", "msmes_and_suppliers"}
    parameters |= {"decarbonisation"} if document.get("decarbonisation") else set()
    parameters |= {"inclusive_development"} if document.get("inclusion") else set()
    return _Case(
        sector=proposal.sector_id or "",
        sector_label=str(proposal.sector or ""),
        categories={one.code: one.label for one in Category.objects.filter(code__in=named)},
        parameters=frozenset(parameters),
        states=frozenset(one.ams_id for one in proposal.participations.all()),
        nationalities=Counter(one.nationality for one in there if one.nationality),
        until=clocks.due("assessment", timezone.now(), "ID").date(),
    )


def _candidate(expert: Any, case: _Case, here: set[int], looked: conflicts.Looked) -> Candidate:
    reasons = list(_reasons(expert, case))
    return Candidate(
        expert=expert,
        fits=sum(_WEIGHTS[kind] for kind in dict.fromkeys(kind for kind, _words in reasons)),
        load=expert.load,
        reasons=[words for _kind, words in reasons],
        remarks=[*looked.remarks[expert.pk], *_remarks(expert, case)],
        bars=[*_unavailable(expert, here), *looked.bars[expert.pk]],
    )


def _reasons(expert: ExpertProfile, case: _Case) -> Iterator[tuple[str, str]]:
    """Yield the kind of each reason, as weighed, and the reason in words."""
    if case.sector and any(sector.pk == case.sector for sector in expert.sectors.all()):
        yield "sector", _("Works in the sector %(sector)s.") % {"sector": case.sector_label}
    for one in expert.expertise.all():
        if why := _bears_on(one, case):
            yield "field", _("%(field)s: %(why)s.") % {"field": one.label, "why": why}
    for code in expert.languages:
        if shared := case.states & languages.states().get(code, frozenset()):
            yield "language", _("Speaks %(language)s, a language of %(states)s.") % {
                "language": languages.name(code), "states": in_words(shared),
            }  # fmt: skip
    if expert.nationality and case.nationalities and expert.nationality not in case.nationalities:
        yield (
            "balance",
            _("Adds %(country)s to the nationalities of the experts on the case.") % {"country": expert.country},
        )


def _bears_on(one: Expertise, case: _Case) -> str:
    """Say what of the case the field of expertise bears on; '' for nothing."""
    if case.sector in one.sectors:
        return _("the project is in %(sector)s") % {"sector": case.sector_label}
    if shared := [label for code, label in case.categories.items() if code in one.categories]:
        return _("the project asks for help with %(categories)s") % {"categories": ", ".join(shared).lower()}
    special = case.parameters & {"decarbonisation", "inclusive_development"} & set(one.parameters)
    if "decarbonisation" in special:
        return _("the project says that it lowers emissions")
    return _("the project says whom it includes") if special else ""


def _remarks(expert: Any, case: _Case) -> Iterator[str]:
    """Yield what does not bar and is worth a look."""
    if same := case.nationalities.get(expert.nationality):
        yield ngettext(
            "%(n)s expert on the case comes from %(country)s already.",
            "%(n)s experts on the case come from %(country)s already.",
            same,
        ) % {"n": same, "country": countries.name(expert.nationality)}
    if expert.languages and languages.ENGLISH not in expert.languages:
        yield _("Does not name English, in which proposals are written.")
    for absence in expert.absences.all():
        if today() < absence.starts <= case.until:
            yield _("Is away from %(starts)s until %(until)s, within the time for the assessment.") % {
                "starts": day_in_words(absence.starts), "until": day_in_words(absence.until),
            }  # fmt: skip


def _unavailable(expert: Any, here: set[int]) -> list[str]:
    if expert.pk in here:
        return [_("Is already invited to this case or on it.")]
    if not expert.available:
        return [_("Is marked as not available for new assessments.")]
    if expert.away_until:
        return [_("Is away until %(day)s.") % {"day": day_in_words(expert.away_until)}]
    if expert.most_at_once and expert.load >= expert.most_at_once:
        return [
            ngettext(
                "Has %(n)s assessment in hand, the most that the entry allows.",
                "Has %(n)s assessments in hand, the most that the entry allows.",
                expert.load,
            )
            % {"n": expert.load}
        ]
    return []
