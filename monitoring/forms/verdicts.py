"""What ASEC says to each figure of a report, and to a correction of one (M3)."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aipbi.workflow.forms import MoveForm
from monitoring import doubts
from monitoring.forms.fields import words
from monitoring.forms.report import figures_of, grouped, name_of

VERDICTS = [("accept", gettext_lazy("Accept")), ("return", gettext_lazy("Return"))]


class VerdictsForm(MoveForm):
    """Accept or return, and why, for every figure that is not accepted yet; nothing is chosen beforehand."""

    mark_optional = False

    rest = forms.BooleanField(
        label=gettext_lazy("Accept every other figure"),
        help_text=gettext_lazy("Those that you have not marked. Without this, each figure needs a mark."),
        required=False,
    )
    comment = words(
        gettext_lazy("What to correct in the report as a whole"),
        rows=4,
        most=8000,
        help_text=gettext_lazy("The proponent reads this. Leave it empty when only single figures are returned."),
    )

    def prepare(self) -> None:
        """Make two fields per figure."""
        everything = figures_of(self.move.subject)
        self.figures = [figure for figure in everything if not figure.accepted]
        self.doubts = doubts.of(self.move.subject, everything)
        rest = bool(self.data.get("rest"))
        for figure in self.figures:
            of = {"what": name_of(figure)}
            self.fields[f"verdict_{figure.pk}"] = forms.ChoiceField(
                label=_("Verdict on %(what)s") % of, choices=VERDICTS, widget=forms.RadioSelect, required=not rest,
                error_messages={"required": _("Accept or return this figure.")},
            )  # fmt: skip
            self.fields[f"comment_{figure.pk}"] = words(_("Comment on %(what)s") % of)
        last = ("rest", "comment")
        self.order_fields([*(name for name in self.fields if name not in last), *last])

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
            figure.pk: (data.get(f"verdict_{figure.pk}") != "return", data.get(f"comment_{figure.pk}", ""))
            for figure in self.figures
        }
        return {"comment": data.get("comment", ""), "verdicts": verdicts}

    # --- for the page ---
    def groups(self) -> list[dict[str, Any]]:
        """Return the figures by indicator, each with its two cells."""
        return grouped(
            self.figures,
            self.doubts,
            lambda one: {"verdict": self[f"verdict_{one.pk}"], "comment": self[f"comment_{one.pk}"]},
        )
