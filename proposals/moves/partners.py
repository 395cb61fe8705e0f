"""Partners on one proposal: letting somebody of a partner company in, ending it, leaving (U4)."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aipbi.accounts.days import today
from aipbi.accounts.enums import OF_A_PARTNER, Membership
from aipbi.accounts.forms.one_line import one_line
from aipbi.accounts.models import Partner, Team
from aipbi.accounts.verbs import invitations, partners
from aipbi.forms import Radios
from aipbi.workflow.errors import Blocked
from aipbi.workflow.forms import MoveForm
from aipbi.workflow.moves import Move, Tell
from aipbi.workflow.parties import Party
from aipbi.workflow.registry import register
from proposals import rules
from proposals.enums import OPEN, State
from proposals.models import Proposal

OTHER = "other"
_HINTS: dict[str, Any] = {
    Membership.EDITOR: gettext_lazy(
        "Writes sections, adds files and answers questions. Does not hand in, withdraw or invite."
    ),
    Membership.VIEWER: gettext_lazy("Reads and changes nothing."),
}


class _OfPartners(Move):
    """What all three share: they leave the case where it is, and are reached from its page of people."""

    model = Proposal
    hidden = True

    def after(self) -> str:
        """Go back to the people."""
        return reverse("team", args=[self.subject.case.code])


class InvitePartnerForm(MoveForm):
    """Whom to invite, for which company, to do what."""

    email = forms.EmailField(
        label=gettext_lazy("E-mail address"),
        help_text=gettext_lazy("They get an e-mail with a link. It holds for 14 days and works only for that address."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    company = forms.ChoiceField(label=gettext_lazy("Partner company"), widget=Radios)
    other_company = forms.CharField(
        label=gettext_lazy("Name of the company"), max_length=200, validators=[one_line], required=False
    )
    role = forms.ChoiceField(
        label=gettext_lazy("What they may do on this proposal"),
        choices=OF_A_PARTNER,
        widget=Radios(hints=_HINTS),
    )

    def prepare(self) -> None:
        """Offer the companies that the proposal names; where it names none, ask for the name alone."""
        named = _named(self.move.subject)
        if not named:
            del self.fields["company"]
            self.fields["other_company"].required = True
            return
        self.fields["company"].choices = [(name, name) for name in named] + [(OTHER, _("Another company"))]  # type: ignore[attr-defined]
        self.fields["other_company"].label = _("Name of the other company")
        self.fields["other_company"].help_text = _("Only where you chose another company.")

    def clean_email(self) -> str:
        """Refuse who needs no invitation, or has one already."""
        email: str = self.cleaned_data["email"]
        proposal = self.move.subject
        invitations.refuse_partner(
            email=email, organisation=proposal.organisation, team=proposal.case.team, by=self.move.as_
        )
        return email

    def clean(self) -> dict[str, Any]:
        """Put the company's name in one place."""
        data = super().clean() or {}
        chosen = data.get("company", OTHER)
        other = data.pop("other_company", "")
        if chosen == OTHER and not other and "other_company" not in self.errors:
            self.add_error("other_company", _("Write the name of the company."))
        data["company"] = other if chosen == OTHER else chosen
        return data


def _named(proposal: Proposal) -> list[str]:
    """Return the companies that the draft names beside the proponent itself, each once."""
    parties = [proposal.answers.get("lead"), *(proposal.answers.get("partners") or [])]
    names = [" ".join(str(one.get("name") or "").split()) for one in parties if isinstance(one, dict)]
    return [name for name in dict.fromkeys(names) if name and name not in (OTHER, proposal.organisation.name)]


@register
class InvitePartner(_OfPartners):
    """Ask somebody of a partner company onto this proposal alone."""

    name = "invite_partner"
    during = frozenset(OPEN)
    who = rules.owner
    label = gettext_lazy("Invite somebody from a partner company")
    done = gettext_lazy("Somebody from a partner company was invited")
    help = gettext_lazy(
        "They see this proposal alone, with its files, confidential annexes among them, its questions, outcome and "
        "letters; nothing else of your organisation. You can end it at any time."
    )
    form = InvitePartnerForm
    shown = ("company",)

    def effect(self) -> None:
        """Make the team when this is its first, and send the invitation; another may have gone out since the form was read."""
        case = self.subject.case
        if case.team is None:
            case.team = Team.objects.create(organisation=self.subject.organisation, code=case.code)
            case.save(update_fields=["team"])
        try:
            invitations.invite_partner(
                email=self.data["email"], team=case.team, membership=Membership(self.data["role"]),
                company=self.data["company"], by=self.as_,
            )  # fmt: skip
        except ValidationError as fault:
            raise Blocked(fault.messages) from fault

    def kept(self) -> dict[str, Any]:
        """Keep company and role; an address is no matter for the trail."""
        return {"company": self.data["company"], "role": self.data["role"]}


class EndPartnerForm(MoveForm):
    """Whose access ends."""

    partner = forms.ModelChoiceField(
        label=gettext_lazy("Whose access ends"),
        queryset=Partner.objects.none(),
        widget=Radios,
        empty_label=None,
    )

    def prepare(self) -> None:
        """Offer who works on it today."""
        field: Any = self.fields["partner"]
        field.queryset = of_case(self.move.subject)
        field.label_from_instance = lambda partner: f"{partner.person}, {partner.company} ({partner.person.email})"


def of_case(proposal: Proposal) -> Any:
    """Return the partners on a case today, by company."""
    found = Partner.objects.current(today()).filter(team__case=proposal.pk)
    return found.select_related("person", "team__organisation").order_by("company", "person__name", "pk")


@register
class EndPartner(_OfPartners):
    """End the access of somebody of a partner company, from now on."""

    name = "end_partner"
    during = frozenset(State)
    who = rules.owner
    label = gettext_lazy("End a partner's access")
    done = gettext_lazy("A partner's access was ended")
    help = gettext_lazy("From now on they see nothing of it. What they wrote stays, with the company's name.")
    form = EndPartnerForm
    shown = ("company",)
    warning = True

    def reasons(self) -> Iterable[str]:
        """There is somebody whose access can end."""
        if not of_case(self.subject).exists():
            yield _("Nobody from a partner company works on this proposal.")

    def effect(self) -> None:
        """End it today."""
        partners.end(partner=self.data["partner"], by=self.as_)

    def kept(self) -> dict[str, Any]:
        """Keep the company; who it was the row tells."""
        return {"company": self.data["partner"].company}


@register
class LeaveProposal(_OfPartners):
    """A partner leaves by themselves."""

    name = "leave_proposal"
    during = frozenset(State)
    who = rules.partner
    label = gettext_lazy("Leave this proposal")
    done = gettext_lazy("A partner left the proposal")
    help = gettext_lazy("From now on you see nothing of it. What you wrote stays, with your company's name.")
    warning = True

    def effect(self) -> None:
        """End it today."""
        partners.end(partner=of_case(self.subject).get(person=self.as_.person), by=self.as_)

    def tells(self) -> Iterable[Tell]:
        """Tell the proponent."""
        yield Tell(
            Party(organisation=self.subject.organisation), _("A partner left your proposal"), path=super().after()
        )

    def after(self) -> str:
        """Go where something is left to see."""
        return reverse("desk")
