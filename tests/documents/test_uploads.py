"""Taking files: by content and not by name, not too big, without a virus (P6)."""

import hashlib
import io

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from aipbi.asean.models import Default
from aipbi.documents import clamav, uploads
from aipbi.documents.kinds import NotTakenError, recognise
from aipbi.documents.models import Scan, StoredFile
from aipbi.documents.tasks import scan_waiting
from aipbi.documents.uploads import UploadField
from tests.documents import samples
from tests.documents.clamd import scanner
from tests.support.cases import draft

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("content", "name", "media_type"),
    [
        (samples.PDF, "a.pdf", "application/pdf"),
        (samples.PDF, "A.PDF", "application/pdf"),
        (samples.PNG, "a.png", "image/png"),
        (samples.JPEG, "a.jpg", "image/jpeg"),
        (samples.JPEG, "a.jpeg", "image/jpeg"),
        (samples.DOCX, "a.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (samples.XLSX, "a.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ],
)
def test_each_kind_is_known_by_its_content(content, name, media_type):
    """P6: the five kinds are taken."""
    assert recognise(io.BytesIO(content), name).media_type == media_type


@pytest.mark.parametrize(
    ("content", "name", "says"),
    [
        (samples.PNG, "survey.pdf", "This is a PNG file, but its name ends in “.pdf”"),
        (samples.PDF, "survey.docx", "This is a PDF file"),
        (samples.PDF, "survey", "no ending"),
        (samples.PDF, "survey.pdf.exe", "“.exe”"),
        (samples.XLSX, "letter.docx", "This is a XLSX file"),
        (samples.DOCM, "letter.docx", "contains macros"),
        (samples.HIDDEN_MACRO, "letter.docx", "contains macros"),
        (samples.ZIP, "letter.docx", "archive"),
        (samples.DOCX[:200], "letter.docx", "damaged"),
        (samples.OLD_WORD, "letter.doc", "password"),
        (samples.HTML, "page.pdf", "not a PDF, DOCX"),
        (b"MZ" + b"\0" * 200, "setup.pdf", "not a PDF, DOCX"),
        (b"just words", "notes.txt", "not a PDF, DOCX"),
    ],
)
def test_a_file_that_is_not_what_its_name_says_is_refused(content, name, says):
    """P6, bad input: the answer says what it is and what to do."""
    with pytest.raises(NotTakenError, match=says):
        recognise(io.BytesIO(content), name)


def clean(content: bytes, name: str = "survey.pdf"):
    return UploadField(label="File").clean(samples.upload(content, name))


def test_an_empty_file_and_one_too_large_are_refused_in_words():
    """P6: the limit is a setting; the answer gives both sizes."""
    Default.objects.filter(key="file_megabytes").update(value=1)
    with pytest.raises(ValidationError, match="has 2 MB; the most is 1 MB"):
        clean(samples.PDF + b"\0" * (1024 * 1024))
    with pytest.raises(ValidationError, match="This file is empty"):
        clean(b"")
    assert "up to 1 MB" in str(UploadField().help_text)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("ลาว survey.pdf", "ลาว survey.pdf"),
        ("C:\\fakepath\\survey.pdf", "survey.pdf"),
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("ann\u202efdp.exe.pdf", "annfdp.exe.pdf"),
        ("a\x00b\nc.pdf", "abc.pdf"),
        ("x" * 400 + ".pdf", "x" * 251 + ".pdf"),
    ],
)
def test_names_lose_what_deceives(given, kept):
    """P6: folders, control signs and signs that turn the direction of writing go; any script stays."""
    assert uploads.tidy_name(given) == kept


def kept(people, content: bytes = samples.PDF, **more) -> StoredFile:
    proposal = draft(people)
    upload = clean(content)
    return uploads.keep(upload, subject=proposal, purpose="attachment", as_=people.proponent(), **more)


def test_a_file_is_kept_under_a_random_name_with_its_hash(people):
    """P6: the name on disk tells nothing; size and SHA-256 are those of the content."""
    file = kept(people)
    assert file.sha256 == hashlib.sha256(samples.PDF).hexdigest()
    assert (file.size, file.scan, file.name) == (len(samples.PDF), Scan.UNSCANNED, "survey.pdf")
    assert "survey" not in file.content.name
    with file.content.open() as content:
        assert content.read() == samples.PDF


def test_a_file_that_no_field_saw_is_inspected_when_it_is_kept(people):
    """P6: there is no way around the inspection."""
    proposal = draft(people)
    with pytest.raises(ValidationError, match="not a PDF, DOCX"):
        uploads.keep(
            SimpleUploadedFile("a.pdf", b"words"), subject=proposal, purpose="attachment", as_=people.proponent()
        )


def test_the_scanner_is_asked(people, settings, tmp_path):
    """P6: a clean file is marked so, an infected one refused with the virus's name."""
    with scanner(tmp_path / "clamd") as settings.CLAMAV:
        assert kept(people).scan == Scan.CLEAN
        with pytest.raises(ValidationError, match="Eicar-Test-Signature"):
            clean(samples.PDF + samples.EICAR)
        assert StoredFile.objects.count() == 1


@pytest.fixture
def waiting(people, settings, tmp_path) -> StoredFile:
    settings.CLAMAV = str(tmp_path / "away")
    return kept(people, samples.PDF + samples.EICAR)


def test_while_the_scanner_is_away_a_file_waits_unread(waiting, people, signed_in):
    """P6: it is stored, and nobody reads it before it was scanned."""
    assert waiting.scan == Scan.WAITING
    answer = signed_in(people.proponent()).get(f"/files/{waiting.pk}/")
    assert (answer.status_code, answer["Retry-After"]) == (503, "60")
    assert b"EICAR" not in answer.content
    assert scan_waiting() == 0


def test_a_sweep_scans_what_waits(waiting, people, settings, tmp_path, django_capture_on_commit_callbacks):
    """P6, N1: what turns out infected is deleted, noted on the trail, and whoever sent it is told."""
    name = waiting.content.name
    with scanner(tmp_path / "clamd") as settings.CLAMAV, django_capture_on_commit_callbacks(execute=True):
        assert scan_waiting() == 1
        assert scan_waiting() == 0
    waiting.refresh_from_db()
    assert waiting.scan == Scan.INFECTED
    assert not waiting.content.storage.exists(name)
    assert waiting.case.trail.latest("number").action == "virus_found"
    assert waiting.case.notices.get().person == people.proponent().person
    assert not StoredFile.objects.visible_to(people.proponent()).exists()


def test_a_sweep_opens_what_is_clean(people, settings, tmp_path):
    """P6: a file that waited and is clean can be read."""
    settings.CLAMAV = str(tmp_path / "away")
    file = kept(people)
    with scanner(tmp_path / "clamd") as settings.CLAMAV:
        scan_waiting()
    file.refresh_from_db()
    assert file.readable


def test_a_scanner_that_answers_nonsense_is_away(settings, tmp_path):
    """P6: only OK is clean."""
    settings.CLAMAV = "127.0.0.1:1"
    with pytest.raises(clamav.ScannerAwayError):
        clamav.virus_in(io.BytesIO(b"x"))
