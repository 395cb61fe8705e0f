"""Messages in the Secretariat's name: kinds, their standard texts, typed placeholders, and how one is written (N3).

An app registers its kinds from `AppConfig.ready`; a `Tell` names one by `message`. ASEC may change a
kind's text, and how long each message waits for ASEC before it goes unchanged.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from string import Formatter
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from aipbi.templatetags.portal import in_words
from aipbi.workflow.models import Notice, StandardText

PLACEHOLDERS: dict[str, Any] = {
    "name": gettext_lazy("the reader's name, or “Sir or Madam”"),
    "office": gettext_lazy("the office written to, else “your organisation” or “you”"),
    "reference": gettext_lazy("the reference of the case, or its code before it has one"),
    "what": gettext_lazy("what happened or is asked, in the portal's words"),
    "until": gettext_lazy("by when, in the reader's time and Jakarta's, or “no fixed day”"),
    "link": gettext_lazy("the address in the portal where it is seen or done; give it a line of its own"),
}


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of message, with the text that comes with the portal."""

    code: str
    label: Any
    subject: Any
    text: Any
    wait_hours: int


@dataclass(frozen=True, slots=True)
class Wording:
    """A subject and a text with placeholders, and the hours that a message waits for ASEC."""

    subject: str
    text: str
    wait_hours: int


KINDS: dict[str, Kind] = {}


def register(code: str, label: Any, *, subject: Any, text: Any, wait_hours: int = 0) -> str:
    """Make a kind known and return its code. `wait_hours` is 0 for at once."""
    KINDS[code] = Kind(code, label, subject, text, wait_hours)
    return code


def wording(code: str) -> Wording:
    """Return ASEC's wording of a kind, else the portal's own."""
    return _wording(code, StandardText.objects.filter(kind=code).first())


def wordings() -> dict[str, Wording]:
    """Return the wording of every kind, in one query."""
    known = own()
    return {code: _wording(code, known.get(code)) for code in KINDS}


def own() -> dict[str, StandardText]:
    """Return the kinds whose text ASEC has changed, with who did and when."""
    return {row.kind: row for row in StandardText.objects.select_related("changed_by")}


def _wording(code: str, changed: StandardText | None) -> Wording:
    if changed:
        return Wording(changed.subject, changed.text, changed.wait_hours)
    kind = KINDS[code]
    return Wording(str(kind.subject), str(kind.text).strip(), kind.wait_hours)


def written(notice: Notice) -> tuple[str, str]:
    """Return subject and text of a message as this notice's reader gets them, in the zone in use."""
    message = notice.message
    assert message  # noqa: S101 - the caller has asked
    base = wording(message.kind)
    known = values(notice)
    return fill(message.subject or base.subject, known), fill(message.text or base.text, known)


def values(notice: Notice) -> dict[str, str]:
    """Return what stands for each placeholder in this notice's e-mail, moments in the zone in use."""
    case = notice.case
    assert case  # noqa: S101 - a message in the Secretariat's name is about a case
    return {
        "name": notice.person.name or _("Sir or Madam"),
        "office": _addressed(notice),
        "reference": case.reference or _("a proposal (%(code)s)") % {"code": case.code},
        "what": notice.words,
        "until": in_words(notice.due_at) if notice.due_at else _("no fixed day"),
        "link": f"{settings.PORTAL_URL}{notice.address}",
    }


def _addressed(notice: Notice) -> str:
    if notice.office:
        return notice.office.label
    return _("your organisation") if notice.organisation_id else _("you")


def fill(text: str, values: dict[str, str]) -> str:
    """Put the values in place of the placeholders."""
    return "".join(
        literal + (values[name] if name is not None else "") for literal, name, _spec, _conv in Formatter().parse(text)
    )


def check(text: str) -> None:
    """Raise ValidationError for each placeholder that is not known, and braces that are not closed, with the line."""
    faults = list(_faults(text))
    if faults:
        raise ValidationError(faults)


def _faults(text: str) -> Iterator[str]:
    for number, line in enumerate(text.splitlines() or [text], start=1):
        try:
            parts = list(Formatter().parse(line))
        except ValueError:
            yield _("Line %(n)s: a brace is open or alone. A placeholder is written {name}; a brace itself {{.") % {
                "n": number
            }
            continue
        for _literal, name, spec, conversion in parts:
            if name is not None and (name not in PLACEHOLDERS or spec or conversion):
                said = name + (f"!{conversion}" if conversion else "") + (f":{spec}" if spec else "")
                yield _("Line %(n)s: there is no placeholder {%(name)s}. These are known: %(known)s.") % {
                    "n": number,
                    "name": said,
                    "known": ", ".join(f"{{{one}}}" for one in PLACEHOLDERS),
                }
