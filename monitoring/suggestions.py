"""What a plan starts with: the proposal's impacts as first targets, and a calendar of reports (M2)."""

from calendar import monthrange
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from aipbi.asean.models import Indicator
from monitoring.models import PlanLine, ReportingDate

# Which answers of the proposal give the first target of which indicator of Figure 6.
BY_AMS = {
    "C1": ("gdp_usd",),
    "C2": ("exports_usd",),
    "E1": ("jobs_direct", "jobs_indirect"),
    "E3": ("msmes",),
}
DECARBONISATION = "E2"
INCLUSION = "E4"
TIME_TO_WRITE = timedelta(days=60)
HALF_A_YEAR = timedelta(days=182)
REPORTS_MOST = 12


def lines(document: dict[str, Any], indicators: Iterable[Indicator], states: Iterable[str]) -> Iterator[PlanLine]:
    """Yield a line per indicator and Member State that the proposal gives figures for.

    The target is the figure of the last year given. The proposal counts what is added to its
    baseline year, so the baseline is zero.
    """
    known = {indicator.code: indicator for indicator in indicators}
    last: dict[str, dict[str, Any]] = {}
    for impact in sorted(document["impacts"], key=lambda impact: impact["year"]):
        last[impact["ams"]] = impact
    for code, keys in BY_AMS.items():
        for ams in states:
            if code in known and ams in last:
                impact = last[ams]
                target = sum(impact.get(key) or 0 for key in keys)
                yield PlanLine(indicator=known[code], ams_id=ams, baseline=0, target=target, note=_method(impact))
    saved = document.get("decarbonisation")
    if saved and DECARBONISATION in known:
        note = _("Per year, against: %(baseline)s. Method: %(method)s") % saved
        target = saved["tco2e_per_year"]
        yield PlanLine(indicator=known[DECARBONISATION], baseline=0, target=target, note=_short(note))
    groups = document.get("inclusion")
    if groups and INCLUSION in known:
        note = "; ".join(_("%(group)s: %(measure)s (%(people)s people)") % group for group in groups)
        yield PlanLine(indicator=known[INCLUSION], note=_short(note))


def _method(impact: dict[str, Any]) -> str:
    return _short(_("In %(year)s, against %(baseline_year)s. %(method)s") % impact)


def _short(note: str) -> str:
    """Cut a note to what a line holds; the proposal keeps the whole."""
    most = PlanLine._meta.get_field("note").max_length or 0
    return note if len(note) <= most else f"{note[: most - 1]}…"


def dates(document: dict[str, Any], today: date) -> Iterator[ReportingDate]:
    """Yield the reporting dates: where a project under way stands now, then each year, then its end."""
    for until in _periods(document, today):
        yield ReportingDate(period_until=until, due_on=max(until, today) + TIME_TO_WRITE)


def _periods(document: dict[str, Any], today: date) -> Iterator[date]:
    ends = month_end(document["ends"])
    so_far = today.replace(day=1) - timedelta(days=1)
    begun = month_start(document["starts"]) <= so_far
    if begun:
        yield min(so_far, ends)
    before = so_far if begun else max(today, month_start(document["starts"]))
    first_year = (before + HALF_A_YEAR).year
    for year in range(first_year, min(ends.year + 1, first_year + REPORTS_MOST - 2)):
        if before < date(year, 12, 31) < ends:
            yield date(year, 12, 31)
    if ends > before:
        yield ends


def month_start(month: str) -> date:
    """Return the first day of a month written `YYYY-MM`."""
    year, number = map(int, month.split("-"))
    return date(year, number, 1)


def month_end(month: str) -> date:
    """Return the last day of a month written `YYYY-MM`."""
    first = month_start(month)
    return first.replace(day=monthrange(first.year, first.month)[1])
