"""The roles people act in, and what a colleague may do in an organisation."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    """In what role somebody acts (U1). `CLOCK` is the portal itself, when a date passes."""

    PROPONENT = "proponent", _("Proponent")
    PARTNER = "partner", _("Partner on one proposal")
    SEOM_LEAD = "seom_lead", _("SEOM lead")
    FG_GVC = "fg_gvc_member", _("FG-GVC member")
    EXPERT = "expert", _("Technical expert")
    BODY_CONTACT = "body_contact", _("Sectoral body contact")
    ASEC = "asec_officer", _("ASEC officer")
    ADMIN = "asec_admin", _("ASEC administrator")
    CLOCK = "clock", _("The clock")


INSTITUTIONAL = frozenset({Role.SEOM_LEAD, Role.FG_GVC, Role.EXPERT, Role.BODY_CONTACT, Role.ASEC, Role.ADMIN})
# Whoever stands on the side of those who ask; what is kept from proponents is kept from partners too.
PROPOSING = frozenset({Role.PROPONENT, Role.PARTNER})
OF_AN_AMS = frozenset({Role.SEOM_LEAD, Role.FG_GVC})


class Membership(TextChoices):
    """What a colleague may do in the organisation, and a partner on the one proposal (U4)."""

    OWNER = "owner", _("Owner")
    EDITOR = "editor", _("Editor")
    VIEWER = "viewer", _("Viewer")


# A proposal has no owner but its organisation.
OF_A_PARTNER = [(one.value, one.label) for one in (Membership.EDITOR, Membership.VIEWER)]


class OrganisationKind(TextChoices):
    """Who stands behind an organisation."""

    PRIVATE = "private", _("Private company")
    PUBLIC = "public", _("Public body or state-owned company")
    CONSORTIUM = "consortium", _("Consortium")


class InvitationState(TextChoices):
    """Where an invitation stands; computed from its dates."""

    WAITING = "waiting", _("Being sent")
    FAILING = "failing", _("Could not be sent yet")
    SENT = "sent", _("Sent")
    ACCEPTED = "accepted", _("Accepted")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    EXPIRED = "expired", _("Expired")
