"""What somebody signed in reads stays in no cache: not a proxy's, nor a shared computer's after signing out (U5)."""

import pytest
from django.urls import reverse

from tests.support.cases import draft

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", ["case", "proposal", "proposal_json", "files", "trail", "write"])
def test_u5_pages_of_a_case_are_kept_by_nobody(people, signed_in, name):
    case = draft(people)
    answer = signed_in(people.proponent()).get(reverse(name, args=[case.case.code]))
    assert answer.status_code == 200
    assert {"no-store", "private"} <= set(answer["Cache-Control"].split(", "))


@pytest.mark.parametrize(
    "address", ["/desk/", "/cases/", "/notices/", "/accounts/", "/organisation/", "/cases/nowhere/"]
)
def test_u5_so_are_lists_and_refusals(people, signed_in, address):
    assert "no-store" in signed_in(people.proponent()).get(address)["Cache-Control"]


def test_what_everybody_may_read_is_not_forbidden_to_caches(client):
    assert "Cache-Control" not in client.get("/how-it-works/")
