"""Writing the report's texts while the experts are at work: saved by itself, with versions (R6)."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aipbi.workflow.models import Audience
from aipbi.workflow.moves import Move
from aipbi.workflow.registry import register
from proposals import rules
from proposals.enums import State
from review import queries
from review.assessments import sheets
from review.assessments.meanwhile import Clash
from review.enums import Drafting, Kept
from review.links import move_page
from review.report import texts
from review.report.forms import DraftForm
from review.report.models import TEXTS, ReportDraft, ReportText


@register
class SaveReport(Move):
    """Keeps what ASEC has written, gaps and all; a version when asked, and when somebody else goes on writing."""

    name = "save_report"
    model = ReportDraft
    during = frozenset({Drafting.OPEN})
    who = rules.asec
    label = gettext_lazy("Write the texts of the report")
    done = gettext_lazy("Texts of the report saved")
    form = DraftForm
    audience = Audience.ASEC

    def reasons(self) -> Iterable[str]:
        """While the case is under assessment."""
        if self.subject.proposal.state != State.UNDER_ASSESSMENT:
            yield _("This case is not under assessment now.")

    def initial(self) -> dict[str, Any]:
        """Start with what was saved."""
        return dict(self.subject.texts)

    @cached_property
    def sheet(self) -> sheets.Sheet | None:
        """The assessments side by side, once all who are on the case have filed."""
        each = queries.filed_by_each(self.subject.proposal)
        return sheets.sheet(queries.filed(self.subject.proposal), self.as_) if each and all(each) else None

    @property
    def versions(self) -> list[ReportText]:
        """The versions kept so far, the newest first."""
        return list(self.subject.versions.select_related("written_by").order_by("-number"))

    def effect(self) -> None:
        """Write the texts; those of another officer are kept as a version before they change."""
        draft, entered = self.subject, {name: self.data[name] for name in TEXTS}
        self.changed = [name for name in TEXTS if entered[name] != getattr(draft, name)]
        if self.changed and draft.saved_by_id and draft.saved_by_id != self.as_.person.pk:  # type: ignore[union-attr]
            texts.keep(draft, Kept.HANDED_OVER, by=draft.saved_by, at=draft.saved_at)
        for name, text in entered.items():
            setattr(draft, name, text)
        draft.saved_at, draft.saved_by = self.now, self.as_.person
        draft.save(update_fields=[*TEXTS, "saved_at", "saved_by"])
        self.version = texts.keep(draft, Kept.SAVED, by=self.as_.person, at=self.now) if self.data["then"] else None  # type: ignore[arg-type]

    def merged(self, entered: Mapping[str, Any], seen: int) -> Mapping[str, Any]:
        """Show what another window or officer saved beside what was typed here."""
        theirs = [(name, text) for name, text in self.subject.texts.items() if text != entered.get(name, "").strip()]
        labels = DraftForm.base_fields
        self.clashes = [Clash(str(labels[name].label), text or _("Empty"), f"id_{name}") for name, text in theirs]
        return entered

    def kept(self) -> dict[str, Any]:
        """Keep which texts changed; the words are in the draft and its versions."""
        return {"changed": self.changed}

    def details(self) -> dict[str, Any]:
        """Name the version, where one was kept."""
        return {"version": self.version.number} if self.version else {}

    def repeats(self, entered: Mapping[str, Any], kept: Mapping[str, Any]) -> bool:
        """Whether these words are saved already."""
        return {name: self.data[name] for name in TEXTS} == self.subject.texts

    def after(self) -> str:
        """Stay, or go on to filing."""
        if self.data["then"] == "file":
            return move_page(self.subject.proposal, "file_consolidated")
        return move_page(self.subject, self.name)
