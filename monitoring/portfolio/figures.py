"""The accepted figures of all projects as contributions: the one query that releases are made from (M5).

Figures tell of their period, so those of one year and of several years add up. What can be counted twice
(value chains, Member States, projects) is counted from the cases themselves, each thing once.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import F, Sum
from django.db.models.functions import ExtractYear

from aipbi.accounts.models import Organisation
from aipbi.asean.enums import Aggregation
from aipbi.asean.models import Indicator as Row
from monitoring.disclosure import Contribution, Contributions, Indicator, Kind
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
    """Return what was accepted up to and including a day: summed per project, Member State, year and indicator."""
    return Contributions(rows(until, indicators))


def rows(until: date, indicators: Iterable[Row]) -> Iterator[Contribution]:
    """Yield them one by one."""
    known = {row.code: row for row in indicators}
    kinds = {one.code: one.kind for one in measured(known.values())}
    reporting: dict[tuple[int, str], dict[str, Any]] = {}
    for found in _accepted(until):
        reporting.setdefault((found["project"], found["year"]), found)
        kind = kinds.get(found["code"])
        if kind in {None, Kind.DISTINCT}:
            continue
        share = kind == Kind.RATIO
        value: Decimal | None = found["top"] if share else found["sum"]
        if value is not None and not (share and not found["bottom"]):
            yield Contribution(
                *_where(found, found["ams"]), found["code"], float(value), float(found["bottom"]) if share else None
            )
    yield from _of_the_cases(reporting, [row for row in known.values() if kinds.get(row.code) == Kind.DISTINCT])


def _accepted(until: date) -> Any:
    """Read the sums, one row per project, Member State, year and indicator; two million of them come in portions."""
    of = "report__proposal"
    return (
        ReportFigure.objects.accepted()
        .filter(report__period_until__lte=until, line__own_number__isnull=True)
        .values(
            project=F(of),
            company=F(f"{of}__organisation"),
            sector=F(f"{of}__sector"),
            chain=F(f"{of}__value_chain"),
            ams=F("line__ams"),
            year=ExtractYear("report__period_until"),
            code=F("line__indicator__code"),
        )
        .annotate(sum=Sum("actual"), top=Sum("numerator"), bottom=Sum("denominator"))
        .order_by("project", "year", "code", "ams")
        .iterator(chunk_size=5000)
    )


def _where(found: dict[str, Any], ams: str | None) -> tuple[str, str, str, str, str]:
    return str(found["project"]), str(found["company"]), ams or "", found["sector"] or "", str(found["year"])


def _of_the_cases(reporting: dict[Any, dict[str, Any]], counted: list[Row]) -> Iterator[Contribution]:
    """Yield what the cases that report say of themselves, for each year in which they report."""
    taking_part: dict[int, list[str]] = {}
    projects = {project for project, _year in reporting}
    for project, ams in (
        Participation.objects.taking_part().filter(proposal__in=projects).values_list("proposal", "ams")
    ):
        taking_part.setdefault(project, []).append(ams)
    for (project, _year), found in reporting.items():
        states = sorted(taking_part.get(project, []))
        for row in counted:
            items = {CHAIN: [found["chain"] or ""], STATE: states, PROJECT: [""]}[row.unit]
            for item in items:
                for ams in (states or [""]) if row.by_ams else [""]:
                    yield Contribution(*_where(found, ams), row.code, 1.0, None, item)


def parents() -> dict[str, str]:
    """Return, for each company of a corporate group, the group: companies under one control count as one."""
    return {
        str(pk): f"group {group}"
        for pk, group in Organisation.objects.filter(corporate_group__isnull=False).values_list("pk", "corporate_group")
    }
