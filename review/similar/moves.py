"""Saying that a similar case is not relevant, and taking that back (P9). The trail keeps both."""

from collections.abc import Iterable
from functools import cached_property
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aipbi.accounts.enums import Role
from aipbi.workflow.forms import MoveForm
from aipbi.workflow.models import Audience
from aipbi.workflow.moves import Move
from aipbi.workflow.registry import register
from proposals.enums import OPEN, State
from proposals.models import Proposal
from review import rules
from review.similar import queries
from review.similar.models import SetAside


class _OfSimilar(Move):
    """What both share: who, when, and where they lead."""

    model = Proposal
    during = OPEN - {State.DRAFT, State.WITH_SEOM}
    who = rules.weighs_similar
    audience = Audience.ASEC
    hidden = True
    shown = ("case", "reason")

    @cached_property
    def choices(self) -> list[tuple[str, str]]:
        """The cases it may be about: code and words."""
        raise NotImplementedError

    def reasons(self) -> Iterable[str]:
        """The FG-GVC begins when the case is before it; and there must be a case to speak of."""
        if self.as_.role == Role.FG_GVC and self.subject.before_fg_gvc_at is None:
            yield _("The case is not before the FG-GVC yet.")
        elif not self.choices:
            yield _("There is no such case on your list.")

    def kept(self) -> dict[str, Any]:
        """Keep what was said; which case it is about is among the details."""
        return {name: value for name, value in self.data.items() if name != "other"}

    def details(self) -> dict[str, Any]:
        """Name the other case."""
        return {"case": dict(self.choices)[self.data["other"]], "code": self.data["other"]}

    def repeats(self, entered: Any, kept: Any) -> bool:
        """Whether it is about the same case."""
        return bool(entered.get("other") == kept.get("code"))

    def after(self) -> str:
        """Go back to the list."""
        return reverse("similar", args=[self.subject.case.code])


class OtherForm(MoveForm):
    """Which case."""

    other = forms.ChoiceField(label=gettext_lazy("Case"), widget=forms.RadioSelect)

    def prepare(self) -> None:
        """Offer the cases on the list."""
        self.fields["other"].choices = self.move.choices  # type: ignore[attr-defined]


class NotRelevantForm(OtherForm):
    """Which case, and why, if one wants to say."""

    reason = forms.CharField(
        label=gettext_lazy("Why it is not relevant (optional)"), widget=forms.Textarea, max_length=2000, required=False,
    )  # fmt: skip


@register
class NotRelevant(_OfSimilar):
    """The office takes a case off its list beside this one; other offices keep theirs."""

    name = "not_relevant"
    label = gettext_lazy("Say that a similar case is not relevant")
    done = gettext_lazy("A similar case was said to be not relevant")
    help = gettext_lazy("Your office no longer sees it beside this proposal. You can take this back at any time.")
    form = NotRelevantForm

    @cached_property
    def choices(self) -> list[tuple[str, str]]:
        """The cases that resemble it."""
        found = queries.similar(self.subject, self.as_)
        self.known = {one.code: one.pk for one in found}
        return [(one.code, f"{one.caption}: {one.title}") for one in found]

    def refusals(self) -> Iterable[str]:
        """Once is enough."""
        if self.known[self.data["other"]] in {one.other_id for one in queries.set_aside(self.subject, self.as_)}:
            yield _("Your office said so already.")

    def effect(self) -> None:
        """Keep the statement."""
        SetAside.objects.create(
            proposal=self.subject,
            other_id=self.known[self.data["other"]],
            office=self.as_.office,  # type: ignore[misc] # whoever weighs holds an office
            expert=self.as_.person if self.as_.role == Role.EXPERT else None,
            reason=self.data["reason"],
            at=self.now,
        )


@register
class RelevantAgain(_OfSimilar):
    """The office takes its statement back."""

    name = "relevant_again"
    label = gettext_lazy("Put a similar case back on the list")
    done = gettext_lazy("A similar case was put back on the list")
    form = OtherForm

    @cached_property
    def choices(self) -> list[tuple[str, str]]:
        """The cases that the office took off."""
        self.said = {one.other.case.code: one for one in queries.set_aside(self.subject, self.as_)}
        return [(code, one.other.caption) for code, one in self.said.items()]

    def effect(self) -> None:
        """Take the row away; the trail keeps that it was there."""
        self.said[self.data["other"]].delete()
