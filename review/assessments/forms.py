"""The form of an assessment (R3): nothing chosen beforehand, and any part may be saved."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aipbi.asean.models import Criterion, Parameter
from aipbi.forms import Radios
from aipbi.workflow.forms import MoveForm
from review.assessments import citing, evidence
from review.assessments.models import CriterionVerdict, Rating
from review.clarifications.models import Clarification
from review.enums import Confidence, Level, Met, Overall
from review.report.names import refuse_names

LONG = 8000


@dataclass(frozen=True, slots=True)
class ParameterGroup:
    """One parameter on the page: its two fields, and what the proposal says on it."""

    parameter: Parameter
    level: BoundField
    why: BoundField
    said: list["Citable"]
    # Answers of other sections and questions relied on, and those that may be added.
    also: list["Citable"]
    others: list[tuple[str, str]]
    cite: str
    files: list[tuple[BoundField, BoundField]]
    # Where the whole proposal speaks of it.
    url: str
    questions: list[Clarification]

    @property
    def done(self) -> bool:
        """Whether both are filled in, as saved."""
        return self.level.initial is not None and bool(self.why.initial)


@dataclass(frozen=True, slots=True)
class Citable:
    """An answer that can be ticked as evidence."""

    value: str
    heading: str
    text: str
    url: str
    ticked: bool


@dataclass(frozen=True, slots=True)
class CriterionGroup:
    """One criterion on the page: its parameters and the verdict on it."""

    criterion: Criterion
    parameters: list[ParameterGroup]
    verdict: BoundField


class Cited(forms.MultipleChoiceField):
    """Ticked answers, and one more from a list where nothing may be chosen."""

    def to_python(self, value: Any) -> list[str]:
        """Return what was chosen, each once."""
        return list(dict.fromkeys(one for one in super().to_python(value) if one))


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
    # Whether the page has places for evidence; where it has none, what is kept stays.
    cites = forms.BooleanField(required=False, widget=forms.HiddenInput)

    def prepare(self) -> None:
        """Add the fields of the case's own edition of the criteria."""
        assessment = self.move.subject
        self.sources = citing.Sources(assessment.proposal, assessment.version, self.move.as_)
        self.ratings: list[Rating] = list(assessment.ratings.select_related("parameter__criterion"))
        self.verdicts: list[CriterionVerdict] = list(assessment.verdicts.select_related("criterion"))
        for rating in self.ratings:
            self._add_parameter(rating.parameter)
            self._add_evidence(rating)
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

    def _add_evidence(self, rating: Rating) -> None:
        n, pages = rating.parameter.number, citing.pages(rating.evidence)
        self.fields[f"cite_{n}"] = Cited(
            label=_("Parameter %(n)s: answers you rely on") % {"n": n},
            choices=self.sources.choices, required=False, initial=citing.chosen(rating.evidence),
        )  # fmt: skip
        for place in range(citing.FILES_MOST):
            kept = pages[place] if place < len(pages) else {}
            self.fields[f"file_{n}_{place}"] = forms.ChoiceField(
                label=_("File"), choices=[("", _("None")), *self.sources.file_choices],
                required=False, initial=kept.get("of"),
            )  # fmt: skip
            self.fields[f"page_{n}_{place}"] = forms.IntegerField(
                label=_("Page"), min_value=1, max_value=9999, required=False, initial=kept.get("page"),
            )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Put the evidence of each rating together; a page needs its file."""
        data: dict[str, Any] = super().clean() or {}
        cites = data.pop("cites", False)
        for rating in self.ratings:
            n = rating.parameter.number
            choices, files = data.pop(f"cite_{n}", []), []
            for place in range(citing.FILES_MOST):
                sha256, page = data.pop(f"file_{n}_{place}", ""), data.pop(f"page_{n}_{place}", None)
                if sha256:
                    files.append((sha256, page))
                elif page:
                    self.add_error(f"file_{n}_{place}", _("Choose the file whose page this is."))
            data[evidence_name(rating.parameter)] = citing.keep(choices, files) if cites else rating.evidence
        return data

    @property
    def progress(self) -> tuple[int, int]:
        """How many of the parts are done as saved, and how many there are."""
        assessment = self.move.subject
        parts = [one.level is not None and bool(one.justification.strip()) for one in self.ratings]
        parts += [bool(one.verdict) for one in self.verdicts]
        parts += [bool(assessment.overall), bool(assessment.confidence)]
        return sum(parts), len(parts)

    def page(self) -> list[CriterionGroup]:
        """Return the page, criterion by criterion."""
        return list(self._groups())

    def _groups(self) -> Iterator[CriterionGroup]:
        for verdict in self.verdicts:
            yield CriterionGroup(
                criterion=verdict.criterion,
                parameters=[
                    self._group(rating.parameter)
                    for rating in self.ratings
                    if rating.parameter.criterion_id == verdict.criterion_id
                ],
                verdict=self[verdict_name(verdict.criterion)],
            )

    def _group(self, parameter: Parameter) -> ParameterGroup:
        name = f"cite_{parameter.number}"
        ticked = set(map(str, self[name].value() or []))
        here = evidence.said(parameter.code, self.move.subject.version.document)
        own = {f"{citing.ANSWER}:{one.path}" for one in here}
        others = [choice for choice in self.sources.choices if choice[0] not in own]
        files = [
            (self[f"file_{parameter.number}_{n}"], self[f"page_{parameter.number}_{n}"])
            for n in range(citing.FILES_MOST)
        ]
        used = sum(bool(file.value() or page.value() or file.errors or page.errors) for file, page in files)
        return ParameterGroup(
            parameter=parameter,
            level=self[level_name(parameter)],
            why=self[why_name(parameter)],
            said=[
                Citable(value, one.heading, one.text, self.sources.at(one.path), value in ticked)
                for one in here
                for value in [f"{citing.ANSWER}:{one.path}"]
            ],
            also=[Citable(value, words, "", "", ticked=True) for value, words in others if value in ticked],
            others=[choice for choice in others if choice[0] not in ticked],
            cite=name,
            files=files[: used + 1] if self.sources.files else [],
            url=self.sources.section(parameter.code),
            questions=[one for one in self.sources.questions.values() if one.parameter_id == parameter.pk],
        )

    @property
    def page_anchors(self) -> dict[str, str]:
        """Where on the page an answer stands."""
        found = dict.fromkeys(("overall", "conditions", "confidence", "comments"), "whole")
        for one in (rating.parameter for rating in self.ratings):
            found |= dict.fromkeys((level_name(one), why_name(one), evidence_name(one)), f"parameter-{one.number}")
        return found | {verdict_name(one.criterion): f"criterion-{one.criterion.number}" for one in self.verdicts}

    def label(self, name: str) -> str:
        """Return what an answer is called."""
        if name in self.fields:
            return str(self.fields[name].label)
        return _("Parameter %(n)s: evidence") % {"n": name.rpartition("_")[2]}

    @staticmethod
    def put(data: QueryDict, name: str, value: Any) -> None:
        """Write an answer into what was sent, as this form sends it."""
        if isinstance(value, str):
            data[name] = value
            return
        n = name.rpartition("_")[2]
        data.setlist(f"cite_{n}", citing.chosen(value))
        pages = [*citing.pages(value), *[{}] * citing.FILES_MOST][: citing.FILES_MOST]
        for place, one in enumerate(pages):
            data[f"file_{n}_{place}"], data[f"page_{n}_{place}"] = one.get("of", ""), str(one.get("page") or "")

    def in_words(self, name: str, value: Any) -> str:
        """Return an answer as the page says it."""
        if name not in self.fields:
            return "\n".join(link.words for link in self.sources.links(value)) or _("Empty")
        if value in (None, ""):
            return _("Empty")
        choices = {str(key): str(label) for key, label in getattr(self.fields[name], "choices", ())}
        return choices.get(str(value), str(value))

    def general_questions(self) -> list[Clarification]:
        """Return the questions that concern the whole proposal."""
        return [one for one in self.sources.questions.values() if one.parameter_id is None]


class FilingForm(MoveForm):
    """What the expert confirms when filing."""

    own_view = forms.BooleanField(
        label=gettext_lazy(
            "This is my own independent view, and nothing has changed in my declaration of conflicts of interest."
        ),
        error_messages={"required": gettext_lazy("Tick this to file the assessment")},
    )


class ViewForm(MoveForm):
    """An alternative view."""

    mark_optional = False

    alternative_view = forms.CharField(
        label=gettext_lazy("Your alternative view"),
        help_text=gettext_lazy("Name nobody. Leave it empty to take back what stood here."),
        widget=forms.Textarea(attrs={"rows": 10}),
        required=False,
        max_length=LONG,
    )

    def clean_alternative_view(self) -> str:
        """Keep experts' names out of what others read (R4)."""
        text: str = self.cleaned_data["alternative_view"]
        refuse_names(self.move.subject.proposal, text)
        return text


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


def evidence_name(parameter: Parameter) -> str:
    """Return the name by which the evidence for a parameter is entered and kept on the trail."""
    return f"evidence_{parameter.number}"
