"""Named invariants of monitoring, in SQL."""

from aipbi.workflow.invariants import invariant


def register() -> None:
    """Called once, when the app is ready."""
    invariant(
        "monitored_case_has_agreed_plan",
        "start_monitoring",
        """SELECT p.case_id FROM proposals_proposal p WHERE p.state IN ('monitoring', 'closed') AND NOT EXISTS (
             SELECT 1 FROM monitoring_plan n WHERE n.proposal_id = p.case_id AND n.state = 'agreed')""",
    )
    invariant(
        "closed_case_has_final_report",
        "close",
        """SELECT p.case_id FROM proposals_proposal p WHERE p.state = 'closed' AND NOT EXISTS (
             SELECT 1 FROM monitoring_report r WHERE r.proposal_id = p.case_id AND r.final AND r.state = 'accepted')""",
    )
    invariant(
        "plan_line_of_the_cases_edition",
        "M1",
        """SELECT l.id FROM monitoring_planline l JOIN monitoring_plan n ON n.id = l.plan_id
           JOIN proposals_proposal p ON p.case_id = n.proposal_id JOIN asean_indicator i ON i.id = l.indicator_id
           WHERE i.edition_id <> p.indicator_edition_id""",
    )
    invariant(
        "plan_line_by_ams_where_the_indicator_is",
        "M1",
        """SELECT l.id FROM monitoring_planline l JOIN asean_indicator i ON i.id = l.indicator_id
           WHERE l.own_number IS NULL AND i.by_ams <> (l.ams_id IS NOT NULL)""",
    )
    invariant(
        "plan_line_of_a_named_ams",
        "M2",
        """SELECT l.id FROM monitoring_planline l JOIN monitoring_plan n ON n.id = l.plan_id
           WHERE l.ams_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM proposals_participation q
             WHERE q.proposal_id = n.proposal_id AND q.ams_id = l.ams_id)""",
    )
    invariant(
        "proposed_plan_has_lines_and_dates",
        "M2",
        """SELECT n.id FROM monitoring_plan n WHERE n.state IN ('proposed', 'agreed') AND (
             NOT EXISTS (SELECT 1 FROM monitoring_planline l WHERE l.plan_id = n.id)
             OR NOT EXISTS (SELECT 1 FROM monitoring_reportingdate d WHERE d.plan_id = n.id))""",
    )
    invariant(
        "report_answers_every_line_once",
        "M3",
        """SELECT r.id FROM monitoring_report r JOIN monitoring_plan n ON n.id = r.plan_id
           WHERE n.proposal_id <> r.proposal_id OR n.state <> 'agreed'
              OR (SELECT count(*) FROM monitoring_planline l WHERE l.plan_id = n.id)
              <> (SELECT count(*) FROM monitoring_reportfigure f JOIN monitoring_planline l ON l.id = f.line_id
                  WHERE f.report_id = r.id AND f.version = 1 AND l.plan_id = n.id)""",
    )
    invariant(
        "accepted_report_has_accepted_figures",
        "M3",
        """SELECT r.id FROM monitoring_report r WHERE (r.state = 'accepted') <> (r.accepted_at IS NOT NULL)
             OR (r.state = 'accepted' AND EXISTS (
               SELECT 1 FROM monitoring_reportfigure f WHERE f.report_id = r.id AND f.version = 1
                 AND f.accepted IS NOT TRUE))""",
    )
    invariant(
        "correction_follows_an_accepted_figure",
        "M3",
        """SELECT f.id FROM monitoring_reportfigure f WHERE f.version > 1 AND NOT EXISTS (
             SELECT 1 FROM monitoring_reportfigure b WHERE b.report_id = f.report_id AND b.line_id = f.line_id
               AND b.version = f.version - 1 AND b.accepted IS NOT NULL)""",
    )
    invariant(
        "own_measure_under_an_indicator_that_lets_it",
        "M2",
        """SELECT l.id FROM monitoring_planline l JOIN asean_indicator i ON i.id = l.indicator_id
           WHERE l.own_number IS NOT NULL AND NOT i.own""",
    )
    invariant(
        "plan_before_is_there",
        "M2",
        """SELECT n.id FROM monitoring_plan n WHERE n.number > 1 AND NOT EXISTS (
             SELECT 1 FROM monitoring_plan b WHERE b.proposal_id = n.proposal_id AND b.number = n.number - 1)""",
    )
    invariant(
        "benefit_used_is_the_cases_own",
        "M3",
        """SELECT u.id FROM monitoring_benefituse u JOIN monitoring_report r ON r.id = u.report_id
           JOIN facilitation_benefit b ON b.id = u.benefit_id WHERE b.proposal_id <> r.proposal_id""",
    )
    invariant(
        "report_before_is_there",
        "M2",
        """SELECT r.id FROM monitoring_report r WHERE r.number > 1 AND NOT EXISTS (
             SELECT 1 FROM monitoring_report b WHERE b.proposal_id = r.proposal_id AND b.number = r.number - 1
               AND b.period_until < r.period_from)""",
    )
    invariant(
        "closed_plan_and_reports_owe_nothing",
        "L5",
        """SELECT o.id FROM workflow_obligation o WHERE o.closed_at IS NULL AND (
             (o.subject_kind = 'plan' AND EXISTS (SELECT 1 FROM monitoring_plan n WHERE n.id = o.subject_pk AND n.state IN ('agreed', 'dropped')))
             OR (o.subject_kind = 'report' AND o.kind <> 'check_correction' AND EXISTS (
               SELECT 1 FROM monitoring_report r WHERE r.id = o.subject_pk AND r.state = 'accepted')))""",
    )
    invariant(
        "one_release_in_the_works",
        "M5",
        """SELECT r.case_id FROM monitoring_release r
           WHERE r.state IN ('preparing', 'prepared', 'submitted', 'approved') AND EXISTS (
             SELECT 1 FROM monitoring_release o WHERE o.case_id <> r.case_id
               AND o.state IN ('preparing', 'prepared', 'submitted', 'approved'))""",
    )
    invariant(
        "what_readers_were_told_is_kept",
        "M5",
        """SELECT r.case_id FROM monitoring_release r WHERE
             r.state IN ('submitted', 'approved', 'published', 'withdrawn', 'inside') AND NOT EXISTS (
               SELECT 1 FROM monitoring_telling t JOIN monitoring_given g ON g.telling_id = t.id
               WHERE t.case_id = r.case_id AND t.audience = 'inside')
             OR r.state IN ('published', 'withdrawn') AND NOT EXISTS (
               SELECT 1 FROM monitoring_telling t JOIN monitoring_given g ON g.telling_id = t.id
               WHERE t.case_id = r.case_id AND t.audience = 'public')""",
    )
    invariant(
        "published_release_has_number_and_day",
        "M6",
        """SELECT case_id FROM monitoring_release WHERE state IN ('approved', 'published', 'withdrawn') AND number IS NULL
             OR (state IN ('published', 'withdrawn')) <> (published_at IS NOT NULL)
             OR (state = 'withdrawn') <> (withdrawn_at IS NOT NULL)""",
    )
    invariant(
        "release_numbers_have_no_gaps",
        "M6",
        """SELECT number FROM monitoring_release r WHERE number > 1
             AND NOT EXISTS (SELECT 1 FROM monitoring_release b WHERE b.number = r.number - 1)""",
    )
    invariant(
        "decided_release_owes_nothing",
        "L5",
        """SELECT o.id FROM workflow_obligation o JOIN monitoring_release r ON r.case_id = o.subject_pk
           WHERE o.closed_at IS NULL AND o.subject_kind = 'release' AND r.state NOT IN ('prepared', 'submitted')""",
    )
