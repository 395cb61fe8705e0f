"""Which table is filled from which file, in the order in which one may refer to another."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db.models import Q

from aipbi.asean import models as m
from aipbi.asean.files import Fault, FaultyFilesError, Row, objects, read_csv, read_json
from aipbi.asean.models.base import Reference


@dataclass(frozen=True, slots=True)
class Table:
    """A model, its rows in the files, and when a row is left out."""

    model: type[Reference]
    read: Callable[[Path], list[Row]]
    """Rows whose columns are fields; a reference is the other row's natural key."""
    part_of: str = ""
    """The field of what these rows belong to: they come with a new one, and never later."""
    fits: Callable[[Any], bool] | None = None
    """Whether a new row agrees with what administrators have entered meanwhile."""


def _csv(file: str, *columns: str) -> Callable[[Path], list[Row]]:
    def read(folder: Path) -> list[Row]:
        return _with_columns(read_csv(folder / file), columns)

    return read


def _with_columns(rows: list[Row], columns: tuple[str, ...]) -> list[Row]:
    for row in rows[:1]:
        if missing := [column for column in columns if column not in row]:
            raise FaultyFilesError([_header(row).fault(f"the column {', '.join(missing)} is missing")])
        if unknown := [column for column in row if column not in columns]:
            raise FaultyFilesError([_header(row).fault(f"the column {', '.join(unknown)} is not known")])
    return rows


def _header(row: Row) -> Row:
    return Row({}, row.file, 1)


def _bodies(folder: Path) -> list[Row]:
    columns = ("acronym", "name", "kind", "parent", "categories", "active_from", "active_until")
    return _with_columns(read_csv(folder / "bodies.csv"), columns)


def _body_rows(folder: Path) -> list[Row]:
    return [row.without("categories") for row in _bodies(folder)]


def _body_categories(folder: Path) -> list[Row]:
    return [
        row.like(body=row["acronym"], category=category)
        for row in _bodies(folder)
        for category in filter(None, row["categories"].split(";"))
    ]


def _taxonomy(folder: Path) -> list[Row]:
    columns = ("sector", "sector_label", "value_chain", "value_chain_label", "stages")
    return _with_columns(read_csv(folder / "taxonomy.csv"), columns)


def _sectors(folder: Path) -> list[Row]:
    """One sector for each code; it stands on a line for each of its value chains."""
    known: dict[str, Row] = {}
    for row in _taxonomy(folder):
        sector = row.like(code=row["sector"], label=row["sector_label"], order=len(known) + 1)
        first = known.setdefault(sector["code"], sector)
        if first["label"] != sector["label"]:
            raise FaultyFilesError(
                [row.fault(f"the sector {sector['code']} is called “{first['label']}” on line {first.line}")]
            )
    return list(known.values())


def _chains(folder: Path) -> list[Row]:
    return [
        row.like(code=row["value_chain"], sector=row["sector"], label=row["value_chain_label"], order=place)
        for place, row in enumerate(_taxonomy(folder), 1)
    ]


def _stages(folder: Path) -> list[Row]:
    """Stages as `code` or, where the label is more than the code, `code=Label`."""
    rows = []
    for row in _taxonomy(folder):
        for place, stage in enumerate(row["stages"].split(";"), 1):
            code, _equals, label = stage.partition("=")
            label = label or code.replace("_", " ").capitalize()
            rows.append(row.like(chain=row["value_chain"], code=code, label=label, order=place))
    return rows


def _settings(folder: Path) -> list[Row]:
    file = "defaults.json"
    return objects(read_json(folder / file), Fault(file, 1, "the file must hold a list of objects"))


def _criteria_files(folder: Path) -> list[Row]:
    editions = []
    for path in sorted(folder.glob("criteria-*.json")):
        editions += objects([read_json(path)], Fault(path.name, 1, "the file must hold one object"))
    return editions


def _criteria_editions(folder: Path) -> list[Row]:
    return [edition.without("criteria") for edition in _criteria_files(folder)]


def _criteria(folder: Path) -> list[Row]:
    return [
        criterion.without("parameters", edition=edition["code"])
        for edition in _criteria_files(folder)
        for criterion in edition.inner("criteria")
    ]


def _parameters(folder: Path) -> list[Row]:
    return [
        parameter.without(edition=edition["code"], criterion=(edition["code"], criterion["number"]))
        for edition in _criteria_files(folder)
        for criterion in edition.inner("criteria")
        for parameter in criterion.inner("parameters")
    ]


def _no_other(*same: str) -> Callable[[Any], bool]:
    """Return the question whether on a row's days no other row holds of those that are the `same` in these fields."""

    def fits(row: Any) -> bool:
        others = type(row).objects.filter(
            Q(ends__isnull=True) | Q(ends__gte=row.starts), **{name: getattr(row, name) for name in same}
        )
        if row.ends:
            others = others.filter(starts__lte=row.ends)
        return not others.exists()

    return fits


TABLES = (
    Table(
        m.MemberState,
        _csv("member_states.csv", "code", "name", "in_text", "acceded_on", "timezone", "weekend", "order"),
    ),
    Table(m.Category, _csv("categories.csv", "code", "label", "description", "order")),
    Table(m.Body, _body_rows),
    Table(m.BodyCategory, _body_categories, part_of="body"),
    Table(
        m.Agreement,
        _csv("agreements.csv", "code", "label", "name", "signed_on", "in_force_from", "categories", "order"),
    ),
    Table(
        m.AgreementParty,
        _csv("agreement_parties.csv", "agreement", "ams", "starts", "ends", "checked", "note"),
        fits=_no_other("agreement_id", "ams_id"),
    ),
    Table(m.Sector, _sectors),
    Table(m.ValueChain, _chains),
    Table(m.Stage, _stages),
    Table(m.Expertise, _csv("expertise.csv", "code", "label", "sectors", "categories", "parameters", "order")),
    Table(m.HSChapter, _csv("hs_chapters.csv", "code", "title")),
    Table(m.CriteriaEdition, _criteria_editions),
    Table(m.Criterion, _criteria, part_of="edition"),
    Table(m.Parameter, _parameters, part_of="edition"),
    Table(m.Goal, _csv("goals.csv", "code", "label", "order")),
    Table(m.IndicatorEdition, _csv("indicator_editions.csv", "code", "label", "in_force_from")),
    Table(
        m.Indicator,
        _csv(
            "indicators.csv",
            "edition",
            "code",
            "goal",
            "name",
            "unit",
            "by_ams",
            "aggregation",
            "better",
            "order",
            "numerator",
            "denominator",
            "price_year",
            "own",
            "method",
        ),
        part_of="edition",
    ),
    Table(m.Clock, _csv("clocks.csv", "code", "label", "days", "counts")),
    Table(m.Default, _settings),
    Table(m.Holiday, _csv("holidays.csv", "ams", "date", "name", "estimated")),
    Table(m.ChairTerm, _csv("chairs.csv", "ams", "starts", "ends"), fits=_no_other()),
)
