"""A case whose letter is issued, made once per module; each test works inside a transaction of its own."""

import pytest
from django.db import transaction

from aipbi.workflow.walk import Walk
from monitoring import verbs
from monitoring.models import Plan, Report
from monitoring.walk import filled
from proposals.models import Proposal
from tests.support import world


@pytest.fixture(scope="module")
def issued(django_db_setup, django_db_blocker):
    """Primary key of a case in `letter_issued`."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield world.bring("letter_issued").proposal.pk
        transaction.set_rollback(True)


class Story:
    """The case, its people, and short ways through the monitoring."""

    def __init__(self, pk):
        self.walk = Walk(Proposal.objects.get(pk=pk))
        self.people = self.walk.people

    @property
    def case(self):
        return self.walk.proposal

    @property
    def writer(self):
        return self.people.proponent(self.case.organisation)

    @property
    def plan(self):
        return Plan.objects.filter(proposal=self.case).order_by("-number").first()

    def report(self, number=1):
        return Report.objects.get(proposal=self.case, number=number)

    def do(self, move, subject, as_, **data):
        return self.walk.do(move, subject, as_, **data)

    def drafted(self, side="proponent"):
        self.do("draft_plan", self.case, self.people.asec(), proposed_by=side)
        return self.plan

    def agreed(self):
        plan = self.drafted()
        self.do("propose", plan, self.writer)
        return self.do("agree", plan, self.people.chair())

    def started(self):
        self.agreed()
        self.do("start_monitoring", self.case, self.people.asec())
        return self.report()

    def filed(self):
        report = self.started()
        self.do("edit_report", report, self.writer, **filled(report))
        return self.do("file_report", report, self.writer, declaration="on")

    def accepted(self):
        return self.do("accept_report", self.filed(), self.people.asec())

    def choose(self, *codes):
        """Leave exactly these indicators in the plan."""
        chosen = [one.pk for one in verbs.plannable(self.case) if one.code in codes]
        self.do("choose_indicators", self.plan, self.writer, indicators=chosen)


@pytest.fixture
def story(issued, db):
    return Story(issued)
