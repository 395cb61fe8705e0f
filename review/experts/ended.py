"""What an expert is told whose form was still open when the appointment, or the office, ended (P5, R2)."""

import re

from django.http import HttpRequest
from django.utils.translation import gettext as _

from aipbi.accounts.capacity import today
from aipbi.accounts.enums import Role
from aipbi.accounts.models import Appointment
from aipbi.templatetags.portal import day_in_words
from review.enums import Inviting
from review.experts.models import LIVE, Invitation

_CASE = re.compile(r"^/cases/([-\w]+)/")


def why(request: HttpRequest) -> str:
    """Say why a form on a case is closed to an expert who was on it, or was asked; '' for everybody else."""
    named = _CASE.match(request.path_info)
    if not named or not request.user.is_authenticated:
        return ""
    asked = Invitation.objects.filter(expert=request.user.pk, proposal__case__code=named[1])
    states = set(asked.values_list("state", flat=True))
    if states & LIVE:
        held = Appointment.objects.filter(person=request.user.pk, office__role=Role.EXPERT)
        last = held.order_by("-starts", "-pk").first()
        if last is None or last.ends is None or last.ends > today():
            return ""
        return _(
            "Your office of technical expert ended on %(day)s, so nothing of yours was saved now. What you saved or "
            "filed before stays on the Secretariat's record."
        ) % {"day": day_in_words(last.ends)}
    if Inviting.WITHDRAWN in states:
        return _(
            "The Secretariat has taken you off this case, so nothing of yours was saved now. What you had saved before "
            "stays on the Secretariat's record, counts no longer and is shown to no other expert. You need to do nothing more."
        )
    return ""
