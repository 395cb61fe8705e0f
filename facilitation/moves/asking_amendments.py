"""Asking for an amendment: what changes since the letter, and why (D6)."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aipbi.asean.models import MemberState
from aipbi.asean.names import category_names
from aipbi.forms import Checkboxes
from aipbi.workflow import parties
from aipbi.workflow.forms import MoveForm
from aipbi.workflow.moves import Move, Owes, Tell
from aipbi.workflow.registry import register
from facilitation import rules
from facilitation.enums import UNDER_WAY, Change
from facilitation.models import Amendment
from facilitation.moves.amendments import LONG, tab_of
from facilitation.moves.letters import AFTER_THE_LETTER
from facilitation.moves.shared import next_in
from facilitation.obligations import OPEN_AMENDMENT
from proposals.models import Proposal


class AskAmendmentForm(MoveForm):
    """What changes and why; each kind of change asks what it needs to find out whom it affects."""

    changes = forms.MultipleChoiceField(label=gettext_lazy("What changes"), choices=Change.choices, widget=Checkboxes)
    what = forms.CharField(
        label=gettext_lazy("The change"),
        help_text=gettext_lazy("What was and what will be, in words that can stand in a letter."),
        widget=forms.Textarea,
        max_length=LONG,
    )
    because = forms.CharField(label=gettext_lazy("Reason"), widget=forms.Textarea, max_length=LONG)
    states = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Member States"),
        help_text=gettext_lazy(
            "In which the site lies, or which join or leave. One that is not named here is first asked by the Secretariat to take part."
        ),
        queryset=MemberState.objects.none(),
        widget=Checkboxes,
        required=False,
    )
    categories = forms.MultipleChoiceField(
        label=gettext_lazy("Categories"),
        help_text=gettext_lazy("Those that are added, dropped or changed."),
        widget=Checkboxes,
        required=False,
    )
    proponent_name = forms.CharField(
        label=gettext_lazy("Name of the proponent from then on"),
        help_text=gettext_lazy("As letters are to name it."),
        max_length=250,
        required=False,
    )

    def prepare(self) -> None:
        """Offer the Member States on the case, and the categories of today."""
        on_it = self.move.subject.participations.on_the_case().values("ams")
        self.fields["states"].queryset = MemberState.objects.filter(pk__in=on_it).order_by("order")  # type: ignore[attr-defined]
        self.fields["categories"].choices = list(category_names().items())  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Ask for what each kind of change needs."""
        data: dict[str, Any] = super().clean() or {}
        changes = set(data.get("changes") or [])
        if changes & {Change.SITE, Change.MEMBER_STATE} and not data.get("states") and "states" not in self.errors:
            self.add_error("states", _("Choose the Member States in which the site lies, or which join or leave."))
        if Change.CATEGORY in changes and not data.get("categories"):
            self.add_error("categories", _("Choose at least one."))
        if Change.PROPONENT in changes and not data.get("proponent_name"):
            self.add_error("proponent_name", _("Write the name as letters are to carry it from then on."))
        return data


@register
class AskAmendment(Move):
    """A change of the project is told to the Secretariat, by the proponent or for it."""

    name = "ask_amendment"
    model = Proposal
    during = AFTER_THE_LETTER
    who = rules.asks_amendment
    label = gettext_lazy("Ask for an amendment")
    done = gettext_lazy("Amendment asked for")
    help = gettext_lazy(
        "For a change of Member States, category, proponent or site since the letter. Only the Member States that it "
        "affects decide; the letter in force holds until a new one is issued."
    )
    form = AskAmendmentForm
    # Offered on the tab of letters, where amendments stand.
    hidden = True

    def reasons(self) -> Iterable[str]:
        """One at a time."""
        if Amendment.objects.filter(proposal=self.subject, state__in=UNDER_WAY).exists():
            yield _("An amendment is under way already. Its letter comes first.")

    def effect(self) -> None:
        """Write it down."""
        self.new = Amendment.objects.create(
            proposal=self.subject,
            number=next_in(Amendment, self.subject.case_pk),
            changes=self.data["changes"],
            what=self.data["what"],
            because=self.data["because"],
            states=[one.pk for one in self.data["states"]],
            categories=self.data["categories"],
            proponent_name=self.data["proponent_name"],
            asked_by=self.as_.label,
            asked_at=self.now,
        )

    def kept(self) -> dict[str, Any]:
        """Keep what was entered, Member States by code."""
        return {**self.data, "states": self.new.states}

    def details(self) -> dict[str, Any]:
        """Keep which one it is."""
        return {"amendment": self.new.number}

    def owes(self) -> Iterable[Owes]:
        """The Secretariat takes it up."""
        yield Owes(OPEN_AMENDMENT, parties.asec(), on=self.new)

    def tells(self) -> Iterable[Tell]:
        """Tell the Secretariat."""
        yield Tell(parties.asec(), _("An amendment is asked for"), to_act=True, path=tab_of(self.subject))

    def after(self) -> str:
        """Go to the amendments."""
        return tab_of(self.subject)
