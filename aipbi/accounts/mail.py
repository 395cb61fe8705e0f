"""E-mails about accounts: one text, and the same text framed as HTML."""

import re

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import timezone

from aipbi.accounts.days import SECRETARIAT
from aipbi.accounts.models import Invitation
from aipbi.templatetags.portal import in_words


def frame(title: str, text: str) -> str:
    """Return the text as an HTML e-mail: its paragraphs; the portal's own addresses are links, and no others."""
    parts = [part.strip() for part in re.split(r"\n\s*\n", text.strip())]
    paragraphs = [{"text": part, "link": part.startswith(f"{settings.PORTAL_URL}/")} for part in parts]
    return render_to_string("accounts/email/frame.html", {"title": title, "paragraphs": paragraphs})


def invitation(invited: Invitation) -> EmailMultiAlternatives:
    """Build the e-mail of an invitation; the same invitation always has the same Message-ID."""
    with timezone.override(SECRETARIAT):
        until = in_words(invited.expires_at)
    context = {"invitation": invited, "link": f"{settings.PORTAL_URL}{invited.get_absolute_url()}", "until": until}
    subject = " ".join(render_to_string("accounts/email/invitation_subject.txt", context).split())
    text = render_to_string("accounts/email/invitation.txt", context).strip()
    host = settings.PORTAL_URL.partition("://")[2].split(":")[0]
    message = EmailMultiAlternatives(
        subject, text, to=[invited.email], headers={"Message-ID": f"<invitation-{invited.token[:16]}@{host}>"}
    )
    message.attach_alternative(frame(subject, text), "text/html")
    return message
