"""Conflicts of interest that the portal's own data show; each bars the appointment (R1).

The expert's own declaration comes on top of them: an empty list clears nobody by itself.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from aipbi.accounts import countries
from aipbi.accounts.capacity import today
from aipbi.accounts.enums import OF_AN_AMS, PROPOSING, Role
from aipbi.accounts.models import Appointment, Member, Organisation, Partner
from aipbi.asean import defaults
from aipbi.templatetags.portal import day_in_words
from aipbi.workflow.models import TrailEntry
from proposals.models import Proposal
from review.experts.dated import Employment
from review.experts.models import ExpertProfile
from review.experts.names import alike, plain

Found = dict[int, list[str]]


@dataclass(slots=True)
class Looked:
    """What was found, by the expert's key: what bars, and what a person should look at."""

    bars: Found = field(default_factory=lambda: defaultdict(list))
    remarks: Found = field(default_factory=lambda: defaultdict(list))


def found(expert: ExpertProfile, proposal: Proposal) -> list[str]:
    """Return, in words, each conflict between the expert and the case."""
    return look([expert], proposal).bars[expert.pk]


def look(experts: Collection[ExpertProfile], proposal: Proposal) -> Looked:
    """Return the conflicts of many experts with one case, in the same number of queries as of one."""
    looked = Looked()
    _by_employer(looked, experts, proposal)
    _by_membership(looked, experts, proposal)
    _by_office(looked, experts)
    _by_nationality(looked, experts, proposal)
    return looked


@dataclass(frozen=True, slots=True)
class _Party:
    name: str
    group: str


def _parties(proposal: Proposal) -> list[_Party]:
    """Return the organisation that filed, and the lead and partners named in the version decided on."""
    document: dict[str, Any] = proposal.version.document if proposal.version else {}
    filed = _Party(proposal.organisation.name, str(proposal.organisation.corporate_group or ""))
    named = [document.get("lead") or {}, *(document.get("partners") or [])]
    return [filed, *(_Party(str(one.get("name") or ""), str(one.get("corporate_group") or "")) for one in named)]


def since(day: date) -> date:
    """Return the day before which a former employer is no conflict any more (*default* three years)."""
    years = defaults.get("conflict_years")
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def _by_employer(looked: Looked, experts: Collection[ExpertProfile], proposal: Proposal) -> None:
    """Compare employers of today and the years before, and their corporate groups, with the parties."""
    parties, day = _parties(proposal), today()
    names = {plain(party.name): party.name for party in parties} | {
        plain(party.group): party.group for party in parties
    }
    names.pop(frozenset(), None)
    held = Employment.objects.counted().filter(
        Q(ends__isnull=True) | Q(ends__gt=since(day)), expert__in=[one.pk for one in experts]
    )
    rows = list(held)
    groups = _groups(rows)
    for one in rows:
        own = [plain(one.employer), plain(one.corporate_group), groups.get(one.employer.casefold(), frozenset())]
        if own[0] in names:
            words = _works_for if one.ends is None or one.ends > day else _worked_for
            looked.bars[one.expert_id].append(words(one))
        elif group := next((names[name] for name in own[1:] if name in names), None):
            looked.bars[one.expert_id].append(_in_group(one, group))
        elif like := next((said for name, said in names.items() if alike(own[0], name)), None):
            looked.remarks[one.expert_id].append(
                _("%(employer)s may be %(party)s, which takes part in the project: ask before inviting.")
                % {"employer": one.employer, "party": like}
            )


def _groups(rows: Collection[Employment]) -> dict[str, frozenset[str]]:
    """Return, for employers that the portal knows as organisations, the words of their corporate group."""
    known = Organisation.objects.filter(
        name__in={row.employer for row in rows}, corporate_group__isnull=False
    ).values_list("name", "corporate_group__name")
    return {name.casefold(): plain(group) for name, group in known}


def _works_for(one: Employment) -> str:
    return _("Is employed by %(employer)s, which takes part in the project.") % {"employer": one.employer}


def _worked_for(one: Employment) -> str:
    return _("Was employed by %(employer)s, which takes part in the project, until %(day)s.") % {
        "employer": one.employer,
        "day": day_in_words(one.ends),  # type: ignore[arg-type]
    }


def _in_group(one: Employment, group: str) -> str:
    said = {"employer": one.employer, "group": group}
    if one.ends is not None and one.ends <= today():
        return _(
            "Was employed until %(day)s by %(employer)s, of the corporate group %(group)s, which takes part in the project."
        ) % {**said, "day": day_in_words(one.ends)}
    return (
        _("The employer %(employer)s belongs to the corporate group %(group)s, which takes part in the project.") % said
    )


def _by_membership(looked: Looked, experts: Collection[ExpertProfile], proposal: Proposal) -> None:
    """Look at who works or worked in the proponent's organisation or a partner's, or helped to write; at any time."""
    people = [one.pk for one in experts]
    group = proposal.organisation.corporate_group_id
    same = Q(organisation=proposal.organisation_id)
    if group:
        same |= Q(organisation__corporate_group=group)
    inside = set(Member.objects.filter(same, person__in=people).values_list("person_id", flat=True))
    wrote = set(
        TrailEntry.objects.filter(case_id=proposal.pk, person__in=people, role__in=PROPOSING)
        .order_by()
        .values_list("person_id", flat=True)
    ) | set(Partner.objects.filter(team__case=proposal.pk, person__in=people).values_list("person_id", flat=True))
    named = {plain(party.name) for party in _parties(proposal)} - {frozenset()}
    elsewhere = {
        person: name
        for person, name in Member.objects.filter(person__in=people).values_list("person_id", "organisation__name")
        if plain(name) in named
    }
    for person in people:
        if person in inside:
            looked.bars[person].append(_("Works or worked in the proponent's organisation or its corporate group."))
        elif person in wrote:
            looked.bars[person].append(_("Helped to write the proposal."))
        elif person in elsewhere:
            looked.bars[person].append(
                _("Works or worked in %(organisation)s, which takes part in the project.")
                % {"organisation": elsewhere[person]}
            )


def _by_office(looked: Looked, experts: Collection[ExpertProfile]) -> None:
    """Look at who decides on the case or runs the process."""
    held = Appointment.objects.current(today()).filter(person__in=[one.pk for one in experts])
    for person, role in held.order_by("pk").values_list("person_id", "office__role"):
        if role in OF_AN_AMS:
            looked.bars[person].append(_("Speaks for a Member State, which decides on the proposal."))
        elif role == Role.ASEC:
            looked.bars[person].append(_("Is an officer of the Secretariat, which runs the process."))


def _by_nationality(looked: Looked, experts: Collection[ExpertProfile], proposal: Proposal) -> None:
    """Say who is a national of a Member State that takes part; a bar where the setting says so (*default* a remark)."""
    concerned = {one.ams_id for one in proposal.participations.all()} | {proposal.originating_ams_id}
    barred = defaults.get("experts_nationals_barred")
    for one in experts:
        if one.nationality and one.nationality in concerned:
            words = _("Has the nationality of a Member State that takes part: %(country)s.")
            (looked.bars if barred else looked.remarks)[one.pk].append(
                words % {"country": countries.name(one.nationality)}
            )
