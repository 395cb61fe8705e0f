"""The talk about a challenge: messages from either side, a question that it waits for, the answer (F1)."""

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aipbi.accounts.enums import Role
from aipbi.documents import uploads
from aipbi.workflow import parties
from aipbi.workflow.moves import Move, Owes, Tell
from aipbi.workflow.parties import Party
from aipbi.workflow.registry import register
from facilitation import drafts, rules
from facilitation.draft_forms import FilesForm, TakeOffForm
from facilitation.enums import WORKED_ON, ChallengeState
from facilitation.models import Challenge, MessageDraft
from facilitation.moves.shared import WhileTheCaseLives, challenge_page, told_proponent
from facilitation.obligations import ANSWER_CHALLENGE
from proposals import rules as case_rules


class MessageForm(FilesForm):
    """The words, and files where they help: one at a time, those added before are listed."""

    holds = drafts.DRAFT

    text = forms.CharField(
        label=gettext_lazy("Message"),
        help_text=gettext_lazy(
            "The proponent, the Member States on the case and the Secretariat read it once it is sent. Until then only your side does."
        ),
        widget=forms.Textarea,
        max_length=8000,
    )
    file = uploads.UploadField(label=gettext_lazy("Add a file"), required=False)
    draft = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)

    @cached_property
    def kept(self) -> MessageDraft | None:
        """The draft as it is saved."""
        return drafts.mine(self.move.subject, self.move.as_)

    @property
    def save_url(self) -> str:
        """Where the draft is kept."""
        subject = self.move.subject
        return reverse("challenge_draft", args=[subject.proposal.case.code, subject.number])

    @property
    def send_url(self) -> str:
        """Where the message is sent."""
        return self.move.url(self.move.subject.proposal.case.code)


class DraftForm(TakeOffForm, MessageForm):
    """The same, gaps and all; a button beside each file takes it off."""

    def prepare(self) -> None:
        """A draft may be empty."""
        self.fields["text"].required = False


class _Message(WhileTheCaseLives):
    """What all messages share: the draft becomes one, with its files."""

    model = Challenge
    form = MessageForm
    asks = False

    def initial(self) -> dict[str, Any]:
        """Start with the draft."""
        draft = drafts.mine(self.subject, self.as_)
        return {"text": draft.text, "draft": draft.revision} if draft else {"draft": 0}

    def effect(self) -> None:
        """Keep the message."""
        self.message = drafts.send(self.subject, as_=self.as_, now=self.now, data=self.data, asks=self.asks)

    def kept(self) -> dict[str, Any]:
        """Keep the words; files are named by `details`."""
        return {"text": self.data["text"]}

    def repeats(self, entered: Mapping[str, Any], kept: Mapping[str, Any]) -> bool:
        """Whether these words were the last ones sent."""
        return entered.get("text") == kept.get("text") and not self.data.get("file")

    def details(self) -> dict[str, Any]:
        """Keep which challenge it is about, and the files."""
        files = [{"name": file.name, "sha256": file.sha256} for file in self.message.files.order_by("pk")]
        return {"challenge": self.subject.number, "files": files}

    def after(self) -> str:
        """Back to the thread."""
        return challenge_page(self.subject)


@register
class Comment(_Message):
    """A message in the thread, from either side."""

    name = "comment"
    during = WORKED_ON
    who = rules.talks
    label = gettext_lazy("Write a message")
    done = gettext_lazy("Message sent")

    def reasons(self) -> Iterable[str]:
        """A proponent that was asked answers, so that the challenge goes on."""
        yield from super().reasons()
        if self.as_.role == Role.PROPONENT and self.subject.state == ChallengeState.WAITING:
            yield _("You were asked something: answer the question.")

    def tells(self) -> Iterable[Tell]:
        """Tell the other side."""
        if self.as_.role == Role.PROPONENT:
            words = _("The proponent wrote about a challenge")
            yield Tell(parties.asec(), words, path=challenge_page(self.subject))
        else:
            yield told_proponent(self.subject, _("There is a message about a challenge of your project"))


@register
class AskProponent(_Message):
    """open or in progress → waiting: the challenge waits for what only the proponent knows."""

    name = "ask_proponent"
    on = "ask_proponent"
    who = rules.engages
    label = gettext_lazy("Ask the proponent")
    done = gettext_lazy("The proponent was asked about a challenge")
    help = gettext_lazy("The challenge waits for the proponent, who has the usual time to answer and is reminded.")
    asks = True

    def owes(self) -> Iterable[Owes]:
        """The proponent owes an answer."""
        yield Owes(ANSWER_CHALLENGE, Party(organisation=self.subject.proposal.organisation))

    def tells(self) -> Iterable[Tell]:
        """Tell the proponent until when."""
        yield told_proponent(self.subject, _("You are asked about a challenge of your project"), to_act=True)


@register
class AnswerChallenge(_Message):
    """waiting → in progress: the proponent answers."""

    name = "answer_challenge"
    on = "answer_challenge"
    who = case_rules.proponent_editor
    label = gettext_lazy("Answer the question")
    done = gettext_lazy("The proponent answered about a challenge")
    closes = {ANSWER_CHALLENGE}

    def tells(self) -> Iterable[Tell]:
        """Tell ASEC."""
        yield Tell(parties.asec(), _("The proponent answered about a challenge"), path=challenge_page(self.subject))


def writing_move(challenge: Challenge, viewer: Any) -> Move | None:
    """Return the move by which the reader writes in the thread now, if there is one."""
    for kind in (AnswerChallenge, Comment):
        act = kind(challenge, viewer)
        if act.is_open and act.may(viewer, challenge) and not list(act.reasons()):
            return act
    return None
