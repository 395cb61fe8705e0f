"""The accepted figures of all projects as contributions: the one query that releases are made from (M5).

A figure says what had been reached by the end of its period, so that of each year the last one counts, and a year
is told by what it added. What can be counted twice (value chains, Member States, projects) is counted from the
cases themselves, each thing once.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db.models import CharField, F
from django.db.models.functions import Cast, ExtractYear
from django.utils.translation import gettext as _

from aipbi.accounts.models import Organisation
from aipbi.asean.enums import Aggregation
from aipbi.asean.models import Indicator as Row
from monitoring.disclosure import Contribution, Contributions, Indicator, InputError, Kind
from monitoring.kinds import WORDS_UNIT
from monitoring.models import ReportFigure
from proposals.models import Participation

# Units that name something the case itself says, each counted once however many projects have it.
CHAIN, STATE, PROJECT = "value chain", "AMS", "project"
OF_THE_CASE = (CHAIN, STATE, PROJECT)
_COUNTED = (Aggregation.COUNT_DISTINCT, Aggregation.COUNT_DISTINCT_BY_STATUS)


def measured(rows: Iterable[Row]) -> list[Indicator]:
    """Return the indicators as the disclosure library takes them; words and what is derived from others are left out.

    A share goes together with the amount it is a share of: `C1p` with `C1`.
    """
    found = {row.code: row for row in rows if row.unit != WORDS_UNIT and row.aggregation in _SUMMED}
    return [
        Indicator(code, _kind(row), together=code[:-1] if code.endswith("p") and code[:-1] in found else "")
        for code, row in found.items()
    ]


_SUMMED = frozenset(Aggregation.values) - {Aggregation.DERIVED, Aggregation.NONE}


def _kind(row: Row) -> Kind:
    if row.aggregation == Aggregation.RATIO_OF_SUMS:
        return Kind.RATIO
    if row.aggregation in _COUNTED:
        return Kind.DISTINCT if row.unit in OF_THE_CASE else Kind.COUNT
    return Kind.AMOUNT


def contributions(until: date, indicators: Iterable[Row]) -> Contributions:
    """Return what was reached and accepted for periods that ended until a day. Raises InputError for mixed prices."""
    return Contributions(rows(until, indicators))


def rows(until: date, indicators: Iterable[Row]) -> Iterator[Contribution]:
    """Yield them one by one: of each project, Member State and indicator what each year added to what was reached."""
    known = {row.code: row for row in indicators}
    kinds = {one.code: one.kind for one in measured(known.values())}
    reporting: dict[tuple[int, str], dict[str, Any]] = {}
    prices: dict[str, set[int | None]] = {}
    for (_project, code, _ams), found in groupby(_accepted(until), key=itemgetter("project", "code", "ams")):
        kind, reached = kinds.get(code), {}
        for one in found:
            reporting.setdefault((one["project"], one["year"]), one)
            prices.setdefault(code, set()).add(one["price_year"])
            if one["actual"] is not None or (one["numerator"] is not None and one["denominator"]):
                reached[one["year"]] = one
        if kind is not None and kind != Kind.DISTINCT and reached:
            yield from _added(code, kind, reached)
    if mixed := {code: years for code, years in prices.items() if len(years) > 1}:
        raise InputError(
            [_("%(code)s is reported in prices of different years.") % {"code": code} for code in sorted(mixed)]
        )
    yield from _of_the_cases(reporting, [row for row in known.values() if kinds.get(row.code) == Kind.DISTINCT])


def _added(code: str, kind: Kind, reached: dict[str, dict[str, Any]]) -> Iterator[Contribution]:
    """Yield what each year added, so that the years add up to what is reached; a share and a falling count have no years."""
    last = reached[max(reached)]
    if kind == Kind.RATIO:
        yield Contribution(*_where(last, ""), code, float(last["numerator"]), float(last["denominator"]))
        return
    levels = [(year, float(reached[year]["actual"])) for year in sorted(reached)]
    steps = [
        (year, level - before) for (year, level), before in zip(levels, [0.0, *(it for _, it in levels)], strict=False)
    ]
    if kind == Kind.COUNT and any(step < 0 for _year, step in steps):
        steps = [("", levels[-1][1])]
    for year, step in steps:
        yield Contribution(*_where(last, year), code, step)


def _accepted(until: date) -> Any:
    """Read what was reached, by project, indicator and Member State, the periods in order; in portions."""
    of = "report__proposal"
    return (
        ReportFigure.objects.accepted()
        # What a project defines for itself adds up over no projects.
        .filter(report__period_until__lte=until, line__own_number__isnull=True)
        .values(
            "actual", "numerator", "denominator", project=F(of), company=F(f"{of}__organisation"),
            sector=F(f"{of}__sector"), chain=F(f"{of}__value_chain"), ams=F("line__ams"),
            code=F("line__indicator__code"), price_year=F("line__indicator__price_year"),
            year=Cast(ExtractYear("report__period_until"), CharField()),
        )
        .order_by("project", "code", "ams", "report__period_until", "report__number")
        .iterator(chunk_size=5000)
    )  # fmt: skip


def _where(found: dict[str, Any], year: str) -> tuple[str, str, str, str, str]:
    return str(found["project"]), str(found["company"]), found["ams"] or "", found["sector"] or "", year


def _of_the_cases(reporting: dict[Any, dict[str, Any]], counted: list[Row]) -> Iterator[Contribution]:
    """Yield what the cases that report say of themselves, for each year in which they report."""
    taking_part: dict[int, list[str]] = {}
    projects = {project for project, _of in reporting}
    for project, ams in (
        Participation.objects.taking_part().filter(proposal__in=projects).values_list("proposal", "ams")
    ):
        taking_part.setdefault(project, []).append(ams)
    for (project, year), found in reporting.items():
        states = sorted(taking_part.get(project, []))
        for row in counted:
            items = {CHAIN: [found["chain"] or ""], STATE: states, PROJECT: [""]}[row.unit]
            for item in items:
                for ams in (states or [""]) if row.by_ams else [""]:
                    yield Contribution(*_where({**found, "ams": ams}, year), row.code, 1.0, None, item)


def parents() -> dict[str, str]:
    """Return, for each company of a corporate group, the group: companies under one control count as one."""
    return {
        str(pk): f"group {group}"
        for pk, group in Organisation.objects.filter(corporate_group__isnull=False).values_list("pk", "corporate_group")
    }
