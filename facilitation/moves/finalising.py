"""Saying why a request is not met, and making the benefits final (F3)."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aipbi.workflow import parties
from aipbi.workflow.door import perform
from aipbi.workflow.forms import MoveForm
from aipbi.workflow.models import Audience
from aipbi.workflow.moves import Move, Owes, Tell
from aipbi.workflow.parties import Party
from aipbi.workflow.registry import register
from facilitation import rules
from facilitation.enums import GIVEN, ConcurrenceState, RequestState
from facilitation.models import Benefit, BodyRequest, Concurrence, NotGiven
from facilitation.moves.concurrence import LONG, LeaveOut
from facilitation.moves.requests import CloseRequest
from facilitation.moves.shared import PartOfAnother, benefits_tab, finalise_if_agreed
from facilitation.obligations import CONCURRENCE, DRAFT_LETTER, FINALISE, WORK_OUT
from facilitation.queries import in_a_sentence, not_agreed, unanswered, why_not_given
from proposals import rules as case_rules
from proposals import verbs
from proposals.enums import State
from proposals.models import Proposal


class ExplainForm(MoveForm):
    """Which request, and why."""

    rank = forms.TypedChoiceField(label=gettext_lazy("Request of the proponent"), coerce=int)
    reason = forms.CharField(
        label=gettext_lazy("Why it is not met"),
        help_text=gettext_lazy(
            "The proponent reads it once its letter is issued. Name no Member State that did not concur."
        ),
        widget=forms.Textarea,
        max_length=LONG,
    )

    def prepare(self) -> None:
        """Offer the requests that no benefit answers."""
        asked = unanswered(self.move.subject)
        offered = [(one["rank"], f"{one['rank']}. {one['measure'][:90]}") for one in asked]
        self.fields["rank"].choices = [("", _("Choose one")), *offered]  # type: ignore[attr-defined]


@register
class ExplainRequest(Move):
    """The reason for a ranked request that no benefit answers (F3)."""

    name = "explain_request"
    model = Proposal
    during = frozenset({State.FACILITATION})
    who = rules.engages
    label = gettext_lazy("Say why a request is not met")
    done = gettext_lazy("It was said why a request is not met")
    form = ExplainForm
    audience = Audience.STATES
    # It is reached from the request on the page of benefits.
    hidden = True

    def reasons(self) -> Iterable[str]:
        """There is a request without a benefit."""
        if not unanswered(self.subject):
            yield _("Each request of the proponent is answered by a benefit.")

    def initial(self) -> dict[str, Any]:
        """Begin with the request whose link was followed, and what was said of it."""
        rank = str(self.begin.get("request", ""))
        said = why_not_given(self.subject).get(int(rank)) if rank.isdecimal() else None
        return {"rank": rank, "reason": said.reason if said else ""}

    def effect(self) -> None:
        """Keep it; the newest stands."""
        NotGiven.objects.create(
            proposal=self.subject, rank=self.data["rank"], reason=self.data["reason"],
            person=self.as_.person, office=self.as_.office, at=self.now,
        )  # fmt: skip

    def owes(self) -> Iterable[Owes]:
        """It may have been the last thing that the chair waited for."""
        yield from finalise_if_agreed(self.subject)

    def home(self, code: str) -> str:
        """The page of benefits leads to it."""
        return reverse("benefits", args=[code])

    def after(self) -> str:
        """Go back to the benefits."""
        return benefits_tab(self.subject)


class _LeaveOutAtLast(PartOfAnother, LeaveOut):
    """What finalising does with each word that is not given; finalising has asked, owes and tells."""

    def reasons(self) -> Iterable[str]:
        """Finalising has asked."""
        return ()


class _CloseUnsent(PartOfAnother, CloseRequest):
    """What finalising does with a request that was written and never sent: it could not be sent any more."""

    who = case_rules.chair


@register
class FinaliseBenefits(Move):
    """facilitation → benefits finalised: what each Member State that gives it has concurred in (F3)."""

    name = "finalise_benefits"
    model = Proposal
    on = "finalise_benefits"
    who = case_rules.chair
    label = gettext_lazy("Finalise the benefits")
    done = gettext_lazy("Benefits finalised")
    help = gettext_lazy("The benefits can no longer be changed, and the Secretariat drafts the letter.")
    closes = frozenset({WORK_OUT, FINALISE, CONCURRENCE})

    def reasons(self) -> Iterable[str]:
        """Say what is not agreed yet, benefit by benefit."""
        return not_agreed(self.subject)

    @property
    def goes_without(self) -> list[str]:
        """Say which benefit goes on without whom, before it does."""
        numbers = dict(Benefit.objects.filter(proposal=self.subject).standing().values_list("pk", "number"))
        without: dict[int, list[Any]] = {}
        for word in self._open().select_related("ams").order_by("ams__order"):
            without.setdefault(numbers[word.benefit_id], []).append(word.ams)
        return [
            _("Benefit %(number)d is given without %(states)s.") % {"number": number, "states": in_a_sentence(states)}
            for number, states in sorted(without.items())
        ] + [
            _("Request %(number)d to %(body)s was not sent; it is closed.")
            % {"number": one.number, "body": one.body.acronym}
            for one in self._unsent()
        ]

    def _open(self) -> Any:
        """What is neither given nor left out on benefits that stand: not concurred in, or of who takes no part any more."""
        standing = Benefit.objects.filter(proposal=self.subject).standing()
        return Concurrence.objects.filter(
            benefit__in=standing, state__in=[ConcurrenceState.ASKED, ConcurrenceState.REFUSED]
        )

    def _unsent(self) -> Any:
        """Requests to bodies that were written and not sent."""
        found = BodyRequest.objects.filter(proposal=self.subject, state=RequestState.DRAFT)
        return found.select_related("body").order_by("number")

    def effect(self) -> None:
        """Date it, leave out what is not concurred, close what was never sent, and make what stands final."""
        verbs.stamp(self.subject, now=self.now)
        for word in self._open().order_by("benefit__number", "ams__order"):
            refused = word.state == ConcurrenceState.REFUSED
            why = _("It does not concur.") if refused else _("It takes no part in this any more.")
            perform(_LeaveOutAtLast, word, by=self.as_.person, as_=self.as_, data={"reason": why})
        for request in self._unsent():
            note = _("The benefits were finalised before it was sent.")
            perform(_CloseUnsent, request, by=self.as_.person, as_=self.as_, data={"note": note})
        self.finalised = Benefit.objects.filter(proposal=self.subject).standing().update(finalised_at=self.now)

    def details(self) -> dict[str, Any]:
        """Keep how many."""
        return {"benefits": self.finalised}

    def owes(self) -> Iterable[Owes]:
        """ASEC owes the letter."""
        yield Owes(DRAFT_LETTER, parties.asec())

    def tells(self) -> Iterable[Tell]:
        """Tell ASEC, who must draft; the proponent and the Member States, who wait."""
        yield Tell(parties.asec(), _("The benefits are finalised: draft the letter"), to_act=True)
        yield Tell(
            Party(organisation=self.subject.organisation),
            _("The facilitation of your project is agreed; a letter follows"),
        )
        given = Concurrence.objects.filter(proposal=self.subject, state__in=GIVEN).values_list("ams_id", flat=True)
        for ams in sorted(set(given)):
            yield Tell(parties.seom(ams), _("The benefits your country gives are finalised"))
