"""A case in facilitation, made once per module; each test works in a transaction of its own."""

from datetime import timedelta

import pytest
from django.db import transaction

from aipbi.accounts.capacity import today
from aipbi.accounts.enums import Role
from aipbi.workflow import jobs
from aipbi.workflow.models import Job
from aipbi.workflow.walk import Walk
from facilitation.letters import first
from facilitation.models import Benefit, BodyRequest, Challenge, Concurrence, Letter
from facilitation.queries import unanswered, why_not_given
from proposals.models import Proposal
from tests.support import world


def in_facilitation() -> int:
    return world.bring("facilitation").proposal.pk


@pytest.fixture(scope="module")
def started(django_db_setup, django_db_blocker):
    """Primary key of a case in `facilitation`."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield in_facilitation()
        transaction.set_rollback(True)


@pytest.fixture
def story(started, db):
    """The case on its way; what a test does is undone."""
    return Story(started)


@pytest.fixture
def committed_story(committed_db):
    """The same with real commits, for threads and other processes."""
    return Story(in_facilitation())


class Story:
    """The case, its people, and short ways to what a test is about."""

    def __init__(self, pk):
        self.walk = Walk(Proposal.objects.get(pk=pk))
        self.people = self.walk.people

    def do(self, move, subject, as_, /, **data):
        """Make a move; before the benefits are finalised, say first why what was asked is not given."""
        if move == "finalise_benefits":
            self.explain()
        return self.walk.do(move, subject, as_, **data)

    def explain(self):
        """Give the reason for each request that no benefit answers."""
        explained = why_not_given(self.case)
        for asked in unanswered(self.case):
            if self.case.state == "facilitation" and asked["rank"] not in explained:
                self.walk.do("explain_request", self.case, self.asec, rank=asked["rank"], reason="It needs more time.")

    @property
    def case(self):
        return self.walk.proposal

    @property
    def asec(self):
        return self.people.asec()

    @property
    def chair(self):
        return self.people.chair()

    @property
    def writer(self):
        return self.people.proponent(self.case.organisation)

    def challenge(self, number=1):
        return Challenge.objects.get(proposal=self.case, number=number)

    def request(self, body="AMEM", question="Can the ministers agree one method?", challenge=""):
        """A request as ASEC drafted it."""
        contact = self.people.body(body)
        data = {"body": [contact.body_id], "question": question, "ams": ["TH", "MY"], "challenge": challenge}
        self.do("add_request", self.case, self.asec, **data)
        return BodyRequest.objects.filter(proposal=self.case).latest("number")

    def prepared(self, body="AMEM", extract="A line crosses two countries; its charge is renewed each year.", **more):
        """The same with its extract."""
        challenge = more.pop("challenge", "")
        request = self.request(body, challenge=challenge)
        return self.do("prepare_request", request, self.asec, question=request.question, extract=extract, **more)

    def sent(self, body="AMEM", **more):
        return self.do("send", self.prepared(body, **more), self.asec)

    def answered(self, body="AMEM", days=200, **more):
        by_when = today() + timedelta(days=days)
        data = {"answer": "in_part", "measure": "A pilot.", "answer_text": "The rest needs others.", "by_when": by_when}
        return self.do("answer", self.sent(body), self.people.body(body), **{**data, **more})

    def benefit(self, *given_by, measure="One charge method.", **more):
        data = {"category": "industrial_policies", "measure": measure, "given_by": given_by or ("TH", "MY"), **more}
        self.do("propose_benefit", self.case, self.asec, **data)
        return Benefit.objects.filter(proposal=self.case).latest("number")

    def word(self, benefit, ams):
        return Concurrence.objects.get(benefit=benefit, ams=ams)

    def concur(self, benefit, *states, conditions=""):
        for ams in states or [word.ams_id for word in benefit.concurrences.all()]:
            self.do("concur", self.word(benefit, ams), self.people.seom(ams), conditions=conditions)

    def finalised(self):
        """Two benefits, finalised."""
        self.concur(self.benefit())
        self.concur(
            self.benefit(
                "LA", "TH", measure="Blended finance.", category="financing", body=self.people.body("AIF").body_id
            )
        )
        return self.do("finalise_benefits", self.case, self.chair)

    def drafted(self, **more):
        case = self.case
        data = {
            "addressee": first.addressee(case),
            "decision_reference": first.decision_reference(case),
            "contact": first.contact(),
            "particulars": "",
            **more,
        }
        self.do("draft_letter", case, self.asec, **data)
        return Letter.objects.get(proposal=case, state="draft")

    def approved(self, **more):
        self.finalised()
        return self.approve(self.drafted(**more))

    @property
    def second(self):
        """Another officer of the Secretariat."""
        return self.people.holders(Role.ASEC)[-1]

    def check(self, letter):
        return self.do("check_letter", letter, self.second)

    def approve(self, letter, by=None):
        return self.do("approve_letter", self.check(letter), by or self.chair)

    def job(self, letter):
        return Job.objects.get(kind="letter_pdf", subject_pk=letter.pk, state__in=["queued", "running"])

    def sealed(self, **more):
        letter = self.approved(**more)
        assert jobs.run(self.job(letter).pk)
        letter.refresh_from_db()
        return letter

    def issued(self, **more):
        letter = self.sealed(**more)
        self.do("issue_letter", self.case, self.chair)
        letter.refresh_from_db()
        return letter
