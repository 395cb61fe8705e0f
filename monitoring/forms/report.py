"""The form of the report: the grid of figures, what became of the benefits, and the story (M3)."""

from collections.abc import Callable
from functools import cached_property
from itertools import groupby
from typing import Any

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aipbi.workflow.forms import MoveForm
from facilitation.models import Benefit
from monitoring import benefits, doubts, tables
from monitoring.enums import Use
from monitoring.forms.fields import FigureField, cells, words
from monitoring.kinds import Kind
from monitoring.models import BenefitUse, ReportFigure

STORY = ("narrative",)
# A script's mark on what it saves while somebody types: a cell that can't be read yet is left out and named.
BY_ITSELF = "by_itself"
PASTED_MOST = 2_000_000


def figures_of(report: Any) -> list[ReportFigure]:
    """Return the report's figures as they were first handed in, with what their pages need, in order."""
    return list(
        report.figures.filter(version=1)
        .select_related("line__indicator__goal", "line__ams")
        .order_by("line__indicator__goal__order", "line__indicator__order", "line__own_number", "line__ams__order")
    )


def by_measure(figures: list[ReportFigure]) -> list[list[ReportFigure]]:
    """Return the figures by what is measured: a list for each indicator."""
    return [list(own) for _measure, own in groupby(figures, key=lambda figure: figure.line.measure)]


def grouped(
    figures: list[ReportFigure], said: dict[int, list[str]], row: Callable[[ReportFigure], dict[str, Any]]
) -> list[dict[str, Any]]:
    """Return the figures by indicator, for a page: its line, and each figure with its cells (`row`) and doubts (`said`)."""
    return [
        {
            "head": own[0].line,
            "kind": own[0].line.kind,
            "rows": [{"figure": figure, "doubts": said.get(figure.pk, []), **row(figure)} for figure in own],
        }
        for own in by_measure(figures)
    ]


def name_of(figure: ReportFigure) -> str:
    """Name a figure in messages: code, indicator, Member State."""
    return f"{figure.line.code} {figure.line.name}, {figure.line.place}"


def fields_of(figure: ReportFigure) -> dict[str, forms.Field]:
    """Return the cells of a figure by column, as its kind asks for them."""
    line, of = figure.line, {"what": name_of(figure)}
    found: dict[str, forms.Field] = {}
    if line.kind == Kind.SHARE:
        found["numerator"] = FigureField(label=_("Numerator of %(what)s") % of)
        found["denominator"] = FigureField(label=_("Denominator of %(what)s") % of, above_zero=True)
    elif line.kind != Kind.WORDS:
        whole = line.kind == Kind.COUNT
        found["actual"] = FigureField(label=_("Actual of %(what)s") % of, whole=whole, unit=line.unit)
    if line.kind != Kind.WORDS:
        label = _("Share due to facilitation of %(what)s") % of
        found["share_due_to_aipbi"] = FigureField(label=label, most=100, unit="percent")
        found["reasoning"] = words(_("Why that share of %(what)s is due to facilitation") % of, rows=1)
    found["evidence"] = words(_("Evidence for %(what)s") % of, rows=1)
    return found


def share_faults(data: dict[str, Any], key: Any) -> dict[str, str]:
    """Return by column what is missing of a share that has one of its parts (M1)."""
    top, bottom = data.get(f"numerator_{key}"), data.get(f"denominator_{key}")
    if top is not None and bottom is None:
        return {"denominator": _("A share needs its denominator.")}
    if bottom is not None and top is None:
        return {"numerator": _("A share needs its numerator.")}
    return {}


class ReportForm(MoveForm):
    """A row per line of the plan, the benefits, and the story; a draft may have gaps. Accepted figures are only shown.

    What is not sent stays as it is. Rows that were pasted are read into the cells, all or none.
    """

    mark_optional = False

    narrative = words(
        gettext_lazy("What happened in this period"),
        rows=6,
        most=20000,
        help_text=gettext_lazy("What changed for whom, and what helped or stood in the way."),
    )
    paste = forms.CharField(
        label=gettext_lazy("Cells copied from a spreadsheet"),
        required=False,
        strip=False,
        max_length=PASTED_MOST,
        widget=forms.Textarea(attrs={"rows": 6, "autocomplete": "off", "spellcheck": "false"}),
    )

    def prepare(self) -> None:
        """Make the fields from the report's figures and the letter's benefits, and read what was pasted."""
        report = self.move.subject
        self.initial.update({name: getattr(report, name) for name in STORY})
        self.figures = figures_of(report)
        for figure in self.figures:
            if not figure.accepted:
                for name, field in fields_of(figure).items():
                    self.fields[f"{name}_{figure.pk}"] = field
                    self.initial[f"{name}_{figure.pk}"] = getattr(figure, name)
        self.uses = benefits.uses_of(report)
        for use in self.uses:
            self._add_use(use.benefit, use)
        self.order_fields([*(name for name in self.fields if name not in (*STORY, "paste")), *STORY, "paste"])
        self.by_itself = bool(self.data.get(BY_ITSELF))
        self.pasted = tables.Read()
        if self.data.get("paste", "").strip() and not self.by_itself:
            self._read_pasted(self.data["paste"])

    def _add_use(self, benefit: Benefit, use: BenefitUse) -> None:
        of = {"n": benefit.number, "measure": benefit.measure}
        self.fields[f"use_{benefit.pk}"] = forms.ChoiceField(
            label=_("Benefit %(n)d: %(measure)s") % of, choices=[("", _("Not said yet")), *Use.choices], required=False
        )
        self.fields[f"words_{benefit.pk}"] = words(_("What for, or why not: benefit %(n)d") % of, rows=2)
        self.initial.update({f"use_{benefit.pk}": use.use, f"words_{benefit.pk}": use.words})

    def _read_pasted(self, text: str) -> None:
        """Put the pasted cells in as if they were typed; from then on the box is empty and the cells hold them."""
        self.pasted = tables.read_pasted(text, self.figures)
        if not self.pasted.faults:
            typed: Any = MultiValueDict(self.data) if isinstance(self.data, MultiValueDict) else dict(self.data)
            for name, value in {**self.pasted.cells, "paste": ""}.items():
                typed[name] = value
            self.data = typed

    def clean(self) -> dict[str, Any]:
        """Return `story`, `figures` by primary key and `uses` by benefit: what was sent, and fits."""
        data: dict[str, Any] = super().clean() or {}
        for figure in self.figures:
            if not {f"numerator_{figure.pk}", f"denominator_{figure.pk}"} & set(self.errors):
                for name, fault in share_faults(data, figure.pk).items():
                    self.add_error(f"{name}_{figure.pk}", fault)
        for wrong in self.pasted.faults:
            self.add_error("paste", wrong.words)
        left_out = self._leave_out() if self.by_itself else {}
        sent = {name: value for name, value in data.items() if name in self.data and name not in left_out}
        return {
            "pasted": len(self.pasted.cells),
            "left_out": list(left_out.values()),
            "story": {name: sent[name] for name in STORY if name in sent},
            "figures": {
                figure.pk: found
                for figure in self.figures
                if (found := {n: sent[f"{n}_{figure.pk}"] for n in tables.ANSWERS if f"{n}_{figure.pk}" in sent})
            },
            "uses": {
                use.benefit_id: found
                for use in self.uses
                if (found := {n: sent[f"{n}_{use.benefit_id}"] for n in ("use", "words") if f"{n}_{use.benefit_id}" in sent})
            },
        }  # fmt: skip

    def _leave_out(self) -> dict[str, str]:
        """Take what can't be read off the errors: the rest is saved, and these are named."""
        errors = self.errors
        found = {name: f"{self.fields[name].label}: {' '.join(map(str, said))}" for name, said in errors.items()}
        errors.clear()
        return found

    # --- for the page ---
    def groups(self) -> list[dict[str, Any]]:
        """Return the figures by indicator, each with its cells; an accepted one has none."""
        return grouped(self.figures, self.doubts, lambda one: {"cells": cells(self, tables.asked(one.line), one.pk)})

    @cached_property
    def doubts(self) -> dict[int, list[str]]:
        """What is asked about the figures as they are saved."""
        return doubts.of(self.move.subject, self.figures)

    @property
    def columns(self) -> list[Any]:
        """The columns that are pasted, in their order."""
        return list(tables.COLUMNS.values())

    def benefit_rows(self) -> list[dict[str, Any]]:
        """Return the benefits of the letter with their two cells."""
        return [
            {"benefit": use.benefit, "use": self[f"use_{use.benefit_id}"], "words": self[f"words_{use.benefit_id}"]}
            for use in self.uses
        ]


class DeclarationForm(MoveForm):
    """The proponent stands by the report."""

    declaration = forms.BooleanField(
        label=gettext_lazy("I declare that these figures are true to the best of our knowledge."),
        error_messages={"required": gettext_lazy("Tick the declaration to file the report")},
    )
