"""What many do at the same moment ends as if they had done it one after the other, and never in a fault (L2)."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core.exceptions import ValidationError
from django.db import connections

from aipbi.accounts.enums import Membership
from aipbi.accounts.models import CorporateGroup, Invitation
from aipbi.accounts.verbs import invitations, organisations
from aipbi.workflow.calendars import feeds
from aipbi.workflow.models import CalendarFeed

AT_ONCE = 8


def together(act):
    """Run `act` with 0, 1, … at the same moment; return what each came to, a refusal as None."""
    start = Barrier(AT_ONCE)

    def run(number):
        try:
            start.wait(timeout=30)
            return act(number)
        except ValidationError:
            return None
        finally:
            connections.close_all()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(run, range(AT_ONCE)))


def test_l2_many_at_once_meet_one_group_one_limit_and_one_link(committed_db, people, monkeypatch):
    owner = people.proponent()
    groups = together(lambda _n: organisations.group("Salween Holdings").pk)
    assert groups == [CorporateGroup.objects.get(name="Salween Holdings").pk] * AT_ONCE

    monkeypatch.setattr(invitations, "COLLEAGUES_A_DAY", 3)
    asked = together(
        lambda n: invitations.invite_colleague(
            email=f"{n}@mekong.example.org", organisation=owner.organisation, membership=Membership.VIEWER, by=owner
        )
    )
    assert sum(one is not None for one in asked) == Invitation.objects.count() == 3

    made = together(lambda _n: feeds.make(owner))
    assert len(set(made)) == AT_ONCE
    assert CalendarFeed.objects.filter(person=owner.person, revoked_at=None).count() == 1


@pytest.mark.parametrize("name", ["Salween Ban\N{KELVIN SIGN}", "SALWEEN BANK", "Stra\N{LATIN SMALL LETTER SHARP S}e"])
def test_m5_a_group_is_found_by_the_letters_by_which_the_database_holds_it_to_be_one(db, name):
    for known in ("Salween Bank", "STRASSE", "Stra\N{LATIN CAPITAL LETTER SHARP S}e"):
        organisations.group(known)
    assert organisations.group(name) == organisations.group(name)
