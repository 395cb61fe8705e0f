"""Correcting an accepted figure: a new version of it with its reason, which counts once ASEC accepts it (M3)."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aipbi.documents.models import StoredFile
from aipbi.workflow import parties as offices
from aipbi.workflow import two_persons
from aipbi.workflow.forms import MoveForm
from aipbi.workflow.models import Audience
from aipbi.workflow.moves import Owes, Tell
from aipbi.workflow.registry import register
from monitoring import parties, tables
from monitoring.enums import ReportState
from monitoring.evidence import files_of
from monitoring.forms.fields import words
from monitoring.forms.report import fields_of, name_of, share_faults
from monitoring.forms.verdicts import VERDICTS
from monitoring.models import ReportFigure
from monitoring.moves.shared import OnReport
from monitoring.obligations import CHECK_CORRECTION
from monitoring.templatetags.figures import figure as shown
from proposals import rules


def standing(report: Any) -> list[ReportFigure]:
    """Return the last accepted version of each of a report's figures, in order."""
    return list(report.figures.accepted().select_related("line__indicator__goal", "line__ams"))


def waiting(report: Any) -> list[ReportFigure]:
    """Return the corrections that ASEC has not checked yet."""
    found = report.figures.filter(version__gt=1, accepted__isnull=True)
    return list(found.select_related("line__indicator__goal", "line__ams"))


class CorrectionForm(MoveForm):
    """Which figure, what it should be, and why; the cells are those of the figure's kind."""

    mark_optional = False

    figure = forms.ChoiceField(
        label=gettext_lazy("Which figure"),
        error_messages={"required": gettext_lazy("Choose the figure to correct.")},
    )
    reason = forms.CharField(
        label=gettext_lazy("Why it is corrected"),
        help_text=gettext_lazy("Whoever reads the report reads this beside the figure."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=4000,
    )

    def prepare(self) -> None:
        """Offer what can be corrected, and the cells of what is chosen."""
        report = self.move.subject
        pending = {one.line_id for one in waiting(report)}
        self.standing = {str(one.pk): one for one in standing(report) if one.line_id not in pending}
        choices = [(key, f"{name_of(one)}: {shown(one.value)}") for key, one in self.standing.items()]
        self.fields["figure"].choices = [("", ""), *choices]  # type: ignore[attr-defined]
        chosen = str(self.data.get("figure") or self.move.begin.get("figure") or "")
        self.chosen = self.standing.get(chosen)
        if self.chosen:
            self.initial["figure"] = chosen
            for name, field in fields_of(self.chosen).items():
                self.fields[f"{name}_{chosen}"] = field
                self.initial[f"{name}_{chosen}"] = getattr(self.chosen, name)
            self.order_fields(["figure", *(f"{name}_{chosen}" for name in fields_of(self.chosen)), "reason"])

    def clean(self) -> dict[str, Any]:
        """Return `figure`, `answers` by column and `reason`; the correction says something, and something else."""
        data: dict[str, Any] = super().clean() or {}
        if self.chosen is None:
            return data
        key = self.chosen.pk
        sent = [name for name in tables.asked(self.chosen.line) if f"{name}_{key}" in self.data]
        if not sent and "figure" not in self.errors:
            self.add_error("figure", _("Now write below what this figure should be."))
        for name, fault in share_faults(data, key).items():
            self.add_error(f"{name}_{key}", fault)
        answers = {name: data.get(f"{name}_{key}") for name in sent}
        fresh = ReportFigure(line=self.chosen.line, **answers)
        if sent and not self.errors:
            if not fresh.answered:
                self.add_error(
                    None,
                    _(
                        "Give the figure with its share due to facilitation and why, or say under evidence why there is none."
                    ),
                )
            elif all(getattr(self.chosen, name) == value for name, value in answers.items()):
                self.add_error(None, _("This is the figure as it stands: nothing is corrected."))
        return {"figure": self.chosen, "answers": answers, "reason": data.get("reason", "")}


@register
class CorrectFigure(OnReport):
    """Put a correction of one accepted figure to ASEC; the accepted one stands until it is accepted."""

    name = "correct_figure"
    during = frozenset({ReportState.ACCEPTED})
    who = rules.proponent_editor
    label = gettext_lazy("Correct an accepted figure")
    done = gettext_lazy("Correction of a figure handed in")
    help = gettext_lazy(
        "The accepted figure is kept, with your reason beside the new one. The new one counts once the ASEAN Secretariat has accepted it."
    )
    form = CorrectionForm
    beside = True
    audience = Audience.STATES

    def effect(self) -> None:
        """Keep it as the next version."""
        old = self.data["figure"]
        newest = self.subject.figures.filter(line=old.line).order_by("-version").first()
        self.made = ReportFigure.objects.create(
            report=self.subject, line=old.line, version=newest.version + 1, reason=self.data["reason"],
            **self.data["answers"],
        )  # fmt: skip

    def kept(self) -> dict[str, Any]:
        """Keep which figure, from what to what, and why."""
        return {
            "figure": str(self.made.line), "version": self.made.version, "reason": self.made.reason,
            "before": self.data["figure"].value, "after": self.made.value,
        }  # fmt: skip

    def owes(self) -> Iterable[Owes]:
        """ASEC owes the check."""
        yield Owes(CHECK_CORRECTION, offices.asec())

    def tells(self) -> Iterable[Tell]:
        """Tell ASEC, which must act."""
        yield Tell(offices.asec(), _("An accepted figure is corrected: check the correction"), to_act=True)

    def after(self) -> str:
        """Back to the report."""
        return self.subject.home(self.subject.proposal.case.code, self.as_)


class CheckForm(MoveForm):
    """Accept or return each correction; nothing is chosen beforehand."""

    mark_optional = False

    def prepare(self) -> None:
        """Make two fields per correction."""
        self.corrections = waiting(self.move.subject)
        self.stands = {one.line_id: one for one in standing(self.move.subject)}
        for one in self.corrections:
            of = {"what": name_of(one), "before": shown(self.stands[one.line_id].value), "after": shown(one.value)}
            self.fields[f"verdict_{one.pk}"] = forms.ChoiceField(
                label=_("%(what)s: %(after)s in place of %(before)s") % of, choices=VERDICTS,
                widget=forms.RadioSelect, error_messages={"required": _("Accept or return this correction.")},
            )  # fmt: skip
            self.fields[f"comment_{one.pk}"] = words(_("What is wrong with it: %(what)s") % of)

    def clean(self) -> dict[str, Any]:
        """What is returned says why; return `verdicts` by primary key."""
        data: dict[str, Any] = super().clean() or {}
        for one in self.corrections:
            if data.get(f"verdict_{one.pk}") == "return" and not data.get(f"comment_{one.pk}"):
                self.add_error(f"comment_{one.pk}", _("Say what is wrong with it."))
        return {
            "verdicts": {
                one.pk: (data.get(f"verdict_{one.pk}") == "accept", data.get(f"comment_{one.pk}", ""))
                for one in self.corrections
            }
        }

    # --- for the page ---
    def rows(self) -> list[dict[str, Any]]:
        """Return each correction beside the figure that stands, with its two fields."""
        return [
            {
                "before": self.stands[one.line_id],
                "after": one,
                "verdict": self[f"verdict_{one.pk}"],
                "comment": self[f"comment_{one.pk}"],
            }
            for one in self.corrections
        ]

    def evidence(self) -> list[StoredFile]:
        """Return the evidence that goes with the report."""
        return files_of(self.move.subject)


@register
class CheckCorrections(OnReport):
    """ASEC accepts or returns each correction that waits; an accepted one takes the earlier version's place."""

    name = "check_corrections"
    during = frozenset({ReportState.ACCEPTED})
    who = rules.asec
    label = gettext_lazy("Check the corrections")
    done = gettext_lazy("Corrections of figures checked")
    help = gettext_lazy("An accepted correction counts in place of the figure before, which stays on record.")
    form = CheckForm
    closes = {CHECK_CORRECTION}

    def refusals(self) -> Iterable[str]:
        """Not by who put it forward."""
        return two_persons.refusals(self, "correct_figure")

    def reasons(self) -> Iterable[str]:
        """There is something to check."""
        yield from super().reasons()
        if not self.subject.figures.filter(version__gt=1, accepted__isnull=True).exists():
            yield _("No correction waits to be checked.")

    def effect(self) -> None:
        """Write the verdicts."""
        self.checked = [one for one in waiting(self.subject) if one.pk in self.data["verdicts"]]
        for one in self.checked:
            one.accepted, one.comment = self.data["verdicts"][one.pk]
        ReportFigure.objects.bulk_update(self.checked, ["accepted", "comment"])

    def kept(self) -> dict[str, Any]:
        """Name what was accepted and what was returned."""
        names = {verdict: [str(one.line) for one in self.checked if one.accepted is verdict] for verdict in (True, False)}  # fmt: skip
        return {"number": self.subject.number, "accepted": names[True], "returned": names[False]}

    def tells(self) -> Iterable[Tell]:
        """Tell the proponent; and the FG-GVC where a figure that it has read is another now."""
        yield Tell(parties.proponent(self.subject.proposal), _("Your correction of a figure was checked"))
        if any(one.accepted for one in self.checked):
            yield Tell(parties.fg_gvc(), _("An accepted figure was corrected"))
