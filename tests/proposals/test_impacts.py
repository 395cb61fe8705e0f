"""Impacts as a table: pasted from a spreadsheet whole or not at all, and questioned when hard to believe (P3)."""

import copy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from proposals import verbs
from proposals.document import codes, faults, pasting
from proposals.document.doubts import doubts
from tests.proposals.test_writing import address, page_of
from tests.support.cases import NAMES, document, draft

pytestmark = pytest.mark.django_db
HEAD = "Member State\tYear\tValue added\tExports\tDirect\tIndirect\tMSMEs\tBaseline\tMethod\tSource"
LAOS = "Lao PDR\t2028\t43,000,000\t54,000,000\t230\t560\t40\t2024\tMultipliers\tAccounts 2024"
THAI = "TH\t2028\t9,900,000\t0\t62\t115\t13\t2024\tMultipliers\tAccounts 2024"


@pytest.fixture
def writer(people):
    return people.proponent()


@pytest.fixture
def me(writer, signed_in):
    return signed_in(writer)


def rows(text: str) -> list[dict]:
    read = pasting.read(text, codes.load())
    assert not read.faults, read.faults
    return read.rows


def wrong(text: str) -> list[str]:
    read = pasting.read(text, codes.load())
    assert read.rows == []
    return read.faults


def money(*cells: str) -> list:
    """The value added of rows that differ in this cell alone."""
    return [one["gdp_usd"] for one in rows("\n".join(_with(cell, year=2027 + n) for n, cell in enumerate(cells)))]


def _with(cell: str, column: int = 3, year: int = 2028) -> str:
    cells = LAOS.split("\t")
    cells[1:4] = [str(year), "43000000", "54000000"]
    cells[column - 1] = cell
    return "\t".join(cells)


# --- Reading ---


@pytest.mark.parametrize("text", [f"{HEAD}\n{LAOS}\n{THAI}", f"{LAOS}\r\n{THAI}\r\n", f"\n{LAOS}\t\t\n\n{THAI}\n\n"])
def test_rows_are_read_with_headings_or_without(text):
    """P3: ten columns, empty lines and empty cells beyond them left out."""
    found = rows(text)
    assert [(one["ams"], one["year"], one["gdp_usd"], one["jobs_direct"]) for one in found] == [
        ("LA", 2028, 43_000_000, 230),
        ("TH", 2028, 9_900_000, 62),
    ]
    assert found[0]["method"] == "Multipliers"
    assert all(type(one["gdp_usd"]) is int for one in found)


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        (["43,000,000"], [43_000_000]),
        (["43.000.000"], [43_000_000]),
        (["43 000 000", "43\u00a0000\u202f000", "43'000'000"], [43_000_000] * 3),
        (["USD 1,500.50", "$ 1,500.50"], [1500.5, 1500.5]),
        (["1.500,50"], [1500.5]),
        (["1.500.000", "1.500"], [1_500_000, 1500]),
        (["1,500,000", "1.500"], [1_500_000, 1.5]),
        (["1.500.000", "1,500"], [1_500_000, 1.5]),
        (["1,500"], [1500]),
        (["0.125"], [0.125]),
        (["12,5"], [12.5]),
    ],
)
def test_thousands_of_either_kind(cells, values):
    """P3, bad input: points and commas mean what the other cells show."""
    assert money(*cells) == values


def test_a_number_that_can_mean_two_things_is_asked_for(people):
    """P3, bad input: nothing is guessed about money; people are counted whole."""
    assert wrong(_with("1.500")) == [
        "Row 1, column 3 (Value added, in US dollars): “1.500” can be read two ways; write the whole amount without a point."
    ]
    assert rows(_with("1.500", 5))[0]["jobs_direct"] == 1500


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (LAOS.rpartition("\t")[0], "Row 1 has 9 columns; there should be 10."),
        (f"{HEAD}\n{LAOS}\n{THAI}\tmore", "Row 3 has 11 columns; there should be 10."),
        ("just a sentence", "Row 1 has 1 column; there should be 10."),
        (HEAD, "There is no row with figures"),
        ("2028", "Row 1 has 1 column; there should be 10."),
        (_with("about five"), "Row 1, column 3 (Value added, in US dollars): “about five” is not a number from 0 up."),
        (_with("-5", 5), "column 5 (Direct jobs (full-time equivalents)): “-5” is not a number from 0 up."),
        (_with("", 7), "column 7 (MSMEs and suppliers): this cell is empty; write 0 where there is none."),
        (_with("Australia", 1), "column 1 (Member State): “Australia” is not a Member State."),
        (f"{LAOS}\n{LAOS}", "Row 2 is for the same Member State and year as row 1."),
        (_with("1,2,3"), "is not a number from 0 up"),
    ],
)
def test_what_cannot_be_read_is_told_with_row_and_column(text, words):
    """Bad input: each fault says where; nothing of the paste is taken."""
    assert any(words in one for one in wrong(text)), wrong(text)


def test_all_faults_are_told_at_once():
    """Bad input: one look is enough."""
    assert len(wrong("\n".join([_with("x"), THAI.replace("TH", "??"), "short"]))) == 3


@pytest.mark.parametrize(("name", "code"), [("Laos", "LA"), ("vietnam", "VN"), ("The Philippines", "PH"), ("th", "TH")])
def test_member_states_are_known_by_how_people_write_them(name, code):
    """P3: names, codes, and the usual other spellings."""
    assert rows(_with(name, 1))[0]["ams"] == code


@given(st.text(st.sampled_from('\t\n\r"1.,02 aTH\x00é'), max_size=200))
def test_anything_may_be_pasted(text):
    """Bad input: it is read or told, never both, and never fails."""
    read = pasting.read(text, codes.load())
    assert bool(read.rows) != bool(read.faults)


# --- On the page ---


def paste(me, proposal, text: str, **other):
    sent = {**page_of(me, proposal, "impacts"), "paste": text, "do": "paste", **other}
    return me.post(address(proposal, "impacts"), sent)


def test_pasted_figures_join_those_that_stand(me, people):
    """P3: a row for the same Member State and year takes the place of the old one, others are added."""
    proposal = draft(people)
    answer = paste(me, proposal, f"{HEAD}\n{_with('50,000,000', year=2027)}\n{LAOS}")
    assert answer.status_code == 302
    proposal.refresh_from_db()
    found = proposal.answers["impacts"]
    assert [(one["ams"], one["year"]) for one in found] == [
        ("LA", 2027), ("TH", 2027), ("MY", 2027), ("SG", 2027), ("LA", 2028),
    ]  # fmt: skip
    assert found[0]["gdp_usd"] == 50_000_000
    assert found[1:4] == document()["impacts"][1:]
    assert not faults(proposal.answers)
    page = me.get(answer.url).content.decode()
    assert "The pasted figures are in the table." in page
    assert "80,500,000" not in page
    assert "79,500,000" in page  # the region's total of 2027: 50 + 9.5 + 12.8 + 7.2 million


def test_a_faulty_paste_imports_nothing_and_loses_nothing(me, people):
    """Bad input: one bad row of two, and what was typed beside it is still on the page."""
    proposal = draft(people)
    answer = paste(me, proposal, f"{LAOS}\nTH\t2028\t1", **{"impacts-0-method": "Typed meanwhile"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert '<a href="#paste">Row 2 has 3 columns; there should be 10.</a>' in page
    assert f"{LAOS}\nTH\t2028\t1" in page
    assert "Typed meanwhile" in page
    proposal.refresh_from_db()
    assert proposal.answers == document()


def test_pressing_save_reads_the_paste_too(me, people):
    """P5: whoever forgets the button loses nothing."""
    proposal = draft(people)
    paste(me, proposal, LAOS, do="save")
    proposal.refresh_from_db()
    assert len(proposal.answers["impacts"]) == 5


def test_saving_by_itself_leaves_the_paste_alone(me, people):
    """P5: half a paste is not read before its button is pressed."""
    proposal = draft(people)
    sent = {**page_of(me, proposal, "impacts"), "paste": "half a"}
    assert me.post(address(proposal, "impacts"), sent, headers={"X-Saves-By-Itself": "1"}).status_code == 200
    proposal.refresh_from_db()
    assert proposal.answers == document()


def test_more_rows_than_a_proposal_holds_are_refused(me, writer):
    """Bad input: 401 rows are told, and none is taken."""
    proposal = verbs.start_draft(by=writer.person, as_=writer)
    lines = [f"{ams}\t{year}\t1\t1\t1\t1\t1\t2024\tm\ts" for ams in ("LA", "TH", "MY") for year in range(1950, 2090)]
    answer = paste(me, proposal, "\n".join(lines[:401]))
    assert answer.status_code == 422
    assert "There would be 401 rows; the most is 400." in answer.content.decode()
    proposal.refresh_from_db()
    assert proposal.answers["impacts"] == []


def test_the_table_says_its_units_and_labels_every_box(me, people):
    """P3: units stand in the head and in each box's own label; totals of the region below."""
    page = me.get(address(draft(people), "impacts")).content.decode()
    assert '<th scope="col" class="govuk-table__header">Value added, in US dollars</th>' in page
    for name in pasting.COLUMNS:
        assert page.count(f'for="id_impacts-0-{name}"') == 1, name
    assert "Totals for the region" in page
    assert "70,500,000" in page


# --- Hard to believe ---


def doubted(**other) -> list[tuple[str, str]]:
    case = copy.deepcopy(document())
    case["impacts"][0] |= other
    return [(one.path, one.words) for one in doubts(case, codes.load())]


@pytest.mark.parametrize("name", [*NAMES, "04-battery-recycling"])
def test_the_cases_are_believed(name):
    """P3: sound figures raise no question."""
    assert doubts(document(name), codes.load()) == []


@pytest.mark.parametrize(
    ("other", "path", "words"),
    [
        ({"jobs_direct": 90_000}, "jobs_direct", "more than 200 jobs for each USD million"),
        ({"gdp_usd": 5_000_000_000}, "gdp_usd", "USD 2 million for each job"),
        ({"exports_usd": 900_000_000}, "exports_usd", "more than 10 times the value added"),
        ({"jobs_indirect": 4500}, "jobs_indirect", "more than 20 indirect jobs"),
        ({"year": 2019}, "year", "before the project starts"),
        ({"baseline_year": 2010}, "baseline_year", "17 years old"),
        ({"method": "A local share of 135 per cent"}, "method", "share above 100 per cent"),
        ({"method": "120% of purchases are local"}, "method", "share above 100 per cent"),
    ],
)
def test_what_is_hard_to_believe_is_asked_about(other, path, words):
    """P3: questioned with the reason."""
    assert any(at == f"impacts[0].{path}" and words in said for at, said in doubted(**other)), doubted(**other)


@pytest.mark.parametrize("text", ["Output rises by 150 per cent", "A share of 35 per cent", "100 % of purchases"])
def test_growth_is_no_share(text):
    """P3: more than a hundred per cent more is possible."""
    assert doubted(method=text) == []


@pytest.mark.parametrize("value", ["about", None, -1, 10**400, True, float("inf"), [], {}])
@pytest.mark.parametrize("name", ["gdp_usd", "jobs_direct", "jobs_indirect", "exports_usd", "year", "baseline_year"])
def test_drafts_of_any_kind_are_looked_at(name, value):
    """Bad input: what is no figure raises no question, and no error."""
    doubted(**{name: value})


def test_a_doubt_is_shown_with_its_place_and_refuses_nothing(me, people):
    """P3: on the page and before handing in, linked; the proposal can be handed in all the same."""
    proposal = draft(people)
    sent = {**page_of(me, proposal, "impacts"), "impacts-0-jobs_direct": "90000", "do": "save"}
    assert "?check" not in me.post(address(proposal, "impacts"), sent).url
    page = me.get(address(proposal, "impacts")).content.decode()
    assert 'href="#id_impacts-0-jobs_direct">Figures 1 – Direct jobs' in page
    assert 'id="id_impacts-0-jobs_direct"' in page
    check = me.get(f"/cases/{proposal.case.code}/check/").content.decode()
    assert f'href="{address(proposal, "impacts")}#id_impacts-0-jobs_direct"' in check
    assert "Nothing is missing" in check
