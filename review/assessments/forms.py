"""The form of an assessment (R3): nothing chosen beforehand, and any part may be saved."""

from collections.abc import Iterator
from dataclasses import dataclass

from django import forms
from django.forms.boundfield import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aipbi.asean.models import Criterion, Parameter
from aipbi.forms import Radios
from aipbi.workflow.forms import MoveForm
from review.assessments import evidence
from review.assessments.models import CriterionVerdict, Rating
from review.enums import Confidence, Level, Met, Overall

LONG = 8000


@dataclass(frozen=True, slots=True)
class ParameterGroup:
    """One parameter on the page: its two fields, and what the proposal says on it."""

    parameter: Parameter
    level: BoundField
    why: BoundField
    said: list[evidence.Said]

    @property
    def done(self) -> bool:
        """Whether both are filled in, as saved."""
        return self.level.initial is not None and bool(self.why.initial)


@dataclass(frozen=True, slots=True)
class CriterionGroup:
    """One criterion on the page: its parameters and the verdict on it."""

    criterion: Criterion
    parameters: list[ParameterGroup]
    verdict: BoundField


class AssessmentForm(MoveForm):
    """The whole assessment on one page."""

    mark_optional = False

    overall = forms.ChoiceField(
        label=gettext_lazy("Your verdict on the whole"), choices=Overall, widget=forms.RadioSelect, required=False,
    )  # fmt: skip
    conditions = forms.CharField(
        label=gettext_lazy("Conditions"),
        help_text=gettext_lazy("Needed where your verdict is “eligible with conditions”. One condition to a line."),
        widget=forms.Textarea,
        required=False,
        max_length=LONG,
    )
    confidence = forms.ChoiceField(
        label=gettext_lazy("How sure are you of this assessment?"), choices=Confidence, widget=forms.RadioSelect, required=False,
    )  # fmt: skip
    comments = forms.CharField(
        label=gettext_lazy("Comments to the Secretariat alone (optional)"),
        help_text=gettext_lazy("Neither the other experts nor the Member States read them."),
        widget=forms.Textarea,
        required=False,
        max_length=LONG,
    )
    # Which button was pressed.
    then = forms.ChoiceField(choices=[("stay", ""), ("check", "")], required=False, widget=forms.HiddenInput)

    def prepare(self) -> None:
        """Add the fields of the case's own edition of the criteria."""
        assessment = self.move.subject
        self.ratings: list[Rating] = list(assessment.ratings.select_related("parameter__criterion"))
        self.verdicts: list[CriterionVerdict] = list(assessment.verdicts.select_related("criterion"))
        for rating in self.ratings:
            self._add_parameter(rating.parameter)
        for verdict in self.verdicts:
            self.fields[verdict_name(verdict.criterion)] = forms.ChoiceField(
                label=_("Is criterion %(n)s met?") % {"n": verdict.criterion.number}, choices=Met,
                widget=forms.RadioSelect, required=False,
            )  # fmt: skip

    def _add_parameter(self, parameter: Parameter) -> None:
        self.fields[level_name(parameter)] = forms.TypedChoiceField(
            label=_("Parameter %(n)s: your rating") % {"n": parameter.number},
            choices=[(level.value, _("Level %(level)s") % {"level": level.value}) for level in Level],
            widget=Radios(hints={str(number): words for number, words in enumerate(parameter.levels)}),
            coerce=int,
            empty_value=None,
            required=False,
        )
        self.fields[why_name(parameter)] = forms.CharField(
            label=_("Parameter %(n)s: justification") % {"n": parameter.number},
            help_text=_("Say what in the proposal leads you to this level."),
            widget=forms.Textarea,
            required=False,
            max_length=LONG,
        )

    def page(self) -> list[CriterionGroup]:
        """Return the page, criterion by criterion."""
        return list(self._groups())

    def _groups(self) -> Iterator[CriterionGroup]:
        document = self.move.subject.version.document
        for verdict in self.verdicts:
            yield CriterionGroup(
                criterion=verdict.criterion,
                parameters=[
                    ParameterGroup(
                        parameter=rating.parameter,
                        level=self[level_name(rating.parameter)],
                        why=self[why_name(rating.parameter)],
                        said=evidence.said(rating.parameter.code, document),
                    )
                    for rating in self.ratings
                    if rating.parameter.criterion_id == verdict.criterion_id
                ],
                verdict=self[verdict_name(verdict.criterion)],
            )


class FilingForm(MoveForm):
    """What the expert confirms when filing."""

    own_view = forms.BooleanField(
        label=gettext_lazy(
            "This is my own independent view, and nothing has changed in my declaration of conflicts of interest."
        ),
        error_messages={"required": gettext_lazy("Tick this to file the assessment")},
    )


class ReopeningForm(MoveForm):
    """Why ASEC gives an assessment back."""

    reason = forms.CharField(
        label=gettext_lazy("Why it is given back"),
        help_text=gettext_lazy("The expert reads this."),
        widget=forms.Textarea,
        max_length=4000,
    )


def level_name(parameter: Parameter) -> str:
    """Return the name of the field for a parameter's level."""
    return f"level_{parameter.number}"


def why_name(parameter: Parameter) -> str:
    """Return the name of the field for a parameter's justification."""
    return f"why_{parameter.number}"


def verdict_name(criterion: Criterion) -> str:
    """Return the name of the field for the verdict on a criterion."""
    return f"verdict_{criterion.number}"
