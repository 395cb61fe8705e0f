"""Files in an S3-compatible store: a real server, which the test starts, and the portal's own settings (P6)."""

import os
import re
import subprocess
import sys
from datetime import timedelta

import boto3
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.urls import reverse
from django.utils import timezone

from aipbi.documents import orphans
from aipbi.documents.models import StoredFile, random_name
from aipbi.documents.tasks import picture_first_pages, scan_waiting
from tests.documents import samples
from tests.documents.clamd import scanner
from tests.support.cases import do, draft

STORE = {
    "FILES_BUCKET": "portal",
    "FILES_REGION": "ap-southeast-3",
    "FILES_KEY": "key-of-the-portal",
    "FILES_SECRET": "secret-of-the-portal",
}
ASK = "from django.conf import settings; import json; print(json.dumps(settings.STORAGES['default'], default=str))"


def started(**store) -> subprocess.CompletedProcess:
    """The portal's settings, read by a process of its own."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("FILES_", "PYTEST"))}
    environment |= {"DJANGO_SETTINGS_MODULE": "aipbi.settings", "PORTAL_DEMO": "1", **store}
    return subprocess.run([sys.executable, "-c", ASK], env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("missing", [*STORE, "FILES_ENDPOINT"])
def test_half_a_store_is_refused_at_the_start(missing):
    """Bad input: one setting forgotten, and the portal says which instead of using a folder."""
    whole = {**STORE, "FILES_ENDPOINT": "https://s3.example.org"}
    said = started(**{name: value for name, value in whole.items() if name != missing})
    assert said.returncode
    assert f"missing: {missing}." in said.stderr
    assert STORE["FILES_SECRET"] not in said.stderr


def test_without_a_store_files_go_to_the_folder():
    """P6: the default."""
    assert "FileSystemStorage" in started().stdout


@pytest.fixture(scope="module")
def server():
    """The address of an S3-compatible server with an empty bucket."""
    program = "from moto.server import main; main(['-H', '127.0.0.1', '-p', '0'])"
    with subprocess.Popen([sys.executable, "-u", "-c", program], stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True) as process:  # fmt: skip
        address = next(filter(None, (re.search(r"http://127\.0\.0\.1:\d+", line) for line in process.stderr)))[0]
        s3 = boto3.client(
            "s3", endpoint_url=address, region_name=STORE["FILES_REGION"],
            aws_access_key_id=STORE["FILES_KEY"], aws_secret_access_key=STORE["FILES_SECRET"],
        )  # fmt: skip
        s3.create_bucket(
            Bucket=STORE["FILES_BUCKET"], CreateBucketConfiguration={"LocationConstraint": STORE["FILES_REGION"]}
        )
        s3.close()
        yield address
        process.terminate()
        process.stderr.close()


@pytest.fixture
def in_the_store(server, settings):
    """The storage as the portal's own settings make it for this server."""
    import json

    said = started(**STORE, FILES_ENDPOINT=server)
    assert said.returncode == 0, said.stderr
    settings.STORAGES = {**settings.STORAGES, "default": json.loads(said.stdout)}
    assert default_storage.bucket_name == STORE["FILES_BUCKET"]


@pytest.mark.django_db
def test_a_file_lives_in_the_store_as_in_the_folder(in_the_store, people, signed_in, settings, tmp_path):
    """P6, U6: kept, held for the scanner, scanned, pictured, downloaded through the portal, noted; never public."""
    settings.CLAMAV = str(tmp_path / "away")
    proposal = do(draft(people), "add_file", people.proponent(), files={"file": samples.upload()})
    file = StoredFile.objects.get()
    address = reverse("file", args=[file.pk])
    assert signed_in(people.proponent()).get(address).status_code == 503
    with scanner(tmp_path / "clamd") as settings.CLAMAV:
        assert scan_waiting() == 1
    assert picture_first_pages() == 1
    answer = signed_in(people.proponent()).get(address)
    assert b"".join(answer.streaming_content) == samples.PDF
    assert proposal.case.trail.latest("number").action == "download"
    picture = signed_in(people.proponent()).get(reverse("first_page", args=[file.pk]))
    assert b"".join(picture.streaming_content).startswith(b"\x89PNG")
    assert signed_in(people.seom("VN")).get(address).status_code == 404


@pytest.mark.django_db
def test_a_file_that_is_gone_from_the_store_is_not_found(in_the_store, people, signed_in):
    """Bad input: a row without its content is a 404, not a fault, and no reading is noted."""
    proposal = do(draft(people), "add_file", people.proponent(), files={"file": samples.upload()})
    file = StoredFile.objects.get()
    default_storage.delete(file.content.name)
    assert signed_in(people.proponent()).get(reverse("file", args=[file.pk])).status_code == 404
    assert not proposal.case.trail.filter(action="download").exists()


@pytest.mark.django_db
def test_orphans_in_the_store_are_cleaned(in_the_store, people, monkeypatch):
    """P6: what no row names goes, what a row names stays."""
    do(draft(people), "add_file", people.proponent(), files={"file": samples.upload()})
    file = StoredFile.objects.get()
    lost = default_storage.save(random_name(file, ""), ContentFile(b"left behind"))
    moment = timezone.now() + timedelta(days=2)
    monkeypatch.setattr(orphans.timezone, "now", lambda: moment)
    orphans.clean()
    assert not default_storage.exists(lost)
    assert default_storage.exists(file.content.name)


@pytest.mark.django_db
def test_a_store_that_is_away_loses_nothing(people, signed_in, settings):
    """Bad input: the move is taken back whole, so no row names what was not stored."""
    import json

    from botocore.exceptions import EndpointConnectionError

    settings.STORAGES = {
        **settings.STORAGES,
        "default": json.loads(started(**STORE, FILES_ENDPOINT="http://127.0.0.1:9").stdout),
    }
    proposal = draft(people)
    with pytest.raises(EndpointConnectionError):
        do(proposal, "add_file", people.proponent(), files={"file": samples.upload()})
    proposal.refresh_from_db()
    assert proposal.answers.get("attachments", []) == []
    assert not StoredFile.objects.exists()
