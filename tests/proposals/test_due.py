"""What a proponent is asked to complete, and until when (L5)."""

import pytest
from django.urls import reverse

from aipbi.workflow.models import Obligation
from proposals.moves.inbox import lapses_at
from tests.support.cases import do, in_inbox, submitted

pytestmark = pytest.mark.django_db


def test_l5_a_completion_shows_when_it_is_due_and_when_the_proposal_lapses(people, signed_in):
    case = do(in_inbox(people), "ask_completion", people.asec(), gaps="The site in Thailand.")
    page = signed_in(people.proponent()).get(reverse("write", args=[case.case.code])).text
    due = Obligation.objects.get(kind="completion", closed_at=None).due_at
    assert "The site in Thailand." in page
    for moment in (due, lapses_at(case)):
        assert f'<time datetime="{moment.isoformat()[:10]}' in page


def test_a_return_by_the_seom_lead_has_no_date(people, signed_in):
    case = do(submitted(people), "return_to_proponent", people.seom("LA"), changes="Shorter, please.")
    page = signed_in(people.proponent()).get(reverse("write", args=[case.case.code])).text
    assert "Shorter, please." in page
    assert "lapses on" not in page
