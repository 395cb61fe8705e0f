"""F5: a key that never leaves its PKCS#11 token seals as one in a file does, and a token that does not serve says so."""

import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)

from aipbi.documents import seal, sealed, selfmade
from aipbi.workflow import jobs

PIN, LABEL = "2468", "letters"
LIBRARIES = [
    Path(path) for path in ("/usr/lib/softhsm/libsofthsm2.so", "/usr/lib64/softhsm/libsofthsm2.so", "/usr/lib64/libsofthsm2.so")
]  # fmt: skip


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    """The library of a token in software that holds a key and its certificate."""
    found = [path for path in LIBRARIES if path.exists()]
    if not found or shutil.which("softhsm2-util") is None:
        pytest.skip("softhsm2 is not installed: script/bootstrap dev installs it")
    home = tmp_path_factory.mktemp("token")
    (home / "tokens").mkdir()
    (home / "softhsm2.conf").write_text(f"directories.tokendir = {home / 'tokens'}\nlog.level = ERROR\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOFTHSM2_CONF", str(home / "softhsm2.conf"))
        made = selfmade.pkcs12("A token’s seal", until=datetime.now(UTC) + timedelta(days=9))
        key, certificate, _more = pkcs12.load_key_and_certificates(made, None)
        (home / "key.pem").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        _util("--init-token", "--free", "--label", "AIPBI", "--pin", PIN, "--so-pin", "13579")
        _util("--import", home / "key.pem", "--token", "AIPBI", "--label", LABEL, "--id", "01", "--pin", PIN)
        _certify(found[0], certificate.public_bytes(Encoding.DER))
        yield str(found[0])


@pytest.fixture
def token(library, settings):
    settings.SEAL_PKCS11_MODULE, settings.SEAL_PKCS11_TOKEN = library, "AIPBI"
    settings.SEAL_PKCS11_LABEL, settings.SEAL_PASSWORD = LABEL, PIN
    return settings


def _util(*words):
    subprocess.run(["softhsm2-util", *words], check=True, capture_output=True)


def _certify(library, certificate):
    import pkcs11
    from pkcs11.util.x509 import decode_x509_certificate

    attributes = decode_x509_certificate(certificate)
    attributes.update({pkcs11.Attribute.LABEL: LABEL, pkcs11.Attribute.ID: b"\x01", pkcs11.Attribute.TOKEN: True})
    with pkcs11.lib(str(library)).get_token(token_label="AIPBI").open(rw=True, user_pin=PIN) as session:
        session.create_object(attributes)


def test_f5_a_letter_is_sealed_by_a_token(token, story, tmp_path):
    letter = story.sealed()
    with letter.pdf.content.open() as file:
        whole = file.read()
    assert "A token’s seal" in sealed.signed_by(whole)
    assert list(sealed.faults(whole)) == []
    assert "DEMONSTRATION" not in sealed.signed_by(whole)
    if shutil.which("pdfsig"):
        (tmp_path / "letter.pdf").write_bytes(whole)
        said = subprocess.run(
            ["pdfsig", "-nocert", tmp_path / "letter.pdf"], capture_output=True, text=True, check=False
        )
        assert "Signature is Valid" in said.stdout


@pytest.mark.parametrize(
    ("setting", "value", "said"),
    [
        ("SEAL_PKCS11_MODULE", "/nowhere/token.so", "names a file that is not there: /nowhere/token.so"),
        ("SEAL_PKCS11_MODULE", "/etc/hostname", "No token opens with SEAL_PKCS11_MODULE"),
        ("SEAL_PKCS11_TOKEN", "Another", "No token opens with SEAL_PKCS11_MODULE, SEAL_PKCS11_TOKEN “Another”"),
        ("SEAL_PASSWORD", "1357", "and SEAL_PASSWORD: "),
        ("SEAL_PKCS11_LABEL", "stamps", "“stamps” names no key and certificate"),
    ],
)
def test_f5_a_token_that_does_not_serve_stops_issuing_with_one_line(token, story, setting, value, said):
    """Bad input: the worker says in one line what is wrong, and no half letter is left."""
    letter = story.approved()
    setattr(token, setting, value)
    with pytest.raises(seal.SealUnavailableError) as fault:
        seal.sealed(b"", reason="It is asked before the file is read.")
    assert said in str(fault.value)
    assert "\n" not in str(fault.value)
    job = story.job(letter)
    assert not jobs.run(job.pk)
    job.refresh_from_db()
    assert said in job.error
    letter.refresh_from_db()
    assert letter.pdf is None
