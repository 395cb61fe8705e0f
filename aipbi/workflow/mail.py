"""The e-mail backend used when no mail server is set: one file per message in a folder."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend


class FolderBackend(BaseEmailBackend):
    """Writes `EMAIL_FOLDER/<message id>.eml`; the same message written twice stays one file."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Write the messages; return how many."""
        folder = Path(settings.EMAIL_FOLDER)
        folder.mkdir(parents=True, exist_ok=True)
        for message in email_messages:
            content: Any = message.message()
            name = re.sub(r"[^\w.@-]", "", content["Message-ID"])
            (folder / f"{name}.eml").write_bytes(content.as_bytes())
        return len(email_messages)
