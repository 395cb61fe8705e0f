"""What a justification rests on: answers and files of the version assessed, and answered questions (R3)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from aipbi.accounts.capacity import Capacity
from aipbi.documents.models import StoredFile
from proposals import attachments
from proposals.document.reading import anchor
from proposals.models import Proposal, Version
from review.assessments import evidence
from review.assessments.models import Assessment
from review.clarifications.models import Clarification

ANSWER, QUESTION, FILE = "answer", "question", "file"
# Pages of files that one justification may name.
FILES_MOST = 5

# One piece of evidence as a rating keeps it: {"kind": "file", "of": SHA-256, "page": 3}.
Kept = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Link:
    """A piece of evidence in words, and where it opens; no address where the reader may not open it."""

    words: str
    url: str = ""


class Sources:
    """All that may be named as evidence on a case, each with its words and its address, for one reader.

    Answers are those of `version`; files those that its document names.
    """

    def __init__(self, proposal: Proposal, version: Version, viewer: Capacity) -> None:
        self.proposal, self.version, self.viewer = proposal, version, viewer

    @cached_property
    def _page(self) -> str:
        return f"{reverse('proposal', args=[self.proposal.case.code])}?version={self.version.number}"

    @cached_property
    def answers(self) -> dict[str, evidence.Said]:
        """Every answer beside which a rating stands, by its place in the document."""
        document = self.version.document
        return {said.path: said for code in evidence.PARAMETERS for said in evidence.said(code, document)}

    @cached_property
    def questions(self) -> dict[str, Clarification]:
        """The questions that the reader may read, by their numbers as texts."""
        found = Clarification.objects.visible_to(self.viewer).filter(proposal=self.proposal.pk).order_by("pk")
        return {str(one.pk): one for one in found}

    @cached_property
    def files(self) -> dict[str, tuple[str, StoredFile | None]]:
        """The files that the version names, by SHA-256: the name, and what is stored of it."""
        held = attachments.held_by(self.proposal, self.version.document, self.viewer)
        return {str(named["sha256"]): (str(named["name"]), file) for named, file in held if named.get("sha256")}

    def at(self, path: str) -> str:
        """Return where the version's page shows an answer."""
        return f"{self._page}#{anchor(path)}"

    def section(self, parameter: str) -> str:
        """Return where the version's page begins to speak of the parameter (by its code)."""
        return f"{self._page}#section-{evidence.section(parameter)}"

    def links(self, kept: Iterable[Kept]) -> list[Link]:
        """Return pieces of evidence in words."""
        return [self._link(one) for one in kept]

    def _link(self, one: Kept) -> Link:
        of = str(one["of"])
        if one["kind"] == ANSWER:
            said = self.answers.get(of)
            return Link(said.heading, self.at(of)) if said else Link(of)
        if one["kind"] == QUESTION:
            question = self.questions.get(of)
            here = f"{reverse('review', args=[self.proposal.case.code])}#question-{of}"
            return Link(self.of_question(question), here) if question else Link(_("A question to the proponent"))
        name, file = self.files.get(of, (_("A file"), None))
        words = _("%(name)s, page %(page)s") % {"name": name, "page": one["page"]} if one.get("page") else name
        if file is None:
            return Link(words)
        page = one.get("page") if file.media_type == "application/pdf" else None
        return Link(words, reverse("file_page", args=[file.pk, page]) if page else reverse("file", args=[file.pk]))

    @staticmethod
    def of_question(question: Clarification) -> str:
        """Return a question as a list names it."""
        return _("Question: %(words)s") % {"words": Truncator(question.question).chars(80)}

    @property
    def choices(self) -> list[tuple[str, str]]:
        """Answers and questions, as the form's choices."""
        told = [(f"{ANSWER}:{path}", said.heading) for path, said in self.answers.items()]
        return told + [(f"{QUESTION}:{pk}", self.of_question(one)) for pk, one in self.questions.items()]

    @property
    def file_choices(self) -> list[tuple[str, str]]:
        """Files, as the form's choices."""
        return [(sha256, name) for sha256, (name, _file) in self.files.items()]


def chosen(kept: Sequence[Kept]) -> list[str]:
    """Return the answers and questions among the evidence, as the form's choices have them."""
    return [f"{one['kind']}:{one['of']}" for one in kept if one["kind"] != FILE]


def pages(kept: Sequence[Kept]) -> list[Kept]:
    """Return the pages of files among the evidence."""
    return [one for one in kept if one["kind"] == FILE]


def keep(choices: Iterable[str], files: Iterable[tuple[str, int | None]]) -> list[Kept]:
    """Return what was chosen in the form as a rating keeps it, each piece once."""
    found: list[Kept] = []
    for choice in choices:
        kind, _colon, of = choice.partition(":")
        found.append({"kind": kind, "of": of})
    found += [{"kind": FILE, "of": sha256, "page": page} for sha256, page in files]
    return [one for place, one in enumerate(found) if one not in found[:place]]


def link(assessments: list[Assessment], viewer: Capacity) -> list[Assessment]:
    """Give each rating of assessments of one case, fetched with their parts, its evidence in words as `links`."""
    sources: dict[int, Sources] = {}
    for one in assessments:
        here = sources.setdefault(one.version_id, Sources(one.proposal, one.version, viewer))
        for rating in one.ratings.all():
            rating.links = here.links(rating.evidence)  # type: ignore[attr-defined]
    return assessments
