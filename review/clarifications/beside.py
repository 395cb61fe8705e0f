"""The questions put on a case, told beside the section of the proposal that each concerns (R5)."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from aipbi.accounts.capacity import Capacity
from proposals.beside import Beside
from proposals.models import Proposal
from review.assessments import evidence
from review.enums import Asking
from review.models import Clarification


def questions(viewer: Capacity, proposal: Proposal) -> Iterable[Beside]:
    """Yield a link for each question that the reader may read and that is about one parameter."""
    if proposal.registered_at is None:
        return
    put = Clarification.objects.visible_to(viewer).filter(
        proposal=proposal.pk, parameter__isnull=False, state__in=[Asking.ASKED, Asking.ANSWERED]
    )
    here = reverse("review", args=[proposal.case.code])
    for one in put.select_related("parameter").order_by("pk"):
        words = _("Answered question: %(words)s") if one.state == Asking.ANSWERED else _("Question: %(words)s")
        told = words % {"words": Truncator(one.question).chars(80)}
        yield Beside(evidence.section(one.parameter.code), told, f"{here}#question-{one.pk}")
