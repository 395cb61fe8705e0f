"""Named invariants: SQL that must find no row. Apps add theirs; `check_invariants` runs them all."""

from dataclasses import dataclass

from django.db import connection

_INVARIANTS: dict[str, "Invariant"] = {}


@dataclass(frozen=True, slots=True)
class Invariant:
    """A name, the rule it comes from, and a query that returns the offending rows (key first)."""

    name: str
    rule: str
    sql: str


def invariant(name: str, rule: str, sql: str) -> None:
    """Make an invariant known."""
    _INVARIANTS[name] = Invariant(name, rule, sql)


def names() -> list[str]:
    """Return the names of all invariants."""
    return sorted(_INVARIANTS)


def violations() -> dict[str, list[tuple[object, ...]]]:
    """Return, by name, up to ten offending rows of each invariant that does not hold."""
    found = {}
    with connection.cursor() as cursor:
        for one in _INVARIANTS.values():
            cursor.execute(f"SELECT * FROM ({one.sql}) AS offending LIMIT 10")  # noqa: S608 - our own SQL
            if rows := cursor.fetchall():
                found[one.name] = rows
    return found


invariant(
    "trail_head_is_last_entry",
    "L4",
    """SELECT c.id FROM workflow_case c
       LEFT JOIN LATERAL (SELECT number, digest FROM workflow_trailentry t WHERE t.case_id = c.id
                          ORDER BY number DESC LIMIT 1) t ON true
       WHERE c.trail_count <> COALESCE(t.number, 0) OR c.trail_head <> COALESCE(t.digest, '')""",
)
invariant(
    "closed_obligation_names_its_move",
    "L5",
    """SELECT id FROM workflow_obligation WHERE (closed_at IS NULL) <> (closed_by_id IS NULL)""",
)
invariant(
    "obligation_closed_by_its_own_case",
    "L5",
    """SELECT o.id FROM workflow_obligation o JOIN workflow_trailentry t ON t.id = o.closed_by_id
       WHERE t.case_id <> o.case_id""",
)
invariant(
    "sent_notice_has_its_time",
    "N2",
    """SELECT id FROM workflow_notice WHERE (mail_state = 'sent') <> (sent_at IS NOT NULL)""",
)
invariant(
    "sent_digest_has_its_time",
    "N2",
    """SELECT id FROM workflow_digest WHERE (mail_state = 'sent') <> (sent_at IS NOT NULL)""",
)
invariant(
    "notice_of_a_sent_digest_is_done",
    "N3",
    """SELECT n.id FROM workflow_notice n JOIN workflow_digest d ON d.id = n.digest_id
       WHERE d.mail_state = 'sent' AND n.mail_state = 'digest'""",
)
invariant(
    "notice_in_a_digest_waited_for_one",
    "N3",
    """SELECT id FROM workflow_notice WHERE digest_id IS NOT NULL AND pace = 'at_once'""",
)
invariant(
    "finished_job_has_its_time",
    "F7",
    """SELECT id FROM workflow_job WHERE (state = 'done') <> (finished_at IS NOT NULL)""",
)
