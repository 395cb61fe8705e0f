"""How the mechanism itself fares: how long each stage takes, on whom it waits, which barriers recur (M7).

Times run from one entry of the trail to the next, so they are what happened and not what was planned.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import connection
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from aipbi.accounts.capacity import Capacity
from aipbi.accounts.models import Office
from facilitation import barriers
from facilitation.models import Challenge
from proposals.enums import ENDED, State
from proposals.models import Proposal

DAY = timedelta(days=1)
HUNDRED = 100
MOST = 3

# Each state a proposal was in: since when, and until when it left it.
_STAYS = """
    WITH seen AS ({seen}), stays AS (
      SELECT case_id, target AS state, at AS began, lead(at) OVER (PARTITION BY case_id ORDER BY number) AS ended
      FROM workflow_trailentry WHERE subject_kind = 'proposal' AND target <> ''
    )"""
_STAGES = f"""{_STAYS}
    SELECT state, count(ended), percentile_cont(0.5) WITHIN GROUP (ORDER BY ended - began),
           count(*) FILTER (WHERE ended IS NULL AND case_id IN (SELECT * FROM seen)),
           max(%s - began) FILTER (WHERE ended IS NULL AND case_id IN (SELECT * FROM seen))
    FROM stays GROUP BY state"""  # noqa: S608 - our own words
_SLOWEST = f"""{_STAYS}
    SELECT state, took, open, code, reference FROM (
      SELECT state, coalesce(ended, %s) - began AS took, ended IS NULL AS open, c.code, c.reference,
             row_number() OVER (PARTITION BY state ORDER BY coalesce(ended, %s) - began DESC, c.id) AS place
      FROM stays JOIN workflow_case c ON c.id = case_id WHERE c.reference IS NOT NULL AND c.id IN (SELECT * FROM seen)
    ) ranked WHERE place <= {MOST} ORDER BY state, place"""  # noqa: S608 - as above
_OFFICES = """
    SELECT office_id, count(*) FILTER (WHERE closed_at IS NULL),
           count(*) FILTER (WHERE closed_at IS NULL AND due_at < %s), count(closed_at),
           percentile_cont(0.5) WITHIN GROUP (ORDER BY closed_at - opened_at), max(closed_at - opened_at),
           min(opened_at) FILTER (WHERE closed_at IS NULL)
    FROM workflow_obligation
    WHERE case_id IN ({seen}) OR case_id NOT IN (SELECT case_id FROM proposals_proposal) GROUP BY office_id"""


@dataclass(frozen=True, slots=True)
class Slow:
    """A case that was, or still is, long in a stage."""

    code: str
    reference: str
    days: int
    open: bool


@dataclass(frozen=True, slots=True)
class Stage:
    """A state on the way: the median stay in days, of how many, how many are in it now, and the slowest the reader may open."""

    label: Any
    left: int
    median: float | None
    now: int
    oldest: float | None
    slowest: list[Slow]
    bar: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """An office: what it owes now, how much of that is overdue, and how long its answers took."""

    label: str
    owes: int
    overdue: int
    answered: int
    median: float | None
    longest: float | None
    oldest: float | None


def stages(viewer: Capacity) -> list[Stage]:
    """Return the stages in the order in which a proposal meets them; two queries.

    Medians are of all cases; who is in a stage now, and the slowest, are of those the reader may open (U5).
    """
    now = timezone.now()
    seen, given = _seen(viewer)
    with connection.cursor() as cursor:
        cursor.execute(_STAGES.format(seen=seen), [*given, now])
        rows = {row[0]: row[1:] for row in cursor.fetchall()}
        cursor.execute(_SLOWEST.format(seen=seen), [*given, now, now])
        slowest: dict[str, list[Slow]] = {}
        for state, took, open_, code, reference in cursor.fetchall():
            slowest.setdefault(state, []).append(Slow(code, reference, took // DAY, open_))
    medians = {state: _days(row[1]) for state, row in rows.items()}
    longest = max((days for days in medians.values() if days), default=0.0)
    return [
        Stage(
            State(state).label, rows[state][0], medians[state], rows[state][2],
            _days(rows[state][3]), slowest.get(state, []),
            # Drawn as it is said, to the tenth of a day.
            f"{days / longest * HUNDRED:.1f}" if (days := medians[state]) else "",
        )
        for state in State.values
        if state in rows and state not in ENDED
    ]  # fmt: skip


def offices(viewer: Capacity) -> list[Waiting]:
    """Return who is waited for on cases that the reader may open (U5), and beside cases: what is overdue first.

    Proponents stand together, so that none is pointed at.
    """
    now = timezone.now()
    seen, given = _seen(viewer)
    with connection.cursor() as cursor:
        cursor.execute(_OFFICES.format(seen=seen), [now, *given])
        rows = cursor.fetchall()
    seats = {seat.pk: seat for seat in Office.objects.select_related("ams", "body")}
    found = [
        Waiting(
            seats[office].label if office else _("Proponents and other people"), open_, overdue, closed, _days(median),
            _days(longest), _days(now - since) if since else None,
        )
        for office, open_, overdue, closed, median, longest, since in rows
    ]  # fmt: skip
    return sorted(found, key=lambda one: (-one.overdue, -one.owes, -(one.median or 0), one.label))


def _seen(viewer: Capacity) -> tuple[str, tuple[Any, ...]]:
    """Return the proposals that the reader may open, as SQL with its values."""
    return Proposal.objects.visible_to(viewer).order_by().values("pk").query.sql_with_params()


def _days(took: timedelta | None) -> float | None:
    return None if took is None else round(took / DAY, 1)


def recurring(viewer: Capacity) -> list[dict[str, Any]]:
    """Return which barriers recur among the cases that the reader may open, the most frequent of each way to count."""
    base = reverse("barriers")
    found = Challenge.objects.visible_to(viewer)
    return [
        {
            "label": way.label,
            "rows": [(row, f"{base}{row.url}") for row in way.rows[:MOST]],
            "more": len(way.rows[MOST:]),
        }
        for way in barriers.recurring(found, {})
        if way.rows
    ]
