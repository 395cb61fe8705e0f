"""The words of e-mails: a notice, a digest, a message in the Secretariat's name. Nothing confidential (N1)."""

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from aipbi.accounts.mail import frame
from aipbi.templatetags.portal import day_in_words, in_words
from aipbi.workflow import topics
from aipbi.workflow.mailing import names, standard
from aipbi.workflow.models import Digest, Notice


def of_notice(notice: Notice) -> EmailMultiAlternatives:
    """Build the e-mail of one notice; a message in the Secretariat's name keeps its text as it goes."""
    with timezone.override(ZoneInfo(notice.person.time_zone)):
        if notice.message:
            subject, notice.sent_text = standard.written(notice)
            return _mail(notice, subject, notice.sent_text, frame(subject, notice.sent_text))
        context = {"line": line(notice), "settings_link": settings_link()}
        subject = f"{notice.words} – {reference(notice)}"[:200]
        text = render_to_string("workflow/mail/notice.txt", context)
        return _mail(notice, subject, text, render_to_string("workflow/mail/notice.html", context))


def of_digest(digest: Digest, notices: Sequence[Notice]) -> EmailMultiAlternatives:
    """Build the one e-mail that lists these notices by what they are about."""
    with timezone.override(ZoneInfo(digest.person.time_zone)):
        groups = [
            {"label": topic.label, "lines": [line(one) for one in notices if one.topic == topic.code]}
            for topic in topics.ordered()
        ]
        known = set(topics.TOPICS)
        groups.append({"label": _("Other"), "lines": [line(one) for one in notices if one.topic not in known]})
        subject = ngettext("AIPBI Portal: %(n)s notice", "AIPBI Portal: %(n)s notices", len(notices)) % {
            "n": len(notices)
        }
        context = {
            "day": day_in_words(digest.day),
            "groups": [group for group in groups if group["lines"]],
            "settings_link": settings_link(),
            "subject": subject,
        }
        text = render_to_string("workflow/mail/digest.txt", context)
        return _mail(digest, subject, text, render_to_string("workflow/mail/digest.html", context))


def line(notice: Notice) -> dict[str, Any]:
    """Return what an e-mail says of a notice: what, on which case, as which office, until when, and where."""
    return {
        "words": notice.words,
        "about": _("Case") if notice.case else _("About"),
        "reference": reference(notice),
        "office": notice.office.label if notice.office else "",
        "to_act": notice.to_act,
        "until": in_words(notice.due_at) if notice.due_at else "",
        "link": link(notice),
    }


def reference(notice: Notice) -> str:
    """Return how an e-mail names the case: never by its title or its company; what it is about where there is none."""
    if notice.case is None:
        return topics.label(notice.topic)
    return notice.case.reference or _("a proposal (%(code)s)") % {"code": notice.case.code}


def link(notice: Notice) -> str:
    """Return the address where it is seen or done."""
    return f"{settings.PORTAL_URL}{notice.address}"


def settings_link() -> str:
    """Return the address where the reader chooses how soon they are told. Opening it changes nothing."""
    return f"{settings.PORTAL_URL}{reverse('notice_settings')}"


def _mail(row: Notice | Digest, subject: str, text: str, html: str) -> EmailMultiAlternatives:
    host = settings.PORTAL_URL.partition("://")[2].split(":")[0]
    mail = EmailMultiAlternatives(
        subject=" ".join(subject.split()),
        body=text,
        to=[row.person.email],
        headers={"Message-ID": f"<{names.name(row)}@{host}>"},
    )
    mail.attach_alternative(html, "text/html")
    return mail
