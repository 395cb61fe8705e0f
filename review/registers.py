"""What this app adds to the shared ground: three tabs, experts as readers, the roster, answers' files."""

from typing import Any

from django.db.models import Q
from django.db.models.signals import post_save
from django.utils.translation import gettext_lazy as _

from aipbi.accounts import unsent
from aipbi.accounts.capacity import Capacity
from aipbi.accounts.enums import Role
from aipbi.accounts.models import Appointment
from aipbi.documents import readers
from aipbi.workflow import tabs, topics
from proposals import beside, rules, timeline
from proposals.search import terms
from review.clarifications.beside import questions
from review.enums import Asking
from review.experts import ended
from review.models import Clarification, ConsolidatedReport, ExpertProfile, Record, Round
from review.report.models import REPORT
from review.rules import SEES_SIMILAR, STATES, expert_reads_case
from review.searching import expert


def register() -> None:
    """Called once, when the app is ready."""
    rules.CASE_READERS[Role.EXPERT] = expert_reads_case
    tabs.register("review", _("Assessment"), order=30, shows=_review_shows)
    tabs.register("decision", _("Decision"), order=40, shows=_decision_shows)
    tabs.register("similar", _("Similar cases"), order=35, shows=_similar_shows)
    topics.register(
        "assessment", _("Experts and assessments"), _("Invitations, filed assessments, the consolidated report."),
        "review", order=30,
    )  # fmt: skip
    topics.register(
        "questions", _("Questions on a proposal"), _("Asked and answered."), "review.clarifications", order=40
    )
    topics.cover("decision", "review.rounds")
    topics.register(
        "meetings", _("Meetings of the FG-GVC"), _("Invitations, agendas, paper packs, records."), "review.meetings",
        order=45, roles={Role.ASEC, *STATES},
    )  # fmt: skip
    readers.register("clarification", _clarification_files)
    readers.register("escalation", _escalation_files)
    for purpose in ("meeting_pack", "meeting_record"):
        readers.register(purpose, _meeting_files)
    timeline.WORDS["call_meeting"] = _("Meeting called")
    timeline.WORDS["item_arrived"] = _("An item arrived from another meeting")
    readers.register(REPORT, _report_files)
    beside.register(questions)
    said = _("an expert who is invited or appointed, by a part of the name; none: nobody has accepted")
    terms.KEYS["expert"] = terms.Key(expert, said, "expert:none")
    terms.OF_ASEC.add("expert")
    terms.SEARCHED.add("clarification")
    unsent.explains(ended.why)
    post_save.connect(enrol, sender=Appointment, dispatch_uid="review.enrol")


def _review_shows(_viewer: Capacity, proposal: Any) -> bool:
    return proposal.registered_at is not None


def _similar_shows(viewer: Capacity, proposal: Any) -> bool:
    """P9: whoever of these may open the case; there is something to compare once it was handed in."""
    return viewer.role in SEES_SIMILAR and proposal.version_id is not None


def _decision_shows(viewer: Capacity, proposal: Any) -> bool:
    if viewer.proposes:
        return proposal.before_fg_gvc_at is not None
    return viewer.role in STATES | {Role.ASEC} and proposal.registered_at is not None


def _clarification_files(viewer: Capacity) -> Q:
    """Who reads the question reads its files, once the answer is sent; the proponent and its partners their own before that too."""
    readable = Clarification.objects.visible_to(viewer)
    if not viewer.proposes:
        readable = readable.filter(state=Asking.ANSWERED)
    return Q(subject_kind=Clarification.kind, subject_pk__in=readable.values("pk"))


def _meeting_files(viewer: Capacity) -> Q:
    """Packs and circulated records are for the FG-GVC; versions still being written for ASEC alone."""
    if viewer.role == Role.ASEC:
        return Q()
    if viewer.role != Role.FG_GVC:
        return Q(pk__in=[])
    drafts = Record.objects.filter(circulated_at__isnull=True)
    return ~Q(subject_kind="record", subject_pk__in=drafts.values("pk"))


def _report_files(viewer: Capacity) -> Q:
    """Who reads a consolidated report reads its PDF."""
    return Q(subject_kind=REPORT, subject_pk__in=ConsolidatedReport.objects.visible_to(viewer).values("pk"))


def _escalation_files(viewer: Capacity) -> Q:
    """Who reads the round reads the answer that came back to it."""
    return Q(subject_kind=Round.kind, subject_pk__in=Round.objects.visible_to(viewer).values("pk"))


def enrol(instance: Appointment, **_kwargs: Any) -> None:
    """Give whoever is appointed technical expert an entry on the roster, to be filled in by ASEC."""
    if instance.office.role == Role.EXPERT:
        ExpertProfile.objects.get_or_create(person_id=instance.person_id)
