"""What never stands in a log: the secret in an address that opens something by itself (N3, U1, P8)."""

import logging
import re

# A calendar's link, an invitation, what a proponent is asked to confirm.
_SECRET = re.compile(r"(/calendar/|/accounts/invitations/|/confirm/[-\w]+/)[-\w]+")


class WithoutSecrets(logging.Filter):
    """Puts dots in the place of secrets, in the words of a line and in what is filled into them."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Keep every line."""
        said = record.getMessage()
        cleared = _SECRET.sub(r"\1…", said)
        if cleared != said:
            record.msg, record.args = cleared, ()
        return True
