"""F7: letters of non-approval, return and lapse are made the same way; D4: who steps aside gives nothing."""

from datetime import timedelta

import pytest
from django.db.models import F

from aipbi.accounts.capacity import Capacity
from aipbi.workflow import invariants, jobs
from aipbi.workflow.door import perform
from aipbi.workflow.errors import Blocked, NotYours
from aipbi.workflow.models import Job, Obligation
from facilitation.letters import compose, first
from facilitation.models import Delivery, Letter
from facilitation.queries import participating
from proposals.models import Proposal
from proposals.moves.inbox import Lapse
from tests.review import steps
from tests.support.cases import do, in_inbox

pytestmark = pytest.mark.django_db

GAPS = "The baseline year of Thailand is missing.\nThe engineering survey does not open."


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def draft(people, case, purpose):
    data = {
        "addressee": first.addressee(case),
        "contact": first.contact(),
        "decision_reference": first.decision_reference(case),
        "particulars": first.particulars(case, purpose),
    }
    do(fresh(case), "draft_letter", people.asec(), **data)
    return Letter.objects.get(proposal=case, state="draft")


def check(people, letter):
    return do(letter, "check_letter", people.asec(2))


def make(letter):
    assert jobs.run(Job.objects.get(kind="letter_pdf", subject_pk=letter.pk, state="queued").pk)
    return fresh(letter)


def words(letter):
    return str(compose.shown(letter))


@pytest.fixture
def returned(people):
    return do(in_inbox(people), "ask_completion", people.asec(), gaps=GAPS)


def test_f7_a_letter_of_return_lists_the_gaps_and_is_approved_by_asec(people, returned):
    people.chair()
    letter = draft(people, returned, "return")
    assert letter.purpose == "return"
    assert "The baseline year of Thailand is missing." in words(letter)
    with pytest.raises(NotYours):
        do(letter, "approve_letter", people.chair())
    letter = do(check(people, letter), "approve_letter", people.asec())
    assert letter.number == f"AIPBI/{returned.case.code.upper()}/L1"
    letter = make(letter)
    assert letter.issued_at == letter.sealed_at
    assert [delivery.to for delivery in Delivery.objects.filter(letter=letter)] == [
        returned.organisation.name, "SEOM lead, Lao PDR",
    ]  # fmt: skip
    writer = people.proponent(returned.organisation.name)
    assert Letter.objects.visible_to(writer).get() == letter
    assert Obligation.objects.open().filter(kind="acknowledge_letter", organisation=returned.organisation).exists()
    with pytest.raises(Blocked, match="made already"):
        draft(people, returned, "return")


def test_f7_a_return_that_was_answered_meanwhile_is_not_approved(people, returned):
    letter = draft(people, returned, "return")
    do(fresh(returned), "complete", people.proponent(returned.organisation.name), declaration="on")
    with pytest.raises(Blocked, match="no longer fits"):
        do(check(people, letter), "approve_letter", people.asec())
    do(fresh(letter), "discard_letter", people.asec())
    again = do(fresh(returned), "ask_completion", people.asec(), gaps="The survey still does not open.")
    assert "The survey still does not open." in words(draft(people, again, "return"))


def test_f7_a_letter_of_lapse_is_made_on_a_case_that_owes_nothing_any_more(people, returned):
    Proposal.objects.filter(pk=returned.pk).update(moved_at=F("moved_at") - timedelta(days=70))
    case = perform(Lapse, fresh(returned), by=None, as_=Capacity.clock()).subject
    letter = do(check(people, draft(people, case, "lapse")), "approve_letter", people.asec())
    letter = make(letter)
    assert letter.issued_at
    assert "The engineering survey does not open." in words(letter)
    assert not Obligation.objects.open().filter(case_id=case.pk).exists()
    mine = Delivery.objects.get(letter=letter, organisation__isnull=False)
    assert do(mine, "acknowledge_letter", people.proponent(case.organisation.name)).state == "acknowledged"
    assert invariants.violations() == {}


def test_f7_a_letter_of_non_approval_carries_the_reasons_and_no_benefit(people):
    case = steps.before_fg_gvc(people)
    steps.say(people, case, LA="approve", TH="object", MY="object", SG="no_objection")
    case = steps.decide(people, case, "not_approved")
    assert Obligation.objects.open().filter(case_id=case.pk, kind="draft_letter").exists()
    letter = draft(people, case, "non_approval")
    said = compose.shown(letter)
    assert (said["schedule"], said["reporting"], said["standing"]) == ([], [], [])
    assert "As the Member States agreed." in words(letter)
    assert "not approve" in words(letter)
    with pytest.raises(NotYours):
        do(letter, "approve_letter", people.asec())
    letter = make(do(check(people, letter), "approve_letter", people.chair()))
    assert letter.number == f"{case.case.reference}/L1"
    assert Letter.objects.visible_to(people.proponent(case.organisation.name)).get() == letter
    assert fresh(case).state == "not_approved"
    assert invariants.violations() == {}


def test_d4_who_stepped_aside_takes_no_part_in_facilitation_and_letter(people):
    case = steps.before_fg_gvc(people)
    steps.say(people, case, LA="approve", TH="object", MY="approve", SG="no_objection")
    steps.step_aside(people, case, "TH")
    case = steps.decide(people, case, "approved", minus_x_basis="ASEAN Charter, economic commitments.")
    assert [state.code for state in participating(case)] == ["LA", "MY", "SG"]
    case = do(fresh(case), "start_facilitation", people.asec())
    from aipbi.workflow.errors import Invalid

    with pytest.raises(Invalid) as refused:
        do(case, "propose_benefit", people.asec(), category="goods", measure="A lane.", given_by=["TH", "MY"])
    assert set(refused.value.form.errors) == {"given_by"}
