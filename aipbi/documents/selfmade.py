"""The demonstration's own certificate: made once, trusted by nobody, and saying so in its subject (F5)."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.conf import settings

SUBJECT = "DEMONSTRATION – NOT VALID – AIPBI Portal"
_LASTS = timedelta(days=3650)


def in_use() -> bool:
    """Whether letters are sealed with it here: in the demonstration, where no other certificate is set."""
    return bool(settings.PORTAL_DEMO and not settings.SEAL_CERTIFICATE and not settings.SEAL_PKCS11_MODULE)


def certificate() -> Path:
    """Return the PKCS#12 file of the demonstration, made when it is not there yet; it has no password."""
    path = Path(settings.PORTAL_VAR) / "demonstration.p12"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        made = path.with_suffix(f".{os.getpid()}")
        made.touch(mode=0o600)
        made.write_bytes(pkcs12(SUBJECT, until=datetime.now(UTC) + _LASTS))
        try:
            # Whoever is first names it; the others take what is there.
            os.link(made, path)
        except FileExistsError:
            pass
        finally:
            made.unlink()
    return path


def pkcs12(subject: str, *, until: datetime, password: bytes = b"", since: datetime | None = None) -> bytes:
    """Return a new key and a certificate for it that it signed itself, as PKCS#12."""
    from cryptography import x509  # noqa: PLC0415 - only who makes one needs it
    from cryptography.hazmat.primitives import hashes, serialization  # noqa: PLC0415 - as above
    from cryptography.hazmat.primitives.asymmetric import rsa  # noqa: PLC0415 - as above
    from cryptography.hazmat.primitives.serialization import pkcs12  # noqa: PLC0415 - as above
    from cryptography.x509.oid import NameOID  # noqa: PLC0415 - as above

    key = rsa.generate_private_key(public_exponent=65537, key_size=3072)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, subject)])
    uses = x509.KeyUsage(
        digital_signature=True, content_commitment=True, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=False, crl_sign=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(since or datetime.now(UTC) - timedelta(minutes=5))
        .not_valid_after(until)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(uses, critical=True)
        .sign(key, hashes.SHA256())
    )
    lock = serialization.BestAvailableEncryption(password) if password else serialization.NoEncryption()
    return pkcs12.serialize_key_and_certificates(b"seal", key, made, None, lock)
