"""After a Member State did not support a proposal: ask it again, or name another that may (decline_support, P3)."""

import pytest
from django.urls import reverse

from aipbi.workflow.errors import Invalid
from proposals import originating
from tests.support.cases import do, document, submitted

pytestmark = pytest.mark.django_db


@pytest.fixture
def declined(people):
    return do(submitted(people), "decline_support", people.seom("LA"), reason="Not now.")


def again(people, case, ask, words="The line goes another way."):
    do(case, "resubmit", people.proponent(), what_changed=words, ask=ask)
    return case.followed_by.get()


def test_the_new_draft_goes_to_the_member_state_that_was_named(people, declined):
    draft = again(people, declined, "TH")
    assert (draft.state, draft.originating_ams_id, draft.answers["originating_ams"]) == ("draft", "TH", "TH")
    assert declined.answers["originating_ams"] == "LA"
    draft = do(draft, "submit", people.proponent(), declaration="on")
    draft = do(draft, "support", people.seom("TH"), statement="We do.")
    assert draft.state == "inbox"


def test_the_same_member_state_can_be_asked_again(people, declined):
    assert again(people, declined, "LA").originating_ams_id == "LA"


def test_p3_only_those_that_take_part_and_benefit_are_offered(people, declined, signed_in):
    answers = document()
    answers["impacts"] = [one for one in answers["impacts"] if one["ams"] != "SG"]
    assert originating.eligible(document()) == ["LA", "TH", "MY", "SG"]
    assert originating.eligible(answers) == ["LA", "TH", "MY"]
    page = signed_in(people.proponent()).get(
        reverse("move", args=[declined.case.code, "proposal", declined.pk, "resubmit"])
    )
    assert "Thailand" in page.text
    assert "Did not support it before" in page.text
    for code in ("BN", ""):
        with pytest.raises(Invalid):
            again(people, declined, code)


def test_who_declined_is_remembered_along_the_family(people, declined):
    draft = do(again(people, declined, "TH"), "submit", people.proponent(), declaration="on")
    draft = do(draft, "decline_support", people.seom("TH"), reason="Nor we.")
    assert originating.declined(draft) == {"LA", "TH"}


def test_elsewhere_nobody_is_asked_which_member_state(people):
    case = do(submitted(people), "support", people.seom("LA"), statement="We do.")
    case = do(case, "ask_completion", people.asec(), gaps="All.")
    from datetime import timedelta

    from aipbi.accounts.capacity import Capacity
    from aipbi.workflow import registry
    from aipbi.workflow.door import perform
    from proposals.models import Proposal

    Proposal.objects.filter(pk=case.pk).update(moved_at=case.moved_at - timedelta(days=90))
    lapsed = perform(registry.get("proposal", "lapse"), case, by=None, as_=Capacity.clock()).subject
    do(lapsed, "resubmit", people.proponent(), what_changed="Completed.")
    assert lapsed.followed_by.get().originating_ams_id == "LA"


def test_the_statement_of_what_changed_is_read_on_the_new_case(people, declined, signed_in):
    """By whoever reads it, also the Member State asked now, which never saw the old case."""
    draft = do(again(people, declined, "TH"), "submit", people.proponent(), declaration="on")
    page = reverse("trail", args=[draft.case.code])
    for reader in (people.proponent(), people.seom("TH")):
        assert "The line goes another way." in signed_in(reader).get(page).text
    assert signed_in(people.seom("TH")).get(reverse("case", args=[declined.case.code])).status_code == 404
