"""F3: agreements, and who is party to each of them on which day."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from aipbi.asean.models import Agreement, AgreementParty, MemberState
from aipbi.asean.models.agreements import not_party

pytestmark = pytest.mark.django_db

TEN = {"BN", "KH", "ID", "LA", "MY", "MM", "PH", "SG", "TH", "VN"}


def states(*codes):
    return list(MemberState.objects.filter(code__in=codes).order_by("order"))


def outside(agreement, *codes, first, last=None):
    return set(not_party(Agreement.objects.get(pk=agreement), states(*codes), first, last))


def test_what_ships_is_dated_and_marked_as_to_be_checked():
    assert set(AgreementParty.objects.filter(agreement="atiga").values_list("ams", flat=True)) == TEN
    assert not AgreementParty.objects.filter(checked=True).exists()
    assert not AgreementParty.objects.filter(ams="TL").exists()
    for row in AgreementParty.objects.select_related("agreement"):
        assert row.starts >= row.agreement.in_force_from >= row.agreement.signed_on, row
    categories = {code for one in Agreement.objects.all() for code in one.categories}
    assert categories == {"goods", "talent", "financing", "industrial_policies"}


def test_a_member_state_is_party_from_its_own_day():
    assert outside("rcep", "TH", "PH", first=date(2023, 6, 1)) == {"PH"}
    assert outside("rcep", "TH", "PH", first=date(2023, 6, 2)) == set()
    assert outside("atiga", "TH", "TL", first=date(2027, 1, 1)) == {"TL"}
    AgreementParty.objects.create(agreement_id="atiga", ams_id="TL", starts=date(2027, 7, 1))
    assert outside("atiga", "TL", first=date(2027, 6, 30)) == {"TL"}
    assert outside("atiga", "TL", first=date(2027, 7, 1), last=date(2030, 1, 1)) == set()


def test_a_party_that_leaves_is_none_after_its_last_day():
    AgreementParty.objects.filter(agreement="acia", ams="TH").update(ends=date(2028, 12, 31))
    assert outside("acia", "TH", first=date(2028, 1, 1), last=date(2028, 12, 31)) == set()
    found = not_party(Agreement.objects.get(pk="acia"), states("TH"), date(2028, 1, 1), date(2029, 1, 1))
    assert [row.ends for row in found["TH"]] == [date(2028, 12, 31)]


def test_nobody_is_party_twice_on_one_day():
    with pytest.raises(IntegrityError), transaction.atomic():
        AgreementParty.objects.create(agreement_id="atiga", ams_id="TH", starts=date(2020, 1, 1))
    twice = AgreementParty(agreement_id="atiga", ams_id="TH", starts=date(2020, 1, 1))
    with pytest.raises(ValidationError, match="by another row already"):
        twice.full_clean()


def test_an_administrator_adds_a_party_and_a_bad_row_says_what_is_wrong(people, signed_in):
    administrator = signed_in(people.admin())
    add = reverse("admin:asean_agreementparty_add")
    row = {"agreement": "atiga", "ams": "TL", "starts": "2027-07-01", "ends": "2027-01-01", "note": ""}
    answer = administrator.post(add, row)
    assert "The last day must not be before the first day." in answer.content.decode()
    assert administrator.post(add, row | {"ends": ""}).status_code == 302
    assert AgreementParty.objects.get(ams="TL").starts == date(2027, 7, 1)
    change = reverse("admin:asean_agreement_change", args=["atiga"])
    sent = {
        "label": "ATIGA",
        "name": "x",
        "signed_on": "",
        "in_force_from": "",
        "categories": "goods,ships",
        "order": 1,
    }
    assert "no category of facilitation with the code ships" in administrator.post(change, sent).content.decode()
