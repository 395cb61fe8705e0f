"""Why an e-mail did not go, and what to do about it: the server is away, it refuses the address, or it wants a pause."""

import re
from enum import Enum
from smtplib import (
    SMTPAuthenticationError,
    SMTPConnectError,
    SMTPException,
    SMTPHeloError,
    SMTPNotSupportedError,
    SMTPRecipientsRefused,
    SMTPResponseException,
    SMTPSenderRefused,
    SMTPServerDisconnected,
)

from django.utils.translation import gettext as _

# The server's fault or our settings', whoever the e-mail is for.
_OF_THE_SERVER = (
    SMTPAuthenticationError, SMTPConnectError, SMTPHeloError, SMTPNotSupportedError, SMTPSenderRefused,
    SMTPServerDisconnected,
)  # fmt: skip
_PERMANENT = 500


class Fault(Enum):
    """What is to be done: wait for the server, give up, or try this one again."""

    AWAY = "away"
    REFUSED = "refused"
    LATER = "later"


def read(fault: Exception) -> tuple[Fault, str]:
    """Return what an exception of sending means, and the words for ASEC."""
    if isinstance(fault, SMTPRecipientsRefused):
        code, said = next(iter(fault.recipients.values()), (_PERMANENT, b""))
        return _answer(code, said, _("The mail server refuses the address"))
    if isinstance(fault, _OF_THE_SERVER):
        return Fault.AWAY, _("The mail server takes no e-mails from the portal: %(why)s") % {"why": _plain(fault)}
    if isinstance(fault, SMTPResponseException):
        return _answer(fault.smtp_code, fault.smtp_error, _("The mail server refuses the e-mail"))
    if isinstance(fault, OSError) and not isinstance(fault, SMTPException):
        return Fault.AWAY, _("The mail server does not answer: %(why)s") % {"why": _plain(fault)}
    return Fault.LATER, _("The e-mail could not be sent: %(why)s") % {"why": _plain(fault)}


def _answer(code: int, said: bytes | str, words: str) -> tuple[Fault, str]:
    text = said.decode(errors="replace") if isinstance(said, bytes) else said
    kind = Fault.REFUSED if code >= _PERMANENT else Fault.LATER
    return kind, f"{words}: {code} {' '.join(text.split())}"[:300]


def _plain(fault: Exception) -> str:
    if isinstance(fault, SMTPResponseException):
        said = fault.smtp_error
        text = said.decode(errors="replace") if isinstance(said, bytes) else said
        return f"{fault.smtp_code} {' '.join(text.split())}"[:200]
    return re.sub(r"^\[Errno -?\d+\] ", "", str(fault))[:200] or type(fault).__name__
