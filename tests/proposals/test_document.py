"""What is wrong with a document, with its place (P1–P5)."""

import copy

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from proposals.document import Weight, empty, faults
from proposals.document.changes import put
from proposals.document.codes import load
from proposals.document.rules import counting
from proposals.document.schema import ORDER, PARTS
from proposals.document.totals import totals
from tests.support.cases import NAMES, document

pytestmark = pytest.mark.django_db


def found(changed: dict) -> dict[str, str]:
    return {fault.path: fault.message for fault in faults(changed)}


@pytest.mark.parametrize("name", NAMES)
def test_the_cases_hold_all_rules(name):
    """P1–P4: the three cases can be handed in as they are."""
    assert faults(document(name)) == []


def test_an_empty_draft_has_only_gaps_and_a_draft_can_hold_it():
    """P5: everything that is missing is named, and nothing of it stands against keeping the draft."""
    gaps = faults(empty())
    assert {fault.weight for fault in gaps} == {Weight.GAP}
    assert {"title", "lead.name", "products", "requests", "participants", "impacts", "decarbonisation"} <= {
        fault.path for fault in gaps
    }
    assert faults(empty(), strict=False) == []


# What the issue of bad input names, and what each rule says: place, value, a word of the answer.
WRONG = [
    ("title", "", "missing"),
    ("title", "x" * 301, "301 characters"),
    ("title", "two\nlines", "one line"),
    ("summary", "word " * 301, "301 words"),
    ("background", "x" * 100_000, "100,000 characters; the most is 10,000"),
    ("sector", "warp_drives", "warp_drives"),
    ("value_chain", "ev_battery", "belongs to the sector"),
    ("phase", "finished", "under_way"),
    ("starts", "2022-13", "2022-13"),
    ("starts", "June 2022", "2027-03"),
    ("ends", "2022-05", "before the start"),
    ("investment_usd", -1, "less than 0"),
    ("investment_usd", "one hundred million", "in digits"),
    ("investment_usd", 10**17, "too large"),
    ("investment_usd", True, "number"),
    ("originating_ams", "AU", "not a Member State"),
    ("originating_ams", "VN", "must be among"),
    ("lead.country", "XX", "XX"),
    ("lead.kind", "club", "private"),
    ("products[0].hs", "7701", "chapter 77"),
    ("products[0].hs", "9801.10", "chapter 98"),
    ("products[0].hs", "2716.001", "not an HS 2022 code"),
    ("products[0].hs", "2700", "heading 2700"),
    ("roadblocks[1].category", "subsidies", "goods"),
    ("roadblocks[1].ams", ["TH", "TH"], "named twice"),
    ("requests[1].rank", 1, "given twice"),
    ("requests[2].rank", 9, "outside"),
    ("requests[0].ams", [], "at least one"),
    ("requests[0].body", "", "Choose one"),
    ("requests[0].body", "UNESCO", "UNESCO"),
    ("participants[1].stage", "mining", "generation"),
    ("participants[1].sites", [], "at least one"),
    ("participants[1].flows_to", ["TH"], "not to itself"),
    ("participants[1].flows_to", ["VN"], "not among the participating"),
    ("impacts[0].gdp_usd", "a lot", "not a number"),
    ("impacts[0].jobs_direct", 2.5, "whole"),
    ("impacts[0].exports_usd", 1.234, "two digits"),
    ("impacts[0].year", "soon", "four digits"),
    ("impacts[0].baseline_year", 2030, "cannot come after"),
    ("impacts[0].method", "", "missing"),
    ("impacts[1].ams", "VN", "not among the participating"),
    ("decarbonisation.tco2e_per_year", 0, "empty when no emissions"),
    ("inclusion[0].people", 0, "nobody"),
    ("lead", "Mekong", "object"),
    ("partners", {}, "list"),
    ("title", ["a"], "text"),
    ("title", "a\x00b", "cannot be stored"),
    ("title", "half \ud800", "cannot be stored"),
    ("format", "aipbi-proposal/2", "aipbi-proposal/1"),
]


@pytest.mark.parametrize(("path", "value", "says"), WRONG)
def test_a_wrong_answer_is_named_with_its_place(path, value, says):
    """P1–P4: one wrong answer, one fault at its place, in words that say what to do."""
    assert says in found(put(document(), path, value))[path]


def test_one_member_state_alone_is_refused():
    """P3: at least two Member States take part."""
    alone = document()
    alone["participants"] = alone["participants"][:1]
    alone["participants"][0]["flows_to"] = []
    alone["impacts"] = alone["impacts"][:1]
    assert "only Lao PDR" in found(alone)["participants"]


def test_a_member_state_counts_only_where_it_takes_part_and_benefits():
    """P3: taking part without a figure above nothing does not count, and two must."""
    case = document("03-chip-materials-lane")
    assert counting(case) == {"MY", "SG", "PH", "VN"}
    assert counting(case, among={"MY", "VN", "TH"}) == {"MY", "VN"}
    for figures in case["impacts"][1:]:
        figures.update(gdp_usd=0, exports_usd=0, jobs_direct=0, jobs_indirect=0, msmes=0)
    assert counting(case) == {"MY"}
    assert "take part and benefit" in found(case)["impacts"]


def test_the_originating_member_state_must_benefit():
    """P3: the originating Member State is among those that count."""
    case = document()
    case["impacts"][0].update(gdp_usd=0, exports_usd=0, jobs_direct=0, jobs_indirect=0, msmes=0)
    assert "Lao PDR is the originating" in found(case)["impacts"]


def test_each_participant_gives_figures():
    """P3: figures are asked for each participating Member State."""
    case = document()
    del case["impacts"][3]
    assert "Singapore" in found(case)["impacts"]


def test_one_side_of_criterion_3_suffices_and_none_does_not():
    """P4: decarbonisation and/or inclusive development."""
    case = document()
    assert faults({**case, "decarbonisation": None}) == []
    assert faults({**case, "inclusion": []}) == []
    assert "One is enough" in found({**case, "decarbonisation": None, "inclusion": []})["decarbonisation"]


def test_greenfield_is_a_switch():
    """P1: greenfield projects are admitted while the setting says so."""
    from aipbi.asean.models import Default

    case = {**document(), "phase": "greenfield"}
    assert faults(case) == []
    Default.objects.filter(key="greenfield_open").update(value=False)
    assert "under way" in found(case)["phase"]


def test_an_unknown_key_is_named_with_the_one_that_was_meant():
    """Interchange: a key that is not part of the format is not passed over."""
    case = {**document(), "inovestment_usd": 1}
    case["requests"][0]["mesure"] = "x"
    said = found(case)
    assert "investment_usd" in said["inovestment_usd"]
    assert "measure" in said["requests[0].mesure"]


def test_all_faults_are_listed_at_once_in_the_order_of_the_form():
    """Bad input: every fault with its place, not the first alone."""
    case = document()
    case["inclusion"][0]["people"] = -3
    case["title"] = ""
    case["products"][0]["hs"] = "9999"
    case["requests"][0]["rank"] = 2
    paths = [fault.path for fault in faults(case)]
    assert paths == ["title", "products[0].hs", "requests[1].rank", "inclusion[0].people"]


def test_a_fault_says_its_place_in_words():
    """Bad input: the place is said as the form says it."""
    [fault] = faults(put(document(), "requests[2].measure", ""))
    assert (fault.section, fault.place) == ("requests", "Request 3 – Measure wanted")


@pytest.mark.parametrize(
    "title",
    [
        "<script>alert(1)</script> & <b>bold</b>",
        '=HYPERLINK("http://example.org")',
        "โครงการพลังงานน้ำข้ามพรมแดน",
        "ໂຄງການພະລັງງານນ້ຳ",
        "គម្រោងថាមពលវារីអគ្គិសនី",
        "ရေအားလျှပ်စစ် စီမံကိန်း",
        "Dự án thủy điện xuyên biên giới",
        "跨境水电项目",
    ],
)
def test_any_script_and_any_sign_is_a_text(title):
    """Bad input: markup, formulas and every script are plain texts to the form."""
    assert faults({**document(), "title": title}) == []


def test_totals_are_computed_year_by_year():
    """P3: totals for the region come from the figures of those that take part."""
    case = document()
    case["impacts"].append({**case["impacts"][0], "year": 2028, "jobs_direct": 300})
    case["impacts"].append({**case["impacts"][0], "ams": "VN"})
    rows = [(row.year, row.ams, row.figures["jobs_direct"]) for row in totals(case)]
    assert rows[4] == (2027, "", 220 + 60 + 75 + 35)
    assert rows[5:] == [(2028, "LA", 300), (2028, "", 300)]


def test_the_schema_names_every_key_of_the_format():
    """One source: the table of questions and the format have the same keys."""
    assert sorted(ORDER) == sorted(["format", *PARTS]) == sorted(document())


def test_every_list_the_schema_names_is_known():
    """One source: each code list of the schema has codes."""
    codes = load()
    fields = [field for part in PARTS.values() for field in getattr(part, "fields", (part,))]
    for of in {field.of for field in fields if field.of}:
        assert codes.labels(of, chain="electricity"), of


_LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20)
_JSON = st.recursive(
    _LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(_JSON)
def test_no_json_is_too_strange_to_be_judged(anything):
    """Bad input: any JSON at all gets an answer, never an error."""
    assert isinstance(faults(anything), list)


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_no_change_to_a_case_is_too_strange_to_be_judged(data):
    """Bad input: a case with one place replaced by any JSON gets an answer, never an error."""
    case = copy.deepcopy(CASE)
    path = data.draw(st.sampled_from(PATHS))
    strange = data.draw(_JSON)
    for one in (put(case, path, strange), put(case, path.partition("[")[0].partition(".")[0], [strange])):
        assert isinstance(faults(one), list)
        assert isinstance(totals(one), list)


CASE = document("02-ev-battery-chain")


def _paths(value, prefix=""):
    for key, one in value.items():
        yield f"{prefix}{key}"
        if isinstance(one, dict):
            yield from _paths(one, f"{prefix}{key}.")
        elif isinstance(one, list) and one and isinstance(one[0], dict):
            for n in range(len(one)):
                yield f"{prefix}{key}[{n}]"
                yield from _paths(one[n], f"{prefix}{key}[{n}].")


PATHS = sorted(_paths(CASE))
