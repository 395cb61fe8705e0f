"""Following up what a body promised: done, a new day with the reason, or given up (F2)."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aipbi.accounts.enums import Role
from aipbi.asean import clocks
from aipbi.asean.models import MemberState
from aipbi.documents import uploads
from aipbi.workflow.forms import MoveForm
from aipbi.workflow.models import Audience
from aipbi.workflow.moves import Owes, Tell
from aipbi.workflow.registry import register
from facilitation import rules
from facilitation.enums import PromiseState, RequestState
from facilitation.extracts import REQUEST_FILES
from facilitation.models import BodyRequest, Promise, PromiseDate
from facilitation.moves.answers import promise, to_come, until
from facilitation.moves.shared import WhileTheCaseLives, contact_of, told_body, told_concerned
from facilitation.obligations import KEEP_PROMISE


class PromiseForm(MoveForm):
    """One more thing that the body will do."""

    measure = forms.CharField(label=gettext_lazy("What the body will do"), widget=forms.Textarea, max_length=8000)
    lead_ams = forms.ModelChoiceField(
        label=gettext_lazy("Leading Member State"), queryset=MemberState.objects.order_by("order"), required=False
    )
    by_when = forms.DateField(
        label=gettext_lazy("By when"), help_text=gettext_lazy("Year-month-day, for example 2027-06-30")
    )

    def clean_by_when(self) -> date | None:
        """Nothing is promised for a day that is over."""
        return to_come(self.cleaned_data["by_when"], self.move.now)


@register
class AddPromise(WhileTheCaseLives):
    """The body promises more than its answer said."""

    name = "add_promise"
    model = BodyRequest
    during = frozenset({RequestState.ANSWERED, RequestState.CLOSED})
    who = rules.contact_of_its_body | rules.secretariat
    label = gettext_lazy("Add something that is promised")
    done = gettext_lazy("A promise of the body was added")
    form = PromiseForm
    beside = True
    audience = Audience.STATES

    def effect(self) -> None:
        """Write it down."""
        self.new = promise(self.subject, **self.data, now=self.now)

    def details(self) -> dict[str, Any]:
        """Keep which one it is."""
        return {"request": self.subject.number, "promise": self.new.number}

    def owes(self) -> Iterable[Owes]:
        """The body owes it."""
        yield Owes(KEEP_PROMISE, contact_of(self.subject), on=self.new, due=until(self.new.by_when))

    def tells(self) -> Iterable[Tell]:
        """Tell the other side, and those concerned."""
        yield from _told(self.subject, self.as_, _("%(body)s promised something about a request"))


def _told(request: BodyRequest, as_: Any, words: str) -> Iterable[Tell]:
    """Tell ASEC and those concerned what a body did; and the body what ASEC wrote down for it."""
    yield from told_concerned(request, words % {"body": request.body.acronym})
    if as_.role != Role.BODY_CONTACT:
        yield told_body(request, _("The ASEAN Secretariat wrote down what became of a promise of your body"))


class _OfPromise(WhileTheCaseLives):
    """What following up shares: the body says it, or ASEC writes down what it learnt."""

    model = Promise
    who = rules.contact | rules.secretariat
    audience = Audience.STATES
    closes = frozenset({KEEP_PROMISE})
    words: Any

    def details(self) -> dict[str, Any]:
        """Keep which one it is."""
        return {"request": self.subject.request.number, "promise": self.subject.number}

    def tells(self) -> Iterable[Tell]:
        """Tell the others."""
        yield from _told(self.subject.request, self.as_, str(self.words))


class DoneForm(MoveForm):
    """What was done, when, and what shows it."""

    result = forms.CharField(label=gettext_lazy("What was done"), widget=forms.Textarea, max_length=8000)
    done_on = forms.DateField(
        label=gettext_lazy("Since when it is so"), help_text=gettext_lazy("Year-month-day, for example 2027-06-30")
    )
    file = uploads.UploadField(label=gettext_lazy("A file that shows it"), required=False)

    def clean_done_on(self) -> date:
        """What is done is not done in days to come."""
        day: date = self.cleaned_data["done_on"]
        if day > clocks.calendar("ID").day(self.move.now):
            raise forms.ValidationError(_("This day is still to come. Report it once it is done."))
        return day


@register
class ReportDone(_OfPromise):
    """promised → done."""

    name = "report_done"
    on = "report_done"
    label = gettext_lazy("Report that it is done")
    done = gettext_lazy("What a body promised was done")
    form = DoneForm
    shown = ("result",)
    words = gettext_lazy("%(body)s has done what it promised")

    def effect(self) -> None:
        """Keep what was done, with its file."""
        one = self.subject
        one.result, one.done_on, one.ended_at = self.data["result"], self.data["done_on"], self.now
        one.save(update_fields=["result", "done_on", "ended_at"])
        if file := self.data.get("file"):
            uploads.keep(file, subject=one.request, purpose=REQUEST_FILES, as_=self.as_)

    def kept(self) -> dict[str, Any]:
        """Keep the file by its name."""
        file = self.data.get("file")
        return {**self.data, "file": file.name if file else ""}


class NewDateForm(MoveForm):
    """A later day, and why."""

    by_when = forms.DateField(
        label=gettext_lazy("New date"), help_text=gettext_lazy("Year-month-day, for example 2027-06-30")
    )
    reason = forms.CharField(label=gettext_lazy("Why the date changes"), widget=forms.Textarea, max_length=4000)

    def clean_by_when(self) -> date | None:
        """A new date is another one, and still to come."""
        day = to_come(self.cleaned_data["by_when"], self.move.now)
        if day == self.move.subject.by_when:
            raise forms.ValidationError(_("This is the date as it stands."))
        return day


@register
class SetDate(_OfPromise):
    """Another day, with the reason; the earlier ones stay in sight."""

    name = "set_date"
    during = frozenset({PromiseState.OPEN})
    label = gettext_lazy("Give a new date")
    done = gettext_lazy("The date of a promise was changed")
    form = NewDateForm
    beside = True
    shown = ("reason",)
    words = gettext_lazy("%(body)s gave a new date for what it promised")

    def effect(self) -> None:
        """Keep both days and the reason."""
        one = self.subject
        PromiseDate.objects.create(
            promise=one, before=one.by_when, after=self.data["by_when"], reason=self.data["reason"], at=self.now,
            capacity=self.as_.label,
        )  # fmt: skip
        one.by_when = self.data["by_when"]
        one.save(update_fields=["by_when"])

    def owes(self) -> Iterable[Owes]:
        """The body owes it by the new day."""
        yield Owes(KEEP_PROMISE, contact_of(self.subject.request), due=until(self.subject.by_when))


class GiveUpForm(MoveForm):
    """Why it cannot be done after all."""

    result = forms.CharField(
        label=gettext_lazy("Why it cannot be done after all"), widget=forms.Textarea, max_length=4000
    )


@register
class GiveUp(_OfPromise):
    """promised → given up."""

    name = "give_up"
    on = "give_up"
    label = gettext_lazy("Say that it cannot be done")
    done = gettext_lazy("A promise of a body was given up")
    form = GiveUpForm
    warning = True
    shown = ("result",)
    words = gettext_lazy("%(body)s cannot do what it promised")

    def effect(self) -> None:
        """Keep why."""
        self.subject.result, self.subject.ended_at = self.data["result"], self.now
        self.subject.save(update_fields=["result", "ended_at"])
