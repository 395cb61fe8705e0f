"""Every address of the portal, filled in for one case and one world of people."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.db.models import F
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from aipbi.accounts.days import today
from aipbi.accounts.models import Appointment, Invitation, Member, Office, Organisation
from aipbi.asean.models import Category
from aipbi.documents.models import StoredFile
from aipbi.workflow import jobs
from aipbi.workflow.calendars import feeds
from aipbi.workflow.door import perform
from aipbi.workflow.models import Job, Message, Notice
from proposals.bulk import verbs as bulk
from proposals.document import empty
from proposals.document.schema import SECTIONS
from proposals.enums import Arrival
from proposals.inbox import files
from proposals.models import Bulk, Export, Note, OnBehalf, SavedView
from proposals.moves.on_behalf import AskConfirmation
from proposals.notes import verbs as notes
from proposals.on_behalf import links
from proposals.on_behalf import verbs as on_behalf
from review.experts.dated import Absence
from review.experts.models import ExpertProfile
from tests.support.world import World


def names() -> Iterator[tuple[str, URLPattern]]:
    """Yield every named address and its pattern; the administration's under `admin:`."""
    yield from _walk(get_resolver().url_patterns, "")


def _walk(patterns: list[Any], space: str) -> Iterator[tuple[str, URLPattern]]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from _walk(pattern.url_patterns, inner)
        else:
            yield f"{space}{pattern.name}", pattern


def of_a_case(pattern: URLPattern) -> bool:
    """Whether an address names a case, or something that belongs to one."""
    return "code" in pattern.pattern.converters or pattern.name in {
        "file",
        "first_page",
        "request",
        "request_draft",
        "outbox_mail",
        "message",
        "file_page",
        "page_picture",
    }


OF_A_MEETING = (
    "meeting", "meeting_pack_progress", "meeting_ready", "meeting_live", "meeting_record", "meeting_calendar",
)  # fmt: skip


def meeting(world: World) -> Any:
    """A planned meeting to which all SEOM leads but Brunei Darussalam's are invited, with every round on its agenda."""
    from review.meetings import verbs
    from review.meetings.models import AgendaItem, Meeting
    from review.models import Round

    starts = timezone.now() + timedelta(days=10)
    details = {"title": "A meeting", "sitting": "regular", "starts_at": starts, "ends_at": starts + timedelta(hours=2),
               "zone": "Asia/Jakarta", "place": "Jakarta", "link": "", "purpose": "", "seom": ["LA", "TH"]}  # fmt: skip
    one = Meeting.objects.select_related("case").first() or verbs.call(as_=world.tie("asec"), details=details)
    for place, round_ in enumerate(Round.objects.order_by("pk"), start=1):
        AgendaItem.objects.get_or_create(meeting=one, round=round_, defaults={"order": place})
    AgendaItem.objects.get_or_create(meeting=one, title="Another matter", defaults={"order": 99})
    return one


def release(world: World) -> Any:
    """A release that everybody reads; begun, decided and published by the worker's own functions."""
    from monitoring.models import Release
    from tests.support import releases

    world.tie("asec")
    return Release.objects.select_related("case").filter(state="published").first() or releases.published()


def research(world: World) -> Any:
    """An application for an extract by the owner of the world's case, with an agreement and the extract there."""
    from aipbi.workflow import registry
    from monitoring.models import Research
    from monitoring.research import verbs

    owner, asec = world.tie("owner").person, world.tie("asec")
    one = Research.objects.select_related("case").filter(applicant=owner).first()
    if one is None:
        release(world)
        details = {"institution": "A university", "title": "Jobs", "purpose": "How many.", "tables": ["ams,year"]}
        one = verbs.apply(owner, details=details)
        until = (today() + timedelta(days=30)).isoformat()
        said = {"tables": ["ams,year"], "until": until, "agreement": "Terms."}
        one = perform(registry.get("research", "grant_research"), one, by=asec.person, as_=asec, data=said).subject
        assert jobs.run(Job.objects.get(kind="research", subject_pk=one.pk).pk)
        verbs.agree(one, owner)
    return one


def common_barrier(world: World) -> Any:
    """A barrier that several cases meet, with the first challenge that the world's case has, if it has one."""
    from facilitation import common
    from facilitation.enums import WORKED_ON
    from facilitation.models import Challenge, CommonBarrier
    from proposals.enums import ENDED

    one = CommonBarrier.objects.select_related("case").first()
    if one is None:
        found = Challenge.objects.filter(proposal=world.proposal, state__in=WORKED_ON)
        mine = found.exclude(proposal__state__in=ENDED).order_by("number")[:1]
        words = {"title": "No method", "category": Category.objects.get(pk="goods"), "description": "None is agreed."}
        one = common.begin(as_=world.tie("asec"), challenges=mine, **words)
    return one


def fill(name: str, world: World) -> str | None:
    """Return the address for the world's case; None when the case has nothing of the kind yet."""
    proposal = world.proposal
    code = proposal.case.code
    found: dict[str, Any] = {
        "write_section": lambda: [code, SECTIONS[0].slug],
        "body": lambda: _with(None, world.tie("body").office.body),
        "common_barrier": lambda: [common_barrier(world).pk],
        "challenge": lambda: _with(code, proposal.challenges.first(), "number"),
        "challenge_draft": lambda: _with(code, proposal.challenges.first(), "number"),
        "letter": lambda: _with(code, proposal.letters.first()),
        "letter_text": lambda: ["approval"],
        "letter_text_version": lambda: ["approval", 1],
        "letter_progress": lambda: _with(code, proposal.letters.first()),
        "report": lambda: _with(code, proposal.reports.first(), "number"),
        "report_workbook": lambda: _with(code, proposal.reports.first(), "number"),
        "report_upload": lambda: _with(code, proposal.reports.filter(state="draft").first(), "number"),
        "monitoring_plan": lambda: _with(code, proposal.plans.first(), "number"),
        "request": lambda: _with(None, _request(proposal)),
        "request_draft": lambda: _with(None, _request(proposal)),
        "file": lambda: _with(None, StoredFile.objects.filter(case=proposal.case, purpose="version").first()),
        "first_page": lambda: _with(None, _pictured(proposal)),
        "file_page": lambda: _page(proposal),
        "page_picture": lambda: _page(proposal),
        "office": lambda: _with(None, Office.objects.first()),
        "appoint": lambda: _with(None, Office.objects.first()),
        "end_appointment": lambda: _with(None, Appointment.objects.first()),
        "exchange_appointment": lambda: _with(None, Appointment.objects.first()),
        "give_owner": lambda: _with(None, _orphan()),
        "person": lambda: _with(None, world.tie("asec").person),
        "remove_second_factor": lambda: _with(None, world.tie("asec").person),
        "change_member_role": lambda: _with(None, Member.objects.get(person=world.tie("editor").person)),
        "end_membership": lambda: _with(None, Member.objects.get(person=world.tie("editor").person)),
        "change_invitation": lambda: [_invitation(world, office=True).pk, "withdraw"],
        "change_colleague_invitation": lambda: [_invitation(world, office=False).pk, "withdraw"],
        "bulk_run": lambda: [_bulk_run(world).pk],
        "answer_note": lambda: _with(code, _note(world)),
        "change_note": lambda: _with(code, _note(world)),
        "confirm_proposal": lambda: _link(world),
        "change_partner_invitation": lambda: [code, _partner_invitation(world).pk, "withdraw"],
        "invitation": lambda: [_invitation(world, office=True).token],
        "outbox_mail": lambda: _with(None, Notice.objects.filter(case=proposal.case).order_by("pk").first()),
        "message": lambda: _with(None, Message.objects.filter(case=proposal.case).order_by("pk").first()),
        "standard_text": lambda: ["registration"],
        "make_calendar_link": lambda: [world.tie("asec").key],
        "revoke_calendar_link": lambda: [world.tie("asec").key],
        "calendar_feed": lambda: [feeds.make(world.tie("seom_origin"))],
        "research_inside": lambda: [research(world).case.code],
        "research_application": lambda: [research(world).case.code],
        "research_extract": lambda: [research(world).case.code, "csv"],
        "release_public": lambda: [release(world).number],
        "release_file": lambda: [release(world).number, "json"],
        "release": lambda: [release(world).case.code],
        "release_suppressed": lambda: [release(world).case.code, "public"],
        **dict.fromkeys(OF_A_MEETING, lambda: [meeting(world).case.code]),
        "job": lambda: [files.job_of(_export(world)).pk],
        "exported": lambda: [_export(world).pk],
        "saved_view": lambda: [_view(world).pk],
        "delete_view": lambda: [_view(world).pk],
        "prefer_view": lambda: [_view(world).pk],
        "expert": lambda: [_roster(world).pk],
        "experts_file": lambda: ["xlsx"],
        "edit_expert": lambda: [_roster(world).pk],
        "add_employer": lambda: [_roster(world).pk],
        "change_employer": lambda: [_roster(world).pk, _roster(world).employments.first().pk],
        "settle_employer": lambda: [_roster(world).pk, _roster(world).employments.first().pk],
        "add_absence": lambda: [_roster(world).pk],
        "drop_absence": lambda: [_roster(world).pk, _absence(world).pk],
        "mfa_remove_webauthn": lambda: [0],
        "mfa_edit_webauthn": lambda: [0],
    }
    pattern = dict(names())[name]
    arguments = found[name]() if name in found else [code] if "code" in pattern.pattern.converters else []
    return None if arguments is None else reverse(name, args=arguments)


def _with(code: str | None, row: Any, field: str = "pk") -> list[Any] | None:
    if row is None:
        return None
    return [getattr(row, field)] if code is None else [code, getattr(row, field)]


def _page(proposal: Any) -> list[Any] | None:
    """The first page of a stored PDF."""
    file = StoredFile.objects.filter(case=proposal.case, purpose="version").first()
    return [file.pk, 1] if file else None


def _roster(world: World) -> ExpertProfile:
    """The entry of an expert whom nobody has invited to the case yet."""
    return ExpertProfile.objects.get(pk=world.tie("other_expert").person.pk)


def _absence(world: World) -> Absence:
    return Absence.objects.get_or_create(expert=_roster(world), starts=today(), until=today())[0]


def _pictured(proposal: Any) -> StoredFile | None:
    """Return a file that has a picture of its first page; any content does for one."""
    files = StoredFile.objects.filter(case=proposal.case, purpose="version")
    files.update(preview=F("content"))
    return files.first()


def _request(proposal: Any) -> Any:
    return proposal.body_requests.exclude(state="draft").first()


def _bulk_run(world: World) -> Bulk:
    """A dry run of the Secretariat's officer on the world's case."""
    officer = world.tie("asec")
    found = Bulk.objects.filter(person=officer.person, lines__case=world.proposal.case).first()
    if found is None:
        found = bulk.prepare("remind", [world.proposal.pk], as_=officer)
        bulk.ask_plan(found, officer, "whom=all&of=all")
    return found


def _note(world: World) -> Note | None:
    """An internal note of the Secretariat's officer, on a case that has reached the Secretariat."""
    officer, proposal = world.tie("asec"), world.proposal
    if proposal.inbox_at is None:
        return None
    return Note.objects.filter(case=proposal.case).first() or notes.add(
        proposal, "Call the company.", as_=officer, token=uuid4()
    )


def _orphan() -> Organisation:
    """An organisation that nobody runs."""
    return Organisation.objects.get_or_create(name="Orphan Works", country="LA")[0]


def _link(world: World) -> list[Any]:
    """The parts of a link by which a proponent confirms what ASEC entered."""
    company = Organisation.objects.get_or_create(name="Riverlight Power", country="LA")[0]
    entered = OnBehalf.objects.filter(proposal__organisation=company).select_related("proposal__case").first()
    if entered is None:
        arrived = on_behalf.Arrived(today(), Arrival.EMAIL, "The Director", "new@example.org")
        officer = world.tie("asec")
        proposal = on_behalf.enter(company, arrived, as_=officer, answers={**empty(), "title": "Riverlight"})
        contact = {"contact_name": "The Director", "contact_email": "new@example.org"}
        perform(AskConfirmation, proposal, by=officer.person, as_=officer, data=contact)
        entered = OnBehalf.objects.select_related("proposal__case").get(pk=proposal.pk)
    return [entered.proposal.case.code, links.token(entered)]


def _partner_invitation(world: World) -> Invitation:
    team = world.tie("partner_editor").team
    terms = {"team": team, "membership": "viewer", "company": "Batam Copper Works"}
    return Invitation.objects.get_or_create(email="new@example.org", invited_by=world.tie("owner").person, **terms)[0]


def _invitation(world: World, *, office: bool) -> Invitation:
    place = (
        {"office": world.tie("asec").office}
        if office
        else {"organisation": world.tie("owner").organisation, "membership": "viewer"}
    )
    inviter = world.tie("admin" if office else "owner").person
    return Invitation.objects.get_or_create(email="new@example.org", invited_by=inviter, **place)[0]


def _export(world: World) -> Export:
    """A list of cases that an ASEC officer asked for and the worker has not made yet."""
    officer = world.tie("asec")
    found = Export.objects.filter(person=officer.person).first()
    if found is None:
        found = Export.objects.create(person=officer.person, asked_as=officer.key, capacity=officer.label, format="csv")
        jobs.ask(files.JOB, found, by=officer)
    return found


def _view(world: World) -> SavedView:
    officer = world.tie("asec")
    return SavedView.objects.get_or_create(person=officer.person, held_as=officer.key, name="To check")[0]


def rows_of(model: Any, world: World) -> Any:
    """Return a model's rows that belong to the world's case; of meetings, which have cases of their own, all."""
    if model.kind == "proposal":
        return model.objects.filter(pk=world.proposal.pk)
    if model.kind == "meeting":
        meeting(world)
        return model.objects.all()
    if model.kind == "release":
        return model.objects.filter(pk=release(world).pk)
    if model.kind == "research":
        return model.objects.filter(pk=research(world).pk)
    if model.kind == "common":
        return model.objects.filter(pk=common_barrier(world).pk)
    return model.objects.filter(**{model.case_path: world.proposal.case})
