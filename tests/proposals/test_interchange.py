"""The interchange format: in and out unchanged, or every fault and nothing imported."""

import json
import re
from io import StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse

from proposals import interchange
from proposals.models import Proposal
from tests.support.cases import CASES, NAMES, document, draft, submitted

pytestmark = pytest.mark.django_db


def file(case: dict) -> bytes:
    return json.dumps(case).encode()


@pytest.mark.parametrize("name", NAMES)
def test_what_goes_out_comes_back_in_unchanged(name, people, tmp_path):
    """Interchange: import, export and import again give the same document, to the byte of the case file."""
    proponent = people.proponent()
    original = CASES / f"{name}.json"
    for source in (original, tmp_path / "out.json"):
        call_command("import_proposal", str(source), "--as", proponent.person.email, stdout=StringIO())
        proposal = Proposal.objects.latest("started_at")
        assert proposal.state == "draft"
        assert proposal.answers == document(name)
        call_command("export_proposal", proposal.case.code, "--to", str(tmp_path / "out.json"))
        assert (tmp_path / "out.json").read_bytes().rstrip() == original.read_bytes().rstrip()


def test_export_prints_a_case_by_its_reference_or_code(people):
    """Interchange: `export_proposal ID` prints the document; an unknown case is said to be unknown."""
    proposal = draft(people)
    out = StringIO()
    call_command("export_proposal", proposal.case.code, stdout=out)
    assert json.loads(out.getvalue()) == document()
    with pytest.raises(CommandError, match="no case AIPBI/1999/0001"):
        call_command("export_proposal", "AIPBI/1999/0001")


def test_a_file_with_faults_imports_nothing_and_lists_all(people, tmp_path):
    """Bad input: every fault with its place, nothing half imported."""
    case = document()
    case["participants"][0]["ams"] = "XX"
    case["investment_usd"] = -5
    case["products"][0]["hs"] = "7799"
    case["requests"][1]["rank"] = 1
    path = tmp_path / "bad.json"
    path.write_bytes(file(case))
    said = StringIO()
    with pytest.raises(CommandError, match=r"bad\.json has \d+ faults; nothing was imported"):
        call_command("import_proposal", str(path), "--as", people.proponent().person.email, stderr=said)
    for place in ("participants[0].ams", "investment_usd", "products[0].hs", "requests[1].rank"):
        assert f"{place} (" in said.getvalue()
    assert not Proposal.objects.exists()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b"\xff\xfe{\x00}\x00", "UTF-8"),
        (b'{"title": ', "line 1, column"),
        (b'{"title": "a", "title": "b"}', "stands twice"),
        (b'{"investment_usd": NaN}', "NaN is not a number"),
        (b'{"investment_usd": ' + b"9" * 5000 + b"}", "too long"),
        (b"[" * 100_000, "too deeply"),
        (b'{"title": ' + b"[" * 40 + b"]" * 40 + b"}", "too deeply"),
        (b"[1, 2]", "one object"),
        (b"x" * (interchange.MOST_BYTES + 1), "larger than 4 MB"),
        (b"PK\x03\x04\x00\x00", "not JSON"),
    ],
)
def test_what_is_no_document_is_said_to_be_none(content, says):
    """Bad input: bytes that are no JSON object get one plain answer."""
    read, [fault] = interchange.parse(content)
    assert read is None
    assert says in fault.message


def test_a_byte_order_mark_is_no_fault():
    """Interchange: a file saved by an editor that marks UTF-8 is read."""
    assert interchange.parse(b"\xef\xbb\xbf" + file(document()))[0] == document()


def test_an_unfinished_draft_comes_back_with_its_gaps(people, tmp_path):
    """Interchange: a draft with gaps and wrong answers is refused as finished, and taken as unfinished, unchanged."""
    case = {**document(), "title": "", "investment_usd": "about a hundred million", "participants": []}
    path = tmp_path / "draft.json"
    path.write_bytes(interchange.dump(case))
    email = people.proponent().person.email
    with pytest.raises(CommandError, match="nothing was imported"):
        call_command("import_proposal", str(path), "--as", email, stderr=StringIO())
    call_command("import_proposal", str(path), "--as", email, "--unfinished", stdout=StringIO())
    assert Proposal.objects.get().answers == case


def test_import_needs_somebody_who_writes(people, tmp_path):
    """U4: a viewer, an office and a stranger import nothing."""
    path = CASES / f"{NAMES[0]}.json"
    with pytest.raises(CommandError, match="Nobody here has the e-mail"):
        call_command("import_proposal", str(path), "--as", "nobody@example.org")
    with pytest.raises(CommandError, match="does not write for any organisation"):
        call_command("import_proposal", str(path), "--as", people.seom("LA").person.email)
    from aipbi.accounts.enums import Membership

    with pytest.raises(CommandError, match="does not write for any organisation"):
        call_command("import_proposal", str(path), "--as", people.proponent(membership=Membership.VIEWER).person.email)
    with pytest.raises(CommandError, match="cannot be read"):
        call_command("import_proposal", str(tmp_path / "none.json"), "--as", people.proponent().person.email)


def test_the_import_page_lists_faults_and_starts_nothing(people, signed_in):
    """Bad input: the page says what and where, as the command does, and escapes what it repeats."""
    client = signed_in(people.proponent())
    case = {**document(), "sector": "<script>alert(1)</script>", "summary": 5}
    answer = client.post(reverse("import_proposal"), {"file": SimpleUploadedFile("p.json", file(case))})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "has 2 faults" in page
    assert "<code>summary</code>" in page
    assert "<script>alert" not in page
    assert not Proposal.objects.exists()


def test_the_import_page_makes_a_draft_with_its_source_on_the_trail(people, signed_in):
    """L4: reading a file in is on the trail, with the file's name."""
    client = signed_in(people.proponent())
    answer = client.post(reverse("import_proposal"), {"file": SimpleUploadedFile("trade.json", file(document()))})
    proposal = Proposal.objects.get()
    assert answer.url == reverse("write", args=[proposal.case.code])
    [entry] = proposal.case.trail.all()
    assert (entry.action, entry.details["file"]) == ("import", "trade.json")


def test_a_download_is_the_document_and_is_on_the_trail(people, signed_in):
    """U6: the download of a proposal gives the format and leaves an entry."""
    case = submitted(people)
    answer = signed_in(people.seom("LA")).get(reverse("proposal_json", args=[case.case.code]))
    assert json.loads(answer.content) == document()
    assert answer["Content-Disposition"].endswith('-v1.json"')
    assert case.case.trail.latest("number").action == "download"


def _many(number: int) -> str:
    return ",".join(f'"{place:x}": 1' for place in range(number))


def test_a_file_of_far_too_many_values_is_refused_with_the_reason():
    """What no proposal holds is not checked value by value: one file could keep the portal busy for hours."""
    named_twice = f'{{{_many(150_000)}, "{149_999:x}": 1}}'.encode()
    assert len(named_twice) < interchange.MOST_BYTES
    assert "stands twice" in interchange.parse(named_twice)[1][0].message
    for content in (f"{{{_many(150_000)}}}", f'{{"title": [{",".join("1" * 150_000)}]}}', f"[{'[],' * 150_000}1]"):
        document, faults = interchange.parse(content.encode(), unfinished=True)
        assert document is None
        assert ["20,000 values" in fault.message for fault in faults] == [True]


def test_a_file_with_very_many_faults_shows_the_first_of_them_and_their_number(people, signed_in):
    upload = SimpleUploadedFile("odd.json", f"{{{_many(5_000)}}}".encode())
    page = signed_in(people.proponent()).post(reverse("import_proposal"), {"file": upload}).content.decode()
    assert re.search(r"“odd\.json” has 5,?0\d\d faults", page)
    assert page.count("is not part of the format") == 200 - page.count("nothing else can be read")
