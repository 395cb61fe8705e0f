"""Files of a proposal: put with it, named in its document, read by whom the access table says (P6, U6)."""

import hashlib

import pytest
from django.urls import reverse

from aipbi.accounts.enums import Membership
from aipbi.documents.models import StoredFile
from proposals import attachments
from proposals.models import Proposal
from tests.documents import samples
from tests.support.cases import do, document, draft, in_inbox, registered, submitted

pytestmark = pytest.mark.django_db
SHA256 = hashlib.sha256(samples.PDF).hexdigest()


def add(people, proposal, *, confidential=False, content=samples.PDF, name="survey.pdf"):
    data = {"confidential": "on"} if confidential else {}
    return do(proposal, "add_file", people.proponent(), files={"file": samples.upload(content, name)}, **data)


def only_file() -> StoredFile:
    return StoredFile.objects.get(purpose="attachment")


def status(signed_in, capacity, file) -> int:
    return signed_in(capacity).get(reverse("file", args=[file.pk])).status_code


def test_a_file_is_put_with_the_proposal_and_named_in_its_document(people, signed_in):
    """P6, L6: the document names it with its SHA-256, the trail keeps who put it there, and the page shows it."""
    proposal = draft(people)
    client = signed_in(people.proponent())
    page = client.get(reverse("files", args=[proposal.case.code])).content.decode()
    assert "Add files" in page
    url = reverse("move", args=[proposal.case.code, "proposal", proposal.pk, "add_file"])
    answer = client.post(url, {"seen": proposal.revision, "file": samples.upload()})
    assert answer.url == reverse("files", args=[proposal.case.code])
    proposal.refresh_from_db()
    assert proposal.answers["attachments"] == [
        {
            "name": "survey.pdf",
            "media_type": "application/pdf",
            "size": len(samples.PDF),
            "sha256": SHA256,
            "confidential": False,
        },
    ]
    assert proposal.case.trail.latest("number").details["files"][0]["sha256"] == SHA256
    page = client.get(answer.url).content.decode()
    assert reverse("file", args=[only_file().pk]) in page
    sent = b"".join(client.get(reverse("file", args=[only_file().pk])).streaming_content)
    assert sent == samples.PDF


def test_a_file_that_is_not_what_its_name_says_is_refused_in_words(people, signed_in):
    """Bad input: the page says what is wrong with the file, and nothing is stored."""
    proposal = draft(people)
    url = reverse("move", args=[proposal.case.code, "proposal", proposal.pk, "add_file"])
    sent = {"seen": proposal.revision, "file": samples.upload(samples.HTML, "survey.pdf")}
    answer = signed_in(people.proponent()).post(url, sent)
    assert answer.status_code == 422
    assert "not a PDF, DOCX, XLSX, PNG or JPEG" in answer.content.decode()
    assert not StoredFile.objects.exists()


def send(people, signed_in, proposal, *given, **headers):
    url = reverse("move", args=[proposal.case.code, "proposal", proposal.pk, "add_file"])
    files = [samples.upload(content, name) for content, name in given]
    return signed_in(people.proponent()).post(url, {"seen": proposal.revision, "file": files}, headers=headers)


def names_of(proposal) -> list[str]:
    proposal.refresh_from_db()
    return [one["name"] for one in proposal.answers["attachments"]]


MIXED = ((samples.PDF, "survey.pdf"), (samples.HTML, "page.pdf"), (samples.PNG, "map.png"), (samples.DOCM, "plan.docx"))


def test_one_bad_file_does_not_lose_the_good_ones(people, signed_in):
    """P6, bad input: several at once; each that is not taken is told by its name, with the reason."""
    proposal = draft(people)
    answer = send(people, signed_in, proposal, *MIXED)
    page = signed_in(people.proponent()).get(answer.url).content.decode()
    assert names_of(proposal) == ["survey.pdf", "map.png"]
    told = [str(message) for message in answer.wsgi_request._messages]
    assert told[0] == "Files added"
    assert "“page.pdf” was not taken. What is in this file is not a PDF" in told[1]
    assert "“plan.docx” was not taken. This file contains macros" in told[2]
    assert " multiple " in page


def test_when_no_file_is_taken_each_is_told(people, signed_in):
    """P6, bad input: nothing is stored, and no file is passed over in silence."""
    proposal = draft(people)
    answer = send(people, signed_in, proposal, MIXED[1], MIXED[3])
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "“page.pdf” was not taken" in page
    assert "“plan.docx” was not taken" in page
    assert not StoredFile.objects.exists()


def test_a_script_is_told_the_same(people, signed_in):
    """P6: the answers that `uploads.js` reads: what was left out, why, and the revision to go on from."""
    proposal = draft(people)
    first = send(people, signed_in, proposal, *MIXED[:2], **{"X-Saves-By-Itself": "1"})
    proposal.refresh_from_db()
    assert first.json()["seen"] == proposal.revision
    assert "“page.pdf” was not taken" in first.json()["left_out"][0]
    second = send(people, signed_in, proposal, MIXED[3], **{"X-Saves-By-Itself": "1"})
    assert (second.status_code, len(second.json()["faults"])) == (422, 1)
    proposal.revision -= 1
    assert send(people, signed_in, proposal, MIXED[2], **{"X-Saves-By-Itself": "1"}).json() == {"overtaken": True}
    assert names_of(proposal) == ["survey.pdf"]


def limit(**megabytes):
    from aipbi.asean.models import Default

    for key, value in megabytes.items():
        Default.objects.filter(key=f"{key}_megabytes").update(value=value)


def large(megabytes: float, letter: str) -> bytes:
    """A PDF with a comment in it that is as long as wanted, and a content of its own."""
    return samples.PDF.replace(b"xref\n0", b"%" + letter.encode() * int(megabytes * 2**20) + b"\nxref\n0")


def test_a_case_and_an_organisation_have_limits(people, signed_in):
    """P6: defaults; what is left is told, what goes beyond is refused by name, what is taken off makes room."""
    limit(case=2, organisation=3)
    proposal = draft(people)
    half, more = (large(1.5, "a"), "half.pdf"), (large(1, "b"), "more.pdf")
    answer = send(people, signed_in, proposal, half, more)
    assert names_of(proposal) == ["half.pdf"]
    assert (
        "“more.pdf” was not taken. This file has 1.0\xa0MB and there is room for 511.7\xa0KB more"
        in [str(message) for message in answer.wsgi_request._messages][1]
    )
    page = signed_in(people.proponent()).get(answer.url).content.decode()
    assert "This case holds 1.5\xa0MB of at most 2.0\xa0MB" in page
    assert "511.7\xa0KB may still be added" in page

    other = draft(people)
    assert send(people, signed_in, other, (large(1.4, "e"), "half.pdf")).status_code == 302
    third = send(people, signed_in, draft(people), (large(0.2, "c"), "third.pdf"))
    assert third.status_code == 422
    assert "room for 101.8\xa0KB more" in third.content.decode()

    do(other, "remove_file", people.proponent(), sha256=names_and_hashes(other)["half.pdf"])
    assert send(people, signed_in, proposal, (large(0.2, "d"), "small.pdf")).status_code == 302


def names_and_hashes(proposal) -> dict[str, str]:
    proposal.refresh_from_db()
    return {one["name"]: one["sha256"] for one in proposal.answers["attachments"]}


def test_an_answer_to_a_question_has_the_same_limits(people):
    """P6: there is no other way in for a large file."""
    from types import SimpleNamespace

    from review.clarifications.answers import AnswerForm

    limit(case=1)
    move = SimpleNamespace(subject=draft(people), as_=people.proponent())
    form = AnswerForm({"answer": "See the file."}, {"file": samples.upload(large(1.5, "a"))}, move=move)
    assert "there is room for 1.0\xa0MB more" in form.errors["file"][0]


def test_an_imported_photograph_is_known_by_what_it_was(people):
    """Interchange, P6: a document may name an image as it was before its place was taken out of it."""
    from tests.documents import hostile

    photograph = hostile.image("JPEG", exif=hostile._exif())
    proposal = draft(people)
    named = {"name": "p.jpg", "media_type": "image/jpeg", "size": 1, "confidential": False}
    proposal.answers["attachments"] = [{**named, "sha256": hashlib.sha256(photograph).hexdigest()}]
    proposal.save()
    proposal = add(people, proposal, content=photograph, name="p.jpg")
    assert names_of(proposal) == ["p.jpg"]
    assert attachments.all_faults(proposal) == []


def test_the_same_file_twice_is_there_once(people):
    """L2: the same content again replaces the first; the last word on who may read it counts."""
    proposal = add(people, add(people, draft(people)), confidential=True)
    assert [one["confidential"] for one in proposal.answers["attachments"]] == [True]
    assert StoredFile.objects.visible_to(people.proponent()).count() == 1


def test_a_file_taken_off_a_draft_is_closed(people, signed_in):
    """P6: what no version holds is closed when it is taken off."""
    proposal = add(people, draft(people))
    file = only_file()
    proposal = do(proposal, "remove_file", people.proponent(), sha256=SHA256)
    assert proposal.answers["attachments"] == []
    assert status(signed_in, people.proponent(), file) == 404


def test_a_file_of_a_version_stays_with_that_version(people, signed_in):
    """L6: taken off the next draft, a file that was handed in is still read with the version that names it."""
    proposal = do(add(people, draft(people)), "submit", people.proponent(), declaration="on")
    proposal = do(proposal, "return_to_proponent", people.seom("LA"), changes="Leave the survey out.")
    proposal = do(proposal, "remove_file", people.proponent(), sha256=SHA256)
    assert proposal.answers["attachments"] == []
    assert status(signed_in, people.seom("LA"), only_file()) == 200
    page = signed_in(people.seom("LA")).get(reverse("proposal", args=[proposal.case.code])).content.decode()
    assert "survey.pdf" in page


def test_a_file_put_to_the_next_draft_is_not_read_before_it_is_handed_in(people, signed_in):
    """U5: while the proponent rewrites, others read the files of what was handed in alone."""
    proposal = do(submitted(people), "return_to_proponent", people.seom("LA"), changes="Add the survey.")
    proposal = add(people, proposal)
    file = only_file()
    lead = signed_in(people.seom("LA"))
    assert status(signed_in, people.seom("LA"), file) == 404
    assert "survey.pdf" not in lead.get(reverse("files", args=[proposal.case.code])).content.decode()
    do(proposal, "submit", people.proponent(), declaration="on")
    assert status(signed_in, people.seom("LA"), file) == 200


def test_a_confidential_annex_is_for_asec_experts_and_the_fg_gvc(people, signed_in):
    """P6, U5: nobody else reads it or learns its name: not on the pages, in the download, or by its address."""
    proposal = add(people, draft(people), confidential=True, name="margins.pdf")
    proposal = do(proposal, "submit", people.proponent(), declaration="on")
    proposal = do(proposal, "support", people.seom("LA"), statement="We support it.")
    from proposals.moves.inbox import CHECKLIST

    proposal = do(proposal, "register", people.asec(), **dict.fromkeys(CHECKLIST, "yes"))
    file = only_file()
    for capacity in (
        people.seom("LA"),
        people.seom("TH"),
        people.fg_gvc("LA"),
        people.expert(),
        people.admin(),
        people.body("AMEM"),
    ):
        assert status(signed_in, capacity, file) == 404, capacity.label
    for capacity in (people.seom("LA"), people.seom("TH")):
        for name in ("proposal", "files", "proposal_json", "case", "trail"):
            text = signed_in(capacity).get(reverse(name, args=[proposal.case.code])).content.decode()
            assert "margins.pdf" not in text, (capacity.label, name)
            assert file.sha256 not in text, (capacity.label, name)
    for capacity in (people.asec(), people.proponent()):
        assert status(signed_in, capacity, file) == 200
        assert (
            "margins.pdf"
            in signed_in(capacity).get(reverse("proposal_json", args=[proposal.case.code])).content.decode()
        )
    # The FG-GVC reads it once the case is before it; the file's rule follows the case's.
    Proposal.objects.filter(pk=proposal.pk).update(before_fg_gvc_at=proposal.registered_at)
    assert status(signed_in, people.fg_gvc("LA"), file) == 200


def test_every_reading_of_a_confidential_annex_is_on_the_trail(people, signed_in):
    """U6: who read it, as what, and which content; a second reading is a second entry."""
    proposal = do(add(people, draft(people), confidential=True), "submit", people.proponent(), declaration="on")
    do(proposal, "support", people.seom("LA"), statement="We support it.")
    asec = people.asec()
    for _n in range(2):
        status(signed_in, asec, only_file())
    entries = list(proposal.case.trail.filter(action="read"))
    assert [(entry.person, entry.details["sha256"]) for entry in entries] == [(asec.person, SHA256)] * 2


def test_a_letter_of_support_is_not_for_the_proponent(people, signed_in):
    """U5: the SEOM lead's letter is read by the Member States and ASEC."""
    proposal = submitted(people)
    do(proposal, "support", people.seom("LA"), statement="Yes.", files={"letter": samples.upload(name="letter.pdf")})
    letter = StoredFile.objects.get(purpose="support")
    assert status(signed_in, people.asec(), letter) == 200
    assert status(signed_in, people.proponent(), letter) == 404


def test_an_imported_name_without_its_file_stands_against_handing_in(people, signed_in):
    """Interchange, P6: a file that the document names and nobody uploaded is asked for; the upload settles it."""
    from proposals import verbs

    proponent = people.proponent()
    entry = {
        "name": "survey.pdf",
        "media_type": "application/pdf",
        "size": len(samples.PDF),
        "sha256": SHA256,
        "confidential": False,
    }
    proposal = verbs.start_draft(by=proponent.person, as_=proponent, answers={**document(), "attachments": [entry]})
    [fault] = attachments.all_faults(proposal)
    assert (fault.path, fault.section) == ("attachments[0]", "files")
    page = signed_in(proponent).get(reverse("check", args=[proposal.case.code])).content.decode()
    assert "“survey.pdf” is named but not here" in page
    assert attachments.all_faults(add(people, proposal)) == []


def test_a_new_draft_from_an_ended_case_holds_its_files(people, signed_in):
    """resubmit, P6: the files that the answers name come along."""
    proposal = do(add(people, draft(people)), "submit", people.proponent(), declaration="on")
    proposal = do(proposal, "decline_support", people.seom("LA"), reason="Not now.")
    do(proposal, "resubmit", people.proponent(), what_changed="All.", ask="LA")
    again = proposal.followed_by.get()
    assert attachments.all_faults(again) == []
    copy = StoredFile.objects.get(case_id=again.pk)
    assert status(signed_in, people.proponent(), copy) == 200
    assert status(signed_in, people.seom("LA"), copy) == 404


def test_only_writers_add_files_and_only_while_it_is_written(people, signed_in):
    """U4, U5: a viewer and an office can't; after handing in nobody can."""
    proposal = draft(people)
    url = reverse("move", args=[proposal.case.code, "proposal", proposal.pk, "add_file"])
    for capacity in (people.proponent(membership=Membership.VIEWER), people.seom("LA"), people.asec()):
        answer = signed_in(capacity).post(url, {"seen": 0, "file": samples.upload()})
        assert answer.status_code == 404
    proposal = in_inbox(people, "02-ev-battery-chain")
    owner = people.proponent(document("02-ev-battery-chain")["lead"]["name"], country="ID")
    url = reverse("move", args=[proposal.case.code, "proposal", proposal.pk, "add_file"])
    assert signed_in(owner).post(url, {"seen": proposal.revision, "file": samples.upload()}).status_code == 409
    assert not StoredFile.objects.filter(purpose="attachment").exists()


def test_a_head_request_reads_nothing(people, signed_in):
    """U6: asking for the head of a file is no reading and sends no content."""
    proposal = add(people, draft(people))
    before = proposal.case.trail.count()
    answer = signed_in(people.proponent()).head(reverse("file", args=[only_file().pk]))
    assert (answer.status_code, answer.content) == (200, b"")
    assert proposal.case.trail.count() == before


def test_registered_cases_show_their_files_to_those_named(people, signed_in):
    """U5: a participating Member State reads the open files from registration on, a stranger never."""
    proposal = add(people, draft(people))
    proposal = do(proposal, "submit", people.proponent(), declaration="on")
    proposal = do(proposal, "support", people.seom("LA"), statement="Yes.")
    assert status(signed_in, people.seom("TH"), only_file()) == 404
    assert registered(people, "03-chip-materials-lane").registered_at
    from proposals.moves.inbox import CHECKLIST

    do(proposal, "register", people.asec(), **dict.fromkeys(CHECKLIST, "yes"))
    assert status(signed_in, people.seom("TH"), only_file()) == 200
    assert status(signed_in, people.seom("VN"), only_file()) == 404
