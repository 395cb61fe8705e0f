"""The search box of the case list: a form field whose value is a condition (R7)."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from aipbi.accounts.capacity import Capacity
from proposals.search.language import MOST_TERMS, Fault, Why
from proposals.search.terms import find


class SearchField(forms.CharField):
    """Reads the language for one reader; every fault names the word and its place."""

    viewer: Capacity

    def clean(self, value: Any) -> Any:
        """Return the condition, or None where nothing is asked. Raises ValidationError with one line per fault."""
        text = super().clean(value)
        if not text:
            return None
        condition, faults = find(text, self.viewer)
        if faults:
            raise ValidationError([_said(fault) for fault in faults])
        return condition


def _said(fault: Fault) -> str:
    words = {"word": fault.word, "key": fault.key, "place": fault.at + 1, "most": MOST_TERMS}
    said = _SAYS[fault.why]() % words
    if fault.nearest:
        return f"{said} {_('Did you mean “%(nearest)s”?') % {'nearest': fault.nearest}}"
    if fault.why in (Why.KEY, Why.NOTHING):
        return f"{said} {_('Put it in quotation marks to look for it as it stands.')}"
    return said


_SAYS = {
    Why.QUOTE: lambda: _("The quotation mark at character %(place)s has no end: %(word)s"),
    Why.KEY: lambda: _("“%(word)s:” at character %(place)s is not something to search by."),
    Why.NOTHING: lambda: _("Nothing follows “%(word)s:” at character %(place)s."),
    Why.VALUE: lambda: _("“%(word)s” at character %(place)s is not known for “%(key)s:”."),
    Why.DATE: lambda: _("“%(word)s” at character %(place)s is not a date. Write 2026, 2026-03 or 2026-03-14."),
    Why.REFERENCE: lambda: _(
        "“%(word)s” at character %(place)s is not a reference. Write AIPBI/2026/0007, 2026/0007 or 7."
    ),
    Why.JOIN: lambda: _(
        "“%(word)s” at character %(place)s joins nothing here: all that is asked holds together, "
        "a comma between values means “or”, a hyphen in front “not”."
    ),
    Why.SIGN: lambda: _(
        "“%(word)s” at character %(place)s has signs in front that mean nothing here: brackets can’t be used, "
        "and what is to be looked for as it stands goes into quotation marks."
    ),
    Why.MANY: lambda: _("More than %(most)s things are asked at once. Leave some out."),
}
