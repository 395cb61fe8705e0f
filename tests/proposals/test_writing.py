"""Writing a proposal: drafts save what is typed, lose nothing, and say what is missing (P5)."""

import re
from html import unescape

import pytest
from django.urls import reverse
from django.utils import timezone

from aipbi.accounts.enums import Membership
from proposals import verbs
from proposals.document import changes, empty
from proposals.document.schema import BY_SLUG, SECTIONS, Many
from proposals.models import Proposal
from tests.support.cases import NAMES, document, draft, submitted

pytestmark = pytest.mark.django_db
ALONE = {"X-Saves-By-Itself": "1"}


def address(proposal, slug: str) -> str:
    return reverse("write_section", args=[proposal.case.code, slug])


def fields(page: str) -> dict[str, list[str]]:
    """What a browser would send for the page's form as it stands."""
    form = page[page.index('<form method="post" action="/cases/') : page.rindex("</form>")]
    found: dict[str, list[str]] = {}
    for tag in re.finditer(r"<(input|textarea|select)\b([^>]*)>", form):
        at = dict(re.findall(r'([\w:-]+)="([^"]*)"', tag[2]))
        name, kind = unescape(at.get("name", "")), at.get("type", "")
        if not name or name == "csrfmiddlewaretoken":
            continue
        if tag[1] == "textarea":
            value = form[tag.end() : form.index("</textarea>", tag.end())].removeprefix("\n")
        elif tag[1] == "select":
            inner = form[tag.end() : form.index("</select>", tag.end())]
            chosen = re.search(r'value="([^"]*)"\s+selected', inner)
            value = chosen[1] if chosen else ""
        elif kind in ("radio", "checkbox"):
            if "checked" not in tag[2]:
                continue
            value = at.get("value", "on")
        else:
            value = at.get("value", "")
        found.setdefault(name, []).append(unescape(value))
    return found


def page_of(me, proposal, slug: str) -> dict[str, list[str]]:
    answer = me.get(address(proposal, slug))
    assert answer.status_code == 200
    return fields(answer.content.decode())


@pytest.fixture
def writer(people):
    return people.proponent()


@pytest.fixture
def me(writer, signed_in):
    return signed_in(writer)


@pytest.fixture
def colleague(people, signed_in):
    return signed_in(people.proponent(membership=Membership.EDITOR))


@pytest.fixture
def blank(writer):
    return verbs.start_draft(by=writer.person, as_=writer)


@pytest.mark.parametrize("name", NAMES)
def test_saving_every_section_as_it_stands_changes_nothing(name, people, me):
    """P5: what a page shows is what is stored: opening and saving all sections leaves the document as it was."""
    proposal = draft(people, name, as_=people.proponent())
    for section in SECTIONS[:-1]:
        answer = me.post(address(proposal, section.slug), page_of(me, proposal, section.slug))
        assert answer.status_code == 302, section.slug
    proposal.refresh_from_db()
    assert proposal.answers == document(name)
    assert [entry.action for entry in proposal.case.trail.all()] == ["start_draft"]


def test_a_proposal_is_started_and_its_sections_are_a_task_list(me):
    """P5: a new draft has its sections, none of them started."""
    answer = me.post(reverse("new_proposal"))
    proposal = Proposal.objects.get()
    page = me.get(answer.url).content.decode()
    assert answer.url == reverse("write", args=[proposal.case.code])
    assert page.count("Not started") == len(SECTIONS) - 1
    assert all(str(section.label) in page for section in SECTIONS)


def test_a_whole_proposal_is_written_page_by_page(me, blank):
    """P1–P4: every answer of a case can be typed on the pages, and the document comes out whole."""
    case = document()
    for section in SECTIONS[:-1]:
        typed = typed_as(case, section.slug)
        answer = me.post(address(blank, section.slug), {**typed, "do": "save"})
        assert answer.status_code == 302
        assert "?check" not in answer.url, (section.slug, answer.url)
    blank.refresh_from_db()
    assert blank.answers == case
    assert (blank.title, blank.originating_ams_id, blank.investment_usd) == (
        case["title"],
        "LA",
        case["investment_usd"],
    )
    page = me.get(reverse("check", args=[blank.case.code])).content.decode()
    assert "Nothing is missing" in page


def typed_as(case: dict, slug: str) -> dict:
    """The fields of a section as somebody would type them."""
    sent: dict = {}
    for part in BY_SLUG[slug].parts:
        value = case[part.name]
        if isinstance(part, Many):
            sent[f"{part.name}-count"] = str(len(value))
            for n, one in enumerate(value):
                sent |= {f"{part.name}-{n}-{name}": as_typed(name, answer) for name, answer in one.items()}
        elif isinstance(value, dict):
            sent |= {f"{part.name}-{name}": as_typed(name, answer) for name, answer in value.items()}
        else:
            sent[part.name] = as_typed(part.name, value)
    return sent


def as_typed(name, value):
    if name == "sites":
        return "\r\n".join(value)
    if isinstance(value, int) and value > 9999:
        return f"{value:,}"
    return value if isinstance(value, list) else str(value)


def test_what_is_typed_is_kept_even_when_it_is_wrong(me, blank):
    """P5, bad input: words for a number, a month that is none, a chapter that is none: kept as typed, and named."""
    sent = {"title": "A title", "investment_usd": "about a million", "starts": "next spring", "summary": ""}
    answer = me.post(address(blank, "project"), {**sent, "do": "save"})
    blank.refresh_from_db()
    assert blank.answers["investment_usd"] == "about a million"
    assert answer.url.endswith("?check")
    page = me.get(answer.url).content.decode()
    assert 'value="about a million"' in page
    assert "“about a million” is not a number" in page
    assert "“next spring” is not a month" in page
    assert '<a href="#id_investment_usd">Investment in US dollars:' in page
    assert re.search(
        r'id="id_investment_usd"[^>]*aria-invalid="true"|aria-invalid="true"[^>]*id="id_investment_usd"', page
    )


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("118,000,000", 118_000_000),
        ("118 000 000", 118_000_000),
        ("12.50", 12.5),
        ("1.000.000", "1.000.000"),
        ("1,5", "1,5"),
        ("-4", "-4"),
        ("9" * 400, "9" * 400),
    ],
)
def test_numbers_are_read_as_people_write_them(typed, stored, me, blank):
    """P1: thousands may stand apart; what could mean two things is kept as typed."""
    me.post(address(blank, "project"), {"title": "x", "investment_usd": typed})
    blank.refresh_from_db()
    assert blank.answers["investment_usd"] == stored


def test_a_hundred_thousand_characters_are_kept_and_named(me, blank):
    """Bad input: far too long a text is kept in the draft, and the answer says by how much it is too long."""
    long = "x" * 100_000
    answer = me.post(address(blank, "background"), {"background": long, "objectives": "Short", "do": "save"})
    blank.refresh_from_db()
    assert blank.answers["background"] == long
    page = me.get(answer.url).content.decode()
    assert "100,000 characters; the most is 10,000" in page
    assert "1 answer is missing" not in page


def test_what_not_even_a_draft_can_hold_stays_on_the_page(me, blank):
    """Bad input: more than a draft holds is refused with a reason, and what was typed is still on the page."""
    answer = me.post(address(blank, "background"), {"background": "y" * 200_001, "objectives": "Kept"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "more than even a draft can hold (200,000)" in page
    assert "y" * 200_001 in page
    assert "Kept" in page
    blank.refresh_from_db()
    assert blank.answers["objectives"] == ""


def test_an_unknown_code_is_refused_and_nothing_is_saved(me, blank):
    """Bad input: a forged choice is named, and the rest of the page is kept for another try."""
    answer = me.post(address(blank, "project"), {"title": "Kept on the page", "originating_ams": "AU"})
    assert answer.status_code == 422
    assert "not a Member State" in answer.content.decode()
    assert "Kept on the page" in answer.content.decode()
    blank.refresh_from_db()
    assert blank.answers == empty()


def test_markup_in_a_title_is_text(me, blank, signed_in):
    """Bad input: markup and formulas in a title are shown as they are typed, everywhere."""
    title = '<script>alert(1)</script> =1+1 "quoted"'
    me.post(address(blank, "project"), {"title": title})
    for page in ("write", "check", "proposal", "case"):
        shown = me.get(reverse(page, args=[blank.case.code])).content.decode()
        assert "<script>alert" not in shown
        assert "&lt;script&gt;alert(1)&lt;/script&gt; =1+1" in shown


def test_requests_are_ranked_with_buttons_alone(me, people):
    """P2: priorities change by pressing a button; what else was typed is kept, and ranks run from 1."""
    proposal = draft(people)
    sent = page_of(me, proposal, "requests")
    sent["requests-0-measure"] = "Typed before the move"
    answer = me.post(address(proposal, "requests"), {**sent, "do": "down:requests:0"})
    assert answer.url.endswith("#requests-1")
    proposal.refresh_from_db()
    requests = proposal.answers["requests"]
    assert [one["rank"] for one in requests] == [1, 2, 3]
    assert requests[1]["measure"] == "Typed before the move"
    me.post(address(proposal, "requests"), {**page_of(me, proposal, "requests"), "do": "up:requests:2"})
    me.post(address(proposal, "requests"), {**page_of(me, proposal, "requests"), "do": "remove:requests:0"})
    proposal.refresh_from_db()
    bodies = [(one["rank"], one["body"]) for one in proposal.answers["requests"]]
    assert bodies == [(1, "AMEM"), (2, "AMEM")]


def test_imported_ranks_out_of_order_are_shown_in_order(me, people):
    """P2: the page and the reading show requests by priority, whatever their order in the file."""
    case = document()
    case["requests"].reverse()
    writer = people.proponent()
    proposal = verbs.start_draft(by=writer.person, as_=writer, answers=case)
    sent = page_of(me, proposal, "requests")
    assert sent["requests-0-measure"] == [document()["requests"][0]["measure"]]


def test_another_is_added_and_blank_ones_are_dropped(me, blank):
    """P2: Add another keeps what was typed and offers a blank one; a blank one left alone is not stored."""
    sent = {"products-count": "1", "products-0-hs": "850760", "products-0-description": "Cells", "do": "add:products"}
    answer = me.post(address(blank, "products"), sent)
    assert answer.url.endswith("?more=products#products-1")
    page = me.get(answer.url).content.decode()
    assert 'id="products-1"' in page
    me.post(address(blank, "products"), {**fields(page), "do": "save"})
    blank.refresh_from_db()
    assert blank.answers["products"] == [{"hs": "8507.60", "description": "Cells"}]


def test_a_button_on_the_second_of_three_counts_blank_ones_too(me, blank):
    """P2: Remove takes away the one it stands beside, also when a blank one stands before it."""
    sent = {"products-count": "3", "products-0-hs": "", "products-1-hs": "8507", "products-2-hs": "8703"}
    me.post(address(blank, "products"), {**sent, "do": "remove:products:1"})
    blank.refresh_from_db()
    assert [one["hs"] for one in blank.answers["products"]] == ["8703"]


def test_the_check_page_links_every_fault_to_its_place(me, blank):
    """P5: all that is missing is listed and linked, and each section has a way to change it."""
    me.post(address(blank, "products"), {"products-count": "1", "products-0-hs": "7700", "products-0-description": "x"})
    page = me.get(reverse("check", args=[blank.case.code])).content.decode()
    assert f'<a href="{address(blank, "products")}?check">Product 1 – HS 2022 code: There is no chapter 77' in page
    assert f'<a href="{address(blank, "participants")}?check">Participating Member States: Give at least 2.' in page
    assert "Submit to your SEOM lead" not in page
    section = me.get(f"{address(blank, 'products')}?check").content.decode()
    assert 'href="#id_products-0-hs"' in section


def test_submitting_waits_until_nothing_is_missing(me, people, blank):
    """P5: the move itself refuses while the P-rules do not hold."""
    url = reverse("move", args=[blank.case.code, "proposal", blank.pk, "submit"])
    answer = me.post(url, {"seen": blank.revision, "declaration": "on"})
    assert answer.status_code == 409
    assert "answers are missing or not right yet" in answer.content.decode()
    blank.refresh_from_db()
    assert blank.state == "draft"


def test_answers_changed_after_the_declaration_page_was_opened_are_not_handed_in(me, people):
    """L2: a page of a move left open while a colleague changes the answers is stale."""
    proposal = draft(people)
    seen = proposal.revision
    me.post(address(proposal, "project"), {**page_of(me, proposal, "project"), "title": "Another title"})
    url = reverse("move", args=[proposal.case.code, "proposal", proposal.pk, "submit"])
    answer = me.post(url, {"seen": seen, "declaration": "on"})
    assert answer.status_code == 409
    proposal.refresh_from_db()
    assert proposal.state == "draft"


# --- Two at once ---


def test_two_people_on_one_section_both_keep_their_text(me, colleague, people):
    """P5: the second to save sees both texts side by side and chooses place by place; nothing is lost."""
    proposal = draft(people)
    mine, theirs = page_of(me, proposal, "background"), page_of(colleague, proposal, "background")
    colleague.post(
        address(proposal, "background"), {**theirs, "background": "Their background", "objectives": "Their aim"}
    )
    answer = me.post(address(proposal, "background"), {**mine, "background": "My background", "objectives": "My aim"})
    page = answer.content.decode()
    assert answer.status_code == 409
    for text in ("Their background", "My background", "Their aim", "My aim"):
        assert text in page
    proposal.refresh_from_db()
    assert proposal.answers["background"] == "Their background"

    choice = {**fields(page), "choose:background": "mine"}
    again = me.post(address(proposal, "background"), choice)
    assert again.status_code == 422
    assert "Objectives: choose one of the two" in again.content.decode()
    assert "My background" in again.content.decode()
    me.post(address(proposal, "background"), {**choice, "choose:objectives": "theirs"})
    proposal.refresh_from_db()
    assert (proposal.answers["background"], proposal.answers["objectives"]) == ("My background", "Their aim")


def test_lists_of_other_lengths_are_chosen_whole(me, colleague, people):
    """P5: when one added a product and the other changed one, both lists are shown and one is chosen."""
    proposal = draft(people, NAMES[1], as_=people.proponent())
    mine, theirs = page_of(me, proposal, "products"), page_of(colleague, proposal, "products")
    colleague.post(address(proposal, "products"), {**theirs, "do": "remove:products:0"})
    answer = me.post(address(proposal, "products"), {**mine, "products-1-description": "Cells of mine"})
    page = answer.content.decode()
    assert "Cells of mine" in page
    me.post(address(proposal, "products"), {**fields(page), "choose:products": "mine"})
    proposal.refresh_from_db()
    assert proposal.answers["products"][1]["description"] == "Cells of mine"
    assert len(proposal.answers["products"]) == 4


def test_a_third_change_while_choosing_asks_again(me, colleague, people):
    """P5: a choice made from a page that is overtaken itself is shown against what stands there now."""
    proposal = draft(people)
    mine = page_of(me, proposal, "background")
    for text in ("First", "Second"):
        theirs = page_of(colleague, proposal, "background")
        colleague.post(address(proposal, "background"), {**theirs, "background": text})
        if text == "First":
            conflict = fields(me.post(address(proposal, "background"), {**mine, "background": "Mine"}).content.decode())
    answer = me.post(address(proposal, "background"), {**conflict, "choose:background": "mine"})
    assert answer.status_code == 409
    assert "Second" in answer.content.decode()
    assert "Mine" in answer.content.decode()


def test_two_people_on_two_sections_do_not_meet(me, colleague, people):
    """P5: changes to other sections are no conflict, and both stay."""
    proposal = draft(people)
    mine, theirs = page_of(me, proposal, "background"), page_of(colleague, proposal, "products")
    colleague.post(address(proposal, "products"), {**theirs, "products-0-description": "Power"})
    answer = me.post(address(proposal, "background"), {**mine, "background": "Mine"})
    assert answer.status_code == 302
    proposal.refresh_from_db()
    assert proposal.answers["products"][0]["description"] == "Power"
    assert proposal.answers["background"] == "Mine"


def test_a_form_sent_twice_is_saved_once(me, people):
    """L2: a resent form changes nothing the second time, and is no conflict with oneself."""
    proposal = draft(people)
    sent = {**page_of(me, proposal, "background"), "background": "Once"}
    assert [me.post(address(proposal, "background"), sent).status_code for _n in range(2)] == [302, 302]
    assert proposal.case.trail.filter(action="write").count() == 1


def test_a_change_is_on_the_trail_with_before_and_after(me, people):
    """L4: who changed which answer, from what to what."""
    proposal = draft(people)
    me.post(address(proposal, "requests"), {**page_of(me, proposal, "requests"), "requests-1-measure": "Other"})
    entry = proposal.case.trail.get(action="write")
    assert entry.details["changes"] == [
        {"path": "requests[1].measure", "before": document()["requests"][1]["measure"], "after": "Other"},
    ]


# --- Saving by itself ---


def test_it_saves_by_itself_and_says_when(me, people):
    """P5: the script's save answers with the moment and the fingerprint for the next one."""
    proposal = draft(people)
    sent = {**page_of(me, proposal, "background"), "background": "By itself"}
    said = me.post(address(proposal, "background"), sent, headers=ALONE).json()
    proposal.refresh_from_db()
    assert proposal.answers["background"] == "By itself"
    assert said["seen"] == changes.token(changes.content(proposal.answers, BY_SLUG["background"]))
    assert "Jakarta" in said["saved"]
    sent |= {"seen": said["seen"], "background": "By itself again"}
    assert me.post(address(proposal, "background"), sent, headers=ALONE).status_code == 200


def test_saving_by_itself_never_overwrites_a_colleague(me, colleague, people):
    """P5: the script is told, and leaves the choice to the person."""
    proposal = draft(people)
    mine, theirs = page_of(me, proposal, "background"), page_of(colleague, proposal, "background")
    colleague.post(address(proposal, "background"), {**theirs, "background": "Theirs"})
    answer = me.post(address(proposal, "background"), {**mine, "background": "Mine"}, headers=ALONE)
    assert (answer.status_code, answer.json()) == (409, {"overtaken": True})


# --- A session that ended, a page left open over night ---


def test_a_session_that_ended_loses_nothing(me, people, django_user_model):
    """P5: what a person no longer signed in sends comes back whole, and is saved after signing in again."""
    from django.test import Client

    proposal = draft(people)
    sent = {**page_of(me, proposal, "background"), "background": "Typed all <night>"}
    stranger = Client()
    answer = stranger.post(address(proposal, "background"), sent)
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "your session had ended" in page
    assert 'target="_blank"' in page
    carried = fields(page)
    assert carried["background"] == ["Typed all <night>"]
    proposal.refresh_from_db()
    assert proposal.answers["background"] != "Typed all <night>"
    me.post(address(proposal, "background"), carried)
    proposal.refresh_from_db()
    assert proposal.answers["background"] == "Typed all <night>"


def test_the_seal_of_an_earlier_session_loses_nothing(people, writer):
    """P5: a page opened before signing in again comes back with what was typed and a seal that holds."""
    from django.test import Client

    from tests.support.people import sign_in

    class Strict(Client):
        def __init__(self):
            super().__init__(enforce_csrf_checks=True, headers={"origin": "http://testserver"})

    proposal = draft(people)
    me = sign_in(Strict(), writer)
    me.get(address(proposal, "background"))
    stale = me.cookies["aipbi_csrf"].value[:32] if "aipbi_csrf" in me.cookies else "x" * 64
    sent = {"background": "Over night", "objectives": "Kept", "csrfmiddlewaretoken": stale + "x" * 32}
    answer = me.post(address(proposal, "background"), sent)
    page = answer.content.decode()
    assert answer.status_code == 403
    carried = {**fields(page), "csrfmiddlewaretoken": re.search(r'csrfmiddlewaretoken" value="(\w+)"', page)[1]}
    assert carried["background"] == ["Over night"]
    assert me.post(address(proposal, "background"), carried).status_code == 302
    proposal.refresh_from_db()
    assert proposal.answers["background"] == "Over night"


def test_a_form_from_elsewhere_is_refused_without_a_new_seal(people, writer):
    """P5: only a form from the portal's own pages comes back to be sent again."""
    from django.test import Client

    from tests.support.people import sign_in

    class Foreign(Client):
        def __init__(self):
            super().__init__(enforce_csrf_checks=True, headers={"origin": "https://elsewhere.example"})

    proposal = draft(people)
    me = sign_in(Foreign(), writer)
    page = me.post(address(proposal, "background"), {"background": "Planted"}).content.decode()
    assert "Planted" not in page


def test_the_script_is_told_that_the_session_ended(people):
    """P5: saving by itself after the session ended answers in JSON, for the page to say so."""
    from django.test import Client

    proposal = draft(people)
    answer = Client().post(address(proposal, "background"), {"background": "x"}, headers=ALONE)
    assert (answer.status_code, answer.json()["signed_out"]) == (403, True)


def test_a_proposal_handed_in_meanwhile_shows_what_was_typed(me, people):
    """L2: a page left open over the submission saves nothing and gives the text back."""
    proposal = submitted(people)
    answer = me.post(address(proposal, "background"), {"background": "Too late", "objectives": "x"})
    assert answer.status_code == 409
    assert "Too late" in answer.content.decode()
    proposal.refresh_from_db()
    assert proposal.answers == document()
    assert me.get(address(proposal, "background")).url == reverse("proposal", args=[proposal.case.code])


def test_what_was_asked_stands_above_the_sections(me, people):
    """L3: while it is being changed, the task list says what the SEOM lead asked for."""
    from tests.support.cases import do

    proposal = do(submitted(people), "return_to_proponent", people.seom("LA"), changes="Name the <buyers>.")
    page = me.get(reverse("write", args=[proposal.case.code])).content.decode()
    assert "Name the &lt;buyers&gt;." in page
    assert "SEOM lead, Lao PDR" in page


def test_p5_a_button_that_names_a_place_beyond_any_is_no_fault(writer, people, signed_in):
    proposal, me = draft(people), signed_in(writer)
    for place in ("9" * 5000, "-1", "x"):
        sent = page_of(me, proposal, "participants") | {"do": f"down:participants:{place}"}
        assert me.post(address(proposal, "participants"), sent).status_code == 302


# --- Who may ---


def test_only_owners_and_editors_of_the_organisation_write(people, signed_in):
    """U4, U5: a viewer, another organisation and every office get 404, also by sending a form."""
    proposal = draft(people)
    others = [
        people.proponent(membership=Membership.VIEWER),
        people.proponent("Another Company", country="TH"),
        people.seom("LA"),
        people.asec(),
        people.fg_gvc("LA"),
        people.expert(),
        people.admin(),
    ]
    for other in others:
        me = signed_in(other)
        for url in (
            reverse("write", args=[proposal.case.code]),
            address(proposal, "project"),
            reverse("check", args=[proposal.case.code]),
        ):
            assert me.get(url).status_code == 404, (other.label, url)
        assert me.post(address(proposal, "project"), {"title": "Mine"}).status_code == 404
    proposal.refresh_from_db()
    assert proposal.title == document()["title"]


def test_keep_refuses_a_stranger_at_the_verb_itself(people):
    """U5: the verb asks by itself who writes, whatever page calls it."""
    from aipbi.workflow.errors import NotYours

    proposal = draft(people)
    for other in (
        people.proponent("Another Company"),
        people.proponent(membership=Membership.VIEWER),
        people.seom("LA"),
    ):
        with pytest.raises(NotYours):
            verbs.keep(proposal, {"title": "Mine"}, as_=other, now=timezone.now())


def test_p5_optional_files_do_not_count_as_a_section_done(people, signed_in):
    proposal = verbs.start_draft(by=people.proponent().person, as_=people.proponent())
    page = signed_in(people.proponent()).get(reverse("write", args=[proposal.case.code])).content.decode()
    assert f"0 of {len(SECTIONS) - 1} sections are done." in page


def test_p1_the_lead_starts_as_the_organisation_that_writes_and_is_kept_only_when_saved(people, signed_in):
    me = people.proponent()
    proposal = verbs.start_draft(by=me.person, as_=me)
    page = signed_in(me).get(address(proposal, "organisations")).content.decode()
    sent = fields(page)
    assert sent["lead-name"] == [me.organisation.name]
    assert sent["lead-country"] == [me.organisation.country]
    assert not any(Proposal.objects.get(pk=proposal.pk).answers["lead"].values())
    signed_in(me).post(address(proposal, "organisations"), sent)
    assert Proposal.objects.get(pk=proposal.pk).answers["lead"]["name"] == me.organisation.name


def test_l3_a_draft_waits_for_its_organisation(people, signed_in):
    me = people.proponent()
    proposal = verbs.start_draft(by=me.person, as_=me)
    page = signed_in(me).get(reverse("case", args=[proposal.case.code])).content.decode()
    assert "Finish the proposal and submit it" in page
    assert "Nothing is awaited" not in page
