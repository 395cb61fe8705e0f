"""How the form stands on the page: tables of questions and answers, and wide tables on a page turned round."""

import re
from typing import Any

from django.utils.translation import gettext as _

from proposals.document.schema import LISTS, Field, Kind, Many
from proposals.paper.markup import el, name, said

IGNORABLE = name("mc:Ignorable")
# In twentieths of a point: A4, and its margins.
_SHORT, _LONG, _MARGIN = 11906, 16838, 1134
_QUESTION = 3400
_WIDE = 6
_SHARES = {Kind.PROSE: 10, Kind.TEXT: 10, Kind.CHOICE: 8, Kind.MONEY: 8, Kind.HS: 6, Kind.WHOLE: 9, Kind.YEAR: 7}
_NUMBERED = re.compile(r"\[\d+\]")


def is_table(part: Many) -> bool:
    """Whether the things of a part are rows of one table; else each is a table of its own."""
    return bool(part.columns) and not any(field.kind in LISTS for field in part.fields)


def is_wide(part: Many) -> bool:
    """Whether a part needs the page turned round."""
    return is_table(part) and len(part.fields) > _WIDE


def bare(tag: str) -> str:
    """Return a tag without the number of the thing."""
    return _NUMBERED.sub("", tag)


def page(*, wide: bool = False) -> Any:
    """Return the settings of pages, upright or turned round."""
    turned = {"orient": "landscape"} if wide else {}
    across, down = (_LONG, _SHORT) if wide else (_SHORT, _LONG)
    sides = dict.fromkeys(("top", "right", "bottom", "left"), _MARGIN)
    settings = el("w:sectPr")
    for kind, number in (("header", 3), ("footer", 4)):
        link = el(f"w:{kind}Reference", type="default")
        link.set(name("r:id"), f"rId{number}")
        settings.append(link)
    settings.extend(
        [el("w:pgSz", w=across, h=down, **turned), el("w:pgMar", **sides, header=567, footer=567, gutter=0)]
    )
    return settings


def page_ends(*, wide: bool = False) -> Any:
    """Return the paragraph after which pages are set otherwise."""
    return el("w:p", el("w:pPr", el("w:pStyle", val="Between"), page(wide=wide)))


def answers(label: str, rows: list[Any]) -> list[Any]:
    """Return a table of questions beside their answers, and room below it."""
    widths = [_QUESTION, _SHORT - 2 * _MARGIN - _QUESTION]
    head = _head([(label, []), (_("Your answer"), [])], widths)
    return [_table(label, widths, [head, *rows], first_column=True), said("", "Between")]


def facts(label: str, rows: list[tuple[str, str]]) -> list[Any]:
    """Return a table of what is said beside what it is, without a head, and room below it."""
    widths = [_QUESTION, _SHORT - 2 * _MARGIN - _QUESTION]
    lines = [pair([said(key, "Question")], [said(value, "Answer")]) for key, value in rows]
    return [_table(label, widths, lines, first_column=True), said("", "Between")]


def pair(question: list[Any], answer: list[Any], *, whole: bool = False) -> Any:
    """Return a row: question, answer; no page ends within a `whole` one."""
    widths = [_QUESTION, _SHORT - 2 * _MARGIN - _QUESTION]
    settings = [el("w:trPr", el("w:cantSplit"))] if whole else []
    cells = (_cell(width, cell) for width, cell in zip(widths, (question, answer), strict=True))
    return el("w:tr", *settings, *cells)


def table(label: str, heads: list[tuple[str, list[str]]], fields: list[Field], rows: Any) -> list[Any]:
    """Return a table with a row for each thing, and room below it."""
    widths = _widths(fields)
    return [_table(label, widths, [_head(heads, widths), rows], first_column=False), said("", "Between")]


def row(cells: list[list[Any]], fields: list[Field]) -> Any:
    """Return the row of one thing."""
    whole = el("w:trPr", el("w:cantSplit"))
    return el("w:tr", whole, *(_cell(width, cell) for width, cell in zip(_widths(fields), cells, strict=True)))


def _widths(fields: list[Field]) -> list[int]:
    across = (_LONG if len(fields) > _WIDE else _SHORT) - 2 * _MARGIN
    shares = [_SHARES.get(field.kind, 5) for field in fields]
    return [across * share // sum(shares) for share in shares]


def _head(heads: list[tuple[str, list[str]]], widths: list[int]) -> Any:
    cells = [
        _cell(width, [said(label, "TableHead"), *(said(words, "Help") for words in more)])
        for width, (label, more) in zip(widths, heads, strict=True)
    ]
    return el("w:tr", el("w:trPr", el("w:cantSplit"), el("w:tblHeader")), *cells)


def _cell(width: int, blocks: list[Any]) -> Any:
    return el("w:tc", el("w:tcPr", el("w:tcW", w=width, type="dxa")), *blocks)


def _table(label: str, widths: list[int], rows: list[Any], *, first_column: bool) -> Any:
    settings = el(
        "w:tblPr",
        el("w:tblStyle", val="FormTable"),
        el("w:tblW", w=sum(widths), type="dxa"),
        el("w:tblLayout", type="fixed"),
        el("w:tblLook", val="00A0" if first_column else "0020", firstRow=1, lastRow=0, firstColumn=int(first_column),
           lastColumn=0, noHBand=1, noVBand=1),
        el("w:tblCaption", val=label),
    )  # fmt: skip
    return el("w:tbl", settings, el("w:tblGrid", *(el("w:gridCol", w=width) for width in widths)), *rows)
