"""What helps while writing: examples, counts of words, the experts' levels, ranks that are typed (P1–P5)."""

import re

import pytest
from django.urls import reverse

from aipbi.asean.models import Parameter
from proposals import verbs
from proposals.document import empty, faults
from proposals.document.examples import EXAMPLES
from proposals.document.schema import PARTS, SECTIONS, Field, Kind
from proposals.document.values import word_limit
from proposals.forms.section import by_rank
from tests.proposals.test_writing import address, fields, page_of
from tests.support.cases import document, draft

pytestmark = pytest.mark.django_db
# Who somebody is takes no example.
NAMES = {"name", "corporate_group"}
FREE = {Kind.TEXT, Kind.PROSE, Kind.LINES}


@pytest.fixture
def writer(people):
    return people.proponent()


@pytest.fixture
def me(writer, signed_in):
    return signed_in(writer)


def asked() -> dict[str, Field]:
    found = {}
    for name, part in PARTS.items():
        if isinstance(part, Field):
            found[name] = part
        elif name != "attachments":
            found |= {f"{name}.{field.name}": field for field in part.fields}
    return found


def test_every_question_answered_in_words_has_an_example_that_would_pass():
    """P1–P4: an example for each, within the limits that it is to teach."""
    wanted = {path for path, field in asked().items() if field.kind in FREE and field.name not in NAMES}
    assert set(EXAMPLES) == wanted
    for path, text in EXAMPLES.items():
        field = asked()[path]
        assert len(text) <= field.limit, path
        assert not word_limit(field) or len(text.split()) <= word_limit(field), path


def test_examples_and_counts_stand_beside_their_questions(me, writer):
    """P5: an example to open, and the number of words also without JavaScript."""
    proposal = verbs.start_draft(by=writer.person, as_=writer)
    for section in SECTIONS[:-1]:
        page = me.get(address(proposal, section.slug)).content.decode()
        for path, text in EXAMPLES.items():
            if any(part.name == path.partition(".")[0] for part in section.parts):
                assert str(text).replace("’", "’").replace("'", "&#x27;") in page, path
    page = me.get(address(proposal, "background")).content.decode()
    assert 'data-count-type="words"' in page
    assert "Up to 1,250 words" in page or "Up to 1250 words" in page


def test_a_list_shows_its_examples_once(me, people):
    """P5: three requests, one example for each question."""
    page = me.get(address(draft(people), "requests")).content.decode()
    assert page.count(str(EXAMPLES["requests.measure"])) == 1


def test_too_many_words_are_kept_and_named():
    """P2: a text of short words is measured by its words."""
    case = document()
    case["roadblocks"][0]["evidence"] = "no " * 251
    assert [(one.path, one.message) for one in faults(case)] == [
        ("roadblocks[0].evidence", "This has 251 words; the most is 250. Shorten it.")
    ]


def test_the_levels_of_the_experts_are_those_of_the_case_s_edition(me, writer):
    """R3, P5: what 0 to 4 mean, and where in the Framework the question stands."""
    proposal = verbs.start_draft(by=writer.person, as_=writer)
    seen = set()
    for section in SECTIONS[:-1]:
        page = me.get(address(proposal, section.slug)).content.decode()
        for parameter in Parameter.objects.filter(code__in=section.parameters, edition=proposal.criteria_edition):
            seen.add(parameter.number)
            assert all(f"<li>{level}</li>" in page for level in parameter.levels)
            assert (
                f"From Framework §2.C, Figure 4: criterion {parameter.criterion.number}, parameter {parameter.number}"
                in page
            )
    assert seen == set(range(1, 10))


# --- Ranks that are typed ---


@pytest.mark.parametrize(
    ("typed", "order"),
    [
        (["1", "2", "3"], [0, 1, 2]),
        (["3", "2", "3"], [1, 2, 0]),
        (["1", "2", "1"], [2, 0, 1]),
        (["2", "1", "3"], [1, 0, 2]),
        (["1", "", "x"], [0, 1, 2]),
        (["99", "2", "0"], [2, 1, 0]),
        (["2", "2", "2"], [1, 0, 2]),
    ],
)
def test_whoever_is_given_another_rank_goes_there(typed, order):
    """P2: the others make room; nobody is lost."""
    assert by_rank(typed) == order


def test_a_typed_rank_is_kept_and_everything_with_it(me, people):
    """P2: priorities change by typing them, without dragging; other answers on the page are saved too."""
    proposal = draft(people)
    before = [one["measure"] for one in document()["requests"]]
    sent = page_of(me, proposal, "requests")
    assert [sent[f"requests-{n}-rank"] for n in range(3)] == [["1"], ["2"], ["3"]]
    sent |= {"requests-2-rank": "1", "requests-2-expected_effect": "Typed at once"}
    me.post(address(proposal, "requests"), sent)
    proposal.refresh_from_db()
    assert [one["measure"] for one in proposal.answers["requests"]] == [before[2], before[0], before[1]]
    assert proposal.answers["requests"][0]["expected_effect"] == "Typed at once"
    assert [one["rank"] for one in proposal.answers["requests"]] == [1, 2, 3]


def test_a_typed_rank_saved_by_itself_again_and_again_stays(me, people):
    """P2, P5: the page still shows the old order while it saves by itself; each save means the same."""
    proposal = draft(people)
    sent = {**page_of(me, proposal, "requests"), "requests-0-rank": "3"}
    after = []
    for _n in range(3):
        said = me.post(address(proposal, "requests"), sent, headers={"X-Saves-By-Itself": "1"}).json()
        sent["seen"] = said["seen"]
        proposal.refresh_from_db()
        after.append([one["measure"] for one in proposal.answers["requests"]])
    assert after[0] == after[1] == after[2]
    assert after[0][2] == document()["requests"][0]["measure"]


def test_a_rank_that_is_no_number_is_told_and_kept(me, people):
    """Bad input: words for a rank are refused beside the request, with all that was typed."""
    proposal = draft(people)
    sent = {**page_of(me, proposal, "requests"), "requests-1-rank": "first", "requests-1-measure": "Kept on the page"}
    answer = me.post(address(proposal, "requests"), sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "The priority should be a whole number" in page
    assert 'value="first"' in page
    assert "Kept on the page" in page
    proposal.refresh_from_db()
    assert proposal.answers == document()


@pytest.mark.parametrize("part", ["products", "roadblocks", "participants"])
def test_every_list_is_ordered_with_buttons(me, people, part):
    """P5: things of any list move up and down by a button that can be reached by keyboard."""
    proposal = draft(people, "02-ev-battery-chain", as_=people.proponent())
    before = proposal.answers[part]
    section = next(one for one in SECTIONS if any(each.name == part for each in one.parts)).slug
    page = me.get(address(proposal, section)).content.decode()
    assert page.count(f'value="up:{part}:') == len(before) - 1
    answer = me.post(address(proposal, section), {**fields(page), "do": f"up:{part}:1"})
    assert answer.url.endswith(f"#{part}-0")
    proposal.refresh_from_db()
    assert proposal.answers[part] == [before[1], before[0], *before[2:]]


def test_an_empty_draft_has_no_words_too_many():
    """P5: counts say nothing about what is not there."""
    assert not any(re.search("words", one.message) for one in faults(empty()))


def test_the_page_of_a_new_draft_offers_no_rank_of_nothing(me, writer):
    """P2: a request with only its rank typed is no request."""
    proposal = verbs.start_draft(by=writer.person, as_=writer)
    me.post(address(proposal, "requests"), {"requests-count": "1", "requests-0-rank": "1"})
    proposal.refresh_from_db()
    assert proposal.answers["requests"] == []
    assert me.get(reverse("write", args=[proposal.case.code])).status_code == 200
