"""What is asked about notices: how soon to be told, and the words of messages."""

from typing import Any

from django import forms
from django.core.validators import MaxValueValidator
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from aipbi.accounts.capacity import Capacity
from aipbi.accounts.forms.one_line import one_line
from aipbi.workflow import topics
from aipbi.workflow.mailing import standard
from aipbi.workflow.models import MailState, Pace
from aipbi.workflow.models.message import MOST_HOURS


class PacesForm(forms.Form):
    """One question for each topic that the person is ever told about, and when digests go."""

    hour = forms.TypedChoiceField(
        label=_("Time of day at which digests go"),
        help_text=_("By your own clock: the time zone of your account."),
        coerce=int,
        choices=[(hour, f"{hour:02}:00") for hour in range(24)],
    )
    weekday = forms.TypedChoiceField(
        label=_("Day of the week of the weekly digest"),
        coerce=int,
        choices=[(number + 1, name) for number, name in WEEKDAYS.items()],
    )

    def __init__(self, *args: Any, capacities: list[Capacity], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.topics = [one for one in topics.ordered() if one.code != topics.DEADLINES and one.concerns(capacities)]
        for topic in self.topics:
            self.fields[f"about_{topic.code}"] = forms.ChoiceField(
                label=topic.label, help_text=topic.hint, choices=Pace.choices
            )
        self.order_fields([*(f"about_{topic.code}" for topic in self.topics), "hour", "weekday"])

    def paces(self) -> dict[str, str]:
        """Return what was chosen, by topic."""
        return {topic.code: self.cleaned_data[f"about_{topic.code}"] for topic in self.topics}


class OutboxForm(forms.Form):
    """What to look for in the outbox."""

    q = forms.CharField(
        label=_("Person or case"), required=False, max_length=100,
        help_text=_("A name, an e-mail address, a reference or a case's code."),
        widget=forms.SearchInput,
    )  # fmt: skip
    topic = forms.ChoiceField(label=_("About"), required=False)
    state = forms.ChoiceField(label=_("E-mail"), required=False, choices=[("", _("All")), *MailState.choices])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["topic"].choices = [("", _("All")), *((one.code, one.label) for one in topics.ordered())]  # type: ignore[attr-defined]


class WordsForm(forms.Form):
    """Subject and text of one message."""

    subject = forms.CharField(label=_("Subject"), max_length=150, validators=[one_line, standard.check])
    text = forms.CharField(
        label=_("Text"), max_length=6000, validators=[standard.check],
        help_text=_("Nothing confidential: no title, no company, no Member State's position."),
        widget=forms.Textarea(attrs={"rows": 16}),
    )  # fmt: skip


class StandardForm(WordsForm):
    """The standard text of a kind."""

    wait_hours = forms.IntegerField(
        label=_("Hours that each waits for ASEC"),
        help_text=_(
            "0 sends it at once. Otherwise it can be read, changed or held that long, and then goes unchanged."
        ),
        min_value=0,
        validators=[MaxValueValidator(MOST_HOURS)],
        widget=forms.NumberInput(attrs={"class": "govuk-input--width-4"}),
    )


class ReturnedForm(forms.Form):
    """Why an e-mail came back."""

    why = forms.CharField(
        label=_("What the returned e-mail says"), max_length=200, validators=[one_line],
        help_text=_("In a line, for example: mailbox full."),
    )  # fmt: skip
