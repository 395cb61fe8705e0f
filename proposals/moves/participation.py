"""What a named Member State's SEOM lead says of taking part (D1)."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aipbi.workflow import parties
from aipbi.workflow.forms import MoveForm
from aipbi.workflow.models import Audience
from aipbi.workflow.moves import Move, Tell
from aipbi.workflow.registry import register
from proposals import rules
from proposals.enums import State
from proposals.models import Participation
from proposals.obligations import PARTICIPATION

# Until the round opens a Member State may change its answer; joining and leaving later is D6.
BEFORE_THE_ROUND = frozenset({State.REGISTERED, State.UNDER_ASSESSMENT, State.ASSESSED, State.DEFERRED})


class _Answer(Move):
    """What the three answers share."""

    model = Participation
    who = rules.seom_of_its_ams
    closes = {PARTICIPATION}
    audience = Audience.STATES

    def reasons(self) -> Iterable[str]:
        """Answers are taken from registration until the round opens; the proposal is about a row the lock holds."""
        if self.subject.proposal.state not in BEFORE_THE_ROUND:
            yield _("Participation is answered after registration and before the round opens.")

    def effect(self) -> None:
        """Keep the reason and the date."""
        self.subject.reason = self.data.get("reason", "")
        self.subject.answered_at = self.now
        self.subject.save(update_fields=["reason", "answered_at"])

    def details(self) -> dict[str, Any]:
        """Say whose answer it is."""
        return {"ams": self.subject.ams_id}

    def tells(self) -> Iterable[Tell]:
        """Tell ASEC, which waits for it."""
        yield Tell(parties.asec(), _("A Member State answered on its participation"))


class RemarkForm(MoveForm):
    """A remark, if any."""

    reason = forms.CharField(label=gettext_lazy("Remark"), widget=forms.Textarea, max_length=4000, required=False)


class WhyForm(MoveForm):
    """Why not."""

    reason = forms.CharField(label=gettext_lazy("Reason"), widget=forms.Textarea, max_length=4000)


@register
class Confirm(_Answer):
    """The Member State takes part."""

    name = "confirm"
    on = "confirm"
    label = gettext_lazy("Confirm that your country takes part")
    done = gettext_lazy("Participation confirmed")
    form = RemarkForm


@register
class Observe(_Answer):
    """The Member State follows without deciding."""

    name = "observe"
    on = "observe"
    label = gettext_lazy("Follow as an observer")
    done = gettext_lazy("Follows as an observer")
    form = RemarkForm


@register
class Decline(_Answer):
    """The Member State does not take part."""

    name = "decline"
    on = "decline"
    label = gettext_lazy("Decline to take part")
    done = gettext_lazy("Participation declined")
    form = WhyForm
