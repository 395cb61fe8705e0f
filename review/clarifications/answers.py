"""Answering a question: a draft with files that the organisation alone reads, then the answer, sent once (R5)."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aipbi.accounts.enums import Role
from aipbi.documents import room, uploads
from aipbi.documents.models import Scan, StoredFile
from aipbi.workflow import parties
from aipbi.workflow.forms import MoveForm
from aipbi.workflow.models import Audience, Obligation
from aipbi.workflow.moves import Move, Tell
from aipbi.workflow.parties import Party
from aipbi.workflow.registry import register
from proposals import rules as case_rules
from review.clarifications.models import Clarification
from review.clarifications.moves import OnExpertsClock
from review.enums import Asking
from review.experts.models import Invitation
from review.links import move_page
from review.obligations import ANSWER, ASSESS

PURPOSE = "clarification"
FILES_MOST = 10


class AnswerForm(MoveForm):
    """The answer, and files where they help: one at a time, those added before are listed."""

    answer = forms.CharField(
        label=gettext_lazy("Your answer"),
        help_text=gettext_lazy(
            "Once it is sent, the Secretariat, the experts and the Member States on the case read it. "
            "Until then only your organisation and its partners on this proposal do."
        ),
        widget=forms.Textarea,
        max_length=16000,
    )
    file = uploads.UploadField(label=gettext_lazy("Add a file"), required=False)

    def clean_file(self) -> Any:
        """Refuse more files than a reader can be asked to open, and what the case has no room for."""
        file = self.cleaned_data.get("file")
        if file and len(files_of(self.move.subject)) >= FILES_MOST:
            raise forms.ValidationError(
                _("An answer holds %(most)d files. Take one off first, or put several into one.") % {"most": FILES_MOST}
            )
        space = room.of(self.move.subject.case_pk, self.move.subject.proposal.organisation, self.move.as_)
        if file and (why := room.fault(file.size, space.left)):
            raise forms.ValidationError(why)
        return file

    @property
    def held(self) -> list[StoredFile]:
        """The files added so far."""
        return files_of(self.move.subject)

    @property
    def due_at(self) -> Any:
        """Until when the answer is owed."""
        owed = Obligation.objects.open().filter(
            kind=ANSWER, subject_kind=Clarification.kind, subject_pk=self.move.subject.pk
        )
        return owed.values_list("due_at", flat=True).first()

    @property
    def save_url(self) -> str:
        """Where the draft is kept."""
        return move_page(self.move.subject, SaveAnswer.name)

    @property
    def send_url(self) -> str:
        """Where the answer is sent."""
        return move_page(self.move.subject, AnswerClarification.name)


class DraftForm(AnswerForm):
    """The same, gaps and all; a button beside each file takes it off."""

    take_off = forms.IntegerField(required=False, min_value=1)

    def prepare(self) -> None:
        """A draft may be empty."""
        self.fields["answer"].required = False

    def clean_take_off(self) -> Any:
        """Take off only what is on this answer."""
        pk = self.cleaned_data.get("take_off")
        if pk is not None and pk not in {file.pk for file in self.held}:
            raise forms.ValidationError(_("This file is not on the answer any more."))
        return pk


def files_of(clarification: Clarification) -> list[StoredFile]:
    """Return the files on an answer, sent or not, oldest first."""
    found = StoredFile.objects.filter(
        case_id=clarification.case_pk,
        purpose=PURPOSE,
        subject_kind=Clarification.kind,
        subject_pk=clarification.pk,
        removed_at__isnull=True,
    )
    return list(found.exclude(scan=Scan.INFECTED).order_by("pk"))


@register
class SaveAnswer(Move):
    """Keeps a draft of the answer and its files; the trail says that it was saved and never what it says."""

    name = "save_answer"
    model = Clarification
    during = frozenset({Asking.ASKED})
    who = case_rules.writer
    label = gettext_lazy("Save the draft of your answer")
    done = gettext_lazy("A draft of an answer was saved")
    form = DraftForm
    audience = Audience.ASEC
    hidden = True

    def initial(self) -> dict[str, Any]:
        """Start with what was saved before."""
        return {"answer": self.subject.draft}

    def effect(self) -> None:
        """Keep the words, and the file that came in or goes."""
        self.subject.draft, self.subject.drafted_at = self.data["answer"], self.now
        self.subject.save(update_fields=["draft", "drafted_at"])
        keep_file(self)
        if gone := self.data.get("take_off"):
            StoredFile.objects.filter(pk=gone).update(removed_at=timezone.now())

    def kept(self) -> dict[str, Any]:
        """Keep nothing of it: until it is sent, only the organisation reads it."""
        return {}

    def details(self) -> dict[str, Any]:
        """Keep whether a file came or went, not which."""
        return {"file": "added" if self.data.get("file") else "taken off" if self.data.get("take_off") else ""}

    def repeats(self, entered: Mapping[str, Any], kept: Mapping[str, Any]) -> bool:
        """Whether these words are saved already, with no file coming or going."""
        moving = self.data.get("file") or self.data.get("take_off")
        return not moving and self.data["answer"] == self.subject.draft

    def after(self) -> str:
        """Back to writing."""
        return move_page(self.subject, AnswerClarification.name)


@register
class AnswerClarification(OnExpertsClock):
    """asked → answered, with the files that were added."""

    name = "answer_clarification"
    on = "answer_clarification"
    who = case_rules.writer
    label = gettext_lazy("Answer the question")
    done = gettext_lazy("A question was answered")
    form = AnswerForm
    audience = Audience.STATES
    closes = frozenset({ANSWER})

    @property
    def resumes(self) -> Collection[str]:  # type: ignore[override]
        """Let the experts' clock go on, unless another question still holds it."""
        waiting = Clarification.objects.filter(proposal=self.subject.proposal_id, state=Asking.ASKED, pauses=True)
        return {ASSESS} if self.subject.pauses and not waiting.exclude(pk=self.subject.pk).exists() else frozenset()

    def initial(self) -> dict[str, Any]:
        """Start with the draft."""
        return {"answer": self.subject.draft}

    def effect(self) -> None:
        """Keep the answer and the file; the draft has become the answer."""
        self.subject.answer, self.subject.answered_at = self.data["answer"], self.now
        self.subject.draft = ""
        self.subject.save(update_fields=["answer", "answered_at", "draft"])
        keep_file(self)

    def details(self) -> dict[str, Any]:
        """Name the question and the files that went with the answer."""
        files = [{"name": file.name, "sha256": file.sha256} for file in files_of(self.subject)]
        return {"question": self.subject.question, "files": files}

    def tells(self) -> Iterable[Tell]:
        """Tell ASEC, and every expert on the case: all assess on the same facts."""
        yield Tell(parties.asec(), _("The proponent answered a question"))
        for one in (
            Invitation.objects.appointed().filter(proposal=self.subject.proposal_id).select_related("expert__person")
        ):
            own = self.subject.asked_as == Role.EXPERT and self.subject.asked_by_id == one.expert_id
            words = _("The proponent answered your question") if own else _("The proponent answered a question")
            yield Tell(Party(person=one.expert.person), words)


def keep_file(act: Move) -> None:
    """Store the file that came with the form, if one did."""
    if file := act.data.get("file"):
        uploads.keep(file, subject=act.subject, purpose=PURPOSE, as_=act.as_)
