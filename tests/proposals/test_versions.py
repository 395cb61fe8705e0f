"""Frozen versions: what is read, by whom, and what changed between two (L6)."""

import hashlib

import pytest
from django.db import connection, transaction
from django.db.utils import Error
from django.urls import reverse

from aipbi.workflow.errors import Blocked
from proposals import verbs
from proposals.comparison import _Patience, compare, pieces
from tests.support.cases import NAMES, do, document, draft, in_inbox, registered, submitted

pytestmark = pytest.mark.django_db


def page(client, name: str, proposal, query: str = "") -> str:
    answer = client.get(reverse(name, args=[proposal.case.code]) + query)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def returned(people):
    """A case handed in, sent back, and changed since: version 1 and a draft."""
    proposal = do(submitted(people), "return_to_proponent", people.seom("LA"), changes="Shorter, please.")
    proponent = people.proponent()
    changed = {"title": "Hydropower trade, Lao PDR to Singapore", "background": "A secret of the draft."}
    verbs.keep(proposal, changed, as_=proponent, now=proposal.saved_at)
    return proposal


def test_a_submission_freezes_a_version_with_its_hash(people):
    """L6: the version is the document as handed in; its hash is over the one way of writing it."""
    version = submitted(people).versions.get()
    assert (version.number, version.document) == (1, document())
    assert version.sha256 == hashlib.sha256(verbs.canonical(document())).hexdigest()


def test_a_changed_proposal_gets_a_second_version_and_the_first_stays(people, returned):
    """L6: handing in again freezes again; both can be read and the newest is shown first."""
    do(returned, "submit", people.proponent(), declaration="on")
    assert [version.document["title"] for version in returned.versions.order_by("number")] == [
        document()["title"],
        "Hydropower trade, Lao PDR to Singapore",
    ]


def test_what_is_typed_after_a_return_shows_to_others_only_once_it_is_handed_in(people, signed_in, returned):
    """U5, L6: title, sector, figures and search stay those of the version, also in the list and its filters."""
    lead, new = signed_in(people.seom("LA")), "Hydropower trade, Lao PDR to Singapore"
    assert new not in page(lead, "case", returned)
    for query in ("", "?q=singapore"):
        assert new not in lead.get(reverse("cases") + query).content.decode()
    do(returned, "submit", people.proponent(), declaration="on")
    assert new in page(lead, "case", returned)
    assert new in lead.get(reverse("cases") + "?q=singapore").content.decode()


def test_a_member_state_named_in_a_draft_sees_nothing_until_it_is_asked(people, signed_in, returned):
    """U5: choosing another originating Member State on the page is not yet submitting to it."""
    verbs.keep(returned, {"originating_ams": "TH"}, as_=people.proponent(), now=returned.saved_at)
    assert signed_in(people.seom("TH")).get(reverse("case", args=[returned.case.code])).status_code == 404
    assert page(signed_in(people.seom("LA")), "case", returned)
    do(returned, "submit", people.proponent(), declaration="on")
    assert page(signed_in(people.seom("TH")), "case", returned)
    assert signed_in(people.seom("LA")).get(reverse("case", args=[returned.case.code])).status_code == 404


def test_the_state_that_supports_a_proposal_stays_the_originating_one(people):
    """support, complete: nobody is put in the place of the SEOM lead who said yes."""
    asked = do(in_inbox(people), "ask_completion", people.asec(), gaps="Annex 2")
    verbs.keep(asked, {"originating_ams": "TH"}, as_=people.proponent(), now=asked.saved_at)
    with pytest.raises(Blocked, match="Lao PDR supports this proposal"):
        do(asked, "complete", people.proponent(), declaration="on")
    verbs.keep(asked, {"originating_ams": "LA"}, as_=people.proponent(), now=asked.saved_at)
    assert do(asked, "complete", people.proponent(), declaration="on").originating_ams_id == "LA"


@pytest.mark.parametrize("change", ["document = '{}'", "sha256 = repeat('0', 64)", "number = 9", "frozen_at = now()"])
def test_the_database_keeps_a_version_as_it_was_frozen(people, change):
    """L6: not even plain SQL changes what everybody decides on."""
    version = submitted(people).versions.get()
    with pytest.raises(Error, match="Cannot update"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE proposals_version SET {change} WHERE id = %s", [version.pk])
    with pytest.raises(Error, match="Cannot delete"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM proposals_version WHERE id = %s", [version.pk])


def test_others_read_the_version_and_never_the_draft(people, signed_in, returned):
    """U5: while the proponent rewrites, the SEOM lead reads what was handed in, on every page that shows it."""
    lead, writer = signed_in(people.seom("LA")), signed_in(people.proponent())
    assert "A secret of the draft." in page(writer, "proposal", returned)
    for name, query in (("proposal", ""), ("proposal", "?version=1"), ("proposal_json", ""), ("compare", "?a=1&b=1")):
        assert "secret of the draft" not in page(lead, name, returned, query)
    for name, query in (
        ("proposal", "?version=draft"),
        ("proposal_json", "?version=draft"),
        ("compare", "?a=1&b=draft"),
    ):
        assert lead.get(reverse(name, args=[returned.case.code]) + query).status_code == 404
    assert document()["background"] in page(writer, "proposal", returned, "?version=1")


@pytest.mark.parametrize("asked", ["2", "0", "-1", "x", "²", "1" * 50, "1.0"])
def test_a_version_that_does_not_exist_is_not_found(people, signed_in, asked):
    """U5: whatever stands in the address, what is not there is 404."""
    proposal = submitted(people)
    for capacity in (people.seom("LA"), people.proponent()):
        answer = signed_in(capacity).get(reverse("proposal", args=[proposal.case.code]), {"version": asked})
        assert answer.status_code == 404


def test_a_draft_is_nobody_elses(people, signed_in):
    """U5: before it is handed in, the proposal, its file and its files are 404 for all others."""
    proposal = draft(people)
    others = (
        people.seom("LA"),
        people.asec(),
        people.fg_gvc("LA"),
        people.expert(),
        people.proponent("Another Company"),
    )
    for other in others:
        client = signed_in(other)
        for name in ("proposal", "proposal_json", "compare", "files"):
            assert client.get(reverse(name, args=[proposal.case.code])).status_code == 404, (other.label, name)


def test_every_answer_stands_on_the_page(people, signed_in):
    """L6: reading the version shows each answer in words: labels for codes, money and months as people write them."""
    text = page(signed_in(people.seom("ID")), "proposal", submitted(people, NAMES[1]))
    case = document(NAMES[1])
    for words in (case["objectives"], case["requests"][3]["measure"], case["inclusion"][1]["group"], "Hai Phong"):
        assert words in text
    for words in ("USD 1,650,000,000", "March 2025", "Electric-vehicle batteries", "Priority 4", "1,035,000,000"):
        assert words in text
    assert "ev_battery" not in text


def test_two_versions_side_by_side(people, signed_in, returned):
    """L6: what went out is struck through, what came in is underlined, by elements and not by colour alone."""
    text = page(signed_in(people.proponent()), "compare", returned, "?a=1&b=draft")
    assert '<del class="portal-del">' in text
    assert '<ins class="portal-ins">' in text
    assert "A secret of the draft." in text.replace("</ins>", "").replace('<ins class="portal-ins">', "")
    assert "Nothing changed here." in text


def test_things_are_matched_by_what_tells_them_apart():
    """L6: a Member State that was added is new as a whole, and those that stayed are not changed."""
    before, after = document(), document()
    after["participants"].insert(0, {**after["participants"][3], "ams": "VN", "flows_to": []})
    del after["participants"][2]
    after["requests"][0]["measure"] = "Agree one method"
    found = {one.section.slug: [(thing.title, thing.how) for thing in one.things] for one in compare(before, after)}
    assert found["participants"] == [
        ("Viet Nam: added", "in"),
        ("Lao PDR", "same"),
        ("Malaysia", "same"),
        ("Singapore", "same"),
        ("Thailand: taken out", "out"),
    ]
    assert found["requests"][0] == ("Priority 1", "changed")
    assert {how for _title, how in found["impacts"]} == {"same"}


def test_words_are_compared_one_by_one():
    """L6: only the words that changed are marked."""
    left, right = pieces("from 100 MW to 200 MW", "from 100 MW to 300 MW")
    assert [(one.text, one.how) for one in left] == [("from 100 MW to ", "same"), ("200", "out"), (" MW", "same")]
    assert [(one.text, one.how) for one in right] == [("from 100 MW to ", "same"), ("300", "in"), (" MW", "same")]


def test_a_text_far_too_long_to_compare_is_shown_whole():
    """Bad input: two texts of a hundred thousand characters are answered at once, whole."""
    left, right = pieces("a " * 50_000, "b " * 50_000)
    assert [len(left), len(right)] == [1, 1]


def test_a_text_of_few_signs_repeated_is_not_compared_sign_by_sign():
    """Bad input: two thousand dots and commas would keep the portal busy for minutes; the page shows them whole."""
    left, right = pieces("." * 2000, ",." * 1000)
    assert [len(left), len(right)] == [1, 1]


def test_a_long_text_is_still_compared_word_by_word():
    """L6: a change in the middle of an answer of eight hundred words is marked alone."""
    words = [f"word{place % 200}" for place in range(800)]
    before, after = " ".join(words), " ".join([*words[:400], "changed", *words[400:]])
    left, right = pieces(before, after)
    assert {one.how for one in left} == {"same"}
    assert [one.text.strip() for one in right if one.how == "in"] == ["changed"]


def test_a_page_of_many_costly_answers_stays_within_its_steps():
    """Bad input: each answer takes its steps from those of the page, and what is left over is shown whole."""
    patience = _Patience()
    found = [pieces("." * 200 + "a" * n, "." * 199 + "b" * n, patience) for n in range(1, 20)]
    assert len(found[0][0]) > 1
    assert [len(side) for side in found[-1]] == [1, 1]


def test_markup_in_a_version_is_text(people, signed_in):
    """Bad input: markup in an answer is shown as it was typed, in the reading and the comparison."""
    proponent = people.proponent()
    case = {**document(), "background": "<img src=x onerror=alert(1)> then"}
    proposal = verbs.start_draft(by=proponent.person, as_=proponent, answers=case)
    proposal = do(proposal, "submit", proponent, declaration="on")
    lead = signed_in(people.seom("LA"))
    for text in (page(lead, "proposal", proposal), page(lead, "compare", proposal, "?a=1&b=1")):
        assert "<img src=x" not in text


def test_the_reading_costs_the_same_however_much_stands_in_it(people, signed_in, django_assert_max_num_queries):
    """Reading: a proposal page makes at most twelve queries, also with many items."""
    proponent = people.proponent()
    case = document()
    case["impacts"] = [{**case["impacts"][n % 4], "year": 2027 + n // 4} for n in range(80)]
    proposal = verbs.start_draft(by=proponent.person, as_=proponent, answers=case)
    proposal = do(proposal, "submit", proponent, declaration="on")
    client = signed_in(people.seom("LA"))
    page(client, "proposal", proposal)
    # Inside a test's transaction the codes are read from the database; a page in the open finds them remembered.
    from proposals.document.codes import load

    codes = load()
    import proposals.document.codes as module

    before, module.load = module.load, lambda: codes
    try:
        with django_assert_max_num_queries(12):
            page(client, "proposal", proposal)
    finally:
        module.load = before


def test_a_new_draft_from_an_ended_case_has_its_answers(people):
    """resubmit: the answers go into a new draft; the old case keeps its own."""
    proposal = do(submitted(people), "decline_support", people.seom("LA"), reason="Not now.")
    do(proposal, "resubmit", people.proponent(), what_changed="The route.", ask="LA")
    again = proposal.followed_by.get()
    assert (again.state, again.attempt, again.answers) == ("draft", 1, document())


def test_completing_freezes_a_new_version(people, signed_in):
    """complete: after ASEC asked for completion, the proponent changes answers and a new version goes in."""
    proposal = do(in_inbox(people), "ask_completion", people.asec(), gaps="The site in Thailand.")
    proponent = people.proponent()
    participants = document()["participants"]
    participants[1]["sites"] = ["Udon Thani"]
    text = page(signed_in(proponent), "write", proposal)
    assert "The site in Thailand." in text
    verbs.keep(proposal, {"participants": participants}, as_=proponent, now=proposal.saved_at)
    proposal = do(proposal, "complete", proponent, declaration="on")
    assert proposal.version.number == 2
    assert proposal.version.document["participants"][1]["sites"] == ["Udon Thani"]


def test_the_version_pdf_is_read_by_whoever_reads_the_case(people, signed_in):
    """L6, U6: the PDF downloads as an attachment, with an entry on the trail; it is 404 for those off the case."""
    from aipbi.workflow import jobs
    from aipbi.workflow.models import Job

    proposal = registered(people)
    for job in Job.objects.filter(kind="version_pdf", subject_pk=proposal.pk):
        jobs.run(job.pk)
    pdf = proposal.versions.get().pdf
    for reader in (people.proponent(), people.seom("LA"), people.seom("TH"), people.asec()):
        answer = signed_in(reader).get(reverse("file", args=[pdf.pk]))
        assert b"".join(answer.streaming_content).startswith(b"%PDF-1.7")
        assert answer["Content-Disposition"].startswith("attachment;")
        assert answer["X-Content-Type-Options"] == "nosniff"
    assert proposal.case.trail.filter(action="download").count() == 4
    for stranger in (
        people.seom("VN"),
        people.fg_gvc("LA"),
        people.expert(),
        people.proponent("Another Company"),
        people.admin(),
    ):
        assert signed_in(stranger).get(reverse("file", args=[pdf.pk])).status_code == 404, stranger.label
