"""An amendment: asked for, opened to the Member States it affects, accepted by each, agreed, told in a letter (D6).

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
from aipbi.asean.models import MemberState
from aipbi.asean.names import category_names
from aipbi.forms import Checkboxes
from aipbi.workflow import parties
from aipbi.workflow.forms import MoveForm
from aipbi.workflow.models import Audience, Obligation, Subject
from aipbi.workflow.moves import Move, Owes, Tell
from aipbi.workflow.parties import Party
from aipbi.workflow.registry import register
from facilitation import amendments, rules
from facilitation.enums import UNDER_WAY, AmendmentState, Change
from facilitation.letters import superseding
from facilitation.models import Amendment, AmendmentWord, Benefit
from facilitation.moves.benefits import ProposeBenefit
from facilitation.moves.concurrence import WhyForm
from facilitation.moves.letters import AFTER_THE_LETTER
from facilitation.moves.shared import WhileTheCaseLives, chair, next_in
from facilitation.obligations import AGREE_AMENDMENT, AMENDMENT_WORD, OPEN_AMENDMENT, SUPERSEDE_LETTER
from facilitation.queries import in_a_sentence, participating
from proposals import rules as case_rules
from proposals import verbs
from proposals.models import Proposal

LONG = 4000


def tab_of(proposal: Proposal) -> str:
    """Return the address at which the case's amendments stand."""
    return f"/cases/{proposal.case.code}/letters/#amendments"


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
        help_text=gettext_lazy("In which the site lies, or which join or leave."),
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
            del self.fields["organisation"]

    def clean_ams(self) -> Any:
        """Hold to those that the change affects."""
        chosen = self.cleaned_data["ams"]
        if left_out := [one for one in self.affected if one not in chosen]:
            raise forms.ValidationError(_("The change affects %(states)s too.") % {"states": in_a_sentence(left_out)})
        return chosen

    def clean_organisation(self) -> Organisation | None:
        """Find the organisation, with somebody in it who answers for it."""
        name: str = self.cleaned_data["organisation"].strip()
        if not name:
            return None
        others = Organisation.objects.exclude(pk=self.move.subject.proposal.organisation_id)
        owned = Member.objects.current(today()).filter(role=Membership.OWNER).values("organisation")
        found = others.filter(name__iexact=name, pk__in=owned).first()
        if found is None:
            raise forms.ValidationError(
                _("No other organisation in the portal has this name and an owner. Ask it to register first.")
            )
        return found


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


def to_agree(proposal: Proposal) -> Iterable[Owes]:
    """Yield that the chair can record the agreement, once nothing stands against it."""
    one = amendments.open_one(proposal)
    party = chair()
    if one and party and not list(amendments.lacking(one)):
        yield Owes(AGREE_AMENDMENT, party, on=one)


class _OnAmendment(WhileTheCaseLives):
    """A word on an open amendment."""

    model = AmendmentWord
    who = case_rules.seom_of_its_ams
    audience = Audience.STATES
    closes = frozenset({AMENDMENT_WORD})

    def reasons(self) -> Iterable[str]:
        """While it is open, and by whoever takes part still."""
        yield from super().reasons()
        if self.subject.amendment.state != AmendmentState.OPEN:
            yield _("The amendment is not before the Member States.")
        elif not self.subject.proposal.participations.taking_part().filter(ams=self.subject.ams_id).exists():
            yield _("Your country takes no part in the project any more.")

    def effect(self) -> None:
        """Keep it; what was said before is on the trail."""
        self.subject.reason, self.subject.answered_at = self.data.get("reason", ""), self.now
        self.subject.save(update_fields=["reason", "answered_at"])

    def details(self) -> dict[str, Any]:
        """Keep on which, and of which Member State."""
        return {"amendment": self.subject.amendment.number, "ams": self.subject.ams_id}

    def owes(self) -> Iterable[Owes]:
        """The last word makes it the chair's turn."""
        yield from to_agree(self.subject.proposal)

    def tells(self) -> Iterable[Tell]:
        """Tell the Secretariat."""
        yield Tell(parties.asec(), _("A Member State answered on an amendment"), path=tab_of(self.subject.proposal))

    def after(self) -> str:
        """Go back to the amendments."""
        return tab_of(self.subject.proposal)


class RemarkForm(MoveForm):
    """A remark, if any."""

    reason = forms.CharField(
        label=gettext_lazy("Remark"),
        help_text=gettext_lazy("The Member States on the case and the Secretariat read it; the proponent does not."),
        widget=forms.Textarea,
        max_length=LONG,
        required=False,
    )


@register
class AcceptAmendment(_OnAmendment):
    """The Member State goes along with the change."""

    name = "accept_amendment"
    on = "accept_amendment"
    label = gettext_lazy("Accept the change")
    done = gettext_lazy("Member State accepts an amendment")
    help = gettext_lazy("You can change your answer until the amendment is agreed.")
    form = RemarkForm


@register
class ObjectToAmendment(_OnAmendment):
    """The Member State does not, and says why."""

    name = "object_to_amendment"
    on = "object_to_amendment"
    label = gettext_lazy("Object to the change")
    done = gettext_lazy("Member State objects to an amendment")
    help = gettext_lazy("You can change your answer until the amendment is agreed or given up.")
    form = WhyForm


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
