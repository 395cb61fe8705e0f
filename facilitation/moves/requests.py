"""Requests to sectoral bodies: written by FG-GVC or ASEC, sent by ASEC, answered by the body (F2)."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aipbi.accounts.capacity import today
from aipbi.accounts.enums import Role
from aipbi.asean import clocks
from aipbi.asean.models import Body, MemberState
from aipbi.forms import Checkboxes, Radios
from aipbi.workflow import deadlines, parties
from aipbi.workflow.forms import MoveForm
from aipbi.workflow.models import Audience
from aipbi.workflow.moves import Move, Owes, Tell
from aipbi.workflow.parties import Party
from aipbi.workflow.registry import register
from facilitation import rules
from facilitation.enums import CanAct
from facilitation.models import BodyRequest, Challenge
from facilitation.moves.shared import DuringFacilitation, WhileTheCaseLives, facilitation_tab, next_in
from facilitation.obligations import BODY_ANSWER, SEND_REQUEST, TAKE_UP_ANSWER
from proposals import rules as case_rules
from proposals.enums import State
from proposals.models import Proposal


class RequestForm(MoveForm):
    """A question to a body."""

    body = forms.ModelChoiceField(label=gettext_lazy("ASEAN body"), queryset=Body.objects.none())
    challenge = forms.ModelChoiceField(
        label=gettext_lazy("Challenge it is about"),
        queryset=Challenge.objects.none(),
        required=False,
    )
    question = forms.CharField(
        label=gettext_lazy("What the body is asked"),
        help_text=gettext_lazy("The body reads this."),
        widget=forms.Textarea,
        max_length=8000,
    )
    ams = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Member States concerned"),
        queryset=MemberState.objects.order_by("order"),
        widget=Checkboxes,
        required=False,
    )

    def prepare(self) -> None:
        """Offer the bodies that exist today, by their names, and this case's challenges."""
        bodies, challenges = self.fields["body"], self.fields["challenge"]
        bodies.queryset = Body.objects.on(today()).order_by("acronym")  # type: ignore[attr-defined]
        bodies.label_from_instance = lambda body: f"{body.acronym} – {body.name}"  # type: ignore[attr-defined]
        challenges.queryset = Challenge.objects.filter(proposal=self.move.subject).order_by("number")  # type: ignore[attr-defined]


@register
class AddRequest(Move):
    """A question to a body is written; ASEC sends it (F2)."""

    name = "add_request"
    model = Proposal
    during = frozenset({State.FACILITATION})
    who = rules.engages
    label = gettext_lazy("Write a request to an ASEAN body")
    done = gettext_lazy("Request written")
    help = gettext_lazy(
        "The Secretariat adds the extract that the body may read, and sends it. The body sees nothing else of the case."
    )
    form = RequestForm
    audience = Audience.STATES

    def effect(self) -> None:
        """Write it down."""
        data = self.data
        self.new = BodyRequest.objects.create(
            proposal=self.subject, number=next_in(BodyRequest, self.subject), body=data["body"],
            challenge=data["challenge"], question=data["question"], written_at=self.now,
        )  # fmt: skip
        self.new.ams.set(data["ams"])

    def details(self) -> dict[str, Any]:
        """Keep which one it is."""
        return {"request": self.new.number}

    def owes(self) -> Iterable[Owes]:
        """ASEC owes sending it."""
        yield Owes(SEND_REQUEST, parties.asec(), on=self.new)

    def tells(self) -> Iterable[Tell]:
        """Tell ASEC, who sends it."""
        yield Tell(
            parties.asec(),
            _("A request to %(body)s is ready to be sent") % {"body": self.new.body.acronym},
            to_act=True,
            path=facilitation_tab(self.subject),
        )

    def after(self) -> str:
        """Go back to the requests."""
        return facilitation_tab(self.subject)


class SendForm(MoveForm):
    """What goes out: question, extract, deadline."""

    question = forms.CharField(label=gettext_lazy("What the body is asked"), widget=forms.Textarea, max_length=8000)
    extract = forms.CharField(
        label=gettext_lazy("Extract for the body"),
        help_text=gettext_lazy(
            "All that the body may know of the case. Name the project or the proponent only if the body must know. "
            "The body sees nothing but the question, this text and the Member States concerned.",
        ),
        widget=forms.Textarea(attrs={"rows": 10}),
        max_length=20_000,
    )
    answer_by = forms.DateField(
        label=gettext_lazy("Answer wanted by"),
        help_text=gettext_lazy(
            "Year-month-day, for example 2027-03-31. Left empty, the usual time for a body's answer counts from today."
        ),
        required=False,
    )

    def clean_answer_by(self) -> date | None:
        """A day that is over, or on which the Secretariat, by whose calendar bodies answer, is closed cannot be kept."""
        day: date | None = self.cleaned_data["answer_by"]
        return deadlines.check(day, ["ID"]) if day else None


@register
class Send(DuringFacilitation):
    """draft → sent, with the extract that ASEC chose."""

    name = "send"
    model = BodyRequest
    on = "send"
    who = case_rules.asec
    label = gettext_lazy("Send it to the body")
    done = gettext_lazy("Request sent to the body")
    form = SendForm
    audience = Audience.STATES
    closes = {SEND_REQUEST}

    def initial(self) -> dict[str, Any]:
        """Start from what was written."""
        return {"question": self.subject.question, "extract": self.subject.extract}

    def effect(self) -> None:
        """Keep what the body reads, and until when it is asked to answer (L5: 30 working days)."""
        request, day = self.subject, self.data["answer_by"]
        request.question, request.extract = self.data["question"], self.data["extract"]
        request.sent_at = self.now
        request.due_at = clocks.calendar("ID").end_of(day) if day else clocks.due("sectoral_body", self.now, "ID")
        request.save(update_fields=["question", "extract", "sent_at", "due_at"])

    def details(self) -> dict[str, Any]:
        """Keep which one it is and whom it went to."""
        return {"request": self.subject.number, "body": self.subject.body.acronym, "due": self.subject.due_at}

    def owes(self) -> Iterable[Owes]:
        """The body owes an answer."""
        yield Owes(BODY_ANSWER, _contact(self.subject), due=self.subject.due_at)

    def tells(self) -> Iterable[Tell]:
        """Tell the body's contacts, on their own page."""
        yield Tell(
            _contact(self.subject), _("The FG-GVC asks your body for help with a barrier"), to_act=True,
            due=self.subject.due_at, path=reverse("request", args=[self.subject.pk]),
        )  # fmt: skip


def _contact(request: BodyRequest) -> Party:
    return parties.office(Role.BODY_CONTACT, body=request.body_id)


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
        yield Tell(parties.asec(), words, path=facilitation_tab(self.subject.proposal))


class AnswerForm(MoveForm):
    """What the body can do, who leads, by when."""

    answer = forms.ChoiceField(label=gettext_lazy("Can the body act on this?"), choices=CanAct, widget=Radios)
    measure = forms.CharField(
        label=gettext_lazy("Measure"),
        help_text=gettext_lazy("What the body would do. Needed when it can act, also in part."),
        widget=forms.Textarea,
        max_length=8000,
        required=False,
    )
    lead_ams = forms.ModelChoiceField(
        label=gettext_lazy("Leading Member State"),
        queryset=MemberState.objects.order_by("order"),
        required=False,
    )
    by_when = forms.DateField(label=gettext_lazy("By when"), required=False)
    answer_text = forms.CharField(
        label=gettext_lazy("Explanation"),
        help_text=gettext_lazy("Needed when it cannot act, or can only in part."),
        widget=forms.Textarea,
        max_length=8000,
        required=False,
    )

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


class _Answer(WhileTheCaseLives):
    """What the body's own answer and the one ASEC records share."""

    model = BodyRequest
    on = "answer_it"
    audience = Audience.STATES
    closes = {BODY_ANSWER}

    def effect(self) -> None:
        """Keep the answer."""
        request = self.subject
        for name in ("answer", "measure", "lead_ams", "by_when", "answer_text"):
            setattr(request, name, self.data[name])
        request.received = self.data.get("received", "")
        request.answered_at = self.now
        request.save(
            update_fields=["answer", "measure", "lead_ams", "by_when", "answer_text", "received", "answered_at"]
        )

    def details(self) -> dict[str, Any]:
        """Keep which one it is."""
        return {"request": self.subject.number}

    def owes(self) -> Iterable[Owes]:
        """ASEC owes taking it up."""
        yield Owes(TAKE_UP_ANSWER, parties.asec())

    def tells(self) -> Iterable[Tell]:
        """Tell ASEC, which takes it up, and the FG-GVC members of the Member States concerned."""
        path = facilitation_tab(self.subject.proposal)
        words = _("%(body)s has answered a request") % {"body": self.subject.body.acronym}
        yield Tell(parties.asec(), words, to_act=True, path=path)
        for ams in self.subject.ams.values_list("code", flat=True):
            yield Tell(parties.fg_gvc(ams), words, path=path)


@register
class Answer(_Answer):
    """The body's contact answers."""

    name = "answer"
    who = rules.contact_of_its_body
    label = gettext_lazy("Answer the request")
    done = gettext_lazy("Request answered by the body")
    form = AnswerForm


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
    """ASEC writes down an answer that came outside the portal, such as AEM's to a question put to it."""

    name = "record_answer"
    who = case_rules.asec
    label = gettext_lazy("Record an answer that came another way")
    done = gettext_lazy("Answer of the body recorded by ASEC")
    form = RecordAnswerForm


class CloseForm(MoveForm):
    """What comes of a request."""

    note = forms.CharField(
        label=gettext_lazy("What comes of it"),
        help_text=gettext_lazy("The Member States on the case read this."),
        widget=forms.Textarea,
        max_length=4000,
    )


@register
class CloseRequest(WhileTheCaseLives):
    """Nothing more is awaited from the body."""

    name = "close_request"
    model = BodyRequest
    on = "close"
    who = case_rules.asec
    label = gettext_lazy("Close the request")
    done = gettext_lazy("Request closed")
    form = CloseForm
    audience = Audience.STATES
    closes = {SEND_REQUEST, BODY_ANSWER, TAKE_UP_ANSWER}

    def effect(self) -> None:
        """Keep what came of it."""
        self.subject.note, self.subject.closed_at = self.data["note"], self.now
        self.subject.save(update_fields=["note", "closed_at"])

    def details(self) -> dict[str, Any]:
        """Keep which one it is."""
        return {"request": self.subject.number}

    def tells(self) -> Iterable[Tell]:
        """Tell the body, if it was ever asked."""
        if self.subject.sent_at:
            path = reverse("request", args=[self.subject.pk])
            yield Tell(_contact(self.subject), _("A request to your body was closed"), path=path)
