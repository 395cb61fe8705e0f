"""R4, whole: with three experts and one filed, nothing that the others or the proponent can open changes in any way.

Every address of the portal, the page of every move on every row of the case, searches, downloads, notices, e-mails,
names of files and the trail are read as each of the others before the first expert files and again after it. An
address that is added is walked without a word here. Each reading is undone, so that it does not show in the next.
"""

import io
import re
import zipfile
from datetime import UTC

import pytest
from django.db import transaction
from django.utils import timezone

from aipbi.accounts.enums import Role
from aipbi.accounts.models import Person
from aipbi.documents.models import StoredFile
from aipbi.workflow import registry
from aipbi.workflow.models import Notice, TrailEntry
from proposals.enums import State
from review import walk
from review.experts.models import Invitation
from review.models import Assessment
from tests.support import addresses, world
from tests.support.client import Client
from tests.support.people import sign_in

pytestmark = pytest.mark.django_db

MARK = "Marked-text-7731"
OTHERS = ("owner",)
SEARCHES = (
    MARK, "is:overdue", "is:mine", "filed", "assessment", "state:under_assessment", "before:2027-01", "after:2020-01",
)  # fmt: skip
# What says who is asking, and nothing of the case: the form's seal, which is another on each page.
SEAL = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]+"')
HEADERS = ("Content-Type", "Content-Disposition", "Content-Length", "Location", "Last-Modified", "ETag")


def noon():
    """A time zone in which it is about midday, so that no day begins between two readings."""
    return f"Etc/GMT{timezone.now().astimezone(UTC).hour - 12:+d}"


@pytest.fixture
def here():
    """Three experts at work on a case; the first has written everything and filed nothing."""
    found = world.bring(State.REGISTERED)
    road, experts = found.walk, found.walk.people.holders(Role.EXPERT)[:3]
    for one in experts:
        road.do("invite_expert", road.proposal, found.tie("asec"), expert=one.person.pk)
        invitation = Invitation.objects.get(proposal=road.proposal, expert=one.person.pk)
        no = {"has_interest": "no", "was_involved": "no", "other_ties": "no"}
        road.do("accept_invitation", invitation, one, **no)
    road.do("start_assessment", road.proposal, found.tie("asec"))
    Person.objects.update(time_zone=noon())
    found.proposal, found.experts = road.proposal, experts
    road.do("ask_clarification", road.proposal, experts[0], question="Which line is meant?")
    mine = Assessment.objects.get(proposal=found.proposal, expert=experts[0].person.pk)
    answers = {**walk.filled(mine), "why_1": MARK, "comments": MARK}
    road.do("save_assessment", mine, experts[0], **answers)
    found.proposal = road.proposal
    return found


def readers(here):
    others = {tie: here.tie(tie) for tie in OTHERS}
    return {"second": here.experts[1], "third": here.experts[2], **others}


def pages(here):
    """Every address for this case, and the page of every move on every row of it."""
    for name, _pattern in addresses.names():
        if name not in {"move", "healthz"} and not name.startswith(("admin:", "account_", "mfa_")):
            yield addresses.fill(name, here)
    for move in registry.moves():
        rows = move.model._default_manager.on_case(here.proposal.case.code)
        for pk in rows.values_list("pk", flat=True):
            yield f"/cases/{here.proposal.case.code}/{move.model.kind}/{pk}/{move.name}/"
    for words in SEARCHES:
        yield f"/cases/?q={words}"
    for file in StoredFile.objects.filter(case=here.proposal.pk):
        yield f"/files/{file.pk}/"


def seen(here, viewer, client, urls):
    """All that a reader has of the portal."""
    found = {url: answer(client, url) for url in urls}
    mine = {"office": viewer.office, "organisation": viewer.organisation}
    found["files"] = list(StoredFile.objects.visible_to(viewer).order_by("pk").values_list("pk", "name", "sha256"))
    found["trail"] = list(TrailEntry.objects.visible_to(viewer).order_by("pk").values())
    found["notices"] = list(
        Notice.objects.filter(person=viewer.person).order_by("pk").values("words", "path", "due_at")
    )
    for model in registry.subjects().values():
        found[model.kind] = list(model._default_manager.visible_to(viewer).order_by("pk").values())
    return found | {"as": str(mine)}


def answer(client, url):
    with transaction.atomic():
        got = client.get(url)
        transaction.set_rollback(True)
    content = b"".join(got.streaming_content) if got.streaming else got.content
    if content.startswith(b"PK"):
        inside = zipfile.ZipFile(io.BytesIO(content))
        content = repr([(name, inside.read(name)) for name in inside.namelist() if "core.xml" not in name]).encode()
    told = SEAL.sub(b"", content)
    return got.status_code, {name: got.get(name) for name in HEADERS if name != "Content-Length"}, told


def test_r4_one_expert_files_and_nothing_that_the_others_can_open_tells_it(here):
    people = readers(here)
    clients = {name: sign_in(Client(), viewer) for name, viewer in people.items()}
    urls = [url for url in dict.fromkeys(pages(here)) if url]
    before = {name: seen(here, viewer, clients[name], urls) for name, viewer in people.items()}
    last = Notice.objects.latest("pk").pk

    mine = Assessment.objects.get(proposal=here.proposal, expert=here.experts[0].person.pk)
    here.walk.do("file_assessment", mine, here.experts[0], own_view="on")

    for name, viewer in people.items():
        after = seen(here, viewer, clients[name], urls)
        assert [key for key in after if after[key] != before[name][key]] == [], name
        told = [url for url in urls if MARK.encode() in after[url][2] and MARK not in url]
        assert told == [], name
        opened = [url for url in urls if after[url][0] == 200]
        assert len(opened) > 10, (name, opened)
    told = set(Notice.objects.filter(pk__gt=last).values_list("office__role", flat=True))
    assert told == {Role.ASEC}


def test_r4_the_walk_sees_a_filing_where_it_may_be_seen(here):
    """The same comparison, as ASEC: it is no comparison that finds nothing."""
    officer = here.tie("asec")
    client, urls = sign_in(Client(), officer), [f"/cases/{here.proposal.case.code}/review/"]
    before = seen(here, officer, client, urls)
    mine = Assessment.objects.get(proposal=here.proposal, expert=here.experts[0].person.pk)
    here.walk.do("file_assessment", mine, here.experts[0], own_view="on")
    after = seen(here, officer, client, urls)
    assert {*urls, "trail", "assessment"} <= {key for key in after if after[key] != before[key]}
