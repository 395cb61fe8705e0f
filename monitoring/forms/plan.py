"""The forms of the plan: which indicators, then baselines, targets and dates."""

from itertools import groupby
from typing import Any

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aipbi.asean.models import Indicator
from aipbi.forms import Checkboxes
from aipbi.workflow.forms import MoveForm
from monitoring import verbs
from monitoring.enums import ReportState, Side
from monitoring.forms.fields import FigureField, cells, day, words
from monitoring.kinds import Kind
from monitoring.models import PlanLine

SPARE_DATES = 3
DATES_MOST = 24


class SideForm(MoveForm):
    """Which side drafts."""

    proposed_by = forms.ChoiceField(
        label=gettext_lazy("Which side drafts and proposes the plan"),
        help_text=gettext_lazy("The other side is then asked to agree."),
        choices=Side,
        widget=forms.RadioSelect,
    )


class IndicatorChoices(forms.ModelMultipleChoiceField):
    """The indicators of the case's edition, each with its unit."""

    def label_from_instance(self, obj: Any) -> str:
        """Return code, name and unit."""
        where = _("for each Member State") if obj.by_ams else _("for the project")
        return f"{obj.code} {obj.name} – {obj.unit}, {where}"


class IndicatorsForm(MoveForm):
    """Which indicators of the case's edition the plan has."""

    indicators = IndicatorChoices(
        label=gettext_lazy("Indicators in the plan"),
        help_text=gettext_lazy("Leaving one out removes its baselines and targets."),
        queryset=Indicator.objects.none(),
        widget=Checkboxes,
        error_messages={"required": gettext_lazy("Choose at least one indicator.")},
    )

    def prepare(self) -> None:
        """Offer the indicators of the case's own edition (M1)."""
        self.fields["indicators"].queryset = verbs.plannable(self.move.subject.proposal)  # type: ignore[attr-defined]


def _cells(line: PlanLine) -> tuple[str, ...]:
    return ("note",) if line.kind == Kind.WORDS else ("baseline", "target", "note")


class PlanForm(MoveForm):
    """One baseline, target and note per line, and the reporting dates; a draft may have gaps."""

    mark_optional = False

    def prepare(self) -> None:
        """Make the fields from the plan's lines and dates."""
        plan = self.move.subject
        self.lines: list[PlanLine] = list(plan.lines.select_related("indicator__goal", "ams"))
        for line in self.lines:
            self._add_line(line)
        self.dates = list(plan.dates.all())
        # Dates of reports that were opened stay; of the one that is being written the day it is due may change.
        self.reports = list(plan.proposal.reports.order_by("number"))
        sent = sum(1 for name in self.data if str(name).startswith("until_"))
        self.date_rows = min(max(len(self.dates) + SPARE_DATES, sent), DATES_MOST)
        for row in range(self.date_rows):
            held = self.dates[row] if row < len(self.dates) else None
            self.fields[f"until_{row}"] = day(_("Period %(n)d ends") % {"n": row + 1})
            self.fields[f"due_{row}"] = day(_("Report %(n)d is due") % {"n": row + 1})
            if row < len(self.reports):
                self.fields[f"until_{row}"].disabled = True
                self.fields[f"due_{row}"].disabled = self.reports[row].state != ReportState.DRAFT
            if held:
                self.initial.update({f"until_{row}": held.period_until, f"due_{row}": held.due_on})

    def _add_line(self, line: PlanLine) -> None:
        of = {"what": f"{line.code} {line.name}, {line.place}"}
        if line.kind != Kind.WORDS:
            whole = line.kind == Kind.COUNT
            self.fields[f"baseline_{line.pk}"] = FigureField(
                label=_("Baseline of %(what)s") % of, whole=whole, unit=line.unit
            )
            self.fields[f"target_{line.pk}"] = FigureField(
                label=_("Target of %(what)s") % of, whole=whole, unit=line.unit
            )
            self.initial.update({f"baseline_{line.pk}": line.baseline, f"target_{line.pk}": line.target})
        self.fields[f"note_{line.pk}"] = words(_("Note on %(what)s") % of, most=1000)
        self.initial[f"note_{line.pk}"] = line.note

    def clean(self) -> dict[str, Any]:
        """Hold the reporting dates together; return `lines` (answers by primary key) and `dates`, in order."""
        data: dict[str, Any] = super().clean() or {}
        begins = verbs.begins_on(self.move.subject.proposal)
        last = self.reports[-1] if self.reports else None
        seen = set()
        for row in range(self.date_rows):
            until, due = data.get(f"until_{row}"), data.get(f"due_{row}")
            if until and not due and f"due_{row}" not in self.errors:
                self.add_error(f"due_{row}", _("Say until when the report of this period is due."))
            if due and not until and f"until_{row}" not in self.errors:
                self.add_error(f"until_{row}", _("Say when the period of this report ends."))
            if until and due and due < until:
                self.add_error(f"due_{row}", _("A report cannot be due before its period ends."))
            if until and until <= begins:
                self.add_error(
                    f"until_{row}", _("The period must end after the project begins, %(day)s.") % {"day": begins}
                )
            if until and last and row >= len(self.reports) and until <= last.period_until:
                said = {"report": last.label, "end": date_format(last.period_until, "j F Y")}
                self.add_error(
                    f"until_{row}", _("This period overlaps that of %(report)s, which ends on %(end)s.") % said
                )
            if until in seen and until:
                self.add_error(f"until_{row}", _("Another period ends on the same day."))
            seen.add(until)
        rows = ((data.get(f"until_{row}"), data.get(f"due_{row}")) for row in range(self.date_rows))
        return {
            "lines": {line.pk: {name: data.get(f"{name}_{line.pk}") for name in _cells(line)} for line in self.lines},
            "dates": sorted((until, due) for until, due in rows if until and due),
        }

    # --- for the page ---
    def groups(self) -> list[dict[str, Any]]:
        """Return the lines by indicator, each with its cells."""
        return [
            {
                "head": lines[0],
                "words": lines[0].kind == Kind.WORDS,
                "rows": [{"line": line, "cells": cells(self, _cells(line), line.pk)} for line in lines],
            }
            for lines in (list(some) for _measure, some in groupby(self.lines, key=lambda line: line.measure))
        ]

    def date_cells(self) -> list[tuple[Any, Any]]:
        """Return the cells of the reporting dates."""
        return [(self[f"until_{row}"], self[f"due_{row}"]) for row in range(self.date_rows)]
