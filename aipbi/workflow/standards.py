"""The kinds of message that this room itself sends in the Secretariat's name."""

from django.utils.translation import gettext_lazy as _

from aipbi.workflow.mailing.standard import register

REMINDER = register(
    "reminder",
    _("Reminder of something owed"),
    subject=_("{what} – {reference}"),
    text=_(
        "Good day,\n\nthe ASEAN Secretariat reminds {office} of what is asked on {reference}:\n\n"
        "{what}\n\nUntil: {until}\n\nIt is answered in the portal:\n\n{link}\n\n"
        "If it has been answered meanwhile, please disregard this message.\n\nThe ASEAN Secretariat, AIPBI desk"
    ),
)
