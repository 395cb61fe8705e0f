"""The digital seal of a PDF: a PAdES signature that allows no change after it (F5).

The certificate comes from a PKCS#12 file or a PKCS#11 token, by settings. The seal is added behind
the PDF's own bytes, so that what was rendered stays as it was and can be recognised (see `keeping`).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from aipbi.documents import selfmade
from aipbi.documents.looping import in_own_thread

FIELD = "Seal"


class SealUnavailableError(RuntimeError):
    """Nothing can be sealed at present; the message is one line that says what is wrong with which setting."""


def fault() -> str:
    """Return why nothing can be sealed at present, in one line, or nothing.

    A token is asked whether it answers only when it seals: to ask each page would wear it out.
    """
    if settings.SEAL_PKCS11_MODULE:
        return "" if Path(settings.SEAL_PKCS11_MODULE).exists() else _no_module()
    try:
        _check(_from_file(*_file()))
    except SealUnavailableError as fault:
        return str(fault)
    return ""


def sealed(content: bytes, *, reason: str) -> bytes:
    """Return the PDF with the portal's seal behind it, timestamped where an authority is set.

    Raises SealUnavailableError, and then nothing was sealed.
    """
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter  # noqa: PLC0415 - a second to import
    from pyhanko.sign import signers  # noqa: PLC0415 - as above
    from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter  # noqa: PLC0415 - as above
    from pyhanko.sign.timestamps import TimestampRequestError  # noqa: PLC0415 - as above

    with _signer() as signer:
        _check(signer)
        about = signers.PdfSignatureMetadata(
            field_name=FIELD,
            reason=reason,
            md_algorithm="sha256",
            subfilter=SigSeedSubFilter.PADES,
            certify=True,
            docmdp_permissions=MDPPerm.NO_CHANGES,
        )
        out = BytesIO()
        try:
            pdf = signers.PdfSigner(about, signer, timestamper=_timestamper())
            in_own_thread(pdf.sign_pdf, IncrementalPdfFileWriter(BytesIO(content)), output=out)
        except TimestampRequestError as fault:
            raise SealUnavailableError(
                _("The timestamp authority at SEAL_TIMESTAMPS gave no timestamp: %(why)s") % {"why": _one_line(fault)},
            ) from fault
        except Exception as fault:
            raise SealUnavailableError(
                _("The seal could not be made: %(why)s") % {"why": _one_line(fault)},
            ) from fault
    return out.getvalue()


@contextmanager
def _signer() -> Iterator[Any]:
    if not settings.SEAL_PKCS11_MODULE:
        yield _from_file(*_file())
        return
    if not Path(settings.SEAL_PKCS11_MODULE).exists():
        raise SealUnavailableError(_no_module())
    from pyhanko.config.pkcs11 import TokenCriteria  # noqa: PLC0415 - only with a token
    from pyhanko.sign import pkcs11  # noqa: PLC0415 - as above

    try:
        session = pkcs11.open_pkcs11_session(
            settings.SEAL_PKCS11_MODULE,
            token_criteria=TokenCriteria(label=settings.SEAL_PKCS11_TOKEN),
            user_pin=settings.SEAL_PASSWORD,
        )
    except Exception as fault:
        raise SealUnavailableError(
            _("No token opens with SEAL_PKCS11_MODULE, SEAL_PKCS11_TOKEN “%(token)s” and SEAL_PASSWORD: %(why)s")
            % {"token": settings.SEAL_PKCS11_TOKEN, "why": _one_line(fault)},
        ) from fault
    with session:
        signer = pkcs11.PKCS11Signer(
            session, cert_label=settings.SEAL_PKCS11_LABEL, key_label=settings.SEAL_PKCS11_LABEL
        )
        try:
            found = signer.signing_cert
        except Exception as fault:
            raise SealUnavailableError(_no_pair()) from fault
        if found is None:
            raise SealUnavailableError(_no_pair())
        yield signer


def _file() -> tuple[str, int]:
    path = selfmade.certificate() if selfmade.in_use() else Path(settings.SEAL_CERTIFICATE)
    if not settings.SEAL_CERTIFICATE and not selfmade.in_use():
        raise SealUnavailableError(_("No certificate is set: SEAL_CERTIFICATE must name a PKCS#12 file."))
    try:
        return str(path), path.stat().st_mtime_ns
    except OSError as fault:
        raise SealUnavailableError(
            _("SEAL_CERTIFICATE names a file that cannot be read: %(path)s") % {"path": path}
        ) from fault


def _from_file(path: str, changed: int) -> Any:
    return _loaded(path, changed, "" if selfmade.in_use() else settings.SEAL_PASSWORD)


@lru_cache(maxsize=2)
def _loaded(path: str, _changed: int, password: str) -> Any:
    from cryptography.hazmat.primitives.serialization import pkcs12  # noqa: PLC0415 - as above
    from pyhanko.sign import signers  # noqa: PLC0415 - as above

    secret = password.encode() or None
    try:
        key, certificate, _others = pkcs12.load_key_and_certificates(Path(path).read_bytes(), secret)
    except OSError as fault:
        raise SealUnavailableError(
            _("SEAL_CERTIFICATE names a file that cannot be read: %(path)s") % {"path": path}
        ) from fault
    except (ValueError, TypeError) as fault:
        raise SealUnavailableError(
            _("SEAL_CERTIFICATE cannot be opened: SEAL_PASSWORD is wrong, or the file is no PKCS#12.")
        ) from fault
    if key is None or certificate is None:
        raise SealUnavailableError(_("SEAL_CERTIFICATE lacks its key or its certificate; a PKCS#12 file has both."))
    return signers.SimpleSigner.load_pkcs12(path, passphrase=secret)


def _check(signer: Any) -> None:
    valid = signer.signing_cert.native["tbs_certificate"]["validity"]
    now = datetime.now(UTC)
    if now > valid["not_after"]:
        raise SealUnavailableError(
            _("The certificate of the seal expired on %(day)s. Set a new one.")
            % {"day": valid["not_after"].date().isoformat()},
        )
    if now < valid["not_before"]:
        raise SealUnavailableError(
            _("The certificate of the seal is not valid before %(day)s.")
            % {"day": valid["not_before"].date().isoformat()},
        )


@lru_cache(maxsize=1)
def _authority(url: str) -> Any:
    from pyhanko.sign.timestamps import TimestampRequestError  # noqa: PLC0415 - as above
    from pyhanko.sign.timestamps.requests_client import HTTPTimeStamper  # noqa: PLC0415 - as above

    class Authority(HTTPTimeStamper):
        """Says of whatever it cannot read that it comes from the authority."""

        async def async_request_tsa_response(self, req: Any) -> Any:
            try:
                return await super().async_request_tsa_response(req)
            except (ValueError, TypeError) as fault:
                raise TimestampRequestError(_("its answer is none (%(why)s)") % {"why": _one_line(fault)}) from fault

    return Authority(url, timeout=20)


def _timestamper() -> Any:
    return _authority(settings.SEAL_TIMESTAMPS) if settings.SEAL_TIMESTAMPS else None


def _no_module() -> str:
    return _("SEAL_PKCS11_MODULE names a file that is not there: %(path)s") % {"path": settings.SEAL_PKCS11_MODULE}


def _no_pair() -> str:
    return _("SEAL_PKCS11_LABEL “%(label)s” names no key and certificate on the token.") % {
        "label": settings.SEAL_PKCS11_LABEL
    }


def _one_line(fault: Exception) -> str:
    return (str(fault) or type(fault).__name__).splitlines()[0][:200]
