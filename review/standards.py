"""The messages of assessment and decision in the Secretariat's name (N3)."""

from django.utils.translation import gettext_lazy as _

from aipbi.workflow.mailing.standard import register

EXPERT_INVITATION = register(
    "expert_invitation",
    _("Invitation to an expert"),
    subject=_("Invitation to assess a proposal – {reference}"),
    text=_(
        "Good day,\n\nthe ASEAN Secretariat invites you to assess the proposal {reference} as an independent "
        "technical expert. On one page you declare whether you have a conflict of interest, and accept or "
        "decline; please do so until {until}:\n\n{link}\n\nThank you for your time.\n\n"
        "The ASEAN Secretariat, AIPBI desk"
    ),
)
NON_APPROVAL = register(
    "non_approval",
    _("Non-approval of a proposal"),
    subject=_("The decision on your proposal – {reference}"),
    text=_(
        "Good day,\n\nthe participating Member States have decided on your proposal {reference}. It was not "
        "approved. The reasons stand in the portal, and with them whether and how you may send in a revised "
        "proposal:\n\n{link}\n\nWe thank you for the work you put into it.\n\nThe ASEAN Secretariat, AIPBI desk"
    ),
    wait_hours=24,
)
