"""Experts and partners are not told what becomes of a case they have helped with (U5)."""

import pytest
from django.urls import reverse

from aipbi.accounts.enums import Membership, Role
from aipbi.workflow.models import Obligation
from aipbi.workflow.obligations import known_to
from review.experts.models import Invitation
from tests.support.world import partner


@pytest.fixture
def owed(story):
    """What is owed on a case that is monitored, among it a report by the proponent."""
    story.started()
    found = Obligation.objects.open().filter(case=story.case.pk)
    assert set(known_to(story.writer, found).values_list("kind", flat=True)) >= {"report"}
    return found


@pytest.fixture
def expert(story):
    person = Invitation.objects.filter(proposal=story.case).order_by("pk")[0].expert.person
    return next(one for one in story.people.holders(Role.EXPERT) if one.person == person)


def test_u5_nobody_who_only_helped_knows_what_is_owed_once_it_is_decided(story, owed, expert):
    for helper in (expert, partner(story.case, Membership.EDITOR), partner(story.case, Membership.VIEWER)):
        assert not known_to(helper, owed).exists()


def test_u5_no_page_or_search_of_an_experts_tells_it(story, owed, expert, signed_in):
    reader, code = signed_in(expert), story.case.case.code
    for address in (reverse("desk"), reverse("case", args=[code]), f"/cases/{code}/trail/"):
        assert "report on results" not in reader.get(address).content.decode()
    for question in ("waiting:proponent", "is:waiting"):
        said = reader.get(reverse("cases"), {"q": question}).content.decode()
        assert story.case.title not in said
