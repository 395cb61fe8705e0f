"""What pages of a case say of a letter that holds no more: it was revoked, or another has taken its place (F5)."""

from collections.abc import Iterator

from django.db.models import Q
from django.utils.html import format_html
from django.utils.translation import gettext as _

from aipbi.accounts.capacity import Capacity
from aipbi.templatetags.portal import when
from facilitation.enums import LetterState
from facilitation.models import Letter
from proposals.models import Proposal

_REVOKES = Q(revokes__isnull=False) & ~Q(revokes__superseded_by__issued_at__isnull=False)
# Of several, each in the place of the one before, the one that holds.
_SUPERSEDES = Q(supersedes__isnull=False, state=LetterState.SEALED)


def remark(viewer: Capacity, proposal: Proposal) -> Iterator[str]:
    """Say which letter holds no more, since when, and which says why or stands in its place; to who reads letters."""
    yield from _said(viewer, proposal, _REVOKES | _SUPERSEDES)


def of_benefits(viewer: Capacity, proposal: Proposal) -> Iterator[str]:
    """Say beside what is given that the letter which gave it was revoked."""
    for sentence in _said(viewer, proposal, _REVOKES):
        yield format_html("{} {}", sentence, _("What is given below was told in that letter."))


def _said(viewer: Capacity, proposal: Proposal, which: Q) -> Iterator[str]:
    issued = Letter.objects.visible_to(viewer).filter(which, proposal=proposal, issued_at__isnull=False)
    shown = ("number", "issued_at", "revokes__number", "supersedes__number")
    for letter in issued.select_related("revokes", "supersedes").only(*shown).order_by("sequence"):
        words = {"day": when(letter.issued_at), "url": letter.home(proposal.case.code, viewer), "other": letter.number}
        if letter.revokes:
            said = _(
                'Letter {number} was revoked on {day} and holds no more. <a class="govuk-link" href="{url}">Letter {other} says why</a>.'
            )
            yield format_html(said, number=letter.revokes.number, **words)
        elif letter.supersedes:
            said = _(
                'Letter {number} holds no more: <a class="govuk-link" href="{url}">letter {other}</a> has taken its place on {day}.'
            )
            yield format_html(said, number=letter.supersedes.number, **words)
