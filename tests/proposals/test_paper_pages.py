"""P8: the form's pages: download, a new draft from a form, a form into a draft that stands, the report."""

from io import StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from aipbi.accounts.enums import Membership
from aipbi.workflow import trail
from proposals import verbs
from proposals.models import Proposal
from proposals.paper import form, reading
from tests.support.cases import document, draft, submitted
from tests.support.paper import blank, filled_in
from tests.support.world import partner

pytestmark = pytest.mark.django_db
LEAD = document()["lead"]["name"]


def upload(content: bytes, name: str = "our form.docx") -> dict:
    return {"file": SimpleUploadedFile(name, content)}


def blank_draft(people):
    as_ = people.proponent()
    return verbs.start_draft(by=as_.person, as_=as_)


def test_p8_anyone_downloads_the_blank_form(client):
    answer = client.get(reverse("blank_form"))
    assert answer.status_code == 200
    assert answer["Content-Type"].endswith("wordprocessingml.document")
    assert answer["Content-Disposition"] == 'attachment; filename="proposal-form.docx"'
    assert answer.content == form.blank()


def test_p8_a_download_is_the_form_with_the_answers_and_is_on_the_trail(people, signed_in):
    """U6, L6: of the version handed in for whoever may read it, of the draft for its own organisation."""
    case = submitted(people)
    answer = signed_in(people.seom("LA")).get(reverse("proposal_form", args=[case.case.code]))
    assert reading.read(answer.content, criteria=case.criteria_edition_id).document == document()
    assert answer["Content-Disposition"].endswith('-v1.docx"')
    entry = case.case.trail.latest("number")
    assert (entry.action, entry.details["name"]) == ("download", f"{case.case.code}-v1.docx")


def test_p8_a_filled_form_becomes_a_draft_and_the_report_stays(people, signed_in):
    """P8, L4: a new draft, with the file and what was not read on its trail; the report can be read again."""
    client = signed_in(people.proponent())
    filled = filled_in(
        blank(),
        {"title": "From paper", "investment_usd": "about <b>five</b> million", "requests[0].body": "The UN"},
    )
    answer = client.post(reverse("read_form"), upload(filled))
    proposal = Proposal.objects.get()
    assert answer.url == reverse("form_report", args=[proposal.case.code])
    assert (proposal.title, proposal.answers["investment_usd"]) == ("From paper", "about <b>five</b> million")
    [entry] = proposal.case.trail.all()
    assert (entry.action, entry.details["file"]) == ("import", "our form.docx")
    assert not list(trail.broken())
    for _again in range(2):
        page = client.get(answer.url).content.decode()
        assert "1 thing could not be read." in page
        assert "Request 1 – ASEAN body asked" in page
        assert "The UN" in page
        assert "about &lt;b&gt;five&lt;/b&gt; million" in page
    assert (
        reverse("form_report", args=[proposal.case.code])
        in client.get(reverse("write", args=[proposal.case.code])).content.decode()
    )


def test_p5_a_form_replaces_nothing_in_a_draft_unseen(people, signed_in):
    """P5, P8: what would replace what is shown first; what the form leaves empty stays; both texts are on the trail."""
    case = draft(people)
    client, address = signed_in(people.proponent(LEAD)), reverse("read_form_into", args=[case.case.code])
    filled = filled_in(blank(), {"title": "A better title", "lead.name": "New lead", "partners[0].name": "Only one"})
    shown = client.post(address, upload(filled))
    page = shown.content.decode()
    assert shown.status_code == 200
    assert document()["title"] in page
    assert "A better title" in page
    assert "Straits Power Retail" in page
    case.refresh_from_db()
    assert case.answers == document()
    taken = client.post(address, {"offer": shown.context["offer"].sealed})
    assert taken.url == reverse("form_report", args=[case.case.code])
    case.refresh_from_db()
    assert case.answers["title"] == "A better title"
    assert case.answers["lead"] == {**document()["lead"], "name": "New lead"}
    assert [one["name"] for one in case.answers["partners"]] == ["Only one"]
    untouched = set(document()) - {"title", "lead", "partners"}
    assert all(case.answers[name] == document()[name] for name in untouched)
    write, read = case.case.trail.order_by("number").reverse()[:2][::-1]
    assert (write.action, read.action) == ("write", "read_form")
    assert {one["path"]: one["before"] for one in write.details["changes"]}["title"] == document()["title"]


def test_p8_a_form_goes_back_into_its_own_draft_without_a_change(people, signed_in):
    case = draft(people)
    client, code = signed_in(people.proponent(LEAD)), case.case.code
    own = client.get(reverse("proposal_form", args=[code])).content
    shown = client.post(reverse("read_form_into", args=[code]), upload(own))
    assert "Nothing would be replaced" in shown.content.decode()


def test_p5_a_draft_changed_meanwhile_is_not_overwritten(people, signed_in):
    case = draft(people)
    as_ = people.proponent(LEAD)
    client, address = signed_in(as_), reverse("read_form_into", args=[case.case.code])
    shown = client.post(address, upload(filled_in(blank(), {"title": "From paper"})))
    verbs.keep(case, {"title": "Written meanwhile"}, as_=as_, now=timezone.now())
    late = client.post(address, {"offer": shown.context["offer"].sealed})
    assert late.status_code == 409
    for words in ("Written meanwhile", "From paper", "was changed after you chose the form"):
        assert words in late.content.decode()
    case.refresh_from_db()
    assert case.title == "Written meanwhile"
    assert not case.case.trail.filter(action="read_form").exists()
    assert client.post(address, {"offer": late.context["offer"].sealed}).status_code == 302
    case.refresh_from_db()
    assert case.title == "From paper"


def test_p8_what_was_not_made_by_the_page_is_not_taken(people, signed_in):
    case = draft(people)
    answer = signed_in(people.proponent(LEAD)).post(
        reverse("read_form_into", args=[case.case.code]), {"offer": "x:y:z"}
    )
    assert answer.status_code == 400
    case.refresh_from_db()
    assert case.answers == document()


def test_p8_an_offer_holds_for_its_own_draft_alone(people, signed_in):
    """P8, U5: what a form would change in one draft is put into no other, not by the same person either."""
    as_ = people.proponent(LEAD)
    one, other = blank_draft(people), blank_draft(people)
    client = signed_in(as_)
    into = [reverse("read_form_into", args=[case.case.code]) for case in (one, other)]
    shown = client.post(into[0], upload(filled_in(blank(), {"title": "For the first"})))
    assert client.post(into[1], {"offer": shown.context["offer"].sealed}).status_code == 400
    other.refresh_from_db()
    assert not other.title
    assert not other.case.trail.filter(action="read_form").exists()
    assert client.post(into[0], {"offer": shown.context["offer"].sealed}).status_code == 302


def test_p8_a_proposal_handed_in_takes_no_form(people, signed_in):
    case = submitted(people)
    client, address = signed_in(people.proponent(LEAD)), reverse("read_form_into", args=[case.case.code])
    answer = client.post(address, upload(filled_in(blank(), {"title": "Too late"})))
    assert answer.url == reverse("proposal", args=[case.case.code])
    case.refresh_from_db()
    assert case.answers == document()


def test_u5_only_those_who_write_for_the_organisation_bring_a_form_in(people, signed_in):
    """U4, U5: owners and editors; a viewer, another organisation and an office get 404."""
    case = draft(people)
    into, report = (reverse(name, args=[case.case.code]) for name in ("read_form_into", "form_report"))
    filled = filled_in(blank(), {"title": "Not theirs"})
    others = [people.proponent(LEAD, Membership.VIEWER), people.seom("LA"), people.asec(), people.fg_gvc("LA")]
    for capacity in [*others, people.proponent("Penang Packaging", country="MY")]:
        client = signed_in(capacity)
        assert (client.get(into).status_code, client.get(report).status_code) == (404, 404)
        assert client.post(into, upload(filled)).status_code == 404
        if capacity in others:
            assert client.post(reverse("read_form"), upload(filled)).status_code == 404
    assert Proposal.objects.count() == 1
    for membership in (Membership.OWNER, Membership.EDITOR):
        assert signed_in(people.proponent(LEAD, membership)).get(into).status_code == 200


def test_p8_a_draft_without_a_form_says_so(people, signed_in):
    case = blank_draft(people)
    page = signed_in(people.proponent()).get(reverse("form_report", args=[case.case.code])).content.decode()
    assert "No form has been read into this proposal." in page


def test_p8_the_command_reads_a_form_and_lists_what_was_not_read(people, tmp_path):
    (tmp_path / "form.docx").write_bytes(filled_in(blank(), {"title": "Sent by post", "value_chain": "Hydrogen"}))
    said, wrong = StringIO(), StringIO()
    call_command(
        "import_proposal", str(tmp_path / "form.docx"), "--as", people.proponent().person.email, stdout=said, stderr=wrong
    )  # fmt: skip
    assert Proposal.objects.get().title == "Sent by post"
    assert "Sent by post" in said.getvalue()
    assert "unread: Value chain: “Hydrogen” is not in the list of this question. – “Hydrogen”" in wrong.getvalue()


def test_p8_the_ways_to_the_form_are_where_one_looks_for_them(people, signed_in, client):
    """On the start of a draft, on the draft, on the proposal, and on the answer of the eligibility check."""
    case = draft(people)
    mine, code = signed_in(people.proponent(LEAD)), case.case.code
    assert reverse("blank_form") in mine.get(reverse("new_proposal")).content.decode()
    assert reverse("read_form") in mine.get(reverse("new_proposal")).content.decode()
    assert reverse("proposal_form", args=[code]) in mine.get(reverse("write", args=[code])).content.decode()
    assert reverse("read_form_into", args=[code]) in mine.get(reverse("write", args=[code])).content.decode()
    assert reverse("proposal_form", args=[code]) in mine.get(reverse("proposal", args=[code])).content.decode()
    answered = client.post(reverse("eligibility"), {"phase": "under_way"}).content.decode()
    assert reverse("blank_form") in answered


def test_u4_a_partner_who_edits_brings_a_form_into_this_draft_and_starts_none(people, signed_in):
    """U4: an editor of a partner company on this proposal writes it on paper too; one who reads does not."""
    case = draft(people)
    into = reverse("read_form_into", args=[case.case.code])
    filled = filled_in(blank(), {"title": "Edited by a partner", "requests[0].body": "The UN"})
    reader = signed_in(partner(case, Membership.VIEWER))
    assert (reader.post(into, upload(filled)).status_code, reader.get(into).status_code) == (404, 404)
    writer = signed_in(partner(case, Membership.EDITOR))
    assert writer.post(reverse("read_form"), upload(filled)).status_code == 404
    shown = writer.post(into, upload(filled))
    page = writer.post(into, {"offer": shown.context["offer"].sealed}, follow=True).content.decode()
    assert "The UN" in page
    case.refresh_from_db()
    assert case.title == "Edited by a partner"
    assert Proposal.objects.count() == 1
