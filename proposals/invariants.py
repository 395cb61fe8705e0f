"""Named invariants of proposals, in SQL."""

from aipbi.workflow.invariants import invariant


def register() -> None:
    """Called once, when the app is ready."""
    invariant(
        "references_are_gapless",
        "register",
        """SELECT year, last FROM proposals_referencecounter k
           WHERE last <> (SELECT count(*) FROM workflow_case WHERE reference LIKE 'AIPBI/' || k.year || '/%')""",
    )
    invariant(
        "registered_has_reference",
        "register",
        """SELECT p.case_id FROM proposals_proposal p JOIN workflow_case c ON c.id = p.case_id
           WHERE (p.registered_at IS NOT NULL) <> (c.reference IS NOT NULL)""",
    )
    invariant(
        "handed_in_has_version",
        "L6",
        """SELECT case_id FROM proposals_proposal
           WHERE state NOT IN ('draft', 'withdrawn') AND version_id IS NULL""",
    )
    invariant(
        "state_is_last_on_trail",
        "L4",
        """SELECT p.case_id, p.state, t.target FROM proposals_proposal p
           JOIN LATERAL (SELECT target FROM workflow_trailentry e
                         WHERE e.case_id = p.case_id AND e.subject_kind = 'proposal' AND e.target <> ''
                         ORDER BY number DESC LIMIT 1) t ON true
           WHERE p.state <> t.target""",
    )
    invariant(
        "ended_case_owes_nothing",
        "L5",
        """SELECT o.id FROM workflow_obligation o JOIN proposals_proposal p ON p.case_id = o.case_id
           WHERE o.closed_at IS NULL AND p.state IN ('closed', 'withdrawn', 'lapsed')""",
    )
    invariant(
        "participation_is_its_last_entry",
        "D6",
        """SELECT q.id FROM proposals_participation q JOIN LATERAL (
             SELECT state, categories, reason FROM proposals_participationentry e
             WHERE e.participation_id = q.id ORDER BY id DESC LIMIT 1) e ON q.answered_at IS NOT NULL
           WHERE e.state <> q.state OR e.categories <> q.categories OR e.reason <> q.reason""",
    )
    invariant(
        "version_belongs_to_its_proposal",
        "L6",
        """SELECT p.case_id FROM proposals_proposal p JOIN proposals_version v ON v.id = p.version_id
           WHERE v.proposal_id <> p.case_id""",
    )
    invariant(
        "unconfirmed_is_what_asec_entered",
        "P8",
        """SELECT p.case_id FROM proposals_proposal p LEFT JOIN proposals_onbehalf b ON b.proposal_id = p.case_id
           WHERE p.unconfirmed <> COALESCE(b.proposal_id IS NOT NULL AND b.confirmed_at IS NULL, false)""",
    )
    invariant(
        "originating_ams_takes_part",
        "P3",
        """SELECT p.case_id FROM proposals_proposal p
           WHERE p.submitted_at IS NOT NULL AND p.state NOT IN ('draft', 'awaiting_completion', 'withdrawn', 'lapsed')
             AND NOT EXISTS (SELECT 1 FROM proposals_participation q
                             WHERE q.proposal_id = p.case_id AND q.ams_id = p.originating_ams_id)""",
    )
