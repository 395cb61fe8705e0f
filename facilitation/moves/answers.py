"""What a body does with a request: acknowledge it, and answer, for which there is a draft (F2)."""

from collections.abc import Iterable
from datetime import date
from functools import cached_property
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aipbi.accounts.capacity import Capacity
from aipbi.asean import clocks
from aipbi.asean.models import MemberState
from aipbi.documents import uploads
from aipbi.forms import Radios
from aipbi.workflow import parties
from aipbi.workflow.forms import MoveForm
from aipbi.workflow.models import Audience
from aipbi.workflow.moves import Move, Owes, Tell
from aipbi.workflow.registry import register
from facilitation import answer_drafts, rules
from facilitation.draft_forms import FilesForm, TakeOffForm
from facilitation.enums import CanAct, RequestState
from facilitation.extracts import REQUEST_FILES
from facilitation.models import AnswerDraft, BodyRequest, Promise
from facilitation.moves.shared import (
    ShowsExtract,
    WhileTheCaseLives,
    contact_of,
    request_page,
    told_concerned,
)
from facilitation.obligations import BODY_ANSWER, KEEP_PROMISE, TAKE_UP_ANSWER


@register
class Acknowledge(WhileTheCaseLives):
    """sent → acknowledged, by the body."""

    name = "acknowledge"
    model = BodyRequest
    on = "acknowledge"
    who = rules.contact_of_its_body
    label = gettext_lazy("Acknowledge that you have it")
    done = gettext_lazy("Request acknowledged by the body")
    audience = Audience.STATES

    def effect(self) -> None:
        """Date it."""
        self.subject.acknowledged_at = self.now
        self.subject.save(update_fields=["acknowledged_at"])

    def details(self) -> dict[str, Any]:
        """Keep which one it is."""
        return {"request": self.subject.number}

    def tells(self) -> Iterable[Tell]:
        """Tell ASEC."""
        words = _("%(body)s has acknowledged a request") % {"body": self.subject.body.acronym}
        yield Tell(parties.asec(), words, path=request_page(self.subject))


class AnswerForm(MoveForm):
    """What the body can do, who leads, by when."""

    answer = forms.ChoiceField(label=gettext_lazy("Can the body act on this?"), choices=CanAct, widget=Radios)
    measure = forms.CharField(
        label=gettext_lazy("Measure"),
        help_text=gettext_lazy("What the body would do. Needed when it can act, also in part. It is followed up."),
        widget=forms.Textarea,
        max_length=8000,
        required=False,
    )
    lead_ams = forms.ModelChoiceField(
        label=gettext_lazy("Leading Member State"),
        queryset=MemberState.objects.order_by("order"),
        required=False,
    )
    by_when = forms.DateField(
        label=gettext_lazy("By when"),
        help_text=gettext_lazy("Year-month-day, for example 2027-06-30. You are reminded before that day."),
        required=False,
    )
    answer_text = forms.CharField(
        label=gettext_lazy("Explanation"),
        help_text=gettext_lazy("Needed when it cannot act, or can only in part."),
        widget=forms.Textarea,
        max_length=8000,
        required=False,
    )
    file = uploads.UploadField(label=gettext_lazy("A file with the answer"), required=False)

    # What is kept of it before it is sent, or carried over where it comes too late; files are kept apart.
    kept_names = ("answer", "measure", "lead_ams", "by_when", "answer_text")

    def clean_by_when(self) -> date | None:
        """Nothing is promised for a day that is over."""
        return to_come(self.cleaned_data["by_when"], self.move.now)

    def clean(self) -> dict[str, Any]:
        """Ask for a measure where the body acts, and for the reason where it does not (F2)."""
        data: dict[str, Any] = super().clean() or {}
        answer = data.get("answer")
        if answer in (CanAct.YES, CanAct.IN_PART) and not data.get("measure"):
            self.add_error("measure", _("Say what the body would do."))
        if answer in (CanAct.NO, CanAct.IN_PART) and not data.get("answer_text"):
            self.add_error("answer_text", _("Say why, or what is left open."))
        if answer == CanAct.NO:
            for name in ("measure", "lead_ams", "by_when"):
                if data.get(name):
                    self.add_error(name, _("Leave this empty when the body cannot act."))
        return data


class OwnAnswerForm(FilesForm, AnswerForm):
    """The same for the body itself, which may leave it and go on another day."""

    holds = answer_drafts.DRAFT

    draft = forms.IntegerField(widget=forms.HiddenInput({"autocomplete": "off"}), required=False, min_value=0)

    @cached_property
    def kept(self) -> AnswerDraft | None:
        """The draft as it is saved."""
        return answer_drafts.of(self.move.subject, self.move.as_)

    @property
    def save_url(self) -> str:
        """Where the draft is kept."""
        return reverse("request_draft", args=[self.move.subject.pk])

    @property
    def send_url(self) -> str:
        """Where the answer is sent."""
        return self.move.url(self.move.subject.case.code)


class DraftForm(TakeOffForm, OwnAnswerForm):
    """The same, gaps and all: each field as it is typed, whatever can be made of it later."""

    def prepare(self) -> None:
        """Take any short text where one of several is chosen, or a date is written."""
        super().prepare()
        for name in ("answer", "lead_ams", "by_when"):
            asked = self.fields[name]
            self.fields[name] = forms.CharField(
                label=asked.label, help_text=asked.help_text, widget=asked.widget, max_length=40
            )
        for field in self.fields.values():
            field.required = False

    def clean_by_when(self) -> Any:
        """A draft promises nothing."""
        return self.cleaned_data["by_when"]

    def clean(self) -> dict[str, Any]:
        """Nothing is missing in a draft."""
        return self.cleaned_data


def to_come(day: date | None, now: Any) -> date | None:
    """Return the day, where it is not over at the Secretariat. Raises ValidationError."""
    if day and day < clocks.calendar("ID").day(now):
        raise forms.ValidationError(_("This day is over. Give one that is still to come."))
    return day


def promise(request: BodyRequest, *, measure: str, lead_ams: Any, by_when: date | None, now: Any) -> Promise:
    """Write down what a body promised; called inside a move."""
    last = request.promises.order_by("-number").values_list("number", flat=True).first() or 0
    return Promise.objects.create(
        request=request, number=last + 1, measure=measure, lead_ams=lead_ams, by_when=by_when, made_at=now
    )


def until(day: date | None) -> Any:
    """Return the end of a promised day at the Secretariat."""
    return clocks.calendar("ID").end_of(day) if day else None


class _Answer(WhileTheCaseLives, ShowsExtract):
    """What every answer to a request shares."""

    model = BodyRequest
    audience = Audience.STATES
    closes = frozenset({BODY_ANSWER})
    words = gettext_lazy("%(body)s has answered a request")

    def effect(self) -> None:
        """Keep the answer, and what it promises."""
        request, data = self.subject, self.data
        for name in AnswerForm.kept_names:
            setattr(request, name, data[name])
        request.received = data.get("received", "")
        request.answered_at, request.paused_at = self.now, None
        request.save(update_fields=[*AnswerForm.kept_names, "received", "answered_at", "paused_at"])
        if file := data.get("file"):
            uploads.keep(file, subject=request, purpose=REQUEST_FILES, as_=self.as_)
        self.promised = None
        if data["measure"]:
            self.promised = promise(
                request, measure=data["measure"], lead_ams=data["lead_ams"], by_when=data["by_when"], now=self.now
            )

    def kept(self) -> dict[str, Any]:
        """Keep the file by its name."""
        file = self.data.get("file")
        return {**self.data, "file": file.name if file else ""}

    def details(self) -> dict[str, Any]:
        """Keep which one it is."""
        return {"request": self.subject.number}

    def owes(self) -> Iterable[Owes]:
        """ASEC owes taking it up; the body what it promised."""
        if self.subject.state == RequestState.ANSWERED:
            yield Owes(TAKE_UP_ANSWER, parties.asec())
        if self.promised:
            yield Owes(KEEP_PROMISE, contact_of(self.subject), on=self.promised, due=until(self.promised.by_when))

    def tells(self) -> Iterable[Tell]:
        """Tell ASEC, which takes it up, and the FG-GVC members of the Member States concerned."""
        words = self.words % {"body": self.subject.body.acronym}
        yield from told_concerned(self.subject, words, to_act=True)


class _OwnAnswer(_Answer):
    """What the body's contact sends: the draft becomes the answer."""

    who = rules.contact_of_its_body
    form = OwnAnswerForm

    def initial(self) -> dict[str, Any]:
        """Start with the draft."""
        draft = answer_drafts.of(self.subject, self.as_)
        return {**draft.typed, "draft": draft.revision} if draft else {"draft": 0}

    def effect(self) -> None:
        """Keep the answer, and no draft of it."""
        answer_drafts.sent(self.subject, as_=self.as_, data=self.data)
        super().effect()

    def kept(self) -> dict[str, Any]:
        """Leave out which draft it was."""
        return {name: value for name, value in super().kept().items() if name != "draft"}


@register
class Answer(_OwnAnswer):
    """The body's contact answers."""

    name = "answer"
    on = "answer_it"
    label = gettext_lazy("Answer the request")
    done = gettext_lazy("Request answered by the body")
    kept_names = AnswerForm.kept_names

    @property
    def late_url(self) -> str:
        """Where an answer is kept that comes after the request was closed."""
        return AnswerLate(self.subject, self.as_).url(self.subject.case.code)


@register
class AnswerLate(_OwnAnswer):
    """The body's contact answers although the request was closed meanwhile: it is kept, and both sides are told."""

    name = "answer_late"
    during = frozenset({RequestState.CLOSED})
    label = gettext_lazy("Answer it all the same")
    done = gettext_lazy("Answer of the body kept, after the request was closed")
    help = gettext_lazy(
        "The request was closed before your body answered. Your answer is kept with it and ASEC is told."
    )
    words = gettext_lazy("%(body)s has answered a request that was closed")

    def reasons(self) -> Iterable[str]:
        """One answer stands."""
        yield from super().reasons()
        if self.subject.answered_at:
            yield _("Your body's answer is there. Write to the Secretariat to add to it.")


def answering_move(request: BodyRequest, viewer: Capacity) -> Move | None:
    """Return the move by which the reader answers the request now, if there is one."""
    for kind in (Answer, AnswerLate):
        act = kind(request, viewer)
        if act.is_open and act.may(viewer, request) and not list(act.reasons()):
            return act
    return None


class RecordAnswerForm(AnswerForm):
    """The same, and how it came."""

    received = forms.CharField(
        label=gettext_lazy("How the answer came"),
        help_text=gettext_lazy("A letter, the record of a meeting: with its date."),
        widget=forms.Textarea,
        max_length=2000,
    )


@register
class RecordAnswer(_Answer):
    """ASEC writes down an answer that came outside the portal."""

    name = "record_answer"
    on = "answer_it"
    who = rules.secretariat
    label = gettext_lazy("Record an answer that came another way")
    done = gettext_lazy("Answer of the body recorded by ASEC")
    form = RecordAnswerForm
