"""What the proponent does: submit, complete, withdraw, resubmit."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aipbi.asean import defaults
from aipbi.asean.models import MemberState
from aipbi.forms import Radios
from aipbi.workflow import parties
from aipbi.workflow.forms import MoveForm
from aipbi.workflow.moves import ALL, Move, Owes, Tell
from aipbi.workflow.parties import Party
from aipbi.workflow.registry import register
from proposals import originating, rules, verbs
from proposals.attachments import all_faults
from proposals.enums import State
from proposals.models import Proposal
from proposals.obligations import COMPLETENESS, COMPLETION, REVISE, SEOM_DECISION


class DeclarationForm(MoveForm):
    """The declaration, to be ticked."""

    declaration = forms.BooleanField(
        label=gettext_lazy(
            "I declare that this proposal is true and complete to the best of our knowledge, and that we may share "
            "it with the Member States, the ASEAN Secretariat and the experts they appoint.",
        ),
        error_messages={"required": gettext_lazy("Tick the declaration to hand the proposal in")},
    )


class _HandIn(Move):
    """What submitting and completing share: the P-rules hold, and a version is frozen (L6)."""

    model = Proposal
    who = rules.proponent_editor
    form = DeclarationForm

    def reasons(self) -> Iterable[str]:
        """Say what the P-rules still ask; the check page links each place."""
        found = all_faults(self.subject)
        if found:
            yield _("%(count)d answers are missing or not right yet. See “Check your answers”.") % {"count": len(found)}

    def effect(self) -> None:
        """Freeze the version and name the Member States in it."""
        self.subject.declared_by = self.as_.person
        verbs.freeze(self.subject, by=self.as_.person, now=self.now)

    def details(self) -> dict[str, Any]:
        """Keep which version was handed in."""
        return {"version": self.subject.version.number, "sha256": self.subject.version.sha256}


@register
class Submit(_HandIn):
    """draft → with SEOM lead (P5, L6)."""

    name = "submit"
    on = "submit"
    label = gettext_lazy("Submit to your SEOM lead")
    done = gettext_lazy("Proposal submitted")
    help = gettext_lazy("Your country's SEOM lead will read the proposal and decide whether to support it.")
    closes = {REVISE}

    def effect(self) -> None:
        """Freeze, and date the submission."""
        super().effect()
        verbs.stamp(self.subject, "submitted_at", self.now)

    def owes(self) -> Iterable[Owes]:
        """The SEOM lead owes an answer (L5: 20 working days)."""
        yield Owes(SEOM_DECISION, parties.seom(self.subject.originating_ams_id))

    def tells(self) -> Iterable[Tell]:
        """Tell the SEOM lead, who must act, and the colleagues, who wait."""
        yield Tell(parties.seom(self.subject.originating_ams_id), _("A proposal asks for your support"), to_act=True)
        yield Tell(Party(organisation=self.subject.organisation), _("Your proposal was submitted to your SEOM lead"))


@register
class Complete(_HandIn):
    """awaiting completion → inbox, with a new version."""

    name = "complete"
    on = "complete"
    label = gettext_lazy("Hand in the completed proposal")
    done = gettext_lazy("Completed proposal handed in")
    closes = {COMPLETION}
    resumes = {COMPLETENESS}

    def reasons(self) -> Iterable[str]:
        """The Member State whose SEOM lead supports it stays the originating one."""
        yield from super().reasons()
        supported_by = self.subject.originating_ams
        if self.subject.answers.get("originating_ams") != supported_by.code:
            yield _(
                "The SEOM lead of %(state)s supports this proposal: the originating Member State can’t be changed now."
            ) % {"state": supported_by.in_text}

    def effect(self) -> None:
        """Freeze a new version."""
        super().effect()
        verbs.stamp(self.subject)

    def tells(self) -> Iterable[Tell]:
        """Tell ASEC, who must go on."""
        yield Tell(parties.asec(), _("A completed proposal came in"), to_act=True)


class ReasonForm(MoveForm):
    """Why."""

    reason = forms.CharField(label=gettext_lazy("Reason"), widget=forms.Textarea, max_length=4000)


@register
class Withdraw(Move):
    """Any open state → withdrawn, with a reason."""

    name = "withdraw"
    model = Proposal
    on = "withdraw"
    who = rules.proponent_editor
    label = gettext_lazy("Withdraw the proposal")
    done = gettext_lazy("Proposal withdrawn")
    help = gettext_lazy("This ends the case. What was handed in stays on record.")
    form = ReasonForm
    shown = ("reason",)
    closes = ALL
    warning = True

    def effect(self) -> None:
        """Date it."""
        verbs.stamp(self.subject)

    def tells(self) -> Iterable[Tell]:
        """Tell whoever has it in hand."""
        subject = self.subject
        if subject.submitted_at:
            yield Tell(parties.seom(subject.originating_ams_id), _("The proponent withdrew a proposal"))
        if subject.inbox_at:
            yield Tell(parties.asec(), _("The proponent withdrew a proposal"))
        if subject.registered_at:
            for ams in subject.participations.on_the_case().values_list("ams_id", flat=True):
                yield Tell(parties.seom(ams), _("The proponent withdrew a proposal"))


class ResubmitForm(MoveForm):
    """What will be different."""

    what_changed = forms.CharField(
        label=gettext_lazy("What will be different this time"),
        help_text=gettext_lazy("Everybody on the old case and on the new one reads it."),
        widget=forms.Textarea,
        max_length=4000,
    )
    ask = forms.ChoiceField(
        label=gettext_lazy("Which country’s SEOM lead will you ask for support?"),
        help_text=gettext_lazy(
            "Only a Member State that takes part in the project and benefits from it can be asked. "
            "You can still change this while you write."
        ),
        error_messages={"invalid_choice": gettext_lazy("Choose a Member State that takes part and benefits.")},
    )

    def prepare(self) -> None:
        """Where support was declined, offer the Member States that can give it; elsewhere nothing is asked."""
        if self.move.subject.state != State.NOT_SUPPORTED:
            del self.fields["ask"]
            return
        names = dict(MemberState.objects.values_list("code", "name"))
        declined = originating.declined(self.move.subject)
        choices = [(code, names[code]) for code in originating.eligible(self.move.subject.answers)]
        hints = {code: _("Did not support it before") for code, _name in choices if code in declined}
        self.fields["ask"].widget = Radios(hints=hints)
        self.fields["ask"].choices = choices  # type: ignore[attr-defined]


@register
class Resubmit(Move):
    """not approved / lapsed / not supported → a new draft of the same family, at most two (*default*)."""

    name = "resubmit"
    model = Proposal
    during = frozenset({State.NOT_APPROVED, State.LAPSED, State.NOT_SUPPORTED})
    who = rules.proponent_editor
    label = gettext_lazy("Revise it and start again")
    done = gettext_lazy("New draft started from it")
    help = gettext_lazy(
        "A new draft is made with your answers. You can change them all, also which Member State you ask for support."
    )
    form = ResubmitForm
    shown = ("what_changed",)

    def reasons(self) -> Iterable[str]:
        """Refuse a third revision, and a second draft of the same proposal."""
        most = defaults.get("resubmissions_maximum")
        if self.subject.attempt >= most:
            yield _("A proposal can be revised %(most)d times, and this one has been.") % {"most": most}
        if Proposal.objects.filter(follows=self.subject).exists():
            yield _("A new draft was already started from this proposal.")

    def effect(self) -> None:
        """Make the draft."""
        asked = self.data.get("ask")
        answers = {**self.subject.answers, "originating_ams": asked} if asked else self.subject.answers
        self.new = verbs.start_draft(
            by=self.as_.person, as_=self.as_, answers=answers, follows=self.subject,  # type: ignore[arg-type]
            note=self.data["what_changed"],
        )  # fmt: skip

    def after(self) -> str:
        """Go to the new draft."""
        return reverse("proposal", args=[self.new.case.code])
