"""Experts' names stay out of what others read (R4)."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from proposals.models import Proposal
from review.experts.models import Invitation


def refuse_names(proposal: Proposal, text: str) -> None:
    """Raise ValidationError where the text has the name of somebody who was asked to assess the case."""
    asked = Invitation.objects.filter(proposal=proposal).select_related("expert__person")
    names = {one.expert.person.name for one in asked} - {""}
    if found := [name for name in sorted(names) if name.casefold() in text.casefold()]:
        raise ValidationError([_("Take out the name of an expert: %(name)s") % {"name": name} for name in found])
