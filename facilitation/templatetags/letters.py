"""Words of letters in templates: scripts marked by language, days from ISO dates, tones of states."""

import re
from datetime import date

from django import template
from django.utils.formats import date_format
from django.utils.html import escape, format_html_join
from django.utils.safestring import SafeString

from facilitation.enums import ConcurrenceState
from facilitation.letters import checking
from facilitation.views.case import TONES

register = template.Library()

# An address beyond these is no longer set line below line.
LINES, SIGNS = 12, 500

# The scripts of the region by their Unicode blocks. Fonts, line breaking and voices depend on the language.
_SCRIPTS = {
    "th": "\u0e00-\u0e7f",
    "lo": "\u0e80-\u0eff",
    "my": "\u1000-\u109f\ua9e0-\ua9ff\uaa60-\uaa7f",
    "km": "\u1780-\u17ff\u19e0-\u19ff",
    "ta": "\u0b80-\u0bff",
    "zh": "\u2e80-\u2fdf\u3000-\u303f\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uffef",
}
_RUN = re.compile(
    "|".join(
        f"(?P<{code}>[{block}](?:[{block}\u200b\u200c\u200d \u00a0]*[{block}])?)" for code, block in _SCRIPTS.items()
    )
)


@register.filter
def scripts(text: str) -> SafeString:
    """Escape the text and mark each run in a script of the region with its language (F8)."""
    parts, end = [], 0
    for run in _RUN.finditer(text):
        parts += [("", text[end : run.start()]), (run.lastgroup, run.group(0))]
        end = run.end()
    parts.append(("", text[end:]))
    marked = [f'<span lang="{code}">{escape(words)}</span>' if code else escape(words) for code, words in parts]
    return SafeString("".join(marked))


@register.filter
def long(lines: list[str]) -> bool:
    """Whether an address is so long that it runs across the page, so that the letter still begins on it."""
    return len(lines) > LINES or sum(map(len, lines)) > SIGNS


@register.filter
def square(address: str) -> str:
    """Return the address as a QR code, itself written as the address of a picture."""
    return checking.square(address)


@register.filter
def day(iso: str | None) -> str:
    """Return a day written as an ISO date in words: `2026-11-22` is `22 November 2026`."""
    return date_format(date.fromisoformat(iso), "j F Y") if iso else ""


@register.filter
def short_day(iso: str) -> str:
    """Return the same for a narrow column, on one line: `1 Jan 2027`."""
    return date_format(date.fromisoformat(iso), "j\u00a0M\u00a0Y")


@register.filter
def tone(state: str) -> str:
    """Return the colour of a concurrence's tag; the words say it, the colour repeats it."""
    return TONES[ConcurrenceState(state)]


@register.filter
def names(states: list) -> SafeString:
    """Return Member States as one line of names."""
    return format_html_join(", ", "{}", ((one.name,) for one in states))


@register.filter
def unconditional(line: dict) -> bool:
    """Whether neither the benefit nor a Member State that gives it sets a condition."""
    return not line["conditions"] and not any(state["conditions"] for state in line["given_by"])


@register.filter
def bodies(schedule: list) -> list[dict]:
    """Return the responsible bodies of a schedule, each once, for the line that spells their acronyms out."""
    return list({line["body"]["acronym"]: line["body"] for line in schedule if line["body"]}.values())
