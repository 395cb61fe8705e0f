"""Named invariants of review and decision, in SQL."""

from aipbi.workflow.invariants import invariant


def register() -> None:
    """Called once, when the app is ready."""
    _experts()
    _assessments()
    _rounds()
    _meetings()


def _experts() -> None:
    invariant(
        "accepted_without_conflict",
        "R2",
        """SELECT id FROM review_invitation WHERE state = 'accepted'
             AND (has_interest IS DISTINCT FROM false OR was_involved IS DISTINCT FROM false OR other_ties IS DISTINCT FROM false)""",
    )
    invariant(
        "conflicted_declared_one",
        "R2",
        """SELECT id FROM review_invitation WHERE state = 'conflicted' AND NOT (has_interest OR was_involved OR other_ties)""",
    )
    invariant(
        "expert_of_no_party",
        "R1",
        """SELECT i.id FROM review_invitation i JOIN proposals_proposal p ON p.case_id = i.proposal_id
           JOIN accounts_member m ON m.person_id = i.expert_id AND m.organisation_id = p.organisation_id
           WHERE i.state = 'accepted' AND m.starts <= i.answered_at::date""",
    )


def _assessments() -> None:
    invariant(
        "filed_assessment_is_whole",
        "R3",
        """SELECT a.id FROM review_assessment a JOIN proposals_proposal p ON p.case_id = a.proposal_id
           WHERE a.state = 'filed' AND (
             a.filed_at IS NULL OR a.overall = '' OR a.confidence = ''
             OR (SELECT count(*) FROM review_rating r WHERE r.assessment_id = a.id AND r.level IS NOT NULL AND r.justification <> '')
                <> (SELECT count(*) FROM asean_parameter q WHERE q.edition_id = p.criteria_edition_id)
             OR (SELECT count(*) FROM review_criterionverdict v WHERE v.assessment_id = a.id AND v.verdict <> '')
                <> (SELECT count(*) FROM asean_criterion c WHERE c.edition_id = p.criteria_edition_id))""",
    )
    invariant(
        "assessed_by_whoever_was_appointed",
        "R2",
        """SELECT a.id FROM review_assessment a WHERE NOT EXISTS (
             SELECT 1 FROM review_invitation i WHERE i.proposal_id = a.proposal_id AND i.expert_id = a.expert_id
               AND i.state IN ('accepted', 'withdrawn'))""",
    )
    invariant(
        "assessed_case_has_report",
        "R6",
        """SELECT p.case_id FROM proposals_proposal p
           WHERE p.state IN ('assessed', 'before_fg_gvc', 'approved', 'not_approved', 'deferred')
             AND NOT EXISTS (SELECT 1 FROM review_consolidatedreport r WHERE r.proposal_id = p.case_id)""",
    )
    invariant(
        "report_has_figures",
        "R6",
        """SELECT r.id FROM review_consolidatedreport r
           WHERE jsonb_array_length(r.figures -> 'experts') < 1
              OR jsonb_array_length(r.figures -> 'lines') = 0""",
    )


def _rounds() -> None:
    invariant(
        "open_round_while_before_fg_gvc",
        "D1",
        """SELECT p.case_id FROM proposals_proposal p WHERE p.state = 'before_fg_gvc'
           AND NOT EXISTS (SELECT 1 FROM review_round r WHERE r.proposal_id = p.case_id AND r.state IN ('open', 'escalated'))""",
    )
    invariant(
        "closed_round_has_decision",
        "D5",
        """SELECT r.id FROM review_round r LEFT JOIN review_decision d ON d.round_id = r.id
           WHERE (r.state = 'closed') <> (d.round_id IS NOT NULL) OR (r.state = 'closed') <> (r.closed_at IS NOT NULL)""",
    )
    invariant(
        "position_of_a_confirmed_state",
        "D2",
        """SELECT p.id FROM review_position p JOIN review_round r ON r.id = p.round_id
           WHERE p.ams_id <> ALL (r.members) OR p.proposal_id <> r.proposal_id""",
    )
    invariant(
        "one_place_for_each_member",
        "D2",
        """SELECT r.id FROM review_round r
           WHERE cardinality(r.members) <> (SELECT count(*) FROM review_position p WHERE p.round_id = r.id)""",
    )
    invariant(
        "who_stepped_aside_is_set_aside",
        "D4",
        """SELECT d.round_id, ams FROM review_decision d, unnest(d.stepped_aside) AS ams
           WHERE NOT EXISTS (SELECT 1 FROM proposals_participation q JOIN proposals_participationentry e ON e.participation_id = q.id
             WHERE q.proposal_id = d.proposal_id AND q.ams_id = ams AND e.state = 'aside')""",
    )
    invariant(
        "who_stepped_aside_said_so_itself",
        "D4",
        """SELECT d.round_id, ams FROM review_decision d, unnest(d.stepped_aside) AS ams
           WHERE NOT EXISTS (SELECT 1 FROM review_position p JOIN accounts_office o ON o.id = p.aside_office_id
             WHERE p.round_id = d.round_id AND p.ams_id = ams AND o.ams_id = ams)""",
    )
    invariant(
        "escalated_round_waits_for_an_answer",
        "D5",
        """SELECT r.id FROM review_round r WHERE (r.state = 'escalated') <> EXISTS (
             SELECT 1 FROM review_escalation e LEFT JOIN review_escalationanswer a ON a.escalation_id = e.id
             WHERE e.round_id = r.id AND a.escalation_id IS NULL)""",
    )
    invariant(
        "taken_up_deferral_says_how_it_was_cleared_up",
        "D5",
        """SELECT p.case_id FROM proposals_proposal p JOIN LATERAL (
             SELECT d.round_id, d.outcome FROM review_decision d WHERE d.proposal_id = p.case_id ORDER BY d.round_id DESC LIMIT 1) d ON true
           WHERE d.outcome = 'deferred' AND p.state NOT IN ('deferred', 'withdrawn')
             AND NOT EXISTS (SELECT 1 FROM review_clearing c WHERE c.decision_id = d.round_id)""",
    )
    invariant(
        "given_position_has_value",
        "D2",
        """SELECT id FROM review_position WHERE (state = 'given') <> (value <> '')""",
    )
    invariant(
        "position_is_its_last_entry",
        "D2",
        """SELECT p.id FROM review_position p JOIN LATERAL (
             SELECT value, text FROM review_positionentry e WHERE e.pgh_obj_id = p.id ORDER BY pgh_id DESC LIMIT 1) e ON true
           WHERE e.value <> p.value OR e.text <> p.text""",
    )
    invariant(
        "position_by_an_office_of_its_state",
        "D2",
        """SELECT p.id FROM review_position p JOIN accounts_office o ON o.id = p.office_id
           WHERE (o.role IN ('seom_lead', 'fg_gvc_member') AND o.ams_id <> p.ams_id)
             OR o.role NOT IN ('seom_lead', 'fg_gvc_member', 'asec_officer')
             OR (o.role = 'asec_officer' AND NOT EXISTS (
               SELECT 1 FROM review_agendaitem a JOIN review_meeting m ON m.case_id = a.meeting_id
               WHERE a.round_id = p.round_id AND m.held_at <= p.given_at))""",
    )
    invariant(
        "decided_case_has_its_decision",
        "D5",
        """SELECT p.case_id FROM proposals_proposal p
           WHERE (p.decided_at IS NOT NULL OR p.state IN ('approved', 'not_approved', 'deferred')) AND NOT EXISTS (
             SELECT 1 FROM review_decision d WHERE d.proposal_id = p.case_id
               AND (p.state NOT IN ('approved', 'not_approved', 'deferred') OR d.outcome = p.state))""",
    )
    invariant(
        "approved_over_no_objection",
        "D3",
        """SELECT d.round_id FROM review_decision d, jsonb_each(d.positions) AS held(ams, said)
           WHERE d.outcome = 'approved' AND said ->> 'value' IN ('object', 'defer')
             AND NOT (held.ams = ANY (d.stepped_aside || d.left))""",
    )
    invariant(
        "minus_x_leaves_two_with_the_originating",
        "D4",
        """SELECT d.round_id FROM review_decision d JOIN review_round r ON r.id = d.round_id
           JOIN proposals_proposal p ON p.case_id = d.proposal_id
           WHERE d.outcome = 'approved' AND (cardinality(r.members) - cardinality(d.stepped_aside) - cardinality(d.left) < 2
             OR p.originating_ams_id = ANY (d.stepped_aside || d.left) OR NOT (d.stepped_aside || d.left <@ r.members))""",
    )
    invariant(
        "silence_counted_only_where_opened_so",
        "D3",
        """SELECT d.round_id FROM review_decision d JOIN review_round r ON r.id = d.round_id
           WHERE d.outcome = 'approved' AND cardinality(d.silent) > 0
             AND NOT (r.silence_is_no_objection AND d.recorded_at > r.deadline)""",
    )


def _meetings() -> None:
    invariant(
        "issued_meeting_has_its_pack",
        "D7",
        """SELECT m.case_id FROM review_meeting m WHERE m.state = 'pack_issued'
           AND NOT EXISTS (SELECT 1 FROM review_pack p WHERE p.meeting_id = m.case_id AND p.file_id IS NOT NULL)""",
    )
    invariant(
        "held_meeting_has_its_day",
        "D7",
        """SELECT case_id FROM review_meeting WHERE (state IN ('held', 'adopted')) <> (held_at IS NOT NULL)""",
    )
    invariant(
        "adopted_meeting_has_its_record",
        "D7",
        """SELECT m.case_id FROM review_meeting m WHERE (m.state = 'adopted') <> EXISTS (
             SELECT 1 FROM review_record r WHERE r.meeting_id = m.case_id AND r.adopted_at IS NOT NULL)""",
    )
    invariant(
        "ended_meeting_holds_no_round",
        "D7",
        """SELECT a.id FROM review_agendaitem a JOIN review_meeting m ON m.case_id = a.meeting_id
           WHERE m.state IN ('adopted', 'cancelled') AND a.closed_at IS NULL""",
    )
