"""The desk tells of a case only what its reader may know (U5)."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from aipbi.workflow.models import Obligation
from tests.review import steps
from tests.support.cases import document, in_inbox, submitted

pytestmark = pytest.mark.django_db


def desk(browser) -> str:
    return browser.get(reverse("desk")).content.decode()


def late(case) -> None:
    Obligation.objects.filter(case_id=case.pk).update(due_at=timezone.now() - timedelta(days=30))


def test_u5_of_what_is_overdue_at_a_seom_lead_asec_reads_the_number_alone(people, signed_in):
    case = submitted(people)
    late(case)
    said = desk(signed_in(people.asec()))
    assert "1 proposal is with a SEOM lead" in said
    for secret in (document()["title"], document()["lead"]["name"], case.case.code):
        assert secret not in said


def test_l5_what_is_overdue_on_a_case_it_may_open_asec_reads(people, signed_in):
    late(in_inbox(people))
    assert document()["title"] in desk(signed_in(people.asec()))


def test_r2_an_invited_expert_reads_the_title_only_after_accepting(people, signed_in):
    case = steps.confirmed(people, "LA", "TH")
    steps.invite(people, case, 1)
    expert = signed_in(people.expert(1))
    assert case.case.reference in desk(expert)
    assert document()["title"] not in desk(expert)
    assert document()["lead"]["name"] not in desk(expert)
