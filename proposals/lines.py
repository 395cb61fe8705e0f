"""The lines of a desk, written out here and not by a template: a desk has some seventy of them (R7)."""

from collections.abc import Callable, Sequence
from datetime import datetime
from html import escape  # Django's asks each time whether the text is a lazy one
from typing import Any

from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from aipbi.templatetags.portal import day_in_words, in_words, lit
from proposals.models import UNTITLED

Row = dict[str, Any]
Cells = Sequence[Callable[[Row], str]]


def _duty(row: Row) -> str:
    return f'<a class="govuk-link" href="{escape(row["link"])}">{escape(row["what"])}</a>{_opened(row)}'


def _duty_of(row: Row) -> str:
    return f"<strong>{escape(row['who'])}</strong>: {escape(row['what'])}{_opened(row)}"


def _opened(row: Row) -> str:
    return f'<br><span class="portal-muted">{_("since")} {day_in_words(localtime(row["opened_at"]))}</span>'


def _about(row: Row) -> str:
    if not row["opens"]:
        return escape(row["case__reference"] or "")
    reference = row["case__reference"] or _("Not registered yet")
    return (
        f'<a class="govuk-link" href="/cases/{row["code"]}/">{escape(row["title"])}</a><br>'
        f'<span class="portal-muted">{escape(reference)} · {escape(row["case__proposal__organisation__name"])}</span>'
    )


def _officer(row: Row) -> str:
    return escape(row["case__proposal__case_officer__name"] or _("Nobody yet"))


# What stands in a line before its date: of what is one's own, of what others owe, and on the Secretariat's desk.
OWN: Cells = (_duty, _about)
OTHERS: Cells = (_duty_of, _about)
OFFICERS: Cells = (_duty, _about, _officer)


def shown(rows: list[Row], cells: Cells = OWN) -> list[Row]:
    """Add to lines that are shown their title and code, and `cells`, written out."""
    now, paused = timezone.now(), _("Clock paused")
    # Deadlines end with a day, so that many lines have the same.
    until = {moment: _until(moment, now) for moment in {row["due_at"] for row in rows}}
    for row in rows:
        row["title"] = (row["case__proposal__title"] or str(UNTITLED)) if row["opens"] else ""
        row["code"] = row["case__code"]
        told = [*(cell(row) for cell in cells), paused if row["paused_at"] else until[row["due_at"]]]
        written = "".join([f'<td class="govuk-table__cell">{cell}</td>' for cell in told])
        row["cells"] = mark_safe(written)  # noqa: S308 - every cell escapes what people wrote
    return rows


def _until(moment: datetime | None, now: datetime) -> str:
    if moment is None:
        return _("No date")
    told = in_words(moment)
    return f'{lit(moment, told, now)}<br><span class="portal-muted">{told}</span>'
