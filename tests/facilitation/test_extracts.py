"""F2, P6: a body reads exactly what ASEC chose, and nothing confidential unless that was said and recorded."""

import pytest
from django.urls import reverse
from django.utils import timezone

from aipbi.documents import uploads
from aipbi.documents.models import StoredFile
from aipbi.workflow.errors import Blocked, Invalid
from aipbi.workflow.models import TrailEntry
from facilitation import extracts
from proposals.attachments import entry
from proposals.models import Version
from tests.documents import samples
from tests.support.cases import do
from tests.support.client import Client
from tests.support.people import sign_in


def newer(case, **changed):
    """Let another version be in force: one is never changed."""
    old = case.version
    new = Version.objects.create(
        proposal=case, number=old.number + 1, document={**old.document, **changed}, sha256=old.sha256,
        frozen_by=old.frozen_by,
        frozen_at=timezone.now(),
    )  # fmt: skip
    type(case).objects.filter(pk=case.pk).update(version=new)


@pytest.fixture
def held(story):
    """Two files of the version, one of them a confidential annex."""
    case, found = story.case, {}
    for name, confidential in (("survey.pdf", False), ("margins.pdf", True)):
        found[name] = uploads.keep(
            samples.upload(samples.PDF + name.encode(), name=name), subject=case, purpose="attachment", as_=story.writer,
            confidential=confidential,
        )  # fmt: skip
    newer(case, attachments=[entry(file) for file in found.values()])
    return found


def test_f2_the_body_reads_exactly_what_asec_saw_when_sending(story, signed_in):
    request = story.prepared(part_background=["objectives"], part_roadblocks=["roadblocks[0]"])
    send = reverse("move", args=[story.case.case.code, "request", request.pk, "send"])
    sent = signed_in(story.asec).get(send).content.decode()
    seen = sent.split('<div class="facil-reads">')[1].split("<form")[0].rsplit("</div>", 2)[0]
    story.do("send", request, story.asec)
    page = signed_in(story.people.body("AMEM")).get(reverse("request", args=[request.pk])).content.decode()
    seen = seen.replace("What the body is asked", "What your body is asked")
    seen = seen.replace("What the body needs to know", "What you need to know")
    assert seen.strip() in page
    document = story.case.version.document
    assert document["objectives"][:40] in page
    assert document["roadblocks"][0]["evidence"] in page
    for other in (document["background"][:40], document["roadblocks"][1]["description"], document["title"]):
        assert other not in page
    newer(story.case, objectives="Others.")
    again = signed_in(story.people.body("AMEM")).get(reverse("request", args=[request.pk])).content.decode()
    assert seen.strip() in again, "what was sent stays as it was"


def test_p6_a_confidential_annex_goes_only_with_a_reason_and_on_the_record(story, held):
    request = story.request()
    secret = held["margins.pdf"]
    data = {"question": request.question, "extract": "A line.", "given": [held["survey.pdf"].pk]}
    with pytest.raises(Invalid) as refused:
        do(request, "prepare_request", story.asec, **{**data, "given": [secret.pk]})
    assert set(refused.value.form.errors) == {"given"}, "it is not among the ordinary files"
    with pytest.raises(Invalid) as refused:
        do(request, "prepare_request", story.asec, **data, annexes=[secret.pk])
    assert set(refused.value.form.errors) == {"annexes_because"}
    request = story.do(
        "prepare_request", request, story.asec, **data, annexes=[secret.pk], annexes_because="It asks for it."
    )
    story.do("send", request, story.asec)
    kept = TrailEntry.objects.get(case=story.case.pk, action="send", subject_pk=request.pk).details
    assert kept["annexes_because"] == "It asks for it."
    assert {file["name"]: file["confidential"] for file in kept["files"]} == {"survey.pdf": False, "margins.pdf": True}
    body, other = sign_in(Client(), story.people.body("AMEM")), sign_in(Client(), story.people.body("AIF"))
    given = StoredFile.objects.get(purpose="extract", name="margins.pdf")
    assert body.get(reverse("file", args=[given.pk])).status_code == 200
    assert TrailEntry.objects.filter(case=story.case.pk, action="read", role="body_contact").exists(), "U6"
    assert other.get(reverse("file", args=[given.pk])).status_code == 404
    assert body.get(reverse("file", args=[secret.pk])).status_code == 404


def test_f2_nothing_is_chosen_in_advance_and_files_stay_behind(story, held, signed_in):
    request = story.sent()
    assert extracts.reads(request) == []
    assert extracts.files_of(request) == []
    body = sign_in(Client(), story.people.body("AMEM"))
    for file in held.values():
        assert body.get(reverse("file", args=[file.pk])).status_code == 404


def test_f2_a_file_that_was_given_stays_when_the_original_is_taken_off(story, held):
    request = story.prepared(given=[held["survey.pdf"].pk])
    request = story.do("send", request, story.asec)
    StoredFile.objects.filter(pk=held["survey.pdf"].pk).update(removed_at=story.case.moved_at)
    [given] = extracts.files_of(request)
    assert sign_in(Client(), story.people.body("AMEM")).get(reverse("file", args=[given.pk])).status_code == 200


def test_f2_a_body_without_a_contact_is_said_before_it_is_sent_to(story, signed_in):
    from aipbi.asean.models import Body

    body = Body.objects.exclude(acronym__in=["AMEM", "AIF", "Customs DGs", "ACCSQ", "CCS", "AQRF Committee"]).first()
    page = reverse("move", args=[story.case.case.code, "proposal", story.case.pk, "add_request"])
    assert "It has no contact in the portal yet." in signed_in(story.asec).get(page).content.decode()
    story.do("add_request", story.case, story.asec, body=[body.pk], question="Can you?", ams=[])
    request = story.case.body_requests.latest("number")
    request = story.do("prepare_request", request, story.asec, question="Can you?", extract="A line.")
    with pytest.raises(Invalid) as refused:
        do(request, "send", story.asec)
    assert set(refused.value.form.errors) == {"no_contact"}
    assert story.do("send", request, story.asec, no_contact="on").state == "sent"


def test_f2_an_extract_of_an_earlier_version_is_not_sent(story):
    request = story.prepared(part_background=["objectives"])
    newer(story.case, objectives="Others.")
    with pytest.raises(Blocked, match="newer version"):
        do(request, "send", story.asec)


def test_f2_what_came_with_a_message_on_the_challenge_can_be_given_too(story, signed_in):
    """Sent files of the challenge that is asked about; neither another challenge's, nor what is not sent yet."""
    one, other = story.challenge(1), story.challenge(2)
    story.do("comment", one, story.writer, text="See the log.", files={"file": samples.upload(name="log.pdf")})
    story.do("comment", other, story.writer, text="A map.", files={"file": samples.upload(name="map.pdf")})
    drafted = {"text": "Half", "draft": 0, "file": samples.upload(name="unsent.pdf")}
    assert (
        signed_in(story.asec).post(reverse("challenge_draft", args=[story.case.case.code, 1]), drafted).status_code
        == 302
    )
    request = story.request(challenge=one.pk)
    page = reverse("move", args=[story.case.case.code, "request", request.pk, "prepare_request"])
    shown = signed_in(story.asec).get(page).content.decode()
    assert "log.pdf" in shown
    assert "Sent with a message on the challenge" in shown
    assert "map.pdf" not in shown
    assert "unsent.pdf" not in shown
    log_of_another = StoredFile.objects.get(name="map.pdf")
    with pytest.raises(Invalid):
        do(request, "prepare_request", story.asec, question="Can you?", extract="A line.", given=[log_of_another.pk])
    log = StoredFile.objects.get(name="log.pdf")
    request = story.do("prepare_request", request, story.asec, question="Can you?", extract="A line.", given=[log.pk])
    story.do("send", request, story.asec)
    body = sign_in(Client(), story.people.body("AMEM"))
    given = StoredFile.objects.get(name="log.pdf", purpose="extract")
    assert body.get(reverse("file", args=[given.pk])).status_code == 200
    assert body.get(reverse("file", args=[log.pk])).status_code == 404, "the challenge itself stays closed"
