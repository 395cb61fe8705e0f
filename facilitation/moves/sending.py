"""A request on its way to the body: ASEC chooses what the body reads, and sends it (F2)."""

from collections.abc import Iterable
from datetime import date
from textwrap import shorten
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aipbi.asean import clocks
from aipbi.documents.models import StoredFile
from aipbi.forms import Checkboxes
from aipbi.workflow import deadlines
from aipbi.workflow.forms import MoveForm
from aipbi.workflow.models import Audience
from aipbi.workflow.moves import Owes, Tell
from aipbi.workflow.registry import register
from facilitation import extracts, rules
from facilitation.enums import RequestState
from facilitation.models import BodyRequest
from facilitation.moves.requests import unstaffed
from facilitation.moves.shared import (
    DuringFacilitation,
    ShowsExtract,
    contact_of,
    told_body,
)
from facilitation.obligations import BODY_ANSWER, SEND_REQUEST

_PART = "part_"
# Signs of what a part says, beside its box.
HINT = 160


class ExtractForm(MoveForm):
    """All that the body gets to read: the question, ASEC's words, parts of the version, files. Nothing is preselected."""

    question = forms.CharField(label=gettext_lazy("What the body is asked"), widget=forms.Textarea, max_length=8000)
    extract = forms.CharField(
        label=gettext_lazy("What the body needs to know, in your words"),
        help_text=gettext_lazy("Name the project or the proponent only if the body must know."),
        widget=forms.Textarea(attrs={"rows": 8}),
        max_length=20_000,
        required=False,
    )
    given = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Files"), queryset=StoredFile.objects.none(), widget=Checkboxes, required=False
    )
    annexes = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Confidential annexes"),
        help_text=gettext_lazy(
            "The proponent gave these to ASEC, experts and the FG-GVC alone. Tick one only if the body must read it; that is put on the record."
        ),
        queryset=StoredFile.objects.none(),
        widget=Checkboxes,
        required=False,
    )
    annexes_because = forms.CharField(
        label=gettext_lazy("Why the body must read a confidential annex"),
        help_text=gettext_lazy("With the proponent's consent, if it gave it. Needed only when an annex is ticked."),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=2000,
        required=False,
    )

    def prepare(self) -> None:
        """Offer the parts of the version in force, section by section, its files, and those of the challenge's messages."""
        request: BodyRequest = self.move.subject
        proposal = request.proposal
        self.sections: list[str] = []
        held = extracts.files_to_choose(request, self.move.as_)
        for name, confidential in (("given", False), ("annexes", True)):
            mine = [file.pk for file in held if file.confidential == confidential]
            self.fields[name].queryset = StoredFile.objects.filter(pk__in=mine).order_by("pk")  # type: ignore[attr-defined]
            if not mine:
                del self.fields[name]
        if "given" in self.fields:
            words = _("Sent with a message on the challenge")
            hints = {str(file.pk): words for file in extracts.files_of_thread(request, self.move.as_)}
            self.fields["given"].widget.hints = hints
        if "annexes" not in self.fields:
            del self.fields["annexes_because"]
        if proposal and proposal.version:
            self._offer(extracts.pieces(proposal.version))

    def _offer(self, pieces: list[extracts.Piece]) -> None:
        """Add a group of boxes for each section that says something."""
        for piece in pieces:
            name = f"{_PART}{piece.section}"
            if name not in self.fields:
                self.fields[name] = forms.MultipleChoiceField(
                    label=piece.heading, choices=[], widget=Checkboxes(hints={}), required=False
                )
                self.sections.append(name)
            field: Any = self.fields[name]
            field.choices = [*field.choices, (piece.path, piece.title)]
            told = "; ".join(", ".join(text.splitlines()) for _label, text in piece.answers if text)
            field.widget.hints[piece.path] = shorten(told, HINT, placeholder=" …")
        self.order_fields(["question", "extract", "given", *self.sections, "annexes", "annexes_because"])

    def clean(self) -> dict[str, Any]:
        """Gather the parts; an extract in which nothing stands is no extract, and an annex goes with its reason."""
        data: dict[str, Any] = super().clean() or {}
        data["parts"] = [path for name in self.sections for path in data.pop(name, [])]
        given = [*data.pop("given", []), *(annexes := list(data.pop("annexes", [])))]
        data["given"], data["annexes_because"] = given, data.get("annexes_because", "")
        if not data.get("extract") and not data["parts"] and "extract" not in self.errors:
            self.add_error(
                "extract", _("The extract is empty. Write what the body needs to know, or tick parts of the proposal.")
            )
        because = data["annexes_because"]
        if annexes and not because:
            self.add_error("annexes_because", _("Say why the body must read a confidential annex."))
        if because and not annexes:
            self.add_error("annexes_because", _("No confidential annex is ticked. Tick it, or empty this."))
        return data


@register
class PrepareRequest(DuringFacilitation):
    """ASEC chooses what the body reads; the next page shows exactly that."""

    name = "prepare_request"
    model = BodyRequest
    during = frozenset({RequestState.DRAFT})
    who = rules.secretariat
    label = gettext_lazy("Choose what the body reads")
    done = gettext_lazy("What the body will read was chosen")
    form = ExtractForm
    audience = Audience.STATES

    def initial(self) -> dict[str, Any]:
        """Start with what was chosen before."""
        request = self.subject
        parts = {f"{_PART}{slug}": request.parts for slug in self._sections()}
        chosen = list(request.files.all())
        return {
            "question": request.question, "extract": request.extract, "annexes_because": request.annexes_because,
            "given": chosen, "annexes": chosen, **parts,
        }  # fmt: skip

    def _sections(self) -> set[str]:
        version = self.subject.proposal.version if self.subject.proposal else None
        return {piece.section for piece in extracts.pieces(version)} if version else set()

    def effect(self) -> None:
        """Keep the choice, and of which version it is."""
        request = self.subject
        for name in ("question", "extract", "parts", "annexes_because"):
            setattr(request, name, self.data[name])
        request.version = request.proposal.version if request.proposal else None
        request.save(update_fields=["question", "extract", "parts", "annexes_because", "version"])
        request.files.set(self.data["given"])

    def kept(self) -> dict[str, Any]:
        """Keep files by their names, and of the annexes why (P6, U6)."""
        given = [{"name": f.name, "sha256": f.sha256, "confidential": f.confidential} for f in self.data["given"]]
        return {
            **{name: self.data[name] for name in ("question", "extract", "parts", "annexes_because")},
            "files": given,
        }

    def details(self) -> dict[str, Any]:
        """Keep which one it is."""
        return {"request": self.subject.number}

    def after(self) -> str:
        """Go on to where it is read as the body will, and sent."""
        return Send(self.subject, self.as_).url(self.subject.case.code)


class SendForm(MoveForm):
    """Until when; and who brings it to a body without a contact."""

    answer_by = forms.DateField(
        label=gettext_lazy("Answer wanted by"),
        help_text=gettext_lazy(
            "Year-month-day, for example 2027-03-31. Left empty, the usual time for a body's answer counts from today."
        ),
        required=False,
    )
    no_contact = forms.BooleanField(
        label=gettext_lazy("Nobody answers for this body in the portal yet. I bring the request to it another way")
    )

    def prepare(self) -> None:
        """Ask about the contact only where there is none."""
        if not unstaffed([self.move.subject.body]):
            del self.fields["no_contact"]

    def clean_answer_by(self) -> date | None:
        """A day that is over, or on which the Secretariat, by whose calendar bodies answer, is closed cannot be kept."""
        day: date | None = self.cleaned_data["answer_by"]
        return deadlines.check(day, ["ID"]) if day else None


@register
class Send(DuringFacilitation, ShowsExtract):
    """draft → sent, with the extract that ASEC chose, frozen."""

    name = "send"
    model = BodyRequest
    on = "send"
    who = rules.secretariat
    label = gettext_lazy("Send it to the body")
    done = gettext_lazy("Request sent to the body")
    form = SendForm
    audience = Audience.STATES
    closes = {SEND_REQUEST}

    @property
    def choose_url(self) -> str:
        """Where what the body reads is chosen again."""
        return PrepareRequest(self.subject, self.as_).url(self.subject.case.code)

    def reasons(self) -> Iterable[str]:
        """A body is not asked with an empty extract, nor with parts of a version that is not in force any more."""
        yield from super().reasons()
        request = self.subject
        if not request.extract and not request.parts:
            yield _("The extract is empty: choose what the body reads first.")
        elif request.version_id and request.proposal and request.version_id != request.proposal.version_id:
            yield _("The proposal has a newer version: choose again what the body reads.")

    def effect(self) -> None:
        """Freeze what the body reads, and until when it is asked to answer (L5: 30 working days)."""
        request, day = self.subject, self.data["answer_by"]
        extracts.freeze(request, self.as_)
        request.sent_at = self.now
        request.due_at = clocks.calendar("ID").end_of(day) if day else clocks.due("sectoral_body", self.now, "ID")
        request.save(update_fields=["reads", "sent_at", "due_at"])

    def details(self) -> dict[str, Any]:
        """Keep which one it is, whom it went to, and what of it is confidential and why."""
        request = self.subject
        given = [{"name": f.name, "sha256": f.sha256, "confidential": f.confidential} for f in request.files.all()]
        return {
            "request": request.number, "body": request.body.acronym, "due": request.due_at, "parts": request.parts,
            "files": given, "annexes_because": request.annexes_because,
        }  # fmt: skip

    def owes(self) -> Iterable[Owes]:
        """The body owes an answer."""
        yield Owes(BODY_ANSWER, contact_of(self.subject), due=self.subject.due_at)

    def tells(self) -> Iterable[Tell]:
        """Tell the body's contacts, on their own page."""
        words = _("The FG-GVC asks your body for help with a barrier")
        yield told_body(self.subject, words, to_act=True, due=self.subject.due_at)
