"""From gathered controls to the document of a draft."""

import json
from typing import Any

from django.utils.translation import gettext as _

from proposals.document import empty, place
from proposals.document.codes import Codes
from proposals.document.faults import blank, item_path
from proposals.document.figures import Figures
from proposals.document.schema import DRAFT_BYTES, NUMERIC, Field, Kind, Many, One
from proposals.paper.answers import meant
from proposals.paper.controls import hints
from proposals.paper.gathering import ON_FORM, Gathered, single
from proposals.paper.package import UnreadableError
from proposals.paper.unread import Unread
from proposals.paper.walk import Control

# What Word shows by itself where an answer was deleted.
_WORDS_OWN = ("Click or tap here to enter text.", "Choose an item.")


class Placing:
    """Builds `document`; what could not be taken as it stands is in `unread`."""

    def __init__(self, gathered: Gathered, codes: Codes) -> None:
        self.gathered = gathered
        self.codes = codes
        self.unread: list[Unread] = []
        self.hints = {*hints().values(), *_WORDS_OWN}
        self.figures = Figures(self._figures())
        self.document = empty()
        self.chain: Any = None
        # The stages are those of the value chain, wherever it stands.
        for part in sorted(ON_FORM.values(), key=lambda part: part.name != "value_chain"):
            self.document[part.name] = self._part(part)
            if part.name == "value_chain":
                self.chain = self.document[part.name]
        self.document["sector"] = self.codes.sector_of.get(self.chain, "")
        self._second_copies()
        if len(json.dumps(self.document, ensure_ascii=False).encode()) > DRAFT_BYTES:
            words = _("The answers come to more than %(most)s MB, which no proposal has. Nothing was read.")
            raise UnreadableError(words % {"most": DRAFT_BYTES // 1_000_000})

    def said(self, control: Control | None) -> str:
        """Return what was typed into a control."""
        if control is None or " ".join(control.text.split()) in self.hints:
            return ""
        return control.text

    def _figures(self) -> list[str]:
        found = []
        for part in ON_FORM.values():
            if isinstance(part, Field):
                found += [self.said(self.gathered.singles.get(part.name))] if part.kind in NUMERIC else []
                continue
            numeric = [field.name for field in part.fields if field.kind in NUMERIC]
            things = self.gathered.things.get(part.name, []) if isinstance(part, Many) else [self._controls(part)]
            found += [self.said(thing.get(name)) for thing in things for name in numeric]
        return found

    def _controls(self, part: One) -> dict[str, Control]:
        named = {field.name: self.gathered.singles.get(f"{part.name}.{field.name}") for field in part.fields}
        return {name: control for name, control in named.items() if control}

    def _part(self, part: Field | One | Many) -> Any:
        match part:
            case Field():
                return self._answer(self.gathered.singles.get(part.name), part, part.name)
            case One():
                value = self._answers(self._controls(part), part.fields, part.name)
                return value if part.required or not blank(value) else None
            case Many():
                return self._things(part)

    def _things(self, part: Many) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        for controls in self.gathered.things.get(part.name, []):
            path = item_path(part.name, len(found))
            if len(found) >= part.most:
                self._too_many(part, controls)
                continue
            value = self._answers(controls, [field for field in part.fields if not field.derived], path)
            if not blank(value):
                found.append({"rank": len(found) + 1, **value} if part.ranked else value)
        return found

    def _too_many(self, part: Many, controls: dict[str, Control]) -> None:
        text = "\n".join(filter(None, (self.said(one) for one in controls.values() if one.ticked is None)))
        if text:
            why = _("There are more than %(most)s, which is the most.") % {"most": part.most}
            self.unread.append(Unread(str(part.label), text, why))

    def _answers(self, controls: dict[str, Control], fields: Any, path: str) -> dict[str, Any]:
        return {
            field.name: self._ticked(controls, field, f"{path}.{field.name}")
            if field.kind is Kind.CHOICES
            else self._answer(controls.get(field.name), field, f"{path}.{field.name}")
            for field in fields
        }

    def _answer(self, control: Control | None, field: Field, path: str) -> Any:
        text = self.said(control)
        if control and control.picture:
            self.unread.append(Unread(place(path), "", _("There is a picture here. Add it as a file in the portal.")))
        found = meant(text, field, self.codes, self.chain, self.figures)
        if found.wrong:
            self.unread.append(Unread(place(path), text, found.wrong, kept=found.kept))
        return found.value

    def _ticked(self, controls: dict[str, Control], field: Field, path: str) -> list[str]:
        """Return the codes whose box is ticked, in the order of the form."""
        known, found = self.codes.labels(field.of), []
        for name, control in controls.items():
            root, _equals, code = name.partition("=")
            if root != field.name:
                continue
            if control.ticked is None or (control.ticked and code not in known):
                text = control.text if control.ticked is None else code
                self.unread.append(Unread(place(path), text, _("This is neither a ticked box nor an empty one.")))
            elif control.ticked:
                found.append(code)
        return found

    def _second_copies(self) -> None:
        for control in self.gathered.again:
            text, first = self.said(control), self.said(self.gathered.singles[single(control)])
            if text and text != first:
                why = _("This question stands in the form more than once; the first answer was taken.")
                self.unread.append(Unread(place(single(control)), text, why))
