"""Changing the details of a meeting that was called, and cancelling it."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aipbi.asean.names import member_state_names
from aipbi.workflow import parties
from aipbi.workflow.models import Audience
from aipbi.workflow.moves import Move, Tell
from aipbi.workflow.registry import register
from review.meetings import rules, verbs
from review.meetings.enums import AHEAD
from review.meetings.forms import CancelForm, EditForm
from review.meetings.models import Meeting


@register
class EditMeeting(Move):
    """planned or pack issued: day, hours, place, invitations are changed, and everybody is told."""

    name = "edit_meeting"
    model = Meeting
    during = AHEAD
    who = rules.secretariat
    label = gettext_lazy("Change day, place or invitations")
    done = gettext_lazy("Meeting changed")
    help = gettext_lazy("Everybody who is invited is told, those who no longer are too.")
    form = EditForm
    audience = Audience.STATES

    def initial(self) -> dict[str, Any]:
        """Start with what stands, in the hours of its place."""
        one = self.subject
        here, until = one.starts_at.astimezone(one.place_zone), one.ends_at.astimezone(one.place_zone)
        kept = {name: getattr(one, name) for name in ("title", "sitting", "zone", "place", "link", "seom", "purpose")}
        return {**kept, "day": here.date(), "begins": here.strftime("%H:%M"), "ends": until.strftime("%H:%M")}

    def effect(self) -> None:
        """Write them."""
        self.left = set(self.subject.seom) - set(self.data["seom"])
        for name in verbs.DETAILS:
            setattr(self.subject, name, self.data[name])
        self.subject.save(update_fields=list(verbs.DETAILS))

    def kept(self) -> dict[str, Any]:
        """Keep the details as they are now."""
        return {name: self.data[name] for name in verbs.DETAILS}

    def tells(self) -> Iterable[Tell]:
        """Tell whoever takes part, and whoever is no longer invited."""
        yield from verbs.invite(self.subject, _("Day, place or invitations of a meeting were changed"))
        for ams in member_state_names():
            if ams in self.left:
                yield Tell(
                    parties.seom(ams), _("You are no longer invited to a meeting of the FG-GVC"), path="/notices/"
                )


@register
class CancelMeeting(Move):
    """planned or pack issued → cancelled; its items are free for another agenda."""

    name = "cancel_meeting"
    model = Meeting
    on = "cancel_meeting"
    who = rules.secretariat
    label = gettext_lazy("Cancel the meeting")
    done = gettext_lazy("Meeting cancelled")
    form = CancelForm
    audience = Audience.STATES
    shown = ("reason",)
    warning = True

    def effect(self) -> None:
        """Keep why, and free the items."""
        self.subject.cancelled_because = self.data["reason"]
        self.subject.save(update_fields=["cancelled_because"])
        verbs.close_items(self.subject, self.now)

    def tells(self) -> Iterable[Tell]:
        """Tell everybody who was invited."""
        yield from verbs.invite(self.subject, _("A meeting of the FG-GVC was cancelled"))
