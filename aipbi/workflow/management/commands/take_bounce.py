"""`manage.py take_bounce < MESSAGE`: what a mail system hands back when an e-mail could not be delivered."""

import re
import sys
from email import message_from_binary_file, policy
from email.message import EmailMessage
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from aipbi.workflow.mailing import names, outbox
from aipbi.workflow.models import Notice

_OURS = re.compile(rb"<([0-9a-f]{32})@[^>\s]+>")
_WHY = re.compile(r"^Diagnostic-Code:\s*(?:[\w.]+;)?\s*(.+?)\s*$|^Status:\s*(\S+)", re.MULTILINE | re.IGNORECASE)


class Command(BaseCommand):
    help = "Read a returned e-mail from standard input, and mark the notices it belongs to as come back."

    def handle(self, *_arguments: Any, **_options: Any) -> None:
        returned = message_from_binary_file(sys.stdin.buffer, policy=policy.default)
        whole = returned.as_bytes()
        # The returned e-mail's own Message-ID is of the mail system that sends it back.
        found = [one for text in _OURS.findall(whole) if (one := names.named(text.decode()))]
        if not found:
            raise CommandError("No e-mail of the portal is named in it.")
        kind, number = found[0]
        notices = list(Notice.objects.filter(**{"pk" if kind is Notice else "digest": number}))
        if not notices:
            raise CommandError("The e-mail named in it is not known.")
        try:
            for notice in notices:
                outbox.came_back(notice, by=None, why=_why(returned))
        except ValidationError as fault:
            raise CommandError(" ".join(fault.messages)) from fault
        self.stdout.write("Marked as come back.")


def _why(returned: EmailMessage) -> str:
    """Return what the mail system says was wrong, in a line."""
    for part in returned.walk():
        if part.get_content_type() in ("message/delivery-status", "text/plain"):
            found = _WHY.search(part.as_string())
            if found:
                return " ".join((found[1] or found[2]).split())[:200]
    return str(returned.get("Subject", "no reason given"))[:200]
