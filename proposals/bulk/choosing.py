"""Which cases a bulk run is about: those ticked, those on the page, all that a search finds, all of an officer."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.http import QueryDict
from django.utils.translation import gettext as _

from aipbi.accounts.capacity import Capacity
from proposals.bulk import actions
from proposals.enums import OPEN
from proposals.filters import CaseFilter
from proposals.models import Proposal

# At most this many cases of a search at once.
MOST = 1000
TICKED, SHOWN, ALL, OFFICER = "ticked", "shown", "all", "officer"


@dataclass(slots=True)
class Choice:
    """What a form of the list, the desk or the page of officers asks: an action and the cases."""

    action: str = ""
    cases: list[int] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


def read(sent: QueryDict, viewer: Capacity) -> Choice:
    """Return what was chosen; `faults` say what is missing. A code one may not see counts as one that is not there (U5)."""
    choice = Choice(action=sent.get("action", ""))
    if choice.action not in actions.known():
        choice.faults.append(_("Choose what to do with the cases."))
    which = sent.get("which", TICKED)
    if which == ALL:
        _search(sent.get("search", ""), viewer, choice)
    elif which == OFFICER:
        _held_by(sent.get("officer", ""), viewer, choice)
    else:
        _named(sent.getlist("shown" if which == SHOWN else "case"), viewer, choice)
    return choice


def _named(codes: Iterable[str], viewer: Capacity, choice: Choice) -> None:
    # The database holds no sign of nothing, and no case is named with one.
    asked = list(dict.fromkeys(code[:20].replace("\0", "") for code in codes))
    if not asked:
        choice.faults.append(_("Choose at least one case: tick it, or say that you mean all on the page."))
        return
    found = Proposal.objects.visible_to(viewer).filter(case__code__in=asked[:MOST])
    known = dict(found.values_list("case__code", "pk"))
    choice.cases = [known[code] for code in asked if code in known]
    choice.unknown = [code for code in asked if code not in known]
    if not choice.cases:
        choice.faults.append(_("There is no such case: %(codes)s.") % {"codes": ", ".join(asked[:10])})


def _search(query: str, viewer: Capacity, choice: Choice) -> None:
    found = CaseFilter(QueryDict(query[:2000]), Proposal.objects.visible_to(viewer), viewer=viewer)
    if not found.form.is_valid():
        choice.faults.append(_("The search can't be read any more. Go back to the list and search again."))
        return
    choice.cases = list(found.qs.order_by("-moved_at", "-case").values_list("pk", flat=True)[: MOST + 1])
    if len(choice.cases) > MOST:
        choice.faults.append(
            _("The search finds more than %(most)s cases. Narrow it, and take them in several goes.") % {"most": MOST}
        )
    elif not choice.cases:
        choice.faults.append(_("The search finds no case any more."))


def _held_by(person: str, viewer: Capacity, choice: Choice) -> None:
    held = Proposal.objects.visible_to(viewer).filter(
        case_officer=int(person) if person.isdecimal() and len(person) < 10 else None,  # noqa: PLR2004 - a number of the database
        case_officer__isnull=False,
        state__in=OPEN,
    )
    choice.cases = list(held.order_by("-moved_at", "-case").values_list("pk", flat=True))
    if not choice.cases:
        choice.faults.append(_("This officer has no open case."))
