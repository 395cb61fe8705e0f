"""What the timeline tells in words, and to whom (L4, U5)."""

import pytest
from django.urls import reverse

from tests.review import steps
from tests.support.cases import do, submitted

pytestmark = pytest.mark.django_db

STATEMENT = "Their numbers look thin, yet the region needs it."


def test_u5_a_statement_of_support_is_read_by_the_member_states_and_asec(people, signed_in):
    """Its form says who reads it; neither the proponent nor an expert is among them."""
    case = do(submitted(people), "support", people.seom("LA"), statement=STATEMENT)
    lead, asec = people.seom("LA"), people.asec()
    for name in ("case", "trail"):
        address = reverse(name, args=[case.case.code])
        for who in (lead, asec):
            assert STATEMENT in signed_in(who).get(address).content.decode()
        page = signed_in(people.proponent()).get(address).content.decode()
        assert "Supported by the SEOM lead" in page
        assert STATEMENT not in page


def test_u5_an_expert_reads_that_a_case_was_supported_and_not_in_which_words(people, signed_in):
    case = steps.confirmed(people)
    steps.accept(people, case, 1)
    page = signed_in(people.expert(1)).get(reverse("trail", args=[case.case.code])).content.decode()
    assert "Supported by the SEOM lead" in page
    assert "We support it." not in page


def test_a_reason_meant_for_the_proponent_is_read_by_the_proponent(people, signed_in):
    case = do(submitted(people), "return_to_proponent", people.seom("LA"), changes="Shorter, please.")
    page = signed_in(people.proponent()).get(reverse("trail", args=[case.case.code])).content.decode()
    assert "Shorter, please." in page
