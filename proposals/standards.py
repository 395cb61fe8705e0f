"""The messages to a proponent in the Secretariat's name, and what none of them may name (N1, N3)."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from aipbi.workflow.mailing.standard import register
from proposals.models import Proposal

REGISTRATION = register(
    "registration",
    _("Registration of a proposal"),
    subject=_("Your proposal is registered as {reference}"),
    text=_(
        "Good day,\n\nthe ASEAN Secretariat has checked your proposal for completeness and registered it. "
        "Its reference is {reference}; please name it in whatever you write about it.\n\n"
        "Independent experts assess it next. You read in the portal where it stands:\n\n{link}\n\n"
        "The ASEAN Secretariat, AIPBI desk"
    ),
)
ASK_TO_COMPLETE = register(
    "completion",
    _("Request to complete a proposal"),
    subject=_("Please complete your proposal – {reference}"),
    text=_(
        "Good day,\n\nthe ASEAN Secretariat has read your proposal and found that something is missing. "
        "What it is, stands in the portal:\n\n{link}\n\nPlease complete it until {until}.\n\n"
        "The ASEAN Secretariat, AIPBI desk"
    ),
)
RETURN = register(
    "return",
    _("Return of a proposal by its SEOM lead"),
    subject=_("Your SEOM lead asks for changes – {reference}"),
    text=_(
        "Good day,\n\nthe SEOM lead whom you asked for support has returned your proposal. "
        "What to change stands in the portal; you may submit it again whenever it is ready:\n\n{link}\n\n"
        "The ASEAN Secretariat, AIPBI desk"
    ),
)
LAPSE = register(
    "lapse",
    _("Lapse of a proposal"),
    subject=_("Your proposal has lapsed – {reference}"),
    text=_(
        "Good day,\n\nyour proposal was not completed in the time given, and has lapsed. "
        "You may revise it and send it in again as a new one:\n\n{link}\n\nThe ASEAN Secretariat, AIPBI desk"
    ),
    wait_hours=24,
)


def confidential(case_pk: int) -> Iterator[str]:
    """Yield what an e-mail of the case must not name: the project's title and its company."""
    for row in Proposal.objects.filter(pk=case_pk).values_list("title", "organisation__name"):
        yield from (name for name in row if name)
