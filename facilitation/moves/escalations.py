"""Taking a request to AEM or AECC, and recording what they said (F2, D5)."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aipbi.asean import clocks
from aipbi.documents import uploads
from aipbi.workflow import deadlines, parties
from aipbi.workflow.forms import MoveForm
from aipbi.workflow.models import Audience
from aipbi.workflow.moves import Owes, Tell
from aipbi.workflow.registry import register
from facilitation import rules
from facilitation.enums import RequestState
from facilitation.extracts import ESCALATION_FILES
from facilitation.models import BodyRequest, RequestEscalation
from facilitation.moves.shared import WhileTheCaseLives, request_page, told_concerned
from facilitation.obligations import ESCALATED
from review.enums import Forum

# Purpose of the file of an answer: the body does not read what the ministers were asked about it.
FILES = ESCALATION_FILES


class EscalateForm(MoveForm):
    """Whom the FG-GVC asks, what, and until when."""

    forum = forms.ChoiceField(label=gettext_lazy("Escalate to"), choices=Forum, widget=forms.RadioSelect)
    question = forms.CharField(
        label=gettext_lazy("What is asked of them"),
        help_text=gettext_lazy(
            "The Member States on the case and the Secretariat read it; the body and the proponent do not."
        ),
        widget=forms.Textarea,
        max_length=8000,
    )
    due = forms.DateField(
        label=gettext_lazy("An answer is expected by"),
        help_text=gettext_lazy("For example the day of their meeting. Year-month-day, for example 2027-03-31"),
    )

    def clean_due(self) -> date:
        """A day on which the Secretariat, which brings the answer back, works."""
        return deadlines.check(self.cleaned_data["due"], ["ID"])


@register
class EscalateRequest(WhileTheCaseLives):
    """What a body cannot do, or does not answer, is taken above it; the request stays as it is."""

    name = "escalate_request"
    model = BodyRequest
    during = frozenset(set(RequestState) - {RequestState.DRAFT})
    who = rules.together
    label = gettext_lazy("Escalate to AEM or AECC")
    done = gettext_lazy("A request was escalated")
    form = EscalateForm
    beside = True
    audience = Audience.STATES
    shown = ("question",)
    shown_to = Audience.STATES

    def reasons(self) -> Iterable[str]:
        """One at a time."""
        yield from super().reasons()
        if self.subject.escalated:
            yield _("It was escalated already; record that answer first.")

    def effect(self) -> None:
        """Put on record what is asked, of whom, until when."""
        self.new = RequestEscalation.objects.create(
            request=self.subject, forum=self.data["forum"], question=self.data["question"], put_at=self.now,
            due_at=clocks.calendar("ID").end_of(self.data["due"]),
        )  # fmt: skip

    def details(self) -> dict[str, Any]:
        """Keep which request it is about."""
        return {"request": self.subject.number}

    def owes(self) -> Iterable[Owes]:
        """ASEC brings the answer back."""
        yield Owes(ESCALATED, parties.asec(), on=self.new, due=self.new.due_at)

    def tells(self) -> Iterable[Tell]:
        """Tell ASEC and those concerned."""
        words = _("A request was escalated to %(forum)s") % {"forum": self.data["forum"]}
        yield Tell(parties.asec(), words, to_act=True, due=self.new.due_at, path=request_page(self.subject))
        yield from (tell for tell in told_concerned(self.subject, words) if tell.party != parties.asec())


class MinistersForm(MoveForm):
    """What came back, and when it was given."""

    answer = forms.CharField(
        label=gettext_lazy("The answer"),
        help_text=gettext_lazy("In their words where it is short; otherwise what it says. Where none came, say so."),
        widget=forms.Textarea,
        max_length=8000,
    )
    given_on = forms.DateField(
        label=gettext_lazy("Date of the answer"), help_text=gettext_lazy("Year-month-day, for example 2027-03-31")
    )
    file = uploads.UploadField(label=gettext_lazy("The answer as a file"), required=False)

    def clean_given_on(self) -> date:
        """An answer is not given before it is asked for, nor in days to come."""
        day: date = self.cleaned_data["given_on"]
        here = clocks.calendar("ID")
        asked = here.day(self.move.subject.put_at)
        if not asked <= day <= here.day(self.move.now):
            raise forms.ValidationError(
                _("The answer was given between %(asked)s, when it was asked for, and today.")
                % {"asked": asked.isoformat()}
            )
        return day


@register
class RecordMinisters(WhileTheCaseLives):
    """put → answered: what AEM or AECC said is on record."""

    name = "record_ministers"
    model = RequestEscalation
    on = "record_ministers"
    who = rules.together
    label = gettext_lazy("Record the answer to the escalation")
    done = gettext_lazy("The answer to the escalation of a request was recorded")
    form = MinistersForm
    audience = Audience.STATES
    closes = frozenset({ESCALATED})
    shown = ("answer",)
    shown_to = Audience.STATES

    def effect(self) -> None:
        """Keep it, with its file."""
        one = self.subject
        one.answer, one.given_on, one.answered_at = self.data["answer"], self.data["given_on"], self.now
        one.save(update_fields=["answer", "given_on", "answered_at"])
        if file := self.data.get("file"):
            uploads.keep(file, subject=one, purpose=FILES, as_=self.as_)

    def kept(self) -> dict[str, Any]:
        """Keep the file by its name."""
        file = self.data.get("file")
        return {**self.data, "file": file.name if file else ""}

    def details(self) -> dict[str, Any]:
        """Keep which request it is about, and who answered."""
        return {"request": self.subject.request.number, "forum": self.subject.forum}

    def tells(self) -> Iterable[Tell]:
        """Tell ASEC and those concerned."""
        words = _("The answer of %(forum)s to an escalated request is there") % {"forum": self.subject.forum}
        yield from told_concerned(self.subject.request, words)
