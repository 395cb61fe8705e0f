"""The search of the case list: its language, its meaning, and what is said of a query that can't be read (R7)."""

from datetime import timedelta

import pytest
from django.utils import timezone

from aipbi.workflow.models import Obligation
from proposals.models import Proposal
from proposals.search.language import Fault, Why, read
from proposals.search.terms import KEYS, find
from tests.support import cases

KNOWN = frozenset(KEYS)


# --- the language ---


def terms(text):
    found, faults = read(text, KNOWN)
    assert faults == []
    return [(term.key, tuple(value.text for value in term.values), term.negated) for term in found]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("", []),
        ("   ", []),
        ("battery cells", [("", ("battery",), False), ("", ("cells",), False)]),
        ('"battery cells" -nickel', [("", ("battery cells",), False), ("", ("nickel",), True)]),
        ("is:overdue ams:TH,VN", [("is", ("overdue",), False), ("ams", ("TH", "VN"), False)]),
        ('ams:"Lao PDR",TH', [("ams", ("Lao PDR", "TH"), False)]),
        ("-sector:ev  before:2026-03", [("sector", ("ev",), True), ("before", ("2026-03",), False)]),
        ("IS:Overdue", [("is", ("Overdue",), False)]),
        ("AIPBI-2026-0001 -", [("", ("AIPBI-2026-0001",), False), ("", ("-",), False)]),
        ('"is:overdue"', [("", ("is:overdue",), False)]),
        ("cells (EV)", [("", ("cells",), False), ("", ("(EV)",), False)]),
        ("ໄຟຟ້າ 电池", [("", ("ໄຟຟ້າ",), False), ("", ("电池",), False)]),
    ],
)
def test_r7_a_query_is_read_into_terms(text, meant):
    assert terms(text) == meant


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("ofice:me", Fault(Why.KEY, "ofice", 0, nearest="officer")),
        ("battery xyz:1", Fault(Why.KEY, "xyz", 8)),
        ("state:draft OR state:inbox", Fault(Why.JOIN, "OR", 12)),
        ("a (is:open", Fault(Why.SIGN, "(is:open", 2, nearest="is:open")),
        ("-((IS:open)", Fault(Why.SIGN, "((IS:open)", 1, nearest="is:open")),
        ("“waiting:fg-gvc”", Fault(Why.SIGN, "“waiting:fg-gvc”", 0, nearest="waiting:fg-gvc")),
        ("--is:open", Fault(Why.SIGN, "-is:open", 1, nearest="is:open")),
        ("a ams:", Fault(Why.NOTHING, "ams", 2)),
        ('cells "half a phrase', Fault(Why.QUOTE, '"half a phrase', 6)),
        (" ".join(["a"] * 21), Fault(Why.MANY, "", 40)),
    ],
)
def test_r7_a_fault_has_its_word_its_place_and_the_nearest_word(text, fault):
    assert read(text, KNOWN)[1] == [fault]


# --- the meaning ---


@pytest.fixture
def three(people):
    """One case with the SEOM lead, one in the inbox, one registered."""
    return (
        cases.submitted(people),
        cases.in_inbox(people, "02-ev-battery-chain"),
        cases.registered(people, "03-chip-materials-lane"),
    )


def found(text, viewer):
    condition, faults = find(text, viewer)
    assert faults == []
    return set(Proposal.objects.visible_to(viewer).filter(condition).values_list("pk", flat=True))


def test_r7_each_key_finds_what_it_says(people, three):
    _power, ev, chips = three
    asec = people.asec()
    both = {ev.pk, chips.pk}
    Proposal.objects.filter(pk=ev.pk).update(submitted_at=timezone.now().replace(year=2025, month=6, day=15))
    Proposal.objects.filter(pk=chips.pk).update(case_officer=asec.person)
    for text, expected in {
        "": both,
        "state:inbox": {ev.pk},
        "state:inbox,registered": both,
        "-state:inbox": {chips.pk},
        "sector:ev": {ev.pk},
        'sector:"electric vehicles and upstream materials"': {ev.pk},
        f"from:{chips.originating_ams_id}": {
            p.pk for p in (ev, chips) if p.originating_ams_id == chips.originating_ams_id
        },
        "before:2025-07": {ev.pk},
        "before:2025-06": set(),
        "after:2025-06-15": {chips.pk},
        "before:2025-06-16 after:2025-06-14": {ev.pk},
        "officer:me": {chips.pk},
        "officer:none": {ev.pk},
        "is:open": both,
        "is:ended": set(),
        "is:again": set(),
        "is:mine": {ev.pk, chips.pk} & {o.case_id for o in Obligation.objects.open().filter(office=asec.office)},
        f'"{ev.title}"': {ev.pk},
        "is:inbox": {ev.pk},
        "is:registered,inbox": both,
        "is:waiting": both,
        "is:entered": set(),
        "company:semicon": {p.pk for p in (ev, chips) if "semicon" in p.organisation.name.casefold()},
        f"ref:{chips.case.reference}": {chips.pk},
        f"ref:{chips.case.reference.removeprefix('AIPBI/')}": {chips.pk},
        f"ref:{int(chips.case.reference[-4:])}": {chips.pk},
        "waiting:asec": {o.case_id for o in Obligation.objects.open().filter(office__role="asec_officer")},
        f"waiting:seom-{chips.originating_ams_id}": {chips.pk},
        "waiting:me": {ev.pk, chips.pk} & {o.case_id for o in Obligation.objects.open().filter(office=asec.office)},
        "expert:none": both,
        "expert:nobody-of-this-name": set(),
    }.items():
        assert found(text, asec) == expected, text


def test_r7_overdue_is_what_the_reader_may_know_of(people, three):
    """U5: an expert's late assessment is not found by those who may not know of it."""
    power, ev, chips = three
    Obligation.objects.open().filter(case=ev.case).update(due_at=timezone.now() - timedelta(days=1))
    assert found("is:overdue", people.asec()) == {ev.pk}
    assert found("is:overdue", people.seom(chips.originating_ams_id)) <= {ev.pk}
    Obligation.objects.open().filter(case=ev.case).update(kind="file_assessment")
    assert ev.pk not in found("is:overdue", people.seom(ev.originating_ams_id))
    assert power.pk not in found("", people.asec())


def test_r7_what_is_due_soon_and_what_is_paused(people, three):
    _power, ev, chips = three
    now, asec = timezone.now(), people.asec()
    Obligation.objects.open().filter(case=ev.case).update(due_at=now + timedelta(days=3))
    Obligation.objects.open().filter(case=chips.case).update(due_at=now + timedelta(days=3), paused_at=now)
    assert (found("is:soon", asec), found("is:paused", asec)) == ({ev.pk}, {chips.pk})


def test_r7_words_are_found_in_the_answers_too(people, three):
    """The word stands in the summary of one case, and in no title."""
    _power, ev, _chips = three
    assert "motorcycle" not in ev.search_text.casefold()
    assert found("motorcycles", people.asec()) == {ev.pk}
    assert found("-motorcycles", people.asec()) == {three[2].pk}


def test_r7_a_draft_waits_for_those_who_write_it(people):
    draft = cases.draft(people)
    owner = people.proponent()
    for text, expected in {
        "is:mine": {draft.pk},
        "waiting:proponent": {draft.pk},
        "waiting:me": {draft.pk},
        "waiting:asec": set(),
    }.items():
        assert found(text, owner) == expected, text
    assert found("is:mine", people.asec()) == set()


# --- on the page ---


def test_r7_a_query_that_cant_be_read_points_at_the_word_and_keeps_it(people, three, signed_in):
    answer = signed_in(people.asec()).get("/cases/", {"q": "is:overdu ams:XX before:soon"})
    for words in (
        "“overdu” at character 4 is not known for “is:”. Did you mean “overdue”?",
        "“XX” at character 15 is not known for “ams:”.",
        "“soon” at character 25 is not a date. Write 2026, 2026-03 or 2026-03-14.",
    ):
        assert words in answer.text
    assert 'value="is:overdu ams:XX before:soon"' in answer.text
    assert three[2].title not in answer.text
    bracket = signed_in(people.asec()).get("/cases/?q=(is:open").text
    assert "“(is:open” at character 1 has signs in front" in bracket
    assert "Did you mean “is:open”?" in bracket
    assert three[2].title not in bracket


def test_r7_who_holds_a_case_inside_the_secretariat_is_not_asked_by_others(people, three, signed_in):
    assert "officer:me" in signed_in(people.asec()).get("/cases/").text
    lead = signed_in(people.seom("LA"))
    assert "officer:me" not in lead.get("/cases/").text
    assert "“officer:” at character 1 is not something to search by." in lead.get("/cases/?q=officer:me").text
    assert "“expert:” at character 1 is not something to search by." in lead.get("/cases/?q=expert:none").text
    asked = signed_in(people.asec()).get("/cases/?q=ref:abc waits:seom waiting:seon").text
    assert "“abc” at character 5 is not a reference. Write AIPBI/2026/0007, 2026/0007 or 7." in asked
    assert "Did you mean “waiting”?" in asked
    assert "Did you mean “seom”?" in asked
