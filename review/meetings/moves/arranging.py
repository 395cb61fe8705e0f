"""The agenda: what is on it, in which order, and what is moved to another meeting."""

from collections.abc import Iterable
from typing import Any

from django.db import IntegrityError, transaction
from django.db.utils import OperationalError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aipbi.workflow import trail
from aipbi.workflow.errors import Blocked
from aipbi.workflow.models import Audience, Case
from aipbi.workflow.moves import Move, Tell
from aipbi.workflow.registry import register
from review.meetings import agenda, rules, verbs
from review.meetings.enums import AHEAD, MeetingState
from review.meetings.forms import AgendaForm
from review.meetings.models import AgendaItem, Meeting


@register
class ArrangeAgenda(Move):
    """Until the record is adopted: the agenda as one form, so that of two officers at once the second is told."""

    name = "arrange_agenda"
    model = Meeting
    during = AHEAD | {MeetingState.HELD.value}
    who = rules.secretariat
    label = gettext_lazy("Arrange the agenda")
    done = gettext_lazy("Agenda arranged")
    help = gettext_lazy("Write the place that each item is to have. Items with the same place keep their order.")
    form = AgendaForm
    audience = Audience.STATES

    @property
    def beside(self) -> bool:  # type: ignore[override]
        """Once the meeting is open, its record is what comes next."""
        return self.subject.state == MeetingState.HELD

    def effect(self) -> None:
        """Put the items in their order, take off or move on what is to go, and add what is new at the end."""
        self.lines: list[str] = []
        place = 0
        for item, fate in self._wanted():
            if fate == "stay":
                place += 1
                self._place(item.row, place)
            elif fate == "off":
                self.lines.append(_("Taken off: %(item)s") % {"item": _name(item)})
                item.row.delete()
            else:
                self._move_on(item, int(fate))
        for pk in self.data["rounds"]:
            place += 1
            self._add(order=place, round_id=int(pk))
        if self.data["new_title"]:
            place += 1
            self._add(
                order=place, title=self.data["new_title"], about=self.data["new_about"],
                concerns=self.data["new_concerns"],
            )  # fmt: skip
        self.order = [_name(item) for item in agenda.items(self.subject) if item.row.moved_to_id is None]

    def _wanted(self) -> list[tuple[agenda.Item, str]]:
        """Return the items in the order asked for, each with its fate."""
        items = [item for item in agenda.items(self.subject) if item.row.moved_to_id is None]
        ordered = sorted(items, key=lambda item: (self.data[f"place_{item.row.pk}"], item.number))
        return [(item, self.data.get(f"fate_{item.row.pk}") or "stay") for item in ordered]

    @staticmethod
    def _place(row: AgendaItem, place: int) -> None:
        if row.order != place:
            row.order = place
            row.save(update_fields=["order"])

    def _add(self, **what: Any) -> None:
        """Add an item; another agenda may have taken the round since the form was read."""
        try:
            with transaction.atomic():
                AgendaItem.objects.create(meeting=self.subject, **what)
        except IntegrityError as fault:
            raise Blocked([_("One of the rounds was put on another agenda meanwhile.")]) from fault

    def _move_on(self, item: agenda.Item, target: int) -> None:
        """Close the item here and put it at the end of the other agenda; both trails say so.

        The other meeting's lock is never waited for: two officers who move items across would wait for each other.
        """
        try:
            case = Case.objects.select_for_update(no_key=True, nowait=True).get(pk=target)
        except OperationalError as fault:
            raise Blocked([_("The other meeting is being changed at this moment. Try again.")]) from fault
        other = Meeting.objects.select_related("case").get(pk=target)
        if not other.is_ahead:
            raise Blocked([_("%(meeting)s is no longer being prepared.") % {"meeting": case.reference}])
        row = item.row
        row.moved_to, row.closed_at = other, self.now
        row.save(update_fields=["moved_to", "closed_at"])
        last = other.items.order_by("-order").values_list("order", flat=True).first() or 0
        AgendaItem.objects.create(
            meeting=other, order=last + 1, round_id=row.round_id, title=row.title, about=row.about, concerns=row.concerns,
        )  # fmt: skip
        Meeting.objects.filter(pk=target).update(revision=other.revision + 1)
        trail.note(
            target, as_=self.as_, action="item_arrived", subject=(other.kind, other.pk),
            details={"item": _name(item), "from": self.subject.case.reference}, audience=Audience.STATES, locked=case,
        )  # fmt: skip
        self.lines.append(_("Moved to %(meeting)s: %(item)s") % {"meeting": case.reference, "item": _name(item)})

    def kept(self) -> dict[str, Any]:
        """Keep the agenda as it is now, and what left it; what was typed is in it."""
        return {"agenda": self.order, "left": self.lines}

    def repeats(self, entered: dict[str, Any], kept: dict[str, Any]) -> bool:  # type: ignore[override]
        """Never: an agenda sent in twice is told what happened, and is on the page as it stands."""
        return False

    def tells(self) -> Iterable[Tell]:
        """Tell whoever takes part once papers have gone out; before that the agenda is being made."""
        if self.subject.state == MeetingState.PACK_ISSUED:
            yield from verbs.invite(self.subject, _("The agenda of a meeting was changed after its papers went out"))


def _name(item: agenda.Item) -> str:
    """Name an item on the trail, which invited SEOM leads read: a case by its reference alone."""
    return item.about if item.is_case else item.title
