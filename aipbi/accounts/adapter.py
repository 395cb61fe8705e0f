"""How allauth speaks to our people and writes our e-mails."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.core.mail import EmailMessage


class AccountAdapter(DefaultAccountAdapter):
    """The portal's own."""

    def render_mail(
        self, template_prefix: str, email: str | list[str], context: dict[str, Any], headers: dict[str, str] | None = None
    ) -> EmailMessage:
        """Build the e-mail with the portal's address for its links."""
        return super().render_mail(template_prefix, email, {**context, "portal_url": settings.PORTAL_URL}, headers)
