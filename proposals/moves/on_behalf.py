"""A proposal that ASEC enters for its proponent: asking them to confirm it, their confirmation, giving it up (P8)."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aipbi.accounts.forms.one_line import one_line
from aipbi.accounts.models.invitation import LASTS
from aipbi.workflow import parties
from aipbi.workflow.forms import MoveForm
from aipbi.workflow.models import Audience
from aipbi.workflow.moves import ALL, Move, Owes, Tell
from aipbi.workflow.parties import Party
from aipbi.workflow.registry import register
from proposals import rules, verbs
from proposals.attachments import all_faults
from proposals.enums import State
from proposals.models import Proposal
from proposals.moves.proponent import ReasonForm
from proposals.obligations import CONFIRMATION
from proposals.on_behalf import contacts, letters

BEFORE_ANOTHER = timedelta(hours=1)


class AskForm(MoveForm):
    """Whom to ask."""

    contact_name = forms.CharField(
        label=gettext_lazy("Name of the contact"), max_length=200, validators=[one_line],
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    contact_email = forms.EmailField(
        label=gettext_lazy("E-mail address of the contact"),
        help_text=gettext_lazy("The link is sent there, and only somebody who proves this address can use it."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )


@register
class AskConfirmation(Move):
    """Freeze what is to be confirmed, and mail a link of its own for it; an earlier one no longer holds."""

    name = "ask_confirmation"
    model = Proposal
    during = frozenset({State.DRAFT})
    who = rules.entering_officer
    label = gettext_lazy("Ask the proponent to confirm")
    done = gettext_lazy("The proponent was asked to confirm")
    help = gettext_lazy(
        "The proponent gets a link by e-mail, registers or signs in, reads the whole proposal, and hands it in. "
        "If you change the proposal after this, the link confirms nothing and you ask again."
    )
    form = AskForm
    audience = Audience.ASEC
    closes = {CONFIRMATION}

    @property
    def missing(self) -> int:
        """How many answers the proponent would have to give before handing in."""
        return len(all_faults(self.subject))

    def initial(self) -> dict[str, Any]:
        """Start with whom the officer named."""
        entered = self.subject.on_behalf
        return {"contact_name": entered.contact_name, "contact_email": entered.contact_email}

    def reasons(self) -> Iterable[str]:
        """A proposal without a title is none yet."""
        if not self.subject.title:
            yield _("Write at least the title first.")

    def refusals(self) -> Iterable[str]:
        """Only who may write for the organisation can confirm, and nobody is sent the same again at once."""
        entered, email = self.subject.on_behalf, self.data["contact_email"].lower()
        if why := contacts.fault(self.subject.organisation, email):
            yield why
        same = entered.contact_email == email and entered.sha256 == verbs.sha256(self.subject.answers)
        if same and not entered.refused_at and entered.asked_at and self.now - entered.asked_at < BEFORE_ANOTHER:
            yield _("The link was sent a short while ago. Wait an hour before you send another.")

    def effect(self) -> None:
        """Keep which text was asked about; the worker mails the link."""
        entered = self.subject.on_behalf
        entered.contact_name, entered.contact_email = self.data["contact_name"], self.data["contact_email"].lower()
        entered.asked, entered.asked_at, entered.expires_at = entered.asked + 1, self.now, self.now + LASTS
        entered.sha256 = verbs.sha256(self.subject.answers)
        entered.refused_at, entered.refusal = None, ""
        entered.sent_at, entered.reminded_at, entered.attempts, entered.error = None, None, 0, ""
        entered.next_try_at = timezone.now()
        entered.save()
        letters.wake()

    def owes(self) -> Iterable[Owes]:
        """ASEC follows it up before the link runs out."""
        yield Owes(CONFIRMATION, parties.asec(), due=self.subject.on_behalf.expires_at)

    def details(self) -> dict[str, Any]:
        """Keep which text."""
        entered = self.subject.on_behalf
        return {"sha256": entered.sha256, "until": entered.expires_at, "asked": entered.asked}


@register
class TakeOver(Move):
    """The proponent confirms that it is theirs: from now on they write it, and ASEC no longer does."""

    name = "take_over"
    model = Proposal
    during = frozenset({State.DRAFT})
    who = rules.asked_contact
    label = gettext_lazy("Confirm a proposal that ASEC entered")
    done = gettext_lazy("Confirmed by the proponent")
    closes = {CONFIRMATION}
    hidden = True

    def reasons(self) -> Iterable[str]:
        """Only the text that was asked about, in its time, and not what was refused."""
        entered = self.subject.on_behalf
        if entered.expires_at is None or entered.refused_at or self.now >= entered.expires_at:
            yield _("Nothing is asked of the proponent now.")
        elif entered.sha256 != verbs.sha256(self.subject.answers):
            yield _("The proposal was changed after the proponent was asked.")

    def effect(self) -> None:
        """Hand it over."""
        entered = self.subject.on_behalf
        entered.confirmed_at, entered.confirmed_by = self.now, self.as_.person
        entered.save(update_fields=["confirmed_at", "confirmed_by"])
        self.subject.unconfirmed = False
        self.subject.save(update_fields=["unconfirmed"])

    def details(self) -> dict[str, Any]:
        """Keep who entered what, and when and how it had come."""
        entered = self.subject.on_behalf
        return {
            "sha256": entered.sha256,
            "entered_by": entered.office.label,
            "entered_at": entered.entered_at,
            "arrived_on": entered.arrived_on,
            "arrived_by": entered.arrived_by,
        }

    def tells(self) -> Iterable[Tell]:
        """Tell ASEC, who can't open it any more, and the colleagues."""
        yield Tell(parties.asec(), _("A proponent confirmed a proposal that you entered"), path="/desk/")
        yield Tell(
            Party(organisation=self.subject.organisation),
            _("A colleague confirmed a proposal that the ASEAN Secretariat entered for you"),
        )


@register
class DropEntry(Move):
    """draft → withdrawn: ASEC gives up what it entered and nobody confirmed."""

    name = "drop_entry"
    model = Proposal
    on = "drop_entry"
    who = rules.entering_officer
    label = gettext_lazy("Set it aside")
    done = gettext_lazy("Set aside by the ASEAN Secretariat")
    help = gettext_lazy("This ends what you entered. A link that was sent no longer confirms anything.")
    form = ReasonForm
    shown = ("reason",)
    audience = Audience.ASEC
    closes = ALL
    warning = True

    def effect(self) -> None:
        """Date it."""
        verbs.stamp(self.subject)
