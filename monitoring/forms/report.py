"""The forms of the report: figures and story, and what ASEC says to each figure."""

from itertools import groupby
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aipbi.workflow.forms import MoveForm
from monitoring.forms.fields import FigureField, cells, words
from monitoring.kinds import Kind
from monitoring.models import ReportFigure

STORY = ("narrative", "benefits_used", "benefits_stuck")
CELLS = ("actual", "numerator", "denominator", "share_due_to_aipbi", "evidence")


def figures_of(report: Any) -> list[ReportFigure]:
    """Return the report's figures with what their pages need, in order."""
    return list(report.figures.select_related("line__indicator__goal", "line__ams"))


def by_indicator(figures: list[ReportFigure]) -> list[tuple[Any, list[ReportFigure]]]:
    """Return the figures by indicator."""
    return [(indicator, list(own)) for indicator, own in groupby(figures, key=lambda figure: figure.line.indicator)]


def name_of(figure: ReportFigure) -> str:
    """Name a figure in messages: code, indicator, Member State."""
    return f"{figure.line.indicator.code} {figure.line.indicator.name}, {figure.line.place}"


class ReportForm(MoveForm):
    """One row per line of the plan and the story beside them; a draft may have gaps. Accepted figures are only shown."""

    mark_optional = False

    narrative = words(
        gettext_lazy("What happened in this period"),
        rows=6,
        most=20000,
        help_text=gettext_lazy("What changed for whom, and what helped or stood in the way."),
    )
    benefits_used = words(
        gettext_lazy("Which facilitation was used"),
        rows=4,
        most=8000,
        help_text=gettext_lazy("Of the benefits in your letter: which you used, and what for."),
    )
    benefits_stuck = words(
        gettext_lazy("Which facilitation is stuck or not used"),
        rows=4,
        most=8000,
        help_text=gettext_lazy("And why, as far as you know. Leave it empty when nothing is stuck."),
    )

    def prepare(self) -> None:
        """Make the fields from the report's figures."""
        report = self.move.subject
        self.initial.update({name: getattr(report, name) for name in STORY})
        self.figures = figures_of(report)
        for figure in self.figures:
            if not figure.accepted:
                self._add_figure(figure)
        self.order_fields([*(name for name in self.fields if name not in STORY), *STORY])

    def _add_figure(self, figure: ReportFigure) -> None:
        of = {"what": name_of(figure)}
        kind = figure.line.kind
        fields: dict[str, Any] = {}
        if kind == Kind.SHARE:
            fields["numerator"] = FigureField(label=_("Numerator of %(what)s") % of)
            fields["denominator"] = FigureField(label=_("Denominator of %(what)s") % of, above_zero=True)
        elif kind != Kind.WORDS:
            fields["actual"] = FigureField(label=_("Actual of %(what)s") % of, whole=kind == Kind.COUNT)
        if kind != Kind.WORDS:
            fields["share_due_to_aipbi"] = FigureField(
                label=_("Share due to facilitation of %(what)s") % of,
                most=100,
            )
        fields["evidence"] = words(_("Evidence for %(what)s") % of)
        for name, field in fields.items():
            self.fields[f"{name}_{figure.pk}"] = field
            self.initial[f"{name}_{figure.pk}"] = getattr(figure, name)

    def clean(self) -> dict[str, Any]:
        """A share needs both its parts or none; return the story and `figures` (answers by primary key)."""
        data: dict[str, Any] = super().clean() or {}
        for figure in self.figures:
            top, bottom = f"numerator_{figure.pk}", f"denominator_{figure.pk}"
            if top in self.fields and not {top, bottom} & set(self.errors):
                if data.get(top) is not None and data.get(bottom) is None:
                    self.add_error(bottom, _("A share needs its denominator."))
                if data.get(bottom) is not None and data.get(top) is None:
                    self.add_error(top, _("A share needs its numerator."))
        figures = {
            figure.pk: {name: data.get(f"{name}_{figure.pk}") for name in CELLS if f"{name}_{figure.pk}" in self.fields}
            for figure in self.figures
        }
        return {**{name: data.get(name, "") for name in STORY}, "figures": figures}

    # --- for the page ---
    def groups(self) -> list[dict[str, Any]]:
        """Return the figures by indicator, each with its cells; an accepted one has none."""
        return [
            {
                "indicator": indicator,
                "kind": own[0].line.kind,
                "rows": [{"figure": figure, "cells": cells(self, CELLS, figure.pk)} for figure in own],
            }
            for indicator, own in by_indicator(self.figures)
        ]


class DeclarationForm(MoveForm):
    """The proponent stands by the report."""

    declaration = forms.BooleanField(
        label=gettext_lazy("I declare that these figures are true to the best of our knowledge."),
        error_messages={"required": gettext_lazy("Tick the declaration to file the report")},
    )


VERDICTS = [("accept", gettext_lazy("Accept")), ("return", gettext_lazy("Return"))]


class VerdictsForm(MoveForm):
    """Accept or return, and why, for every figure that is not accepted yet; nothing is chosen beforehand."""

    mark_optional = False

    comment = words(
        gettext_lazy("What to correct in the report as a whole"),
        rows=4,
        most=8000,
        help_text=gettext_lazy("The proponent reads this. Leave it empty when only single figures are returned."),
    )

    def prepare(self) -> None:
        """Make two fields per figure."""
        self.figures = [figure for figure in figures_of(self.move.subject) if not figure.accepted]
        for figure in self.figures:
            of = {"what": name_of(figure)}
            self.fields[f"verdict_{figure.pk}"] = forms.ChoiceField(
                label=_("Verdict on %(what)s") % of, choices=VERDICTS, widget=forms.RadioSelect,
                error_messages={"required": _("Accept or return this figure.")},
            )  # fmt: skip
            self.fields[f"comment_{figure.pk}"] = words(_("Comment on %(what)s") % of)
        self.order_fields([*(name for name in self.fields if name != "comment"), "comment"])

    def clean(self) -> dict[str, Any]:
        """A returned figure says why, and something must be returned; return `verdicts` by primary key."""
        data: dict[str, Any] = super().clean() or {}
        returned = [figure for figure in self.figures if data.get(f"verdict_{figure.pk}") == "return"]
        for figure in returned:
            if not data.get(f"comment_{figure.pk}"):
                self.add_error(f"comment_{figure.pk}", _("Say what to correct."))
        if not returned and not data.get("comment") and not self.errors:
            self.add_error("comment", _("Nothing is returned. Say what to correct, or go back and accept the report."))
        verdicts = {
            figure.pk: (data.get(f"verdict_{figure.pk}") == "accept", data.get(f"comment_{figure.pk}", ""))
            for figure in self.figures
        }
        return {"comment": data.get("comment", ""), "verdicts": verdicts}

    # --- for the page ---
    def groups(self) -> list[dict[str, Any]]:
        """Return the figures by indicator, each with its two cells."""
        return [
            {
                "indicator": indicator,
                "kind": own[0].line.kind,
                "rows": [
                    {"figure": figure, "verdict": self[f"verdict_{figure.pk}"], "comment": self[f"comment_{figure.pk}"]}
                    for figure in own
                ],
            }
            for indicator, own in by_indicator(self.figures)
        ]
