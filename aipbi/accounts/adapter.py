"""How allauth speaks to our people and sends our e-mails."""

import logging
import unicodedata
from smtplib import SMTPException
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.hashers import make_password
from django.core.mail import EmailMultiAlternatives
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aipbi.accounts.mail import frame
from aipbi.accounts.models import Person

log = logging.getLogger(__name__)


class AccountAdapter(DefaultAccountAdapter):
    """The portal's own words, and e-mails as text and HTML from one template each."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": gettext_lazy("This account is closed."),
        "email_password_mismatch": gettext_lazy(
            "The e-mail address and the password do not belong together. Check both."
        ),
        "email_taken": gettext_lazy("This address can’t be used. Choose another one."),
        "enter_current_password": gettext_lazy("This is not your current password."),
        "incorrect_code": gettext_lazy(
            "This code is not right, or no longer valid. Check it, or wait for the next one."
        ),
        "incorrect_password": gettext_lazy("This is not your password."),
        "too_many_login_attempts": gettext_lazy("Too many attempts. Wait a few minutes, then try again."),
        "rate_limited": gettext_lazy("Too many requests. Wait a minute, then try again."),
        "same_as_current": gettext_lazy("This is the address you have now. Write the new one."),
        "duplicate_email": gettext_lazy("This is the address you have now. Write the new one."),
    }

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Count failed attempts by the account alone: allauth's key has the Host header in it, so that each port counted anew."""
        return f"portal:{unicodedata.normalize('NFKC', credentials.get('email', '')).casefold()}"

    def save_user(self, request: HttpRequest, user: Person, form: Any, commit: bool = True) -> Person:  # noqa: FBT001, FBT002 - allauth's signature
        """Take the name with the address."""
        user.name = form.cleaned_data.get("name", "")
        return super().save_user(request, user, form, commit=commit)

    def format_email_subject(self, subject: str) -> str:
        """Keep the subject as the template says it."""
        return subject

    def render_mail(
        self,
        template_prefix: str,
        email: str | list[str],
        context: dict[str, Any],
        headers: dict[str, str] | None = None,
    ) -> EmailMultiAlternatives:
        """Build an e-mail as text and HTML from `<template_prefix>_subject.txt` and `_message.txt`."""
        context = {**context, "portal_url": settings.PORTAL_URL}
        subject = " ".join(render_to_string(f"{template_prefix}_subject.txt", context).split())
        text = render_to_string(f"{template_prefix}_message.txt", context).strip()
        message = EmailMultiAlternatives(
            subject, text, self.get_from_email(), [email] if isinstance(email, str) else email, headers=headers
        )
        message.attach_alternative(frame(subject, text), "text/html")
        return message

    def send_account_already_exists_mail(self, email: str) -> None:
        """Take as long as making an account does: else the time told whose address has one."""
        make_password(get_random_string(12))
        super().send_account_already_exists_mail(email)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send at once; when the mail server does not take it, say so rather than fail the page."""
        try:
            self.render_mail(template_prefix, email, {"email": email, **context}).send()
        except (OSError, SMTPException) as fault:
            log.warning("The e-mail %s was not sent: %s", template_prefix, fault)
            if self.request:
                again = _("The e-mail could not be sent just now. Wait a few minutes, then ask for it again.")
                messages.error(self.request, again)
