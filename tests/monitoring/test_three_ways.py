"""M3 in a browser: eleven Member States × eighteen indicators by keyboard, by both ways to paste and by workbook, the same figures."""

import pytest
from django.urls import reverse
from openpyxl import load_workbook
from playwright.sync_api import expect

from monitoring import tables
from monitoring.forms.report import figures_of
from tests.journeys.clicks import Sessions
from tests.support import world
from tests.support.grid import wide_report


@pytest.fixture
def walk(stack):
    return world.bring("letter_issued").walk


def answer(place, kind):
    """What is reported in a line, by column; a share due of zero asks for no reasoning."""
    if kind == "share":
        return {"numerator": f"{place + 1}.25", "denominator": "1000", "share_due_to_aipbi": "0"}
    return {"actual": str(1_000 + place) if kind == "count" else f"{1_000 + place}.5", "share_due_to_aipbi": "0"}


def test_m3_keyboard_paste_and_workbook_give_the_same_figures(walk, visitor, tmp_path):
    report = wide_report(walk)
    figures = figures_of(report)
    assert len(figures) == 11 * 18
    wanted = {one.pk: answer(place, one.line.kind) for place, one in enumerate(figures)}
    code = walk.proposal.case.code
    address = reverse("move", args=[code, "report", report.pk, "edit_report"])
    page = Sessions(visitor).of("owner@mekong-hydropower.example.org")

    page.goto(address)
    by_keyboard(page, figures, wanted)
    first = saved(report)
    assert all(any(value is not None for value in figure[:2]) and figure[3] == 0 for figure in first.values())

    emptied(report)
    page.goto(address)
    by_paste(page, figures, wanted)
    assert saved(report) == first

    emptied(report)
    page.goto(address)
    by_cells(page, figures, wanted)
    assert saved(report) == first

    emptied(report)
    page.goto(address)
    by_workbook(page, tmp_path / "figures.xlsx", wanted, figures)
    assert saved(report) == first


def by_keyboard(page, figures, wanted):
    """Column by column, with digits and Enter alone; it has saved by itself before the button is pressed."""
    for column in tables.NUMBERS:
        asked = [one for one in figures if column in wanted[one.pk]]
        page.locator(f'[name="{column}_{asked[0].pk}"]').focus()
        for one in asked:
            page.keyboard.type(wanted[one.pk][column])
            page.keyboard.press("Enter")
    expect(page.locator("[data-status]")).to_contain_text("Last saved", timeout=60_000)
    page.get_by_role("button", name="Save", exact=True).focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_contain_text("198 of 198")


def by_paste(page, figures, wanted):
    """All rows at once into the box below the grid."""
    lines = []
    for one in figures:
        cells = [wanted[one.pk].get(name, "") for name in tables.ANSWERS]
        lines.append(
            "\t".join([one.line.code, "", one.line.place, one.line.unit, str(one.line.price_year or ""), *cells])
        )
    page.get_by_text("Paste from a spreadsheet", exact=True).click()
    page.get_by_label("Cells copied from a spreadsheet").fill("\n".join(lines))
    with page.expect_navigation():
        page.get_by_role("button", name="Read the cells").click()


# What a browser does with cells copied from a spreadsheet, without its clipboard, which asks for leave.
PASTE = """(cell, text) => {
    const data = new DataTransfer();
    data.setData("text/plain", text);
    cell.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""


def by_cells(page, figures, wanted):
    """Measure by measure into its first cell; a block that is too long for its table changes nothing."""
    for code in dict.fromkeys(one.line.code for one in figures):
        mine = [one for one in figures if one.line.code == code]
        block = ["\t".join(wanted[one.pk].values()) for one in mine]
        first = page.locator(f'[name="{next(iter(wanted[mine[0].pk]))}_{mine[0].pk}"]')
        if code == figures[0].line.code:
            first.evaluate(PASTE, "\r\n".join([*block, *block]))
            expect(page.locator("[data-status]")).to_contain_text("Nothing was pasted")
            expect(first).to_have_value("")
        first.evaluate(PASTE, "\r\n".join(block) + "\r\n")
        expect(first).not_to_have_value("")
    with page.expect_navigation():
        page.get_by_role("button", name="Save", exact=True).click()


def by_workbook(page, path, wanted, figures):
    """Downloaded, filled in by a program as a person would, brought in, looked at, saved."""
    with page.expect_download() as download:
        page.get_by_role("link", name="download the figures as a workbook").click()
    download.value.save_as(path)
    book = load_workbook(path)
    sheet = book["Figures"]
    rows = {(row[0].value, row[2].value): row for row in sheet.iter_rows(min_row=2)}
    columns = list(tables.COLUMNS)
    for one in figures:
        for name, text in wanted[one.pk].items():
            rows[one.line.code, one.line.place][columns.index(name)].value = float(text)
    book.save(path)
    page.get_by_role("link", name="bring in a filled workbook").click()
    page.get_by_label("Filled form").set_input_files(path)
    page.get_by_role("button", name="Read it").click()
    expect(page.get_by_role("heading", name="What the workbook changes")).to_be_visible()
    with page.expect_navigation():
        page.get_by_role("button", name="Save into your draft").click()


def saved(report):
    return {
        (one.line.code, one.line.ams_id): (one.actual, one.numerator, one.denominator, one.share_due_to_aipbi)
        for one in figures_of(report)
    }


def emptied(report):
    report.figures.update(actual=None, numerator=None, denominator=None, share_due_to_aipbi=None)
    assert {value for figure in saved(report).values() for value in figure} == {None}
