"""Opening a meeting, and what is recorded while it sits: positions stated in the room, what was said, conclusions."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aipbi.accounts.capacity import today
from aipbi.asean.models import ChairTerm
from aipbi.templatetags.portal import in_words
from aipbi.workflow.models import Audience
from aipbi.workflow.moves import Move
from aipbi.workflow.registry import register
from review.meetings import rules
from review.meetings.enums import MeetingState
from review.meetings.forms import ItemForm, OpeningForm
from review.meetings.models import AgendaItem, Meeting
from review.rounds.positions import GivePosition

# Rooms open before the hour, and chairs do too.
EARLY = timedelta(hours=6)


@register
class OpenMeeting(Move):
    """planned or pack issued → opened, with who is present, by office."""

    name = "open_meeting"
    model = Meeting
    on = "open_meeting"
    who = rules.presiding_or_secretariat
    label = gettext_lazy("Open the meeting")
    done = gettext_lazy("Meeting opened")
    help = gettext_lazy("From then on decisions are recorded item by item. Who comes later can be added.")
    form = OpeningForm
    audience = Audience.STATES

    def reasons(self) -> Iterable[str]:
        """Not before its day, and not without an agenda."""
        if self.now < self.subject.starts_at - EARLY:
            yield _("The meeting begins on %(when)s.") % {"when": in_words(self.subject.starts_at)}
        if not self.subject.items.filter(moved_to__isnull=True).exists():
            yield _("There is nothing on the agenda yet.")

    def effect(self) -> None:
        """Date it, and keep who is there and which Member State chairs."""
        self.subject.held_at, self.subject.chaired_by_id = self.now, ChairTerm.objects.on(today())
        self.subject.save(update_fields=["held_at", "chaired_by"])
        keep_presence(self.subject, self.data)


@register
class ChangePresence(Move):
    """opened: somebody came later, or was noted by mistake."""

    name = "change_presence"
    model = Meeting
    during = frozenset({MeetingState.HELD.value})
    beside = True
    who = rules.presiding_or_secretariat
    label = gettext_lazy("Change who is present")
    done = gettext_lazy("Presence changed")
    form = OpeningForm
    audience = Audience.STATES

    def initial(self) -> dict[str, Any]:
        """Start with what stands."""
        one = self.subject
        return {"present": one.present, "seom_present": one.seom_present, "others_present": one.others_present}

    def effect(self) -> None:
        """Keep it."""
        keep_presence(self.subject, self.data)


def keep_presence(meeting: Meeting, data: Any) -> None:
    """Write who is present."""
    meeting.present, meeting.seom_present = data["present"], data.get("seom_present", [])
    meeting.others_present = data["others_present"]
    meeting.save(update_fields=["present", "seom_present", "others_present"])


@register
class RecordItem(Move):
    """opened: what was said on an item, its conclusion and next steps; the decision itself is the round's."""

    name = "record_item"
    model = Meeting
    during = frozenset({MeetingState.HELD.value})
    who = rules.presiding_or_secretariat
    label = gettext_lazy("Record what was said on an item")
    done = gettext_lazy("Item recorded")
    form = ItemForm
    audience = Audience.STATES
    # Made on the screen of the sitting, where the item is chosen.
    hidden = True

    def refusals(self) -> Iterable[str]:
        """The item stands on this agenda."""
        found = AgendaItem.objects.filter(meeting=self.subject, pk=self.data["item"], moved_to__isnull=True)
        self.item = found.select_related("round__proposal__case").first()
        if self.item is None:
            yield _("This item is no longer on the agenda of this meeting.")

    def effect(self) -> None:
        """Write it."""
        assert self.item  # noqa: S101 - else it was refused
        for name in ("discussion", "conclusion", "statements", "next_steps"):
            setattr(self.item, name, self.data[name])
        self.item.noted_at = self.now
        self.item.save(update_fields=["discussion", "conclusion", "statements", "next_steps", "noted_at"])

    def kept(self) -> dict[str, Any]:
        """Keep which item; its words are in the record, which members alone read."""
        assert self.item  # noqa: S101 - as above
        return {"item": self.item.round.proposal.case.reference if self.item.round else self.item.title}


@register
class StatePosition(GivePosition):
    """awaited or given → given: as stated in the room, entered by ASEC for the Member State that said it (D2).

    The rules are those of `give_position`; the row names the Secretariat's office, which is how the
    record and the page tell it from a position that the Member State's own people entered.
    """

    name = "state_position"
    who = rules.secretariat
    label = gettext_lazy("Enter a position as stated at the meeting")
    done = gettext_lazy("Position entered as stated at the meeting")
    help = gettext_lazy("Only what the Member State said in the room. Its own people are told and can change it.")
    hidden = True

    def reasons(self) -> Iterable[str]:
        """As for any position; and only at a meeting that is sitting."""
        yield from super().reasons()
        if self._meeting() is None:
            yield _("A position is entered as stated only while a meeting sits that has the round on its agenda.")

    def _meeting(self) -> Meeting | None:
        sitting = Meeting.objects.filter(
            state=MeetingState.HELD, items__round=self.subject.round_id, items__closed_at__isnull=True
        )
        return sitting.select_related("case").first()

    def details(self) -> dict[str, Any]:
        """Say whose position it is, and at which meeting it was stated."""
        meeting = self._meeting()
        return {**super().details(), "stated_at": meeting.case.reference if meeting else ""}
