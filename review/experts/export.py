"""The roster as a spreadsheet (R1, R7)."""

from typing import Any

from django.utils.translation import gettext as _

from aipbi.documents.sheets import Column, Sheet
from review.experts.models import ExpertProfile
from review.rules import ExpertQuerySet


def sheet(found: ExpertQuerySet) -> Sheet:
    """Return the entries, fetched with what they show, a row for each."""
    columns = [
        Column(_("Name"), 32), Column(_("E-mail"), 32), Column(_("Fields of expertise"), 40), Column(_("In own words"), 40),
        Column(_("Sectors"), 32), Column(_("Languages"), 24), Column(_("Nationality"), 20), Column(_("Employer"), 36),
        Column(_("Available")), Column(_("Away until")), Column(_("Most at once")), Column(_("In hand")),
        Column(_("Filed in the past year")), Column(_("Days taken on average")),
    ]  # fmt: skip
    return Sheet(_("Experts"), columns, (_row(one) for one in found))


def _row(one: Any) -> list[Any]:
    expert: ExpertProfile = one
    return [
        expert.person.name, expert.person.email, "; ".join(str(field) for field in expert.expertise.all()), expert.fields,
        "; ".join(str(sector) for sector in expert.sectors.all()), expert.spoken, expert.country, expert.employer,
        expert.available, one.away_until, expert.most_at_once, one.load, one.past_year,
        one.time_taken.days if one.time_taken is not None else None,
    ]  # fmt: skip
