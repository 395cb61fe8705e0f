"""What changes a proposal and is not a move: starting a draft, keeping answers, freezing, numbering."""

import hashlib
import json
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from aipbi.accounts.capacity import Capacity, in_force
from aipbi.accounts.models import Organisation, Person
from aipbi.asean import editions
from aipbi.workflow import jobs, trail
from aipbi.workflow.errors import NotOpen, NotYours, Refused
from aipbi.workflow.models import Audience, Case
from proposals import attachments, profiles, rules
from proposals.document import Fault, changes, empty
from proposals.document import codes as known_codes
from proposals.document.check import unkeepable
from proposals.document.codes import Codes
from proposals.document.schema import DRAFT_BYTES
from proposals.enums import Phase, State
from proposals.models import Participation, Proposal, ReferenceCounter, Version

WRITABLE = frozenset({State.DRAFT, State.AWAITING_COMPLETION})


def start_draft(
    *,
    by: Person,
    as_: Capacity,
    answers: dict[str, Any] | None = None,
    follows: Proposal | None = None,
    note: str = "",
    source: str = "",
    report: dict[str, Any] | None = None,
) -> Proposal:
    """Begin a draft in the capacity's organisation; it keeps today's editions for life.

    `source` names the file that the answers were read from, `report` what came of reading it. Raises NotYours when the capacity does
    not write for an organisation.
    """
    if not as_.writes or as_.organisation is None:
        raise NotYours(_("Start a proposal"), as_.label)
    # Outside the transaction, where they are remembered between requests.
    codes = known_codes.load()
    with transaction.atomic():
        proposal = begin(as_.organisation, by, answers, codes, follows=follows)
        if follows:
            attachments.carry_over(follows, proposal)
        details = {"what_changed": note, "follows": follows.case.reference or follows.case.code} if follows else {}
        if source:
            details = {"file": source, "sha256": sha256(proposal.answers), **(report or {})}
        trail.note(
            proposal.pk,
            as_=as_,
            action="import" if source else "start_draft",
            subject=("proposal", proposal.pk),
            details=details,
            audience=Audience.CASE,
        )
    return proposal


def begin(
    organisation: Organisation,
    by: Person,
    answers: dict[str, Any] | None,
    codes: Codes,
    *,
    follows: Proposal | None = None,
    unconfirmed: bool = False,
) -> Proposal:
    """Make the rows of a draft; inside a transaction. The caller writes its first trail entry."""
    proposal = Proposal(
        case=Case.objects.create(),
        organisation=organisation,
        started_by=by,
        criteria_edition=editions.criteria_now(),
        indicator_edition=editions.indicators_now(),
        follows=follows,
        attempt=follows.attempt + 1 if follows else 0,
        unconfirmed=unconfirmed,
    )
    _fill(proposal, answers if answers is not None else empty(), codes)
    proposal.save(force_insert=True)
    return proposal


def sha256(answers: dict[str, Any]) -> str:
    """Return the SHA-256 of a document, in hexadecimal."""
    return hashlib.sha256(canonical(answers)).hexdigest()


def keep(proposal: Proposal, part: dict[str, Any], *, as_: Capacity, now: datetime, seen: str = "") -> list[str]:
    """Store answers of a draft (top-level name → value) and put what changed on the trail (L4, P5).

    `seen` is the fingerprint (`changes.token`) of these answers on the page they were written on.
    Returns the changed places. Raises NotYours, NotOpen, Unkeepable, or Overtaken with what stands
    there now; what was typed stays with the caller.
    """
    codes = known_codes.load()
    if wrong := unkeepable({**proposal.answers, **part}, part, codes):
        raise Unkeepable(wrong)
    with transaction.atomic():
        case = Case.objects.select_for_update(no_key=True).get(pk=proposal.pk)
        fresh = Proposal.objects.select_related("case", "organisation").get(pk=case.pk)
        if not in_force(as_) or not rules.writer.test(as_, fresh):
            raise NotYours("write", as_.label)
        if fresh.state not in WRITABLE:
            raise NotOpen(_("Write the proposal"), str(fresh.public_state))
        stands = {name: fresh.answers.get(name) for name in part}
        found = list(changes.differences(stands, part))
        if not found:
            return []
        if seen and changes.token(stands) != seen:
            raise Overtaken(stands)
        answers = {**fresh.answers, **part}
        _refuse_too_large(answers)
        _write(fresh, answers, codes)
        fresh.saved_at = now
        fresh.revision += 1
        fresh.save(update_fields=["answers", "saved_at", "revision", *_COLUMNS])
        details = {"changes": [{"path": one.path, "before": one.before, "after": one.after} for one in found]}
        trail.note(
            case.pk, as_=as_, action="write", subject=("proposal", case.pk), details=details, audience=Audience.CASE,
            locked=case,
        )  # fmt: skip
    for name in ("answers", "saved_at", "revision", *_COLUMNS):
        setattr(proposal, name, getattr(fresh, name))
    return [one.path for one in found]


def _refuse_too_large(answers: dict[str, Any]) -> None:
    if len(json.dumps(answers, ensure_ascii=False).encode()) > DRAFT_BYTES:
        words = _("The whole proposal would be larger than %(most)s MB.") % {"most": DRAFT_BYTES // 1_000_000}
        raise Unkeepable([Fault("", words, "")])


class Overtaken(Refused):
    """Somebody else changed the same answers meanwhile; `stands` is what is there now (P5)."""

    def __init__(self, stands: dict[str, Any]) -> None:
        super().__init__(_("These answers were changed after you opened the page."))
        self.stands = stands


class Unkeepable(Refused):
    """Not even a draft can hold this; `faults` says why."""

    def __init__(self, found: list[Fault]) -> None:
        super().__init__("; ".join(str(fault) for fault in found))
        self.faults = found


_COLUMNS = ["search_text", "title", "originating_ams_id", "sector_id", "value_chain_id", "phase", "investment_usd"]


def _write(proposal: Proposal, answers: dict[str, Any], codes: Codes) -> None:
    """Set the answers. Once a version is handed in the columns say what it says until the next one is:
    others read them, and the Member State they name may act (U5, L6).
    """  # noqa: D205 - one sentence
    if proposal.version_id is None:
        _fill(proposal, answers, codes)
    else:
        proposal.answers = answers


def _fill(proposal: Proposal, answers: dict[str, Any], codes: Codes) -> None:
    """Set the answers and the columns beside them; what is not valid yet stays in the answers alone."""
    proposal.answers = answers
    proposal.title = str(answers.get("title") or "")[:300]
    proposal.originating_ams_id = _known(answers.get("originating_ams"), codes.ams)
    proposal.sector_id = _known(answers.get("sector"), codes.sectors)
    proposal.value_chain_id = _known(answers.get("value_chain"), codes.chains)
    proposal.search_text = search_text(proposal)
    phase = answers.get("phase")
    proposal.phase = phase if phase in Phase.values else ""
    proposal.investment_usd = _money(answers.get("investment_usd"))


def _known(code: Any, among: dict[str, str]) -> str | None:
    return code if isinstance(code, str) and code in among else None


def search_text(proposal: Proposal) -> str:
    """Return what the case list's search reads, one thing to a line."""
    return "\n".join(filter(None, [proposal.case.reference, proposal.title, proposal.organisation.name]))


def _money(value: Any) -> Decimal | None:
    try:
        amount = Decimal(str(value))
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and 0 <= amount < Decimal(10) ** 16 else None


def canonical(document: dict[str, Any]) -> bytes:
    """Return the one way a document is written when it is hashed: sorted keys, UTF-8, no blanks."""
    return json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def freeze(proposal: Proposal, *, by: Person | None, now: datetime) -> Version:
    """Freeze the answers as the next version (L6), name the Member States in them and keep its profile (P9).

    The PDF follows by the worker.

    Called inside a move; the caller holds the case's lock.
    """
    last = proposal.versions.order_by("-number").first()
    version = Version.objects.create(  # type: ignore[misc]
        proposal=proposal,
        number=last.number + 1 if last else 1,
        document=proposal.answers,
        sha256=sha256(proposal.answers),
        frozen_at=now,
        frozen_by=by,
    )
    proposal.version = version
    _fill(proposal, proposal.answers, known_codes.load())
    proposal.save(update_fields=["version", "declared_by", *_COLUMNS])
    profiles.keep(version)
    named = {part["ams"] for part in proposal.answers["participants"]}
    known = set(proposal.participations.values_list("ams_id", flat=True))
    Participation.objects.bulk_create(Participation(proposal=proposal, ams_id=code) for code in sorted(named - known))
    proposal.participations.exclude(ams_id__in=named).filter(answered_at__isnull=True).delete()
    jobs.ask("version_pdf", proposal)
    return version


def stamp(proposal: Proposal, column: str = "", now: datetime | None = None) -> None:
    """Date the change of state, and the first time of `column` (`inbox_at` and its like)."""
    fields = ["moved_at"]
    proposal.moved_at = now or timezone.now()
    if column and getattr(proposal, column) is None:
        setattr(proposal, column, now)
        fields.append(column)
    proposal.save(update_fields=fields)


def give_reference(proposal: Proposal, now: datetime) -> str:
    """Give the next reference of the year at the Secretariat, without gaps; one already given stays."""
    case = proposal.case
    if not case.reference:
        year = now.astimezone(ZoneInfo("Asia/Jakarta")).year
        ReferenceCounter.objects.get_or_create(year=year)
        counter = ReferenceCounter.objects.select_for_update().get(year=year)
        counter.last += 1
        counter.save(update_fields=["last"])
        case.reference = f"AIPBI/{year}/{counter.last:04d}"
        case.save(update_fields=["reference"])
        proposal.search_text = search_text(proposal)
        proposal.save(update_fields=["search_text"])
    return case.reference
