"""A researcher's extract: applied for, agreed to, taken on record, revoked (M8)."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import DatabaseError, transaction

from aipbi.accounts.days import today
from aipbi.accounts.models import Person
from aipbi.workflow import invariants, jobs
from aipbi.workflow.errors import Blocked
from aipbi.workflow.models import Job, Notice
from aipbi.workflow.walk import People
from monitoring.disclosure import Contributions
from monitoring.models import Research, ResearchAccess, Telling
from monitoring.portfolio import figures
from monitoring.releases import verbs as releases_verbs
from monitoring.research import verbs
from tests.monitoring.test_releases import SIZES, rows
from tests.support import releases, world
from tests.support.at_once import at_once

ANSWERS = {
    "institution": "A university",
    "title": "Jobs along value chains",
    "purpose": "How many jobs, and where.",
    "tables": ["ams,year"],
}


@pytest.fixture
def researcher(db, client, monkeypatch):
    """Somebody with an account and no office, beside one published release."""
    cache.clear()
    world.offices()
    monkeypatch.setattr(figures, "contributions", lambda _until, _rows: Contributions(rows(SIZES)))
    person = Person.objects.create_user(email="reader@university.example.org", name="A reader")
    client.force_login(person)
    return client


def grant(client):
    assert client.post("/research/apply/", ANSWERS).status_code == 302
    one = Research.objects.select_related("case").latest("applied_at")
    until = today() + timedelta(days=30)
    return releases.move(
        "grant_research", one, People().asec(), tables=["ams,year"], until=until.isoformat(), agreement="Terms."
    )


def granted(client):
    one = grant(client)
    job = Job.objects.filter(kind="research").latest("pk")
    assert jobs.run(job.pk)
    return one


def test_an_extract_is_taken_under_an_agreement_for_a_time_and_on_record(researcher, signed_in):
    releases.published()
    one = granted(researcher)
    own = f"/research/{one.case.code}/"
    assert researcher.get(f"{own}csv/").status_code == 404, "not before the agreement"
    assert researcher.post(own).status_code == 302
    answer = researcher.get(f"{own}csv/")
    assert answer.status_code == 200
    text = answer.content.decode()
    assert "Thailand" in text
    assert "700" not in text, "one company's figure"
    assert list(ResearchAccess.objects.order_by("pk").values_list("what", "detail")) == [
        ("agreed", ""),
        ("took", "CSV"),
    ]
    with pytest.raises(DatabaseError), transaction.atomic():
        ResearchAccess.objects.all().delete()

    other = Person.objects.create_user(email="other@university.example.org", name="Another")
    stranger = researcher.__class__()
    stranger.force_login(other)
    assert stranger.get(own).status_code == 404
    assert stranger.get(f"{own}csv/").status_code == 404
    page = signed_in(People().asec()).get(f"/portfolio/research/{one.case.code}/").content.decode()
    assert "Took the extract" in page

    Research.objects.filter(pk=one.pk).update(until=today() - timedelta(days=1))
    assert researcher.get(f"{own}csv/").status_code == 404, "its time is over"
    Research.objects.filter(pk=one.pk).update(until=today())
    assert researcher.get(f"{own}json/").status_code == 200
    releases.move(
        "revoke_research", Research.objects.get(pk=one.pk), People().asec(), reason="The question has changed."
    )
    assert researcher.get(f"{own}json/").status_code == 404
    assert "The question has changed." in researcher.get(own).content.decode()
    told = Notice.objects.filter(person__email="reader@university.example.org")
    assert told.count() == 3
    read = researcher.get(own).content.decode()
    assert all(notice.words in read for notice in told), "what is mailed also stands on the page"
    assert not invariants.violations()


def test_releases_and_extracts_know_of_each_other(researcher):
    with pytest.raises(Blocked, match="Nothing is published"):
        granted(researcher)
    Research.objects.all()
    releases.published()
    one = granted(researcher)
    extract = Telling.objects.get(case=one.pk)
    assert extract.audience == "research"
    assert ["ams", "year"] in extract.tables
    before = releases_verbs.prepare
    release, _job = before(as_=People().asec(), figures_until=today(), changes="More.")
    with pytest.raises(Blocked, match="could not know what the extract tells"):
        granted(researcher)
    from monitoring.releases import protecting

    assert len(protecting.earlier("public")) == 2, "the next release is audited with the extract, too"
    assert release.state == "preparing"


def test_two_extracts_are_made_one_after_the_other(researcher):
    """Two at once would not be audited together, and their tables side by side could tell what neither tells."""
    releases.published()
    first = grant(researcher)
    with pytest.raises(Blocked, match=f"{first.case.reference} is being made"):
        grant(researcher)
    assert jobs.run(Job.objects.filter(kind="research").latest("pk").pk)
    other = Research.objects.select_related("case").get(state="applied")
    until = today() + timedelta(days=30)
    releases.move("grant_research", other, People().asec(), tables=["sector,year"], until=until.isoformat(), agreement="T.")  # fmt: skip
    assert jobs.run(Job.objects.filter(kind="research").latest("pk").pk)
    assert Telling.objects.filter(audience="research", given__isnull=False).count() == 2


def test_two_officers_cannot_grant_two_extracts_at_the_same_moment(committed_db, monkeypatch):
    """Read before either has committed, neither would know of the other: who comes second asks again."""
    world.offices()
    monkeypatch.setattr(figures, "contributions", lambda _until, _rows: Contributions(rows(SIZES)))
    releases.published()
    person = Person.objects.create_user(email="reader@university.example.org", name="A reader")
    two = [verbs.apply(person, details=ANSWERS) for _ in range(2)]
    said = {"tables": ["ams,year"], "until": (today() + timedelta(days=30)).isoformat(), "agreement": "Terms."}
    came = at_once(*(lambda one=one: releases.move("grant_research", one, People().asec(), **said) for one in two))
    assert sorted(str(type(one).__name__) for one in came) == ["Blocked", "NoneType"]
    assert Research.objects.filter(state="granted").count() == 1


def test_an_application_is_as_long_as_somebody_can_read(researcher):
    answer = researcher.post("/research/apply/", {**ANSWERS, "purpose": "x" * 8001})
    assert answer.status_code == 422
    assert "at most 8" in answer.content.decode()
    assert not Research.objects.exists()
