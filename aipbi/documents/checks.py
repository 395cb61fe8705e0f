"""Django's system check of the seal: a certificate that cannot seal is named when the portal starts (F5)."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Info, Warning, register  # noqa: A004 - Django's own word

from aipbi.documents import seal


@register()
def seal_works(app_configs: Any, **_options: Any) -> list[CheckMessage]:
    """Warn of a certificate that is set and does not serve; only tell where none is set."""
    if settings.PORTAL_DEMO and not settings.SEAL_CERTIFICATE:
        return []
    fault = seal.fault()
    if not fault:
        return []
    level = Warning if settings.SEAL_CERTIFICATE or settings.SEAL_PKCS11_MODULE else Info
    return [level(fault, hint="Letters are not approved until it is mended.", id="documents.W001")]
