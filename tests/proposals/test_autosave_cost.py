"""What saving by itself costs (P5): counted on real commits, with the reference data remembered as in use."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.proposals.test_writing import ALONE, address, page_of
from tests.support.cases import draft

MOST = 6
# Who asks: the session, the person, and what they hold today; of the last one part is asked again inside the lock.
SESSION = ("django_session", "accounts_person", "accounts_appointment", "accounts_member")
TRANSACTION = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE")
TYPED = {
    "project": "title",
    "background": "background",
    "requests": "requests-0-measure",
    "impacts": "impacts-0-method",
}


@pytest.mark.usefixtures("committed_db")
@pytest.mark.parametrize("slug", TYPED)
def test_saving_by_itself_takes_six_queries_besides_those_of_the_session(slug, people, signed_in):
    """P5: two to read, one to lock, three to write; as many for a long section as for a short one."""
    me = signed_in(people.proponent())
    proposal = draft(people)
    sent = {**page_of(me, proposal, slug), TYPED[slug]: "First"}
    sent["seen"] = me.post(address(proposal, slug), sent, headers=ALONE).json()["seen"]
    with CaptureQueriesContext(connection) as ran:
        answer = me.post(address(proposal, slug), {**sent, TYPED[slug]: "Second"}, headers=ALONE)
    assert answer.status_code == 200
    asked = [one["sql"] for one in ran if not one["sql"].startswith(TRANSACTION)]
    own = [sql for sql in asked if not sql.partition("FROM ")[2].strip().strip('"').startswith(SESSION)]
    assert len(own) <= MOST, "\n".join(own)
    assert len(asked) - len(own) <= len(SESSION) + 1
    proposal.refresh_from_db()
    assert "Second" in str(proposal.answers)
