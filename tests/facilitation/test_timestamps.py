"""F5: a seal that carries the time of an authority, here OpenSSL's behind a web server; and an authority that gives none."""

import shutil
import subprocess
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from threading import Thread

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from aipbi.documents import seal, sealed
from aipbi.workflow import jobs

SETTINGS = """[tsa]
serial = {home}/serial
signer_cert = {home}/authority.pem
certs = {home}/authority.pem
signer_key = {home}/key.pem
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha384, sha512
accuracy = secs:1
ess_cert_id_alg = sha256
"""


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A folder with an authority's key, certificate and settings."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed: script/bootstrap dev installs it")
    folder = tmp_path_factory.mktemp("authority")
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "A timestamp authority")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now, now + timedelta(9))
    made = made.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
    (folder / "authority.pem").write_bytes(made.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM))
    (folder / "key.pem").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    (folder / "serial").write_text("01")
    (folder / "openssl.cnf").write_text(SETTINGS.format(home=folder))
    return folder


@contextmanager
def serving(answer):
    """A web server that answers each request by `answer(body)`: the status and what it says."""

    class Answers(BaseHTTPRequestHandler):
        def do_POST(self):
            status, said = answer(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(status)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *_words):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def test_f5_a_letter_carries_the_time_of_the_authority(home, story, settings, tmp_path):
    from pyhanko.pdf_utils.reader import PdfFileReader

    def stamp(asked):
        (home / "asked.tsq").write_bytes(asked)
        words = ["openssl", "ts", "-reply", "-config", "openssl.cnf", "-section", "tsa", "-queryfile", "asked.tsq"]
        return 200, subprocess.run(words, cwd=home, check=True, capture_output=True).stdout

    with serving(stamp) as settings.SEAL_TIMESTAMPS:
        letter = story.sealed()
    with letter.pdf.content.open() as file:
        whole = file.read()
    assert list(sealed.faults(whole)) == []
    [made] = PdfFileReader(BytesIO(whole)).embedded_regular_signatures
    token = made.signer_info["unsigned_attrs"][0]
    assert token["type"].native == "signature_time_stamp_token"
    content = token["values"][0]["content"]
    told = content["encap_content_info"]["content"].parsed
    assert told["policy"].native == "1.2.3.4.1"
    assert abs(told["gen_time"].native - datetime.now(UTC)) < timedelta(minutes=5)
    signature = made.signer_info["signature"].native
    digest = hashes.Hash(hashes.SHA256())
    digest.update(signature)
    assert told["message_imprint"]["hashed_message"].native == digest.finalize()
    # And OpenSSL recognises its own stamp for this signature.
    (tmp_path / "token.der").write_bytes(token["values"][0].dump())
    (tmp_path / "signature").write_bytes(signature)
    words = ["openssl", "ts", "-verify", "-data", tmp_path / "signature", "-in", tmp_path / "token.der", "-token_in"]
    said = subprocess.run(
        [*words, "-CAfile", home / "authority.pem"], capture_output=True, text=True, check=False
    )  # fmt: skip
    assert "Verification: OK" in said.stdout + said.stderr


@pytest.mark.parametrize("answer", [(503, b""), (200, b"no stamp"), None], ids=["away", "nonsense", "nobody"])
def test_f5_an_authority_that_gives_no_time_stops_issuing_with_one_line(story, settings, answer):
    """Bad input: the worker says in one line what is wrong, and no half letter is left."""
    letter = story.approved()
    with serving(lambda _asked: answer) as address:
        settings.SEAL_TIMESTAMPS = address if answer else "http://127.0.0.1:9/"
        job = story.job(letter)
        assert not jobs.run(job.pk)
    job.refresh_from_db()
    assert "SEAL_TIMESTAMPS" in job.error
    assert "\n" not in job.error
    letter.refresh_from_db()
    assert letter.pdf is None
    # Once it answers again, or none is asked, the letter is sealed.
    settings.SEAL_TIMESTAMPS = ""
    assert seal.fault() == ""
