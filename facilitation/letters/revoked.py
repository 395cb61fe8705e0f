"""What the overview of a case says of a letter that was revoked and in whose place no other has come (F5)."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _

from aipbi.accounts.capacity import Capacity
from aipbi.templatetags.portal import when
from facilitation.models import Letter
from proposals.models import Proposal


def remark(viewer: Capacity, proposal: Proposal) -> Iterator[str]:
    """Say which letter holds no more, since when, and where the letter stands that says why; to who reads letters."""
    revocations = Letter.objects.visible_to(viewer).filter(proposal=proposal, revokes__isnull=False)
    issued = revocations.filter(issued_at__isnull=False).exclude(revokes__superseded_by__issued_at__isnull=False)
    for letter in issued.select_related("revokes").order_by("sequence"):
        yield format_html(
            _('Letter {number} was revoked on {day} and holds no more. <a class="govuk-link" href="{url}">Letter {other} says why</a>.'),
            number=letter.revokes.number,
            day=when(letter.issued_at),
            url=reverse("letter", args=[proposal.case.code, letter.pk]),
            other=letter.number,
        )  # fmt: skip
