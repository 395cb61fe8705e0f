"""An amendment that was asked for: opened to the Member States it affects, agreed once each accepts, told in a letter (D6).

Nobody else is asked again, and what was decided on stays as it is: the letter in force holds until the new one is
issued. While it is open, benefits are proposed, concurred in and withdrawn by the moves of facilitation.
"""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aipbi.accounts.capacity import today
from aipbi.accounts.enums import Membership
from aipbi.accounts.models import Member, Organisation
from aipbi.accounts.verbs.invitations import verified
from aipbi.asean.models import MemberState
from aipbi.forms import Checkboxes
from aipbi.workflow import parties
from aipbi.workflow.forms import MoveForm
from aipbi.workflow.models import Audience, Obligation, Subject
from aipbi.workflow.moves import Move, Owes, Tell
from aipbi.workflow.parties import Party
from aipbi.workflow.registry import register
from facilitation import amendments, rules
from facilitation.enums import AmendmentState, Change
from facilitation.letters import superseding
from facilitation.models import Amendment, AmendmentWord, Benefit
from facilitation.moves.benefits import ProposeBenefit
from facilitation.moves.concurrence import WhyForm
from facilitation.moves.shared import WhileTheCaseLives
from facilitation.obligations import AGREE_AMENDMENT, AMENDMENT_WORD, OPEN_AMENDMENT, SUPERSEDE_LETTER
from facilitation.queries import in_a_sentence, participating
from proposals import rules as case_rules
from proposals import verbs
from proposals.models import Proposal

LONG = 4000


def tab_of(proposal: Proposal) -> str:
    """Return the address at which the case's amendments stand."""
    return f"/cases/{proposal.case.code}/letters/#amendments"


class OfAmendment(WhileTheCaseLives):
    """What the moves on an amendment share."""

    model = Amendment

    def details(self) -> dict[str, Any]:
        """Keep which one it is."""
        return {"amendment": self.subject.number}

    def after(self) -> str:
        """Go back to the amendments."""
        return tab_of(self.subject.proposal)

    def tell_all(self, words: str) -> Iterable[Tell]:
        """Tell the proponent, and every Member State that was asked."""
        path = tab_of(self.subject.proposal)
        yield Tell(Party(organisation=self.subject.proposal.organisation), words, path=path)
        for ams in self.subject.words.values_list("ams_id", flat=True):
            yield Tell(parties.seom(ams), words, path=path)


class OpenForm(MoveForm):
    """Who is asked, and which organisation takes the case over where one does."""

    ams = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Member States that decide"), queryset=MemberState.objects.none(), widget=Checkboxes
    )
    organisation = forms.CharField(
        label=gettext_lazy("Organisation in the portal that takes the case over"),
        help_text=gettext_lazy(
            "Its exact name, where another organisation than now is to read and write on this case once all have "
            "accepted. Leave it empty where only the name changes."
        ),
        max_length=250,
        required=False,
    )
    owner = forms.EmailField(
        label=gettext_lazy("E-mail address of an owner of that organisation"),
        help_text=gettext_lazy(
            "As it told you itself. Anybody may register any name: the address shows that it is the right organisation."
        ),
        required=False,
    )

    def prepare(self) -> None:
        """Offer those that take part; say which of them the change affects."""
        amendment = self.move.subject
        self.affected = amendments.affected(amendment)
        field = self.fields["ams"]
        codes = [one.code for one in participating(amendment.proposal)]
        field.queryset = MemberState.objects.filter(pk__in=codes).order_by("order")  # type: ignore[attr-defined]
        field.help_text = _("The change affects %(states)s. You may ask others too.") % {
            "states": in_a_sentence(self.affected)
        }
        if Change.PROPONENT not in amendment.changes:
            del self.fields["organisation"], self.fields["owner"]

    def clean_ams(self) -> Any:
        """Hold to those that the change affects."""
        chosen = self.cleaned_data["ams"]
        if left_out := [one for one in self.affected if one not in chosen]:
            raise forms.ValidationError(_("The change affects %(states)s too.") % {"states": in_a_sentence(left_out)})
        return chosen

    def clean(self) -> dict[str, Any]:
        """Find the organisation by its name and an owner's proved address: a name alone is nobody's."""
        data: dict[str, Any] = super().clean() or {}
        name, owner = data.get("organisation", "").strip(), data.pop("owner", "")
        data["organisation"] = None
        if name and not owner and "owner" not in self.errors:
            self.add_error("owner", _("Write the address of one of its owners."))
        elif owner and not name and "organisation" not in self.errors:
            self.add_error("organisation", _("Write its exact name."))
        elif name and owner:
            data["organisation"] = self._heir(name, owner)
        return data

    def _heir(self, name: str, owner: str) -> Organisation | None:
        others = Organisation.objects.exclude(pk=self.move.subject.proposal.organisation_id).filter(name__iexact=name)
        held = Member.objects.current(today()).filter(role=Membership.OWNER, person__email__iexact=owner)
        mine = held.filter(organisation__in=others).select_related("person", "organisation")
        found = [one.organisation for one in mine if verified(one.person, one.person.email)]
        if len(found) != 1:
            self.add_error(
                "organisation",
                _("No other organisation in the portal has this name and this owner. Ask it to register first."),
            )
            return None
        return found[0]


@register
class OpenAmendment(OfAmendment):
    """asked → open: the Member States that it affects are asked, and no others."""

    name = "open_amendment"
    on = "open_amendment"
    who = case_rules.asec
    label = gettext_lazy("Put it to the Member States it affects")
    done = gettext_lazy("Amendment put to the Member States it affects")
    form = OpenForm
    audience = Audience.STATES
    closes = frozenset({OPEN_AMENDMENT})

    def initial(self) -> dict[str, Any]:
        """Start from those that it affects."""
        return {"ams": [one.pk for one in amendments.affected(self.subject)]}

    def effect(self) -> None:
        """Give each a word."""
        one = self.subject
        one.organisation, one.opened_at = self.data.get("organisation"), self.now
        one.save(update_fields=["organisation", "opened_at"])
        self.asked = [
            AmendmentWord.objects.create(proposal=one.proposal, amendment=one, ams=ams) for ams in self.data["ams"]
        ]

    def kept(self) -> dict[str, Any]:
        """Keep whom, by code."""
        return {"ams": [one.ams_id for one in self.asked], "organisation": str(self.subject.organisation or "")}

    def owes(self) -> Iterable[Owes]:
        """Each owes its word (L5: as a position)."""
        for word in self.asked:
            yield Owes(AMENDMENT_WORD, parties.seom(word.ams_id), on=word)

    def tells(self) -> Iterable[Tell]:
        """Tell each, who must answer, and the proponent, who waits."""
        path = tab_of(self.subject.proposal)
        for word in self.asked:
            yield Tell(
                parties.seom(word.ams_id), _("Your country is asked whether it accepts a change of a project"),
                to_act=True, path=path,
            )  # fmt: skip
        yield Tell(
            Party(organisation=self.subject.proposal.organisation),
            _("The change you asked for is before the Member States"), path=path,
        )  # fmt: skip


@register
class ProposeForAmendment(ProposeBenefit):
    """A benefit that the change calls for, put to the Member States that would give it (F3, D6)."""

    name = "propose_amended_benefit"
    model = Amendment  # type: ignore[assignment]
    during = frozenset({AmendmentState.OPEN})
    who = rules.engages
    label = gettext_lazy("Propose a benefit for it")


@register
class TurnDownAmendment(OfAmendment):
    """asked → not taken up, with the reason."""

    name = "turn_down_amendment"
    on = "turn_down_amendment"
    who = case_rules.asec
    label = gettext_lazy("Do not take it up")
    done = gettext_lazy("Amendment not taken up")
    form = WhyForm
    warning = True
    closes = frozenset({OPEN_AMENDMENT})

    def effect(self) -> None:
        """Keep why."""
        end(self)

    def tells(self) -> Iterable[Tell]:
        """Tell the proponent."""
        yield from self.tell_all(_("An amendment was not taken up"))


def end(act: Move) -> None:
    """Keep what came of the amendment, and when."""
    one = act.subject
    one.outcome, one.ended_at = act.data.get("reason", ""), act.now
    one.save(update_fields=["outcome", "ended_at"])


@register
class DropAmendment(OfAmendment):
    """open → given up: the letter in force goes on holding."""

    name = "drop_amendment"
    on = "drop_amendment"
    who = case_rules.asec
    label = gettext_lazy("Give the amendment up")
    done = gettext_lazy("Amendment given up")
    form = WhyForm
    warning = True
    closes = frozenset({AMENDMENT_WORD, AGREE_AMENDMENT})

    def reasons(self) -> Iterable[str]:
        """Nothing half agreed is left behind."""
        yield from super().reasons()
        if open_now := amendments.unfinished(self.subject.proposal):
            yield _("First withdraw what was proposed for it: benefit %(numbers)s.") % {
                "numbers": ", ".join(map(str, open_now))
            }

    def also(self) -> Iterable[Subject]:
        """Nobody needs to answer any more."""
        return list(self.subject.words.all())

    def effect(self) -> None:
        """Keep why."""
        end(self)

    def owes(self) -> Iterable[Owes]:
        """A benefit that was withdrawn meanwhile is told all the same."""
        last = superseding.last_issued(self.subject.proposal)
        if last and superseding.reason(self.subject.proposal, last):
            yield Owes(SUPERSEDE_LETTER, parties.asec(), on=self.subject.proposal)

    def tells(self) -> Iterable[Tell]:
        """Tell whoever asked for it and whoever was asked."""
        yield from self.tell_all(_("An amendment was given up; the letter in force goes on holding"))


@register
class AgreeAmendment(OfAmendment):
    """open → agreed: every Member State that it affects has accepted; from now on the change holds, the letter follows."""

    name = "agree_amendment"
    on = "agree_amendment"
    who = case_rules.chair
    label = gettext_lazy("Record that it is agreed")
    done = gettext_lazy("Amendment agreed")
    help = gettext_lazy(
        "Benefits proposed for it become final, and the Secretariat drafts the letter that takes the place of the one in force."
    )
    audience = Audience.STATES
    closes = frozenset({AGREE_AMENDMENT, AMENDMENT_WORD})

    def reasons(self) -> Iterable[str]:
        """Say what stands against it."""
        yield from super().reasons()
        yield from amendments.lacking(self.subject)

    def also(self) -> Iterable[Subject]:
        """Nobody needs to answer any more."""
        return list(self.subject.words.all())

    def effect(self) -> None:
        """Make final what was proposed for it, and hand the case over where another organisation takes it."""
        proposal = self.subject.proposal
        new = Benefit.objects.filter(proposal=proposal, finalised_at__isnull=True).standing()
        self.finalised = new.update(finalised_at=self.now)
        self.before = proposal.organisation
        if self.subject.organisation:
            _hand_over(proposal, self.subject.organisation)

    def details(self) -> dict[str, Any]:
        """Keep which, how much became final, and who the proponent was before."""
        handed = {"organisation": str(self.subject.organisation), "before": str(self.before)}
        return {**super().details(), "benefits": self.finalised, **(handed if self.subject.organisation else {})}

    def owes(self) -> Iterable[Owes]:
        """The Secretariat owes the letter."""
        yield Owes(SUPERSEDE_LETTER, parties.asec(), on=self.subject.proposal)

    def tells(self) -> Iterable[Tell]:
        """Tell everybody concerned, also who hands the case over, and the Secretariat, which drafts."""
        yield from self.tell_all(_("An amendment is agreed; a letter follows"))
        yield Tell(parties.asec(), _("An amendment is agreed: draft the letter"), to_act=True)


def _hand_over(proposal: Proposal, organisation: Organisation) -> None:
    """Let another organisation be the proponent: it reads and writes on the case, and owes what is owed (U4)."""
    before, proposal.organisation = proposal.organisation_id, organisation
    proposal.search_text = verbs.search_text(proposal)
    proposal.save(update_fields=["organisation", "search_text"])
    Obligation.objects.open().filter(case_id=proposal.pk, organisation=before).update(organisation=organisation)
    if team := proposal.case.team:
        team.organisation = organisation
        team.save(update_fields=["organisation"])


@register
class CompleteAmendment(OfAmendment):
    """agreed → done: follows from issuing the letter that tells it, and from nothing else."""

    name = "complete_amendment"
    on = "complete_amendment"
    who = case_rules.chair
    label = gettext_lazy("Mark the amendment as told")
    done = gettext_lazy("Amendment told in a letter")
    hidden = True

    def reasons(self) -> Iterable[str]:
        """Its letter must be issued."""
        if not Amendment.objects.filter(pk=self.subject.pk, letter__issued_at__isnull=False).exists():
            yield _("An amendment is told by issuing its letter.")

    def effect(self) -> None:
        """Keep when, and in which letter."""
        self.subject.outcome, self.subject.ended_at = str(self.subject.letter), self.now
        self.subject.save(update_fields=["outcome", "ended_at"])
