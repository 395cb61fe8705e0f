"""Figures that are hard to believe (P3): asked about with the reason, never refused."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from proposals.document.check import place
from proposals.document.codes import Codes
from proposals.document.faults import item_path
from proposals.document.rules import is_number, items
from proposals.document.schema import PARTS, SECTION_OF, Field, Kind, Many
from proposals.document.totals import totals
from proposals.document.values import LARGEST, month

MILLION = 1_000_000
JOBS_PER_MILLION = 200
USD_PER_JOB = 2 * MILLION
EXPORTS_PER_VALUE = 10
INDIRECT_PER_DIRECT = 20
VALUE_PER_INVESTMENT = 5
YEARS_AFTER_END = 10
YEARS_OF_BASELINE = 10
HUNDRED = 100
_SHARE = re.compile(r"(\d{1,9}(?:[.,]\d{1,6})?)\s?(?:%|per ?cent\b)", re.IGNORECASE)
_OF_A_WHOLE = re.compile(r"\b(?:share|quota|proportion|content|part)\b[^.;]{0,40}\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Doubt:
    """`path` is the place as in a fault, `words` what is asked and why."""

    path: str
    words: str

    @property
    def place(self) -> str:
        """The place in words."""
        return place(self.path)

    @property
    def section(self) -> str:
        """The slug of the section."""
        return SECTION_OF[re.split(r"[.\[]", self.path)[0]].slug

    @property
    def target(self) -> str:
        """Id of the control on the section's page."""
        return "id_" + re.sub(r"\[(\d+)\]\.|\.", lambda found: f"-{found[1]}-" if found[1] else "-", self.path)


def doubts(document: dict[str, Any], codes: Codes) -> list[Doubt]:
    """Return what to look at again. Takes any draft and never raises."""
    return [*_figures(document), *_region(document, codes), *_shares(document)]


def _number(value: Any) -> int | float | None:
    return value if is_number(value) and 0 <= value < LARGEST else None


def _figures(document: dict[str, Any]) -> Iterator[Doubt]:
    starts, ends = month(document.get("starts")), month(document.get("ends"))
    for n, one in items(document, "impacts"):
        figure = {name: _number(one.get(name)) for name in ("gdp_usd", "exports_usd", "jobs_direct", "jobs_indirect")}
        yield from _jobs(n, **figure)
        gdp, exports = figure["gdp_usd"], figure["exports_usd"]
        if gdp is not None and exports is not None and exports > EXPORTS_PER_VALUE * gdp:
            words = _("Exports are more than %(times)s times the value added. Is one of the two in another unit?")
            yield Doubt(item_path("impacts", n, "exports_usd"), words % {"times": EXPORTS_PER_VALUE})
        year, baseline = _number(one.get("year")), _number(one.get("baseline_year"))
        if year and ((starts and year < starts[0]) or (ends and year > ends[0] + YEARS_AFTER_END)):
            words = _("%(year)s lies before the project starts, or long after it ends.") % {"year": year}
            yield Doubt(item_path("impacts", n, "year"), words)
        if year and baseline and year - baseline > YEARS_OF_BASELINE:
            words = _("The baseline is %(years)s years old. Is there a newer one?") % {"years": year - baseline}
            yield Doubt(item_path("impacts", n, "baseline_year"), words)


def _jobs(
    n: int,
    *,
    gdp_usd: float | None,
    exports_usd: float | None,
    jobs_direct: float | None,
    jobs_indirect: float | None,
) -> Iterator[Doubt]:
    if jobs_direct is None or jobs_indirect is None:
        return
    jobs = jobs_direct + jobs_indirect
    if gdp_usd is not None and jobs * MILLION > JOBS_PER_MILLION * gdp_usd:
        words = _(
            "That is more than %(most)s jobs for each USD million of value added, less than USD 5,000 a job. "
            "Are jobs of several years added up?"
        )
        yield Doubt(item_path("impacts", n, "jobs_direct"), words % {"most": JOBS_PER_MILLION})
    if gdp_usd and gdp_usd > USD_PER_JOB * max(jobs, 1):
        words = _("That is more than USD 2 million for each job in a year. Is it value added, and not turnover?")
        yield Doubt(item_path("impacts", n, "gdp_usd"), words)
    if jobs_indirect > INDIRECT_PER_DIRECT * max(jobs_direct, 1):
        words = _("There are more than %(times)s indirect jobs for each direct one. Which method gives so many?")
        yield Doubt(item_path("impacts", n, "jobs_indirect"), words % {"times": INDIRECT_PER_DIRECT})


def _region(document: dict[str, Any], codes: Codes) -> Iterator[Doubt]:
    investment = _number(document.get("investment_usd"))
    for row in totals(document):
        value = _number(row.figures.get("gdp_usd"))
        if not row.ams and investment and value and value > VALUE_PER_INVESTMENT * investment:
            words = _("The value added of %(year)s is more than %(times)s times the whole investment. Is it right?")
            yield Doubt("investment_usd", words % {"year": row.year, "times": VALUE_PER_INVESTMENT})


def _shares(document: dict[str, Any]) -> Iterator[Doubt]:
    for path, text in _texts(document):
        for found in _SHARE.finditer(text):
            share = float(found[1].replace(",", "."))
            of_a_whole = _OF_A_WHOLE.search(text[: found.start()]) or text[found.end() :].startswith(" of ")
            if share > HUNDRED and of_a_whole:
                yield Doubt(path, _("“%(share)s” is a share above 100 per cent. Is it right?") % {"share": found[0]})


def _texts(document: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for name, part in PARTS.items():
        if isinstance(part, Field):
            places = [(name, part, document.get(name))]
        elif isinstance(part, Many):
            places = [
                (item_path(name, n, field.name), field, one.get(field.name))
                for n, one in items(document, name)
                for field in part.fields
            ]
        else:
            given = document.get(name)
            one = given if isinstance(given, dict) else {}
            places = [(f"{name}.{field.name}", field, one.get(field.name)) for field in part.fields]
        yield from (
            (path, value) for path, field, value in places if field.kind is Kind.PROSE and isinstance(value, str)
        )
