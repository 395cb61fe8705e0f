"""A case before the FG-GVC, made once for a module; what a test does to it is undone."""

import pytest
from django.db import transaction

from proposals.models import Proposal
from tests.review import steps
from tests.support.people import People


@pytest.fixture(scope="module")
def opened(django_db_setup, django_db_blocker):
    """Its primary key. Lao PDR originates it; Malaysia, Singapore and Thailand take part."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield steps.before_fg_gvc(People()).pk
        transaction.set_rollback(True)


@pytest.fixture
def case(opened, people):
    return Proposal.objects.get(pk=opened)
