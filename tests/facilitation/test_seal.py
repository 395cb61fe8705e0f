"""F5: the seal holds, a change of one byte is found, and a certificate that does not serve stops issuing in one line."""

import io
import random
import shutil
import subprocess
from datetime import UTC, datetime, timedelta

import pikepdf
import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command

from aipbi.documents import keeping, seal, sealed, selfmade
from aipbi.documents.models import StoredFile
from aipbi.workflow import jobs
from facilitation.letters import checking
from facilitation.models import Letter

NOW = datetime.now(UTC)


@pytest.fixture
def content(story):
    letter = story.sealed()
    with letter.pdf.content.open() as file:
        yield letter, file.read()


def verified() -> str:
    """What the command says of faults; nothing when all is well."""
    said = io.StringIO()
    try:
        call_command("verify_letters", stdout=said)
    except CommandError as fault:
        return said.getvalue() + str(fault)
    return ""


def test_f5_the_seal_covers_the_whole_archival_file_and_allows_no_change(content, tmp_path):
    _letter, whole = content
    assert list(sealed.faults(whole)) == []
    assert "DEMONSTRATION" in sealed.signed_by(whole)
    assert list(sealed.faults(whole + b"\n% more")) == ["something was added behind its signature"]
    with pikepdf.open(io.BytesIO(whole)) as document:
        signature = document.Root.AcroForm.Fields[0]
        assert str(signature.V.SubFilter) == "/ETSI.CAdES.detached"
        assert int(signature.V.Reference[0].TransformParams.P) == 1
        assert document.trailer.ID
        assert int(signature.F) & 4, "PDF/A prints every annotation"
    if shutil.which("pdfsig") is None or shutil.which("pdftotext") is None:
        pytest.skip("poppler-utils is not installed: script/bootstrap dev installs it")
    (tmp_path / "letter.pdf").write_bytes(whole)
    said = subprocess.run(["pdfsig", "-nocert", tmp_path / "letter.pdf"], capture_output=True, text=True, check=False)
    assert "Signature is Valid" in said.stdout
    assert "Total document signed" in said.stdout
    words = subprocess.run(["pdftotext", tmp_path / "letter.pdf", "-"], capture_output=True, text=True, check=True)
    assert "best-endeavour" in words.stdout


def test_f5_one_byte_changed_anywhere_is_found(content):
    """By its digest each; and where the seal is over it, by the seal alone."""
    letter, whole = content
    letter.__class__.objects.filter(pk=letter.pk).update(issued_at=NOW)
    assert checking.by_digest(letter.sha256).standing == "valid"
    at = {len(whole) * part // 64 for part in range(64)} | set(random.Random(64).sample(range(len(whole)), 16))
    import hashlib

    with pikepdf.open(io.BytesIO(whole)) as document:
        first, length, second, rest = [int(one) for one in document.Root.AcroForm.Fields[0].V.ByteRange]
    assert second + rest == len(whole)
    for place in sorted(at):
        changed = bytearray(whole)
        changed[place] ^= 1
        assert checking.by_digest(hashlib.sha256(changed).hexdigest()) is None
        if first <= place < length or second <= place:
            assert any(sealed.seal_faults(bytes(changed))), place


def test_f5_verify_letters_names_each_fault(content):
    letter, whole = content
    assert verified() == ""
    path = letter.pdf.content.name
    default_storage.delete(path)
    assert f"{letter.number}: its file is not there" in verified()
    with default_storage.open(path, "wb") as file:
        file.write(whole[:2000] + bytes([whole[2000] ^ 1]) + whole[2001:])
    said = verified()
    assert f"{letter.number}: its file is not the one that was sealed" in said
    assert f"{letter.number}: its signature does not fit its content" in said


def test_f5_what_is_stored_is_not_overwritten(db):
    name, kept = keeping.once("ab" * 32, b"first", whole=lambda found: found == b"first")
    assert keeping.once("ab" * 32, b"second", whole=lambda found: found == b"first") == (name, b"first")
    with default_storage.open(name) as file:
        assert file.read() == kept == b"first"
    default_storage.delete(name)


@pytest.mark.parametrize(
    ("made", "password", "said"),
    [
        ({"until": NOW - timedelta(days=1), "since": NOW - timedelta(days=9)}, "", "expired on"),
        ({"until": NOW + timedelta(days=9), "password": b"right"}, "wrong", "SEAL_PASSWORD is wrong"),
        (None, "", "lacks its key"),
        ("away", "", "cannot be read"),
    ],
)
def test_f5_a_certificate_that_does_not_serve_stops_issuing_with_one_line(  # noqa: PLR0917 - fixtures and one case
    story, settings, tmp_path, signed_in, made, password, said
):
    """Bad input: expired, wrong password, without its key, not there; no number is used and no half letter left."""
    story.finalised()
    letter = story.check(story.drafted())
    path = tmp_path / "seal.p12"
    if isinstance(made, dict):
        path.write_bytes(selfmade.pkcs12("Another", **made))
    elif made is None:
        path.write_bytes(without_its_key())
    settings.SEAL_CERTIFICATE, settings.SEAL_PASSWORD = str(path), password
    assert said in seal.fault()
    assert "\n" not in seal.fault()
    page = signed_in(story.chair).get(
        f"/cases/{story.case.case.code}/do/letter/{letter.pk}/approve_letter/", follow=True
    )
    assert said in page.content.decode() or page.status_code in (404, 409)
    with pytest.raises(Exception, match="cannot be sealed"):
        story.do("approve_letter", letter, story.chair)
    assert Letter.objects.get(pk=letter.pk).number is None
    # Approved before the certificate failed: the worker says why, and nothing is left behind.
    settings.SEAL_CERTIFICATE = ""
    letter = story.do("approve_letter", letter, story.chair)
    settings.SEAL_CERTIFICATE = str(path)
    job = story.job(letter)
    assert not jobs.run(job.pk)
    job.refresh_from_db()
    assert said in job.error
    assert not StoredFile.objects.filter(purpose="letter").exists()


def without_its_key() -> bytes:
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.serialization import pkcs12

    _key, certificate, _more = pkcs12.load_key_and_certificates(
        selfmade.pkcs12("Keyless", until=NOW + timedelta(days=9)), None
    )
    return pkcs12.serialize_key_and_certificates(b"x", None, None, [certificate], serialization.NoEncryption())
