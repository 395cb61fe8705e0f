"""What the originating Member State's SEOM lead does: support, return, not support."""

from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aipbi.documents import uploads
from aipbi.workflow import parties
from aipbi.workflow.forms import MoveForm
from aipbi.workflow.models import Audience
from aipbi.workflow.moves import Move, Owes, Tell
from aipbi.workflow.parties import Party
from aipbi.workflow.registry import register
from proposals import rules, verbs
from proposals.models import Proposal
from proposals.moves.proponent import ReasonForm
from proposals.obligations import COMPLETENESS, REVISE, SEOM_DECISION
from proposals.standards import RETURN


class SupportForm(MoveForm):
    """The statement, and a letter if there is one."""

    statement = forms.CharField(
        label=gettext_lazy("Statement of support"),
        help_text=gettext_lazy(
            "Why your country supports asking for facilitation. The Member States and ASEC read it."
        ),
        widget=forms.Textarea,
        max_length=8000,
    )
    letter = uploads.UploadField(label=gettext_lazy("Letter of support"), required=False)


@register
class Support(Move):
    """with SEOM lead → in the AIPBI inbox."""

    name = "support"
    model = Proposal
    on = "support"
    who = rules.originating_seom
    label = gettext_lazy("Support it")
    done = gettext_lazy("Supported by the SEOM lead")
    help = gettext_lazy("The proposal goes to the AIPBI inbox at the ASEAN Secretariat.")
    form = SupportForm
    shown = ("statement",)
    shown_to = Audience.STATES
    closes = {SEOM_DECISION}

    def effect(self) -> None:
        """Date its arrival and keep the letter."""
        verbs.stamp(self.subject, "inbox_at", self.now)
        if letter := self.data.get("letter"):
            uploads.keep(letter, subject=self.subject, purpose="support", as_=self.as_)

    def owes(self) -> Iterable[Owes]:
        """ASEC owes the completeness check (L5: 10 working days)."""
        yield Owes(COMPLETENESS, parties.asec())

    def tells(self) -> Iterable[Tell]:
        """Tell ASEC, who must act, and the proponent, who waits."""
        yield Tell(parties.asec(), _("A supported proposal arrived in the AIPBI inbox"), to_act=True)
        yield Tell(Party(organisation=self.subject.organisation), _("Your SEOM lead supports your proposal"))


class ChangesForm(MoveForm):
    """What to change."""

    changes = forms.CharField(
        label=gettext_lazy("What should be changed"),
        help_text=gettext_lazy("The proponent reads this."),
        widget=forms.Textarea,
        max_length=8000,
    )


@register
class ReturnToProponent(Move):
    """with SEOM lead → draft, saying what to change."""

    name = "return_to_proponent"
    model = Proposal
    on = "return_to_proponent"
    who = rules.originating_seom
    label = gettext_lazy("Return it for changes")
    done = gettext_lazy("Returned to the proponent for changes")
    form = ChangesForm
    shown = ("changes",)
    closes = {SEOM_DECISION}

    def effect(self) -> None:
        """Date it."""
        verbs.stamp(self.subject)

    def owes(self) -> Iterable[Owes]:
        """The proponent owes a revision; no clock runs on a draft."""
        yield Owes(REVISE, Party(organisation=self.subject.organisation))

    def tells(self) -> Iterable[Tell]:
        """Tell the proponent, who must act."""
        yield Tell(
            Party(organisation=self.subject.organisation),
            _("Your SEOM lead asks for changes"),
            to_act=True,
            partners=True,
            message=RETURN,
        )


@register
class DeclineSupport(Move):
    """with SEOM lead → not supported, with the reason."""

    name = "decline_support"
    model = Proposal
    on = "decline_support"
    who = rules.originating_seom
    label = gettext_lazy("Do not support it")
    done = gettext_lazy("Not supported by the SEOM lead")
    help = gettext_lazy(
        "The proponent may revise the proposal, or ask another participating Member State to support it."
    )
    form = ReasonForm
    shown = ("reason",)
    closes = {SEOM_DECISION}
    warning = True

    def effect(self) -> None:
        """Date it."""
        verbs.stamp(self.subject)

    def tells(self) -> Iterable[Tell]:
        """Tell the proponent."""
        yield Tell(Party(organisation=self.subject.organisation), _("Your SEOM lead does not support your proposal"))
