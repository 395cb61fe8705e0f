"""What a proposal asks, as one table (P1–P4, Framework Figure 4).

The validator, the writing pages, the check page, the comparison, the PDF and the interchange
format `aipbi-proposal/1` all read it. A part's `parameter` is the code of the criteria's
parameter it answers; codes of lists (`of`) are named in `codes.Codes`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext_lazy as _

FORMAT = "aipbi-proposal/1"
# What a draft may hold at most, so that a slip of the clipboard is kept and can be mended.
DRAFT_CHARACTERS = 200_000
DRAFT_BYTES = 2_000_000


class Kind(StrEnum):
    """How an answer is written."""

    TEXT = "text"
    PROSE = "prose"
    MONEY = "money"
    NUMBER = "number"
    WHOLE = "whole"
    YEAR = "year"
    MONTH = "month"
    HS = "hs"
    RANK = "rank"
    CHOICE = "choice"
    CHOICES = "choices"
    LINES = "lines"
    HASH = "hash"
    FLAG = "flag"


NUMERIC = frozenset({Kind.MONEY, Kind.NUMBER, Kind.WHOLE, Kind.YEAR, Kind.RANK})
LISTS = frozenset({Kind.CHOICES, Kind.LINES})


@dataclass(frozen=True, slots=True)
class Field:
    """One answer. `limit` is in characters; `words` names the setting that limits the words."""

    name: str
    kind: Kind
    label: Any
    hint: Any = ""
    of: str = ""
    # What helps on the page alone, and is not so on paper.
    page_hint: Any = ""
    required: bool = True
    limit: int = 200
    words: str = ""
    least: int = 0
    rule: str = "P1"
    parameter: str = ""
    # Follows from the order on the page, or from the answer named by `follows`: not asked by itself.
    derived: bool = False
    follows: str = ""


@dataclass(frozen=True, slots=True)
class One:
    """Several answers about one thing; `null` may stand for it where it is optional."""

    name: str
    label: Any
    fields: tuple[Field, ...]
    hint: Any = ""
    required: bool = True
    rule: str = "P1"
    parameter: str = ""


@dataclass(frozen=True, slots=True)
class Many:
    """Several things, each with its answers; `key` names the fields that tell one from another."""

    name: str
    label: Any
    single: Any
    fields: tuple[Field, ...]
    hint: Any = ""
    page_hint: Any = ""
    least: int = 0
    most: int = 100
    key: tuple[str, ...] = ()
    # Answers short enough to be read as a table; the figures of `impacts` stand in their totals.
    columns: tuple[str, ...] = ()
    ranked: bool = False
    rule: str = "P1"
    parameter: str = ""


Part = Field | One | Many


@dataclass(frozen=True, slots=True)
class Section:
    """A page of the form; `criterion` is 0 for what stands before the three."""

    slug: str
    label: Any
    criterion: int
    parts: tuple[Part, ...]
    parameters: tuple[str, ...] = ()
    intro: Any = ""


_NAME = Field("name", Kind.TEXT, _("Name"))
_COUNTRY = Field(
    "country", Kind.CHOICE, _("Country"), of="countries", hint=_("Where it is registered; it may be outside ASEAN")
)
_GROUP = Field(
    "corporate_group",
    Kind.TEXT,
    _("Corporate group"),
    hint=_(
        "The group of companies it belongs to, or its own name. It is never published; figures are made anonymous by group."
    ),
    required=False,
)
_KIND = Field("kind", Kind.CHOICE, _("Kind of organisation"), of="kinds")
_WHO = (_NAME, _COUNTRY, _GROUP, _KIND)

PROJECT = Section(
    "project",
    _("Project"),
    1,
    (
        Field(
            "title",
            Kind.TEXT,
            _("Title"),
            _("One line that says what moves or is made, and between which countries"),
            limit=300,
        ),
        Field(
            "summary",
            Kind.PROSE,
            _("Summary"),
            _("For somebody who reads nothing else"),
            limit=6000,
            words="summary_words",
        ),
        Field("sector", Kind.CHOICE, _("Sector"), of="sectors", derived=True, follows="value_chain"),
        Field(
            "value_chain",
            Kind.CHOICE,
            _("Value chain"),
            _("Listed by sector; the sector follows from it"),
            of="chains",
        ),
        Field("phase", Kind.CHOICE, _("How far the project is"), _("Projects under way have priority"), of="phases"),
        Field("starts", Kind.MONTH, _("Start"), _("Year and month, for example 2027-03")),
        Field("ends", Kind.MONTH, _("End"), _("Year and month, for example 2032-12")),
        Field(
            "investment_usd",
            Kind.MONEY,
            _("Investment in US dollars"),
            _("The whole amount in digits, for example 118,000,000"),
        ),
        Field(
            "originating_ams",
            Kind.CHOICE,
            _("Originating Member State"),
            _("Its SEOM lead is asked to support the proposal. It must take part in the project."),
            of="ams",
        ),
    ),
    ("project_details",),
)
ORGANISATIONS = Section(
    "organisations",
    _("Lead and partners"),
    1,
    (
        One("lead", _("Lead organisation"), _WHO),
        Many(
            "partners",
            _("Partners"),
            _("Partner"),
            _WHO,
            _("Organisations that carry the project with you"),
            key=("name",),
            columns=("name", "country", "corporate_group", "kind"),
        ),
    ),
    ("project_details",),
)
PRODUCTS = Section(
    "products",
    _("Products"),
    1,
    (
        Many(
            "products",
            _("Products"),
            _("Product"),
            (
                Field("hs", Kind.HS, _("HS 2022 code"), _("Four digits, or six with a point: 8507 or 8507.60")),
                Field("description", Kind.TEXT, _("Description"), limit=300),
            ),
            _("The goods that the project makes or moves across borders"),
            least=1,
            key=("hs",),
            columns=("hs", "description"),
        ),
    ),
    ("project_details",),
)
BACKGROUND = Section(
    "background",
    _("Background and objectives"),
    1,
    (
        Field(
            "background",
            Kind.PROSE,
            _("Background"),
            _("What is there already, and how it came about"),
            limit=10_000,
            rule="P2",
        ),
        Field(
            "objectives",
            Kind.PROSE,
            _("Objectives"),
            _("What will be different, by when, and how one will see it"),
            limit=10_000,
            rule="P2",
        ),
    ),
    ("project_details",),
)
_CATEGORY = Field("category", Kind.CHOICE, _("Category"), of="categories", rule="P2")
ROADBLOCKS = Section(
    "roadblocks",
    _("Roadblocks"),
    1,
    (
        Many(
            "roadblocks",
            _("Roadblocks"),
            _("Roadblock"),
            (
                _CATEGORY,
                Field("ams", Kind.CHOICES, _("Member States concerned"), of="ams", least=1, rule="P2"),
                Field(
                    "description",
                    Kind.PROSE,
                    _("What stands in the way"),
                    _("What happens, where, how often, and what it costs"),
                    limit=4000,
                    rule="P2",
                ),
                Field(
                    "evidence",
                    Kind.PROSE,
                    _("Evidence"),
                    _("What shows it: logs, refusals, correspondence"),
                    limit=2000,
                    rule="P2",
                ),
            ),
            least=1,
            rule="P2",
        ),
    ),
    ("challenges_faced",),
)
REQUESTS = Section(
    "requests",
    _("Requests, ranked"),
    1,
    (
        Many(
            "requests",
            _("Requests for facilitation"),
            _("Request"),
            (
                Field("rank", Kind.RANK, _("Priority"), rule="P2", derived=True),
                _CATEGORY,
                Field("ams", Kind.CHOICES, _("Member States asked"), of="ams", least=1, rule="P2"),
                Field("body", Kind.CHOICE, _("ASEAN body asked"), of="bodies", rule="P2"),
                Field(
                    "measure", Kind.PROSE, _("Measure wanted"), _("What exactly should be done"), limit=2000, rule="P2"
                ),
                Field(
                    "expected_effect",
                    Kind.PROSE,
                    _("Expected effect"),
                    _("What will change, and by how much"),
                    limit=2000,
                    rule="P2",
                ),
            ),
            _("The most important first."),
            page_hint=_("Move a request up or down to change its priority."),
            least=1,
            ranked=True,
            rule="P2",
        ),
    ),
    ("facilitation_request",),
)
PARTICIPANTS = Section(
    "participants",
    _("Participating Member States"),
    2,
    (
        Many(
            "participants",
            _("Participating Member States"),
            _("Member State"),
            (
                Field("ams", Kind.CHOICE, _("Member State"), of="ams", rule="P3"),
                Field("role", Kind.TEXT, _("Role"), _("What is done there, in a few words"), rule="P3"),
                Field("stage", Kind.CHOICE, _("Stage in the value chain"), of="stages", rule="P3"),
                Field("sites", Kind.LINES, _("Sites"), _("One site to a line"), least=1, rule="P3"),
                Field(
                    "flows_to", Kind.CHOICES, _("What it makes goes on to"), _("Leave empty when it goes no further."),
                    page_hint=_("Member States are offered here once they are saved."), of="participants", required=False, rule="P3",
                ),
            ),
            _("At least two, the originating Member State among them"),
            least=2,
            most=11,
            key=("ams",),
            columns=("ams", "role", "stage", "sites", "flows_to"),
            rule="P3",
        ),
    ),
    ("number_of_ams",),
)  # fmt: skip
IMPACTS = Section(
    "impacts",
    _("Impacts"),
    2,
    (
        Many(
            "impacts",
            _("Figures by Member State and year"),
            _("Figures"),
            (
                Field("ams", Kind.CHOICE, _("Member State"), of="participants", rule="P3"),
                Field("year", Kind.YEAR, _("Year"), rule="P3"),
                Field("gdp_usd", Kind.MONEY, _("Value added, in US dollars"), rule="P3", parameter="economic_growth"),
                Field("exports_usd", Kind.MONEY, _("Exports, in US dollars"), rule="P3", parameter="economic_growth"),
                Field(
                    "jobs_direct",
                    Kind.WHOLE,
                    _("Direct jobs (full-time equivalents)"),
                    rule="P3",
                    parameter="job_creation",
                ),
                Field(
                    "jobs_indirect",
                    Kind.WHOLE,
                    _("Indirect jobs (full-time equivalents)"),
                    rule="P3",
                    parameter="job_creation",
                ),
                Field("msmes", Kind.WHOLE, _("MSMEs and suppliers"), rule="P3", parameter="msmes_and_suppliers"),
                Field("baseline_year", Kind.YEAR, _("Baseline year"), rule="P3"),
                Field("method", Kind.PROSE, _("Method"), _("How the figures were worked out"), limit=2000, rule="P3"),
                Field("source", Kind.PROSE, _("Source"), _("Where they come from"), limit=2000, rule="P3"),
            ),
            _("At least one year for each participating Member State. Write 0 where there is none."),
            least=1,
            most=400,
            key=("ams", "year"),
            columns=("ams", "year", "baseline_year", "method", "source"),
            rule="P3",
        ),
    ),
    ("economic_growth", "job_creation", "msmes_and_suppliers"),
)
SUSTAINABILITY = Section(
    "sustainability",
    _("Sustainability"),
    3,
    (
        One(
            "decarbonisation",
            _("Decarbonisation"),
            (
                Field(
                    "tco2e_per_year",
                    Kind.NUMBER,
                    _("Emissions avoided each year, in tonnes of CO₂ equivalent"),
                    rule="P4",
                ),
                Field(
                    "baseline",
                    Kind.PROSE,
                    _("Baseline"),
                    _("What would be emitted without the project"),
                    limit=2000,
                    rule="P4",
                ),
                Field("method", Kind.PROSE, _("Method"), _("How it was worked out"), limit=2000, rule="P4"),
            ),
            required=False,
            rule="P4",
            parameter="decarbonisation",
        ),
        Many(
            "inclusion",
            _("Inclusive development"),
            _("Group"),
            (
                Field("group", Kind.TEXT, _("Who gains"), _("A group that is usually left out"), limit=300, rule="P4"),
                Field("measure", Kind.PROSE, _("What is done for them"), limit=2000, rule="P4"),
                Field("people", Kind.WHOLE, _("How many people, or firms"), rule="P4"),
            ),
            key=("group",),
            rule="P4",
            parameter="inclusive_development",
        ),
    ),
    ("decarbonisation", "inclusive_development"),
    _("One of the two is enough. Both may be given."),
)
FILES = Section(
    "files",
    _("Files"),
    0,
    (
        Many(
            "attachments",
            _("Files"),
            _("File"),
            (
                Field("name", Kind.TEXT, _("Name"), limit=255, rule="P6"),
                Field("media_type", Kind.TEXT, _("Type"), limit=100, rule="P6"),
                Field("size", Kind.WHOLE, _("Size in bytes"), rule="P6"),
                Field("sha256", Kind.HASH, _("SHA-256"), rule="P6"),
                Field("confidential", Kind.FLAG, _("Confidential annex"), rule="P6"),
            ),
            key=("sha256",),
            rule="P6",
        ),
    ),
)

SECTIONS = (
    PROJECT, ORGANISATIONS, PRODUCTS, BACKGROUND, ROADBLOCKS, REQUESTS, PARTICIPANTS, IMPACTS, SUSTAINABILITY, FILES,
)  # fmt: skip
BY_SLUG = {section.slug: section for section in SECTIONS}
PARTS: dict[str, Part] = {part.name: part for section in SECTIONS for part in section.parts}
SECTION_OF = {part.name: section for section in SECTIONS for part in section.parts}
# The order in which the format writes them; people are asked in the order of SECTIONS.
ORDER = (
    "format", "title", "summary", "sector", "value_chain", "phase", "starts", "ends", "investment_usd", "originating_ams",
    "lead", "partners", "products", "background", "objectives", "roadblocks", "requests", "participants", "impacts",
    "decarbonisation", "inclusion", "attachments",
)  # fmt: skip
FIELD_ORDER = {
    "impacts": (
        "ams", "year", "gdp_usd", "jobs_direct", "jobs_indirect", "msmes", "exports_usd", "method", "source", "baseline_year",
    ),
}  # fmt: skip


def asked(section: Section) -> Iterator[Part]:
    """Yield the parts of a section that its page asks; files have a page of their own kind."""
    yield from (part for part in section.parts if not (isinstance(part, Field) and part.derived))


def blank(field: Field) -> Any:
    """Return how an answer is written that nobody has given."""
    if field.kind in LISTS:
        return []
    if field.kind in NUMERIC:
        return None
    return False if field.kind is Kind.FLAG else ""
