"""Putting a measure to the Member States that would give it, changing its text, and withdrawing it (F3)."""

import re
from collections.abc import Iterable
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aipbi.accounts.capacity import today
from aipbi.asean import clocks
from aipbi.asean.models import Agreement, Body, Category, MemberState
from aipbi.forms import Checkboxes, Radios
from aipbi.workflow import parties
from aipbi.workflow.door import perform
from aipbi.workflow.forms import MoveForm
from aipbi.workflow.models import Audience, Subject
from aipbi.workflow.moves import Move, Owes, Tell
from aipbi.workflow.registry import register
from facilitation import rules
from facilitation.enums import BenefitState, ConcurrenceState
from facilitation.giving import outside_agreement, outside_category
from facilitation.measures import by_category, latest
from facilitation.models import Benefit, BenefitWording, Concurrence, MeasureTemplate
from facilitation.models.benefit import TEXT
from facilitation.moves.concurrence import AskAgain, WhyForm
from facilitation.moves.shared import DuringFacilitation, benefits_tab, finalise_if_agreed, next_in
from facilitation.obligations import CONCURRENCE, FINALISE
from facilitation.queries import participating, requests
from proposals.enums import State
from proposals.models import Proposal
from proposals.taking import takes_part_in

LONG = 4000
# What a common measure leaves to be said for the case.
GAP = re.compile(r"\[[^\]\n]+\]")


class TextForm(MoveForm):
    """What is given, through which body, on which agreement, under which conditions, from when until when (F3)."""

    category = forms.ModelChoiceField(
        label=gettext_lazy("Category"),
        queryset=Category.objects.order_by("order"),
        widget=Radios,
        empty_label=None,
    )
    measure = forms.CharField(
        label=gettext_lazy("Measure"),
        help_text=gettext_lazy("What is done, in words that can stand in the letter."),
        widget=forms.Textarea,
        max_length=LONG,
    )
    given_by = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Member States that would give it"),
        queryset=MemberState.objects.none(),
        widget=Checkboxes,
        help_text=gettext_lazy("Each is asked to concur through its SEOM lead."),
    )
    agreement = forms.ModelChoiceField(
        label=gettext_lazy("Agreement it rests on"),
        queryset=Agreement.objects.order_by("order"),
        required=False,
        help_text=gettext_lazy("Only Member States that are party to it as long as the benefit lasts can give it."),
    )
    body = forms.ModelChoiceField(
        label=gettext_lazy("Responsible ASEAN body"),
        queryset=Body.objects.none(),
        required=False,
    )
    conditions = forms.CharField(
        label=gettext_lazy("Conditions"),
        help_text=gettext_lazy("What the proponent must meet or keep to."),
        widget=forms.Textarea,
        max_length=LONG,
        required=False,
    )
    starts = forms.DateField(label=gettext_lazy("From"), required=False)
    ends = forms.DateField(label=gettext_lazy("Until"), required=False)
    request_rank = forms.TypedChoiceField(
        label=gettext_lazy("Request of the proponent that it answers"),
        coerce=int,
        empty_value=None,
        required=False,
    )

    def prepare(self) -> None:
        """Offer the bodies of today, the agreements by name, and the proponent's ranked requests."""
        self.fields["body"].queryset = Body.objects.on(today()).order_by("acronym")  # type: ignore[attr-defined]
        self.fields["body"].label_from_instance = lambda body: f"{body.acronym} – {body.name}"  # type: ignore[attr-defined]
        self.fields["agreement"].label_from_instance = lambda one: (  # type: ignore[attr-defined]
            one.label if one.label == one.name else f"{one.label} – {one.name}"
        )
        ranked = [(one["rank"], f"{one['rank']}. {one['measure'][:90]}") for one in requests(self.proposal)]
        self.fields["request_rank"].choices = [("", _("None")), *ranked]  # type: ignore[attr-defined]

    @property
    def proposal(self) -> Proposal:
        """The case's proposal."""
        return self.move.subject.proposal

    def giving(self, data: dict[str, Any]) -> list[MemberState]:
        """Return the Member States that the text would be put to."""
        return list(data.get("given_by") or ())

    def clean(self) -> dict[str, Any]:
        """Hold the dates in order, and those who are asked to the category's and the agreement's."""
        data: dict[str, Any] = super().clean() or {}
        if data.get("starts") and data.get("ends") and data["ends"] < data["starts"]:
            self.add_error("ends", _("This is before “From”."))
            return data
        giving = self.giving(data)
        for why in outside_category(self.proposal, data.get("category"), giving).values():
            self.add_error("given_by", why)
        for why in outside_agreement(
            data.get("agreement"), giving, starts=data.get("starts"), ends=data.get("ends")
        ).values():
            self.add_error("agreement", why)
        return data


class BenefitForm(TextForm):
    """A new benefit, perhaps begun from a common measure."""

    begun_from = forms.ModelChoiceField(
        queryset=MeasureTemplate.objects.all(), required=False, widget=forms.HiddenInput
    )

    def prepare(self) -> None:
        """Show who takes part; whoever else is asked for all the same is told why it cannot be."""
        super().prepare()
        here = {state.pk for state in participating(self.proposal)}
        asked = self.data.getlist("given_by") if isinstance(self.data, QueryDict) else self.data.get("given_by", ())
        states = MemberState.objects.order_by("order")
        field = self.fields["given_by"]
        field.queryset = states  # type: ignore[attr-defined]
        field.choices = [(one.pk, one.name) for one in states if one.pk in here or one.pk in asked]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Refuse, too, what a common measure left open."""
        data = super().clean()
        begun = data.get("begun_from")
        left = [gap for gap in GAP.findall(data.get("measure", "")) if begun and gap in begun.measure]
        if left:
            quoted = ", ".join(f"“{gap}”" for gap in left)
            self.add_error("measure", _("Replace %(gaps)s by what holds for this case.") % {"gaps": quoted})
        return data


class ChangeForm(TextForm):
    """Another text, or further Member States to ask."""

    given_by = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Further Member States to ask"),
        queryset=MemberState.objects.none(),
        widget=Checkboxes,
        required=False,
        help_text=gettext_lazy("Those already asked stay: go on without one of them on the page of benefits."),
    )

    def prepare(self) -> None:
        """Offer who takes part and was not asked yet."""
        super().prepare()
        here = [state.pk for state in participating(self.proposal)]
        asked = self.move.subject.concurrences.values("ams")
        further = MemberState.objects.filter(pk__in=here).exclude(pk__in=asked).order_by("order")
        self.fields["given_by"].queryset = further  # type: ignore[attr-defined]

    def giving(self, data: dict[str, Any]) -> list[MemberState]:
        """The further ones, and those that were asked and not left out."""
        words = self.move.subject.concurrences.exclude(state=ConcurrenceState.LEFT_OUT).select_related("ams")
        here = {state.pk for state in participating(self.proposal)}
        return [*super().giving(data), *(word.ams for word in words if word.ams_id in here)]

    def clean(self) -> dict[str, Any]:
        """Refuse a change that changes nothing."""
        data = super().clean()
        if not self.errors and not data["given_by"] and not changed(self.move.subject, data):
            self.add_error(None, _("Nothing is changed."))
        return data


def changed(benefit: Benefit, data: dict[str, Any]) -> list[str]:
    """Return which parts of the text differ, and whether it answers another request."""
    return [name for name in (*TEXT, "request_rank") if getattr(benefit, name) != data[name]]


def _put(benefit: Benefit, states: Iterable[MemberState]) -> list[Concurrence]:
    return [Concurrence.objects.create(proposal=benefit.proposal, benefit=benefit, ams=state) for state in states]


def _keep_wording(act: Move, benefit: Benefit) -> None:
    BenefitWording.objects.create(
        benefit=benefit, number=benefit.wording, person=act.as_.person, office=act.as_.office, at=act.now,
        **{name: getattr(benefit, name) for name in TEXT},
    )  # fmt: skip


def _asked(act: Move, concurrence: Concurrence) -> Tell:
    return Tell(
        parties.seom(concurrence.ams_id), _("Your country is asked to concur in a benefit"), to_act=True,
        due=clocks.due("position", act.now, concurrence.ams_id), path=benefits_tab(act.subject.proposal),
    )  # fmt: skip


@register
class ProposeBenefit(Move):
    """A measure is put to the Member States that would give it (F3)."""

    name = "propose_benefit"
    model = Proposal
    during = frozenset({State.FACILITATION})
    who = rules.engages
    label = gettext_lazy("Propose a benefit")
    done = gettext_lazy("Benefit proposed to the Member States that would give it")
    form = BenefitForm
    audience = Audience.STATES
    closes = frozenset({FINALISE})

    def initial(self) -> dict[str, Any]:
        """Begin from a ranked request of the proponent, a common measure, or nothing."""
        found: dict[str, Any] = {}
        asked = next(
            (one for one in requests(self.subject.proposal) if str(one["rank"]) == self.begin.get("request")), None
        )
        if asked:
            inside = takes_part_in(self.subject.proposal, asked["category"])
            body = Body.objects.on(today()).filter(acronym=asked.get("body") or "").first()
            found = {
                "category": asked["category"], "measure": asked["measure"], "body": body and body.pk,
                "given_by": [ams for ams in asked["ams"] if ams in inside], "request_rank": asked["rank"],
            }  # fmt: skip
        if template := latest(str(self.begin.get("measure", ""))):
            body = Body.objects.on(today()).filter(acronym=template.body).first()
            found |= {
                "begun_from": template.pk, "category": template.category, "measure": template.measure,
                "conditions": template.conditions, "body": body and body.pk, "agreement": template.agreement,
            }  # fmt: skip
        return found

    @property
    def offers(self) -> list[tuple[str, list[MeasureTemplate]]]:
        """The common measures to begin from, by category."""
        return by_category()

    @property
    def asked_for(self) -> list[dict[str, Any]]:
        """The proponent's requests, to begin from one."""
        return requests(self.subject.proposal)

    def effect(self) -> None:
        """Write it down and ask each Member State."""
        fields = {name: self.data[name] for name in (*TEXT, "request_rank", "begun_from")}
        self.new = Benefit.objects.create(
            proposal=self.subject.proposal, number=next_in(Benefit, self.subject.case_pk), proposed_at=self.now, **fields,
        )  # fmt: skip
        _keep_wording(self, self.new)
        self.asked = _put(self.new, self.data["given_by"])

    def details(self) -> dict[str, Any]:
        """Keep which one it is."""
        return {"benefit": self.new.number}

    def owes(self) -> Iterable[Owes]:
        """Each Member State owes its word (L5: 20 working days)."""
        for concurrence in self.asked:
            yield Owes(CONCURRENCE, parties.seom(concurrence.ams_id), on=concurrence)

    def tells(self) -> Iterable[Tell]:
        """Tell each SEOM lead, who must answer, and ASEC."""
        for concurrence in self.asked:
            yield _asked(self, concurrence)
        yield Tell(parties.asec(), _("A benefit was proposed"), path=benefits_tab(self.subject.proposal))

    def after(self) -> str:
        """Go back to the benefits."""
        return benefits_tab(self.subject.proposal)


@register
class ChangeBenefit(DuringFacilitation):
    """Another text, on which every Member State is asked again; or further Member States to ask, also who joined later (D6)."""

    name = "change_benefit"
    model = Benefit
    during = frozenset({BenefitState.PROPOSED})
    who = rules.engages
    label = gettext_lazy("Change this benefit")
    done = gettext_lazy("Benefit changed")
    help = gettext_lazy(
        "A word holds for the text it was given on: once the text is changed, each Member State is asked again. What each said of the earlier text is kept."
    )
    form = ChangeForm
    audience = Audience.STATES
    closes = frozenset({FINALISE})

    def reasons(self) -> Iterable[str]:
        """What is final is withdrawn, and another proposed (D6)."""
        yield from super().reasons()
        if self.subject.finalised_at:
            yield _("This benefit is final.")

    def initial(self) -> dict[str, Any]:
        """Begin with the text as it is."""
        found = {name: getattr(self.subject, name) for name in (*TEXT, "request_rank")}
        return {name: getattr(value, "pk", value) for name, value in found.items()}

    def also(self) -> Iterable[Subject]:
        """The chair waits until all have answered."""
        return [self.subject.proposal]

    def effect(self) -> None:
        """Keep the text; ask again where it is another, and ask further ones."""
        self.parts = changed(self.subject, dict(self.data))
        for name in self.parts:
            setattr(self.subject, name, self.data[name])
        self.again = bool(set(self.parts) & set(TEXT))
        self.subject.wording += int(self.again)
        self.subject.save(update_fields=[*self.parts, "wording"])
        if self.again:
            _keep_wording(self, self.subject)
            for word in self.subject.concurrences.exclude(state=ConcurrenceState.LEFT_OUT).order_by("ams__order"):
                perform(AskAgain, word, by=self.as_.person, as_=self.as_)
        self.asked = _put(self.subject, self.data["given_by"])

    def details(self) -> dict[str, Any]:
        """Keep which one it is, which of its texts, and what is different in it."""
        return {"benefit": self.subject.number, "wording": self.subject.wording, "changed": self.parts}

    def owes(self) -> Iterable[Owes]:
        """Each further Member State owes its word; a request that is answered at last may make it the chair's turn."""
        for concurrence in self.asked:
            yield Owes(CONCURRENCE, parties.seom(concurrence.ams_id), on=concurrence)
        yield from finalise_if_agreed(self.subject.proposal)

    def tells(self) -> Iterable[Tell]:
        """Tell the further ones; the others are told as they are asked again."""
        for concurrence in self.asked:
            yield _asked(self, concurrence)
        yield Tell(parties.asec(), _("A benefit was changed"), path=benefits_tab(self.subject.proposal))


@register
class WithdrawBenefit(DuringFacilitation):
    """proposed → withdrawn: it is not pursued."""

    name = "withdraw_benefit"
    model = Benefit
    on = "withdraw"
    who = rules.engages
    label = gettext_lazy("Withdraw this benefit")
    done = gettext_lazy("Benefit withdrawn")
    form = WhyForm
    audience = Audience.STATES
    warning = True
    closes = frozenset({CONCURRENCE, FINALISE})

    def also(self) -> Iterable[Subject]:
        """Nobody needs to answer on it any more."""
        return [self.subject.proposal, *self.subject.concurrences.all()]

    def effect(self) -> None:
        """Keep why."""
        self.subject.withdrawn_because = self.data["reason"]
        self.subject.save(update_fields=["withdrawn_because"])

    def details(self) -> dict[str, Any]:
        """Keep which one it is."""
        return {"benefit": self.subject.number}

    def owes(self) -> Iterable[Owes]:
        """The chair may be able to finalise what is left."""
        yield from finalise_if_agreed(self.subject.proposal)

    def tells(self) -> Iterable[Tell]:
        """Tell the Member States that were asked, and ASEC."""
        path = benefits_tab(self.subject.proposal)
        for ams in self.subject.concurrences.values_list("ams_id", flat=True):
            yield Tell(parties.seom(ams), _("A benefit your country was asked about was withdrawn"), path=path)
        yield Tell(parties.asec(), _("A benefit was withdrawn"), path=path)
