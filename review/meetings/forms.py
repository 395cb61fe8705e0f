"""The forms of meetings: their details, the agenda, who was present, what was said, and the record."""

from datetime import UTC, datetime, time
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django import forms
from django.core.validators import URLValidator
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aipbi.accounts import zones
from aipbi.accounts.forms.one_line import one_line
from aipbi.asean.names import member_state_names
from aipbi.templatetags.portal import day_in_words
from aipbi.workflow.forms import MoveForm, say_what_to_do
from review.meetings import agenda
from review.meetings.enums import Sitting

LONG = 8000
NO_TIME = gettext_lazy("This is not a time. Write it as hours:minutes, for example 14:30.")
_STAY, _OFF = "stay", "off"


class SecureLink(forms.CharField):
    """An address that begins with https://; anything else is refused with the reason."""

    widget = forms.URLInput

    def clean(self, value: Any) -> str:
        """Refuse http and whatever is no address."""
        text: str = super().clean(value)
        if text and not text.lower().startswith("https://"):
            raise forms.ValidationError(_("The link must begin with https://, so that nobody can listen in."))
        if text:
            URLValidator(schemes=["https"], message=_("This is not a link. Copy it whole, from https:// on."))(text)
        return text


class MeetingDetails(forms.Form):
    """When, where, and who is invited beside the FG-GVC members of all Member States."""

    use_required_attribute = False

    title = forms.CharField(label=gettext_lazy("Title"), max_length=200, validators=[one_line])
    sitting = forms.ChoiceField(label=gettext_lazy("Kind"), choices=Sitting, widget=forms.RadioSelect)
    day = forms.DateField(label=gettext_lazy("Day"))
    begins = forms.TimeField(
        label=gettext_lazy("Begins at"),
        help_text=gettext_lazy("For example 09:30"),
        error_messages={"invalid": NO_TIME},
    )
    ends = forms.TimeField(
        label=gettext_lazy("Ends at"),
        help_text=gettext_lazy("On the same day. For example 16:00"),
        error_messages={"invalid": NO_TIME},
    )
    zone = forms.ChoiceField(
        label=gettext_lazy("Time zone of these hours"),
        help_text=gettext_lazy("Everybody reads them on their own clock and on Jakarta’s."),
    )
    place = forms.CharField(
        label=gettext_lazy("Place"), required=False, max_length=200, help_text=gettext_lazy("A room and a town."),
        validators=[one_line],
    )  # fmt: skip
    link = SecureLink(
        label=gettext_lazy("Link for those who join from afar"), required=False, max_length=500,
        help_text=gettext_lazy("Begins with https://. A place, a link, or both."),
    )  # fmt: skip
    seom = forms.MultipleChoiceField(
        label=gettext_lazy("SEOM leads who are invited too"),
        help_text=gettext_lazy("The FG-GVC members of all Member States are invited in any case."),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    purpose = forms.CharField(
        label=gettext_lazy("What the meeting is for"),
        help_text=gettext_lazy("Everybody who is invited reads it. Name no company."),
        widget=forms.Textarea, required=False, max_length=2000,
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["zone"].choices = zones.choices()  # type: ignore[attr-defined]
        self.fields["seom"].choices = list(member_state_names().items())  # type: ignore[attr-defined]
        for field in self.fields.values():
            say_what_to_do(field)

    def clean(self) -> dict[str, Any]:
        """Make moments of day, hours and zone: they exist, follow one another, and are to come."""
        data: dict[str, Any] = super().clean() or {}
        if not data.get("place") and not data.get("link") and not {"place", "link"} & set(self.errors):
            self.add_error("place", _("Give a place or a link, so that people find the meeting."))
        if {"day", "begins", "ends", "zone"} <= set(data):
            data["starts_at"] = self._moment(data, "begins")
            data["ends_at"] = self._moment(data, "ends")
            if data["starts_at"] and data["starts_at"] <= timezone.now():
                self.add_error("day", _("The meeting must begin later than now."))
            if data["starts_at"] and data["ends_at"] and data["ends_at"] <= data["starts_at"]:
                self.add_error("ends", _("The meeting must end after it begins."))
        return data

    def _moment(self, data: dict[str, Any], name: str) -> datetime | None:
        zone, hour = data["zone"], data[name]
        if zone not in available_timezones() or not isinstance(hour, time):
            return None
        found = datetime.combine(data["day"], hour, ZoneInfo(zone))
        if found.astimezone(UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None) != found.replace(tzinfo=None):
            self.add_error(name, _("Clocks are put forward there that day: this hour does not exist."))
        return found


class EditForm(MeetingDetails, MoveForm):
    """The details of a meeting that was called."""


class CancelForm(MoveForm):
    """Why it will not take place."""

    reason = forms.CharField(
        label=gettext_lazy("Why the meeting is cancelled"),
        help_text=gettext_lazy("Everybody who was invited reads it."),
        widget=forms.Textarea, max_length=2000,
    )  # fmt: skip


class AgendaForm(MoveForm):
    """The whole agenda at once: a place for each item, what is to happen with it, and what is added."""

    rounds = forms.MultipleChoiceField(
        label=gettext_lazy("Add open rounds"), widget=forms.CheckboxSelectMultiple, required=False,
        help_text=gettext_lazy("Rounds to be decided at a meeting that stand on no agenda yet."),
        error_messages={
            "invalid_choice": gettext_lazy("One of the rounds was closed, withdrawn, or put on another agenda meanwhile."),
        },
    )  # fmt: skip
    new_title = forms.CharField(label=gettext_lazy("Add another matter"), required=False, max_length=200)
    new_about = forms.CharField(
        label=gettext_lazy("What it is about"), required=False, max_length=LONG, widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    new_concerns = forms.MultipleChoiceField(
        label=gettext_lazy("Whom it concerns"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=gettext_lazy("None ticked means all Member States."),
    )  # fmt: skip

    def prepare(self) -> None:
        """Give each item its two fields, and offer the rounds that are open."""
        meeting = self.move.subject
        self.fields["new_concerns"].choices = list(member_state_names().items())  # type: ignore[attr-defined]
        rounds = agenda.open_rounds(meeting)
        self.fields["rounds"].choices = [  # type: ignore[attr-defined]
            (str(one.pk), f"{one.proposal.case.reference} · {one.proposal.title}") for one in rounds
        ]
        if not rounds:
            self.fields["rounds"].widget = forms.MultipleHiddenInput()
        self.items = [item for item in agenda.items(meeting) if item.row.moved_to_id is None]
        fates = [(_STAY, _("Stays")), (_OFF, _("Taken off"))]
        fates += [
            (str(one.pk), _("Moved to %(meeting)s") % {"meeting": one.case.reference})
            for one in agenda.others_ahead(meeting)
        ]
        for item in self.items:
            self.fields[f"place_{item.row.pk}"] = forms.IntegerField(
                label=_("Place of item %(n)s") % {"n": item.number}, initial=item.number, min_value=1, max_value=999,
                widget=forms.NumberInput(attrs={"class": "govuk-input--width-3"}),
                error_messages={"invalid": _("Write the place as a whole number, for example 3.")},
            )  # fmt: skip
            if item.decision is None:
                self.fields[f"fate_{item.row.pk}"] = forms.ChoiceField(
                    label=_("What happens with item %(n)s") % {"n": item.number}, choices=fates, initial=_STAY,
                    error_messages={"invalid_choice": _("That meeting is no longer being prepared. Choose another.")},
                )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Words about a matter need its title."""
        data: dict[str, Any] = super().clean() or {}
        if (data.get("new_about") or data.get("new_concerns")) and not data.get("new_title"):
            self.add_error("new_title", _("Give the matter a title, or leave all of it empty."))
        return data

    @property
    def lines(self) -> list[dict[str, Any]]:
        """Each item with its two controls, for the page."""
        names = set(self.fields)
        return [
            {
                "item": item,
                "place": self[f"place_{item.row.pk}"],
                "fate": self[f"fate_{item.row.pk}"] if f"fate_{item.row.pk}" in names else None,
            }
            for item in self.items
        ]


class OpeningForm(MoveForm):
    """Who is present, by office."""

    present = forms.MultipleChoiceField(
        label=gettext_lazy("FG-GVC members who are present"), widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    seom_present = forms.MultipleChoiceField(
        label=gettext_lazy("SEOM leads who are present"), widget=forms.CheckboxSelectMultiple, required=False,
    )  # fmt: skip
    others_present = forms.CharField(
        label=gettext_lazy("Others present"), help_text=gettext_lazy("One office to a line. No names of persons."),
        widget=forms.Textarea, required=False, max_length=2000,
    )  # fmt: skip

    def prepare(self) -> None:
        """Offer all members, and the SEOM leads who were invited."""
        names = member_state_names()
        self.fields["present"].choices = list(names.items())  # type: ignore[attr-defined]
        invited = [(code, name) for code, name in names.items() if code in self.move.subject.seom]
        if invited:
            self.fields["seom_present"].choices = invited  # type: ignore[attr-defined]
        else:
            del self.fields["seom_present"]


class ItemForm(MoveForm):
    """What was said on an item, beside the decision."""

    item = forms.IntegerField(widget=forms.HiddenInput)
    discussion = forms.CharField(
        label=gettext_lazy("What was said"),
        help_text=gettext_lazy("For the record of the meeting, by office, without names of persons."),
        widget=forms.Textarea(attrs={"rows": 4}), required=False, max_length=LONG,
    )  # fmt: skip
    conclusion = forms.CharField(
        label=gettext_lazy("Conclusion"), widget=forms.Textarea(attrs={"rows": 3}), required=False, max_length=LONG,
        help_text=gettext_lazy("What the meeting concluded on this matter."),
    )  # fmt: skip
    statements = forms.CharField(
        label=gettext_lazy("Statements wished on record"),
        help_text=gettext_lazy("Begin each with the Member State that wishes it."),
        widget=forms.Textarea(attrs={"rows": 3}), required=False, max_length=LONG,
    )  # fmt: skip
    next_steps = forms.CharField(
        label=gettext_lazy("Next steps"), help_text=gettext_lazy("Who does what until when."),
        widget=forms.Textarea(attrs={"rows": 2}), required=False, max_length=LONG,
    )  # fmt: skip


class RecordForm(MoveForm):
    """The words of the record; decisions and their conditions stand as they were recorded."""

    opening = forms.CharField(
        label=gettext_lazy("Opening"), widget=forms.Textarea(attrs={"rows": 4}), max_length=LONG, required=False
    )
    closing = forms.CharField(
        label=gettext_lazy("Closing"), widget=forms.Textarea(attrs={"rows": 4}), max_length=LONG, required=False
    )

    def prepare(self) -> None:
        """Ask for the words of each item, between opening and closing."""
        closing = self.fields.pop("closing")
        for item in agenda.items(self.move.subject):
            self.fields[f"text_{item.row.pk}"] = forms.CharField(
                label=f"{item.number}. {item.title}" if item.row.moved_to_id is None else item.title,
                help_text=item.told, widget=forms.Textarea(attrs={"rows": 6}), required=False, max_length=LONG,
            )  # fmt: skip
        self.fields["closing"] = closing


class CirculateForm(MoveForm):
    """Until when corrections are taken."""

    corrections_by = forms.DateField(label=gettext_lazy("Corrections are asked for by"))

    def clean_corrections_by(self) -> Any:
        """Refuse a day that is over."""
        day = self.cleaned_data["corrections_by"]
        if day <= timezone.localdate(self.move.now):
            raise forms.ValidationError(_("The day must be later than today."))
        return day


class CorrectionForm(MoveForm):
    """What a member wishes changed."""

    text = forms.CharField(
        label=gettext_lazy("What should be changed"),
        help_text=gettext_lazy("Say where, and how it should read. The Secretariat and the other members read it."),
        widget=forms.Textarea, max_length=LONG,
    )  # fmt: skip


class AdoptForm(MoveForm):
    """How the record was adopted, and that all agreed where members still have time to ask for corrections."""

    move: Any
    how = forms.CharField(
        label=gettext_lazy("How it was adopted"),
        help_text=gettext_lazy("For example: no further correction was wished by 14 March 2027."),
        widget=forms.Textarea(attrs={"rows": 3}), max_length=2000,
    )  # fmt: skip
    early = forms.BooleanField(
        label=gettext_lazy("Every member has agreed to it, although corrections may still be asked for")
    )

    def prepare(self) -> None:
        """Ask for everybody's agreement only before the day that members were told."""
        day = self.move.time_left
        if day:
            self.fields["early"].help_text = _("Corrections were asked for by %(day)s.") % {"day": day_in_words(day)}
        else:
            del self.fields["early"]
