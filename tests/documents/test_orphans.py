"""Content that nobody holds is deleted, and nothing else (P6)."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from aipbi.documents import orphans
from aipbi.documents.models import StoredFile, random_name
from aipbi.documents.tasks import clean
from proposals.attachments import carry_over
from tests.documents import samples
from tests.support.cases import do, draft

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    place = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": tmp_path / "files"}}
    settings.STORAGES = {**settings.STORAGES, "default": place}


def add(people, proposal=None) -> StoredFile:
    proposal = do(proposal or draft(people), "add_file", people.proponent(), files={"file": samples.upload()})
    return StoredFile.objects.get(case_id=proposal.pk, removed_at=None)


def lie(name: str) -> str:
    return default_storage.save(name, ContentFile(b"left behind"))


def later(monkeypatch, days: float) -> None:
    moment = timezone.now() + timedelta(days=days)
    monkeypatch.setattr(orphans.timezone, "now", lambda: moment)


def test_content_without_a_row_goes_after_a_day(people, monkeypatch):
    """A broken upload's content; a file's own stays, and so does what another program put there."""
    file = add(people)
    lost, letter, other = lie(random_name(file, "")), lie("ab/" + "c" * 64), lie("notes/readme.txt")
    assert orphans.clean() == (0, 0)
    later(monkeypatch, 1.1)
    assert orphans.clean() == (0, 1)
    assert not default_storage.exists(lost)
    assert all(map(default_storage.exists, (file.content.name, letter, other)))


def test_a_file_taken_off_keeps_its_row_and_loses_its_content_after_a_month(people, monkeypatch):
    """Its row and the trail say what it was; twice cleaned is once cleaned."""
    file = add(people)
    name = file.content.name
    do(file.case.proposal, "remove_file", people.proponent(), sha256=file.sha256)
    later(monkeypatch, 29)
    assert orphans.clean() == (0, 0)
    later(monkeypatch, 31)
    assert orphans.clean() == (1, 0)
    assert orphans.clean() == (0, 0)
    file.refresh_from_db()
    assert (file.content.name, file.name, file.size) == ("", "survey.pdf", len(samples.PDF))
    assert not default_storage.exists(name)


def test_content_that_another_case_shares_stays(people, monkeypatch):
    """A draft that follows an ended case holds the same content; taken off the one, it is read with the other."""
    file, again = add(people), draft(people)
    again.answers["attachments"] = file.case.proposal.answers["attachments"]
    carry_over(file.case.proposal, again)
    do(file.case.proposal, "remove_file", people.proponent(), sha256=file.sha256)
    later(monkeypatch, 31)
    assert orphans.clean() == (1, 0)
    assert default_storage.exists(file.content.name)
    with StoredFile.objects.get(case_id=again.pk).content.open() as content:
        assert content.read() == samples.PDF


def test_the_worker_does_it_every_night(settings, people, monkeypatch):
    """The schedule names the task, and the task cleans."""
    lost = lie(random_name(add(people), ""))
    later(monkeypatch, 2)
    assert settings.CELERY_BEAT_SCHEDULE["clean"]["task"] == clean.name
    clean()
    assert not default_storage.exists(lost)
