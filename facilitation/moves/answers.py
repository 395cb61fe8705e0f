"""What a body does with a request: acknowledge it, ask back, answer; and what ASEC writes to it (F2)."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aipbi.accounts.enums import Role
from aipbi.asean import clocks
from aipbi.asean.models import MemberState
from aipbi.documents import uploads
from aipbi.forms import Radios
from aipbi.workflow import deadlines, parties
from aipbi.workflow.forms import MoveForm
from aipbi.workflow.models import Audience
from aipbi.workflow.moves import Owes, Tell
from aipbi.workflow.registry import register
from facilitation import rules
from facilitation.enums import CanAct, RequestState
from facilitation.extracts import REQUEST_FILES
from facilitation.models import BodyRequest, Promise, RequestMessage
from facilitation.moves.shared import (
    ShowsExtract,
    WhileTheCaseLives,
    contact_of,
    request_page,
    told_body,
    told_concerned,
)
from facilitation.obligations import ANSWER_BODY, BODY_ANSWER, KEEP_PROMISE, TAKE_UP_ANSWER

_WAITING = frozenset({RequestState.SENT, RequestState.ACKNOWLEDGED})
_OUT = _WAITING | {RequestState.ANSWERED, RequestState.CLOSED}


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


# --- the thread ---
class MessageForm(MoveForm):
    """A message, with a file where it helps."""

    text = forms.CharField(label=gettext_lazy("Message"), widget=forms.Textarea, max_length=8000)
    file = uploads.UploadField(label=gettext_lazy("Add a file"), required=False)


class AskBackForm(MessageForm):
    """The same to the Secretariat, which stops the body's clock where its answer has to wait."""

    waits = forms.BooleanField(
        label=gettext_lazy("We cannot answer before you do"),
        help_text=gettext_lazy("Your date stands still until the Secretariat has written back."),
        required=False,
    )

    def prepare(self) -> None:
        """There is a clock to stop only while it runs."""
        self.fields["text"].help_text = _("The Secretariat answers. The Member States on the case read it too.")
        if not self.move.subject.waiting or self.move.subject.paused_at:
            del self.fields["waits"]


class _Write(WhileTheCaseLives):
    """What both directions of the thread share."""

    model = BodyRequest
    during = _OUT
    audience = Audience.STATES

    def effect(self) -> None:
        """Keep the message with its file."""
        self.message = RequestMessage.objects.create(  # type: ignore[misc]
            request=self.subject, at=self.now, person=self.as_.person, capacity=self.as_.label,
            from_body=self.as_.role == Role.BODY_CONTACT, text=self.data["text"],
        )  # fmt: skip
        if file := self.data.get("file"):
            self.message.files.add(uploads.keep(file, subject=self.subject, purpose=REQUEST_FILES, as_=self.as_))

    def kept(self) -> dict[str, Any]:
        """Keep the words; the file by its name."""
        file = self.data.get("file")
        return {"text": self.data["text"], "file": file.name if file else ""}

    def details(self) -> dict[str, Any]:
        """Keep which one it is."""
        return {"request": self.subject.number}


@register
class AskBack(_Write):
    """The body asks the Secretariat something, or adds a word; also after the request was closed."""

    name = "ask_back"
    who = rules.contact_of_its_body
    label = gettext_lazy("Write to the Secretariat")
    done = gettext_lazy("The body wrote to the Secretariat")
    form = AskBackForm
    beside = True

    @property
    def pauses(self) -> Collection[str]:  # type: ignore[override]
        """Its answer, where that has to wait for the Secretariat's."""
        return {BODY_ANSWER} if self.data.get("waits") else frozenset()

    def effect(self) -> None:
        """Keep the message, and since when the body waits."""
        super().effect()
        if self.data.get("waits"):
            self.subject.paused_at = self.now
            self.subject.save(update_fields=["paused_at"])

    def kept(self) -> dict[str, Any]:
        """Keep whether it waits."""
        return {**super().kept(), "waits": bool(self.data.get("waits"))}

    def owes(self) -> Iterable[Owes]:
        """ASEC owes an answer."""
        yield Owes(ANSWER_BODY, parties.asec())

    def tells(self) -> Iterable[Tell]:
        """Tell ASEC."""
        words = _("%(body)s wrote about a request") % {"body": self.subject.body.acronym}
        yield Tell(parties.asec(), words, to_act=True, path=request_page(self.subject))


class ReplyForm(MessageForm):
    """A message of the Secretariat, which may give more time."""

    answer_by = forms.DateField(
        label=gettext_lazy("Give the body until"),
        help_text=gettext_lazy("Year-month-day. Left empty, the date stays as it is."),
        required=False,
    )

    def prepare(self) -> None:
        """Time is given only to a body that has not answered."""
        self.fields["text"].help_text = _("The body reads this, and so do the Member States on the case.")
        if self.move.subject.paused_at:
            self.fields["answer_by"].help_text = _(
                "Year-month-day. Left empty, the body gets the working days back that it waited for this message."
            )
        if not self.move.subject.waiting:
            del self.fields["answer_by"]

    def clean_answer_by(self) -> date | None:
        """As when it was sent."""
        day: date | None = self.cleaned_data["answer_by"]
        return deadlines.check(day, ["ID"]) if day else None


@register
class ReplyToBody(_Write):
    """ASEC answers the body, or writes to it of its own accord: a clock that stood still runs again; it may give more time."""

    name = "reply_to_body"
    who = rules.secretariat
    label = gettext_lazy("Write to the body")
    done = gettext_lazy("The Secretariat wrote to the body")
    form = ReplyForm
    beside = True
    resumes = frozenset({BODY_ANSWER})

    @property
    def closes(self) -> Collection[str]:  # type: ignore[override]
        """What it owed the body; and the answer with the old date, where a new one is given."""
        return {ANSWER_BODY, *([BODY_ANSWER] if self.data.get("answer_by") else [])}

    def effect(self) -> None:
        """Keep the message, and the new date."""
        super().effect()
        request = self.subject
        if day := self.data.get("answer_by"):
            request.due_at = clocks.calendar("ID").end_of(day)
        elif request.paused_at:
            request.due_at = clocks.put_off(request.due_at, request.paused_at, self.now, "ID")
        request.paused_at = None
        request.save(update_fields=["due_at", "paused_at"])

    def kept(self) -> dict[str, Any]:
        """Keep the new date too."""
        return {**super().kept(), "answer_by": self.data.get("answer_by")}

    def owes(self) -> Iterable[Owes]:
        """The body owes its answer by the new date."""
        if self.data.get("answer_by"):
            yield Owes(BODY_ANSWER, contact_of(self.subject), due=self.subject.due_at)

    def tells(self) -> Iterable[Tell]:
        """Tell the body."""
        yield told_body(self.subject, _("The ASEAN Secretariat wrote about a request to your body"))


# --- the answer ---
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
        fields = ("answer", "measure", "lead_ams", "by_when", "answer_text")
        for name in fields:
            setattr(request, name, data[name])
        request.received = data.get("received", "")
        request.answered_at, request.paused_at = self.now, None
        request.save(update_fields=[*fields, "received", "answered_at", "paused_at"])
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


@register
class Answer(_Answer):
    """The body's contact answers."""

    name = "answer"
    on = "answer_it"
    who = rules.contact_of_its_body
    label = gettext_lazy("Answer the request")
    done = gettext_lazy("Request answered by the body")
    form = AnswerForm

    # What an answer that comes too late carries over; a file has to be chosen again.
    kept_names = tuple(name for name in AnswerForm.base_fields if name != "file")

    @property
    def late_url(self) -> str:
        """Where an answer is kept that comes after the request was closed."""
        return AnswerLate(self.subject, self.as_).url(self.subject.case.code)


@register
class AnswerLate(_Answer):
    """The body's contact answers although the request was closed meanwhile: it is kept, and both sides are told."""

    name = "answer_late"
    during = frozenset({RequestState.CLOSED})
    who = rules.contact_of_its_body
    label = gettext_lazy("Answer it all the same")
    done = gettext_lazy("Answer of the body kept, after the request was closed")
    help = gettext_lazy(
        "The request was closed before your body answered. Your answer is kept with it and ASEC is told."
    )
    form = AnswerForm
    words = gettext_lazy("%(body)s has answered a request that was closed")

    def reasons(self) -> Iterable[str]:
        """One answer stands."""
        yield from super().reasons()
        if self.subject.answered_at:
            yield _("Your body's answer is there. Write to the Secretariat to add to it.")


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
