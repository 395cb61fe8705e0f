"""How far a project has come towards its targets, from accepted figures alone (M4)."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _

from monitoring.kinds import Kind, adds_up
from monitoring.models import PlanLine, Report, ReportFigure

HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Row:
    """One bar: a Member State, the project, or all Member States together."""

    place: str
    baseline: Decimal | None
    target: Decimal | None
    actual: Decimal | None
    share_due: Decimal | None
    report: Report | None
    total: bool = False
    # Put on by `lights`, with the rule in words.
    light: Any = None

    @property
    def percent(self) -> int | None:
        """How much of the way from baseline to target is gone, in per cent; None where that says nothing."""
        if self.actual is None or self.target is None or self.target == (self.baseline or 0):
            return None
        base = self.baseline or Decimal(0)
        return round((self.actual - base) / (self.target - base) * HUNDRED)


@dataclass(frozen=True, slots=True)
class Progress:
    """An indicator with its bars on one scale."""

    head: PlanLine
    kind: Kind
    rows: list[Row]

    @property
    def reported(self) -> bool:
        """Whether there is anything to draw."""
        return any(row.actual is not None for row in self.rows)

    @property
    def bars(self) -> list[dict[str, Any]]:
        """Return, per row, where its marks stand on a scale of 0 to 100; the longest of all fills it."""
        longest = max(
            (value for row in self.rows for value in (row.baseline, row.target, row.actual) if value), default=None
        )

        def place(value: Decimal | None) -> str | None:
            if value is None:
                return None
            return f"{value / longest * HUNDRED:.2f}" if longest else "0"

        return [
            {"row": row, "baseline": place(row.baseline), "target": place(row.target), "actual": place(row.actual)}
            for row in self.rows
        ]


def of(lines: Iterable[PlanLine], figures: Iterable[ReportFigure]) -> list[Progress]:
    """Return the progress by indicator: per line of the plan the latest accepted figure, then what adds up.

    `figures` come in the order of their reports. Shares add up as numerators over denominators,
    never as averages (M1).
    """
    latest = {figure.line.key: figure for figure in figures if figure.accepted and figure.value is not None}
    found = []
    for _measure, own in groupby(lines, key=lambda line: line.measure):
        members = list(own)
        if members[0].kind == Kind.WORDS:
            continue
        rows = [_row(line, latest.get(line.key)) for line in members]
        if len(rows) > 1 and (together := _together(members, latest, rows)):
            rows.append(together)
        found.append(Progress(members[0], members[0].kind, rows))
    return found


def _row(line: PlanLine, figure: ReportFigure | None) -> Row:
    return Row(
        place=line.place,
        baseline=line.baseline,
        target=line.target,
        actual=figure.value if figure else None,
        share_due=figure.share_due_to_aipbi if figure else None,
        report=figure.report if figure else None,
    )


def _together(lines: list[PlanLine], latest: dict[Any, ReportFigure], rows: list[Row]) -> Row | None:
    """Return the row of all Member States, where every one of them has a figure and they add up."""
    figures = [latest[line.key] for line in lines if line.key in latest]
    if len(figures) < len(lines):
        return None
    place = _("Together")
    if lines[0].kind == Kind.SHARE:
        top = sum((figure.numerator or Decimal(0) for figure in figures), Decimal(0))
        bottom = sum((figure.denominator or Decimal(0) for figure in figures), Decimal(0))
        return Row(place, None, None, top / bottom * HUNDRED, None, None, total=True)
    if not adds_up(lines[0].indicator):
        return None
    return Row(
        place,
        _sum(row.baseline for row in rows),
        _sum(row.target for row in rows),
        _sum(row.actual for row in rows),
        None,
        None,
        total=True,
    )


def _sum(values: Iterable[Decimal | None]) -> Decimal | None:
    known = list(values)
    return (
        sum((value for value in known if value is not None), Decimal(0))
        if all(value is not None for value in known)
        else None
    )
