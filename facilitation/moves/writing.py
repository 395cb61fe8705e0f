"""What a body and the Secretariat write to each other about a request (F2)."""

from collections.abc import Collection, Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aipbi.accounts.enums import Role
from aipbi.asean import clocks
from aipbi.documents import uploads
from aipbi.workflow import deadlines, parties
from aipbi.workflow.forms import MoveForm
from aipbi.workflow.models import Audience
from aipbi.workflow.moves import Owes, Tell
from aipbi.workflow.registry import register
from facilitation import rules
from facilitation.enums import RequestState
from facilitation.extracts import REQUEST_FILES
from facilitation.models import BodyRequest, RequestMessage
from facilitation.moves.shared import WhileTheCaseLives, contact_of, request_page, told_body
from facilitation.obligations import ANSWER_BODY, BODY_ANSWER

_OUT = frozenset({RequestState.SENT, RequestState.ACKNOWLEDGED, RequestState.ANSWERED, RequestState.CLOSED})


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
