"""Requests to sectoral bodies: written by FG-GVC or ASEC, and closed by ASEC once it has sent them (F2)."""

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import Case, When
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aipbi.accounts.capacity import today
from aipbi.accounts.enums import Role
from aipbi.accounts.models import Appointment
from aipbi.asean.models import Body, MemberState
from aipbi.forms import Checkboxes
from aipbi.workflow import parties
from aipbi.workflow.forms import MoveForm
from aipbi.workflow.models import Audience
from aipbi.workflow.moves import Move, Owes, Tell
from aipbi.workflow.registry import register
from facilitation import rules
from facilitation.enums import CommonState
from facilitation.models import BodyRequest, Challenge, CommonBarrier
from facilitation.moves.shared import (
    WhileTheCaseLives,
    facilitation_tab,
    next_in,
    request_page,
    told_body,
)
from facilitation.obligations import ANSWER_BODY, BODY_ANSWER, SEND_REQUEST, TAKE_UP_ANSWER
from proposals.enums import State
from proposals.models import Proposal

# Of a challenge on its case.
_NUMBER = re.compile(r"\d{1,4}\Z", re.ASCII)
_NO_CONTACT = gettext_lazy("It has no contact in the portal yet.")


def unstaffed(bodies: Iterable[Body]) -> set[int]:
    """Return those of the bodies that nobody answers for in the portal today, by primary key."""
    keys = {body.pk for body in bodies}
    held = Appointment.objects.current(today()).filter(office__role=Role.BODY_CONTACT, office__body__in=keys)
    return keys - set(held.values_list("office__body", flat=True))


class CommonRequestForm(MoveForm):
    """A question to one or several bodies."""

    body = forms.ModelMultipleChoiceField(
        label=gettext_lazy("ASEAN bodies"),
        help_text=gettext_lazy("Each gets a request of its own and reads nothing of the others."),
        queryset=Body.objects.none(),
        widget=Checkboxes,
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
        """Offer the bodies that exist today, by their names; those without a contact come last, and it is said of them."""
        field: Any = self.fields["body"]
        bodies = Body.objects.on(today())
        without = unstaffed(bodies)
        field.queryset = bodies.order_by(Case(When(pk__in=without, then=1), default=0), "acronym")
        field.label_from_instance = lambda body: f"{body.acronym} – {body.name}"
        field.widget.hints = {str(pk): str(_NO_CONTACT) for pk in without}


class RequestForm(CommonRequestForm):
    """The same, on a case: with the challenge that it is about."""

    challenge = forms.ModelChoiceField(
        label=gettext_lazy("Challenge it is about"), queryset=Challenge.objects.none(), required=False
    )
    field_order = ("body", "challenge", "question", "ams")

    def prepare(self) -> None:
        """Offer this case's challenges too."""
        super().prepare()
        self.fields["challenge"].queryset = Challenge.objects.filter(proposal=self.move.subject).order_by("number")  # type: ignore[attr-defined]


class _Add(Move):
    """What asking about a case and about a common barrier share."""

    who = rules.together
    label = gettext_lazy("Write a request to ASEAN bodies")
    done = gettext_lazy("Request written")
    help = gettext_lazy(
        "The Secretariat adds the extract that the body may read, and sends it. The body sees nothing else of the case."
    )
    audience = Audience.STATES

    def effect(self) -> None:
        """Write one to each body."""
        self.new = []
        for body in self.data["body"]:
            request = BodyRequest.objects.create(
                case_id=self.subject.case_pk, number=next_in(BodyRequest, self.subject.case_pk), body=body,
                question=self.data["question"], written_at=self.now, **self.about(),
            )  # fmt: skip
            request.ams.set(self.data["ams"])
            self.new.append(request)

    def about(self) -> dict[str, Any]:
        """Return what a request is tied to."""
        return {"common": self.subject}

    def details(self) -> dict[str, Any]:
        """Keep which ones they are."""
        return {"requests": [request.number for request in self.new]}

    def owes(self) -> Iterable[Owes]:
        """ASEC owes sending each."""
        for request in self.new:
            yield Owes(SEND_REQUEST, parties.asec(), on=request)

    def tells(self) -> Iterable[Tell]:
        """Tell ASEC, who sends them."""
        for request in self.new:
            words = _("A request to %(body)s is ready to be sent") % {"body": request.body.acronym}
            yield Tell(parties.asec(), words, to_act=True, path=request_page(request))

    def after(self) -> str:
        """Go to the one, or to where all of them are listed."""
        return request_page(self.new[0]) if len(self.new) == 1 else f"{self.listed}#requests"

    @property
    def listed(self) -> str:
        """Where the requests about the subject stand."""
        return reverse("common_barrier", args=[self.subject.pk])


@register
class AddRequest(_Add):
    """A question to bodies is written on a case; ASEC sends it (F2)."""

    name = "add_request"
    model = Proposal
    during = frozenset({State.FACILITATION})
    who = rules.engages
    form = RequestForm

    def initial(self) -> dict[str, Any]:
        """Begin with the challenge whose page led here, and the Member States that it concerns."""
        number = str(self.begin.get("challenge", ""))
        known = Challenge.objects.filter(proposal=self.subject, number=int(number) if _NUMBER.match(number) else 0)
        one = known.first()
        return {"challenge": one.pk, "ams": list(one.ams.all())} if one else {}

    @property
    def listed(self) -> str:
        """On the case's facilitation page."""
        return facilitation_tab(self.subject)

    def about(self) -> dict[str, Any]:
        """Tie it to the case and the challenge."""
        return {"proposal": self.subject, "challenge": self.data["challenge"]}


@register
class AddCommonRequest(_Add):
    """The same about a barrier that several cases meet: one engagement for all of them."""

    name = "add_common_request"
    model = CommonBarrier
    during = frozenset({CommonState.OPEN})
    form = CommonRequestForm


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
    """Nothing more is awaited from the body; what it promised is still followed up."""

    name = "close_request"
    model = BodyRequest
    on = "close"
    who = rules.secretariat
    label = gettext_lazy("Close the request")
    done = gettext_lazy("Request closed")
    form = CloseForm
    audience = Audience.STATES
    closes = {SEND_REQUEST, BODY_ANSWER, TAKE_UP_ANSWER, ANSWER_BODY}

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
            yield told_body(self.subject, _("A request to your body was closed"))
