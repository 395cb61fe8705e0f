"""Named invariants of facilitation, in SQL."""

from aipbi.workflow.invariants import invariant


def register() -> None:
    """Called once, when the app is ready."""
    invariant(
        "ended_challenge_dated",
        "F1",
        """SELECT id FROM facilitation_challenge
           WHERE (state IN ('resolved', 'set_aside')) <> (ended_at IS NOT NULL AND outcome <> '')""",
    )
    invariant(
        "promise_ended_dated",
        "F2",
        """SELECT id FROM facilitation_promise WHERE (state <> 'open') <> (ended_at IS NOT NULL AND result <> '')""",
    )
    invariant(
        "open_promise_is_owed",
        "F2",
        """SELECT m.id FROM facilitation_promise m JOIN facilitation_bodyrequest r ON r.id = m.request_id
           LEFT JOIN proposals_proposal p ON p.case_id = r.proposal_id
           WHERE coalesce(p.state, '') NOT IN ('closed', 'withdrawn') AND (m.state = 'open') <> EXISTS (
             SELECT 1 FROM workflow_obligation o WHERE o.kind = 'keep_promise' AND o.subject_kind = 'promise'
               AND o.subject_pk = m.id AND o.closed_at IS NULL)""",
    )
    invariant(
        "body_reads_only_what_was_chosen",
        "F2",
        """SELECT f.id FROM documents_storedfile f JOIN facilitation_bodyrequest r ON r.id = f.subject_pk
           WHERE f.purpose = 'extract' AND f.subject_kind = 'request' AND f.confidential AND r.annexes_because = ''""",
    )
    invariant(
        "waiting_challenge_is_owed_an_answer",
        "F1",
        """SELECT c.id FROM facilitation_challenge c JOIN proposals_proposal p ON p.case_id = c.proposal_id
           WHERE p.state NOT IN ('closed', 'withdrawn') AND (c.state = 'waiting') <> EXISTS (
             SELECT 1 FROM workflow_obligation o WHERE o.kind = 'answer_challenge' AND o.subject_kind = 'challenge'
               AND o.subject_pk = c.id AND o.closed_at IS NULL)""",
    )
    invariant(
        "issued_case_has_one_sealed_letter",
        "F7",
        """SELECT p.case_id FROM proposals_proposal p
           WHERE p.state IN ('letter_issued', 'monitoring', 'closed')
             AND (SELECT count(*) FROM facilitation_letter l
                  WHERE l.proposal_id = p.case_id AND l.purpose IN ('approval', 'amendment')
                    AND l.state IN ('sealed', 'revoked') AND l.issued_at IS NOT NULL
                    AND NOT EXISTS (SELECT 1 FROM facilitation_letter n
                                    WHERE n.supersedes_id = l.id AND n.issued_at IS NOT NULL)) <> 1""",
    )
    invariant(
        "approved_letter_has_number",
        "F4",
        """SELECT id FROM facilitation_letter WHERE (state IN ('approved', 'sealed', 'superseded', 'revoked')) <> (number IS NOT NULL)""",
    )
    invariant(
        "sealed_letter_has_pdf",
        "F5",
        """SELECT l.id FROM facilitation_letter l LEFT JOIN documents_storedfile f ON f.id = l.pdf_id
           WHERE (l.state IN ('sealed', 'superseded', 'revoked')) <> (l.pdf_id IS NOT NULL)
              OR (l.pdf_id IS NOT NULL AND (f.sha256 <> l.sha256 OR f.case_id <> l.proposal_id OR f.purpose <> 'letter'))""",
    )
    invariant(
        "one_pdf_per_letter",
        "F7",
        """SELECT f.id FROM documents_storedfile f
           WHERE f.purpose = 'letter' AND NOT EXISTS (SELECT 1 FROM facilitation_letter l WHERE l.pdf_id = f.id)""",
    )
    invariant(
        "superseded_letter_has_its_successor",
        "D6",
        """SELECT l.id FROM facilitation_letter l WHERE l.state <> 'revoked' AND (l.state = 'superseded') <> EXISTS (
             SELECT 1 FROM facilitation_letter n WHERE n.supersedes_id = l.id AND n.issued_at IS NOT NULL)""",
    )
    invariant(
        "agreed_amendment_is_accepted_by_all_it_asked",
        "D6",
        """SELECT w.id FROM facilitation_amendmentword w JOIN facilitation_amendment a ON a.id = w.amendment_id
           WHERE w.proposal_id <> a.proposal_id OR (a.state IN ('agreed', 'done') AND w.state <> 'accepted' AND NOT EXISTS (
             SELECT 1 FROM proposals_participation p
             WHERE p.proposal_id = a.proposal_id AND p.ams_id = w.ams_id AND p.state <> 'confirmed'))""",
    )
    invariant(
        "told_amendment_has_its_issued_letter",
        "D6",
        """SELECT a.id FROM facilitation_amendment a LEFT JOIN facilitation_letter l ON l.id = a.letter_id
           WHERE (a.state = 'done') <> (l.issued_at IS NOT NULL) OR l.proposal_id <> a.proposal_id""",
    )
    invariant(
        "benefit_is_worked_out_in_facilitation_or_an_amendment",
        "D6",
        """SELECT b.id FROM facilitation_benefit b JOIN proposals_proposal p ON p.case_id = b.proposal_id
           WHERE b.state = 'proposed' AND b.finalised_at IS NULL
             AND p.state IN ('benefits_finalised', 'letter_issued', 'monitoring')
             AND NOT EXISTS (SELECT 1 FROM facilitation_amendment a WHERE a.proposal_id = p.case_id AND a.state = 'open')""",
    )
    invariant(
        "revoked_letter_has_its_revocation",
        "F5",
        """SELECT l.id FROM facilitation_letter l WHERE (l.state = 'revoked') <> EXISTS (
             SELECT 1 FROM facilitation_letter n
             WHERE n.revokes_id = l.id AND n.issued_at IS NOT NULL AND n.proposal_id = l.proposal_id)""",
    )
    invariant(
        "checked_letter_says_by_whom",
        "F4",
        """SELECT id FROM facilitation_letter
           WHERE (state = 'checked' AND checked_by_id IS NULL) OR (state = 'draft' AND checked_by_id IS NOT NULL)""",
    )
    invariant(
        "letter_supersedes_an_issued_one_of_its_case",
        "D6",
        """SELECT n.id FROM facilitation_letter n JOIN facilitation_letter l ON l.id = n.supersedes_id
           WHERE l.proposal_id <> n.proposal_id OR l.issued_at IS NULL OR l.purpose NOT IN ('approval', 'amendment')""",
    )
    invariant(
        "letter_numbers_are_gapless",
        "F4",
        """SELECT proposal_id FROM facilitation_letter WHERE sequence IS NOT NULL
           GROUP BY proposal_id HAVING max(sequence) <> count(*)""",
    )
    invariant(
        "letter_number_names_its_sequence",
        "F4",
        """SELECT id FROM facilitation_letter WHERE number IS NOT NULL AND number NOT LIKE '%/L' || sequence""",
    )
    invariant(
        "finalised_benefit_is_concurred",
        "F3",
        """SELECT b.id FROM facilitation_benefit b
           WHERE b.finalised_at IS NOT NULL
             AND (EXISTS (SELECT 1 FROM facilitation_concurrence c WHERE c.benefit_id = b.id AND c.state IN ('asked', 'refused'))
               OR NOT EXISTS (SELECT 1 FROM facilitation_concurrence c
                              WHERE c.benefit_id = b.id AND c.state IN ('concurred', 'concurred_with_conditions')))""",
    )
    invariant(
        "letter_gives_only_what_is_concurred",
        "F3",
        """SELECT l.id, line, giver FROM facilitation_letter l,
                  jsonb_array_elements(l.content -> 'schedule') line, jsonb_array_elements(line -> 'given_by') giver
           WHERE l.number IS NOT NULL AND NOT EXISTS (
             SELECT 1 FROM facilitation_concurrence c JOIN facilitation_benefit b ON b.id = c.benefit_id
             WHERE b.proposal_id = l.proposal_id AND b.measure = line ->> 'measure' AND c.ams_id = giver ->> 'code'
               AND c.state IN ('concurred', 'concurred_with_conditions'))""",
    )
    invariant(
        "sent_request_has_extract",
        "F2",
        """SELECT id FROM facilitation_bodyrequest
           WHERE state IN ('sent', 'acknowledged', 'answered') AND (sent_at IS NULL OR extract = '')""",
    )
    invariant(
        "answered_request_has_answer",
        "F2",
        """SELECT id FROM facilitation_bodyrequest WHERE state = 'answered' AND answer = ''""",
    )
    invariant(
        "issued_letter_is_delivered",
        "F7",
        """SELECT l.id FROM facilitation_letter l
           WHERE (l.issued_at IS NOT NULL) <> EXISTS (SELECT 1 FROM facilitation_delivery d WHERE d.letter_id = l.id)""",
    )
    invariant(
        "word_is_on_the_present_wording",
        "F3",
        """SELECT c.id FROM facilitation_concurrence c JOIN facilitation_benefit b ON b.id = c.benefit_id
           WHERE c.state IN ('concurred', 'concurred_with_conditions', 'refused') AND c.wording IS DISTINCT FROM b.wording""",
    )
    invariant(
        "benefit_keeps_its_wordings",
        "F3",
        """SELECT b.id FROM facilitation_benefit b
           WHERE b.wording <> (SELECT count(*) FROM facilitation_benefitwording w WHERE w.benefit_id = b.id)
              OR NOT EXISTS (SELECT 1 FROM facilitation_benefitwording w
                             WHERE w.benefit_id = b.id AND w.number = b.wording AND w.measure = b.measure)""",
    )
    invariant(
        "answered_word_has_its_entry",
        "F3",
        """SELECT c.id FROM facilitation_concurrence c
           WHERE c.answered_at IS NOT NULL AND c.state <> COALESCE(
             (SELECT e.state FROM facilitation_concurrenceentry e WHERE e.concurrence_id = c.id ORDER BY e.id DESC LIMIT 1), '')""",
    )
