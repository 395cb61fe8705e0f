"""The form as a DOCX: blank, or with the answers of a proposal; one table of questions gives it (P1–P4, P8)."""

from typing import Any

from django.utils.translation import gettext as _

from aipbi.asean import defaults, editions
from aipbi.asean.cache import remember
from aipbi.asean.models import Criterion
from proposals.document import codes as known_codes
from proposals.document import empty
from proposals.document.codes import Codes
from proposals.document.examples import EXAMPLES
from proposals.document.rules import is_number
from proposals.document.schema import FILES, SECTIONS, Field, Kind, Many, One, Section, asked
from proposals.document.values import word_limit
from proposals.paper import layout, lists, package
from proposals.paper.answers import text_of
from proposals.paper.controls import box, choice, hints, number, repeating, text
from proposals.paper.edition import TAG, edition, mark
from proposals.paper.markup import el, paragraph, run, said, written

ON_PAPER = tuple(section for section in SECTIONS if section is not FILES)
# How many of a thing stand in a blank form; a filled one has one more than are filled.
READY = {"partners": 4, "products": 4, "roadblocks": 3, "requests": 3, "participants": 4, "impacts": 8, "inclusion": 2}


def blank() -> bytes:
    """Return the form of today without answers, as it was at most a few minutes ago."""
    criteria = editions.criteria_now().code
    return remember(f"form-on-paper-{edition(criteria)}", lambda: filled(empty(), criteria=criteria))


def filled(document: dict[str, Any], *, criteria: str) -> bytes:
    """Return the form with the answers of a document; `criteria` is the edition of the criteria it is written under."""
    made = _Form(document, criteria, known_codes.load())
    main = written(made.root())
    return package.packed(main, title=title(), organisation=made.initiative, edition=edition(criteria))


def title() -> str:
    """Return what the form is called."""
    return _("Proposal for facilitation")


class _Form:
    """The main part, section by section."""

    def __init__(self, document: dict[str, Any], criteria: str, codes: Codes) -> None:
        self.document = document
        self.criteria = criteria
        self.codes = codes
        self.chain = document.get("value_chain")
        self.initiative: str = defaults.get("portal_label")
        # Parameters that were explained: what several sections answer is told once.
        self.guided: set[str] = set()
        # By list: its lines, the same in every row.
        self.options: dict[str, list[str]] = {}
        self.criterion = {
            one.number: one for one in Criterion.objects.filter(edition_id=criteria).prefetch_related("parameters")
        }

    def root(self) -> Any:
        blocks = self._opening()
        criterion = 0
        for section in ON_PAPER:
            wide = any(isinstance(part, Many) and layout.is_wide(part) for part in section.parts)
            if wide:
                blocks.append(layout.page_ends())
            if section.criterion != criterion:
                criterion = section.criterion
                blocks.append(said(self._criterion(criterion), "Heading1"))
            blocks += self._section(section)
            if wide:
                blocks.append(layout.page_ends(wide=True))
        blocks += [said(FILES.label, "Heading1"), said(_files())]
        root = el("w:document", el("w:body", *blocks, layout.page()))
        root.set(layout.IGNORABLE, "w14 w15")
        number(root)
        return root

    def _criterion(self, n: int) -> str:
        found = self.criterion.get(n)
        words = {"n": n, "title": found.title if found else ""}
        return _("Criterion %(n)s: %(title)s") % words if found else _("Criterion %(n)s") % words

    def _opening(self) -> list[Any]:
        told = [said(title(), "Title"), said(self.initiative, "Subtitle")]
        told += [said(_("How to fill it in"), "Heading2")]
        told += [said(words, "ListBullet") for words in _how()]
        told += [said(_("Who reads it"), "Heading2")]
        told += [said(words, "ListBullet") for words in _who_reads()]
        form = text(TAG, _("Edition of the form"), mark(self.criteria), fixed=True)
        return [*told, paragraph(run(f"{_('Edition of the form')}: "), form, style="Help")]

    def _section(self, section: Section) -> list[Any]:
        blocks = [said(section.label, "Heading2")]
        if section.intro:
            blocks.append(said(section.intro))
        for criterion in self.criterion.values():
            blocks += [
                paragraph(run(f"{one.question} "), run(one.help), style="Guidance")
                for one in criterion.parameters.all()
                if one.code in section.parameters and one.code not in self.guided
            ]
        self.guided |= set(section.parameters)
        parts = list(asked(section))
        if single := [part for part in parts if isinstance(part, Field)]:
            rows = [self._row(field, field.name, self.document, alone=True) for field in single]
            blocks += layout.answers(str(section.label), rows)
        for part in parts:
            if isinstance(part, One):
                value = self.document.get(part.name) or {}
                blocks += self._heading(part, section)
                rows = [self._row(field, f"{part.name}.{field.name}", value, alone=True) for field in part.fields]
                blocks += layout.answers(str(part.label), rows)
            elif isinstance(part, Many):
                blocks += self._heading(part, section)
                blocks += self._many(part)
        return blocks

    def _heading(self, part: One | Many, section: Section) -> list[Any]:
        """Name a part where its section does not do so already, and say what it is for."""
        blocks = [] if part.label == section.label else [said(part.label, "Heading3")]
        if part.hint:
            blocks.append(said(part.hint))
        if isinstance(part, Many):
            least = (
                _("At least %(least)s.") % {"least": part.least}
                if part.least
                else _("Leave it empty where there is none.")
            )
            blocks.append(said(f"{least} {_('At most %(most)s.') % {'most': part.most}}", "Help"))
        return blocks

    def _many(self, part: Many) -> list[Any]:
        things = [one for one in self.document.get(part.name) or [] if isinstance(one, dict)]
        if part.ranked and all(is_number(one.get("rank")) for one in things):
            things.sort(key=lambda one: one["rank"])
        count = min(part.most, max(READY.get(part.name, 3), len(things) + bool(things)))
        things += [{}] * (count - len(things))
        fields = [field for field in part.fields if not field.derived]
        if layout.is_table(part):
            rows = [
                [
                    layout.row(
                        [[self._answer(field, f"{part.name}[{n}].{field.name}", one, narrow=True)] for field in fields],
                        fields,
                    )
                ]
                for n, one in enumerate(things)
            ]
            heads = [(str(field.label), self._help(field)) for field in fields]
            return layout.table(str(part.label), heads, fields, repeating(part.name, str(part.single), rows))
        items = []
        for n, one in enumerate(things):
            rows = [self._row(field, f"{part.name}[{n}].{field.name}", one, example=n == 0) for field in fields]
            items.append(layout.answers(str(part.single), rows))
        return [repeating(part.name, str(part.single), items)]

    def _row(self, field: Field, tag: str, values: dict[str, Any], *, alone: bool = False, example: bool = True) -> Any:
        """Make a row: the question with what helps to answer it, and the place for the answer."""
        asks = [said(field.label, "Question"), *(said(words, "Help") for words in self._help(field))]
        if example and (words := EXAMPLES.get(layout.bare(tag))):
            asks.append(said(_("For example: %(example)s") % {"example": words}, "Help"))
        return layout.pair(asks, self._answers(field, tag, values, alone=alone), whole=field.kind is not Kind.PROSE)

    def _help(self, field: Field) -> list[str]:
        """Return what helps to answer: hint, limit, and whether it may stay empty."""
        found = [str(field.hint)] if field.hint else []
        if most := word_limit(field):
            found.append(_("At most %(most)s words.") % {"most": f"{most:,}"})
        elif field.kind is Kind.TEXT:
            found.append(_("At most %(most)s characters.") % {"most": field.limit})
        if field.kind is Kind.CHOICES:
            found.append(_("Tick each that applies."))
        if not field.required:
            found.append(_("May stay empty."))
        return found

    def _answers(self, field: Field, tag: str, values: dict[str, Any], *, alone: bool) -> list[Any]:
        """Return the paragraphs that take the answer: one, or a box for each choice."""
        if field.kind is not Kind.CHOICES:
            return [self._answer(field, tag, values, alone=alone)]
        given = values.get(field.name)
        chosen = [one for one in given if isinstance(one, str)] if isinstance(given, list) else []
        # Those chosen come first, in their order, which is part of the answer.
        listed = [*chosen, *(code for code in self.codes.labels(field.of) if code not in chosen)]
        return [self._tick(field, f"{tag}={code}", code, checked=code in chosen) for code in listed]

    def _tick(self, field: Field, tag: str, code: str, *, checked: bool) -> Any:
        label = self.codes.words(field.of, code)
        return paragraph(box(tag, label, checked=checked), run(f" {label}"), style="Tick")

    def _answer(
        self, field: Field, tag: str, values: dict[str, Any], *, alone: bool = False, narrow: bool = False
    ) -> Any:
        value = text_of(values.get(field.name), field, self.codes, self.chain)
        alias = str(field.label)
        if field.kind is Kind.CHOICE:
            if field.of not in self.options:
                self.options[field.of] = lists.options(field, self.codes)
            known = self.options[field.of]
            # An answer that is in no list, or no longer, is shown all the same.
            listed = known if not value or value in known else [value, *known]
            return paragraph(choice(tag, alias, listed, value, alone=alone), style="Answer")
        return paragraph(text(tag, alias, value, alone=alone, narrow=narrow), style="Answer")


def _how() -> list[str]:
    return [
        _("Write in the places marked “%(hint)s” or “%(short)s”, and choose from the lists. What stands elsewhere is not taken for an answer; it is listed for you when the form is read.")
        % {"hint": hints()["text"], "short": hints()["short"]},
        _("Leave open what you don’t know yet. Everything can be changed later in the portal."),
        _("To add a row or a block, use the plus sign at its end (Word), or copy a whole row or block and paste it below (LibreOffice). Empty ones do no harm."),
        _("Plain text is enough: pictures, fonts and colours are not taken over. Add pictures and tables as files in the portal."),
        _("Save the form as DOCX. In the portal choose “Bring in a filled form”: your answers become a draft, and you are told what could not be read."),
    ]  # fmt: skip


def _who_reads() -> list[str]:
    return [
        _("A draft is read by your organisation, and by those of a partner company whom you invite to it."),
        _("Once you hand it in: the SEOM lead of the originating Member State; with that support, the ASEAN Secretariat and the independent experts it appoints; then the Member States, which decide."),
        _("The corporate group serves to keep figures anonymous and is never published."),
        _("A file that you mark as a confidential annex is read by the ASEAN Secretariat, the appointed experts and the FG-GVC alone."),
    ]  # fmt: skip


def _files() -> str:
    return _("Files do not travel in this form. Add them in the portal once the form has been read; each can be marked as a confidential annex there.")  # fmt: skip
