"""What a letter says, as plain data: page, PDF and attached schedule are all made from it (F4)."""

from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from aipbi.accounts.capacity import Capacity, today
from aipbi.accounts.enums import Role
from aipbi.asean import defaults
from aipbi.asean.models import ChairTerm, MemberState
from facilitation.enums import BENEFITS, DECIDED, Said
from facilitation.letters import checking, text
from facilitation.letters.schedule import schedule
from facilitation.models import AmendmentWord, Letter
from facilitation.models.letter_template import BLOCKS
from facilitation.queries import in_a_sentence, participating, proponent_name
from proposals.models import Proposal


def content(letter: Letter, *, number: str, dated: date, signatory: dict[str, str]) -> dict[str, Any]:
    """Return all that the letter says, from the letter and its case as they stand now.

    `signatory` is what `signed_by` returns. The result is JSON through and through; once a letter
    is approved it is kept and never worked out again.
    """
    values = _values(letter, number, dated)
    states = _states(letter)
    return {
        "purpose": letter.purpose,
        "initiative": values["initiative"],
        "issuer": _("Focal Group on Global Value Chains") if _decided(letter) else _("ASEAN Secretariat"),
        "number": number,
        "date": dated.isoformat(),
        "reference": letter.proposal.case.reference or "",
        "addressee": text.paragraphs(letter.addressee),
        "decision": letter.decision_reference,
        "supersedes": _supersedes(letter),
        "revokes": _named(letter.revokes),
        "check": checking.printed(letter.check_code) if letter.check_code else None,
        "member_states": [{"code": one.code, "name": one.name} for one in states],
        "subject": text.fill(letter.subject, values),
        **{block: text.blocks(getattr(letter, block), values) for block in BLOCKS if block != "subject"},
        "schedule": schedule(letter.proposal) if letter.purpose in BENEFITS else [],
        "signatory": signatory,
        "contact": letter.contact,
        "copies": [f"{Role.SEOM_LEAD.label}, {one.name}" for one in states],
    }


def _supersedes(letter: Letter) -> dict[str, Any] | None:
    """Return the letter whose place it takes: its number and date, why, and who agreed to that where an amendment says so (D6, F5)."""
    named = _named(letter.supersedes)
    return {**named, "because": letter.superseding_because, "agreed_by": _agreed_by(letter)} if named else None


def _agreed_by(letter: Letter) -> list[str]:
    """Return the names of the Member States that accepted the amendments which the letter tells, in ASEAN's order."""
    if letter._state.adding:
        return []
    accepted = AmendmentWord.objects.filter(amendment__letter=letter, state=Said.ACCEPTED)
    return [one.name for one in MemberState.objects.filter(code__in=accepted.values("ams")).order_by("order")]


def _named(letter: Letter | None) -> dict[str, str] | None:
    """Return number and date of another letter."""
    if letter is None or letter.dated is None:
        return None
    return {"number": str(letter.number), "date": letter.dated.isoformat()}


def _states(letter: Letter) -> list[MemberState]:
    """Return whom the letter names: those that take part, or whom the letter that it revokes named."""
    if letter.revokes:
        codes = [one["code"] for one in (letter.revokes.content or {}).get("member_states", [])]
        return list(MemberState.objects.filter(code__in=codes).order_by("order"))
    return participating(letter.proposal) if _decided(letter) else []


def shown(letter: Letter) -> dict[str, Any]:
    """Return what the letter says: kept since its approval, or as it would be if it were approved today."""
    if letter.content is not None:
        return dict(letter.content)
    return content(letter, number=next_number(letter.proposal)[1], dated=today(), signatory=expected_signatory(letter))


def _values(letter: Letter, number: str, dated: date) -> dict[str, str]:
    proposal, former = letter.proposal, _named(letter.supersedes) or _named(letter.revokes)
    return {
        "number": number,
        "date": date_format(dated, "j F Y"),
        "reference": proposal.case.reference or "",
        "title": proposal.title,
        "proponent": proponent_name(proposal),
        "initiative": defaults.get("portal_label"),
        "member_states": in_a_sentence(participating(proposal)),
        "decision": letter.decision_reference,
        "reasons": letter.particulars,
        "conditions": letter.particulars,
        "contact": letter.contact,
        "former_number": former["number"] if former else "",
        "former_date": date_format(date.fromisoformat(former["date"]), "j F Y") if former else "",
        "changes": letter.superseding_because,
    }


def next_number(proposal: Proposal) -> tuple[int, str]:
    """Return the next sequence and number of the case's letters, `AIPBI/2026/0007/L1`.

    A case without a reference (it never left the inbox) uses its code instead. Numbers follow the
    highest ever given, and letters with a number cannot be deleted, so none comes twice.
    """
    last = Letter.objects.filter(proposal=proposal, sequence__isnull=False).order_by("-sequence").first()
    sequence = (last.sequence or 0) + 1 if last else 1
    return sequence, f"{proposal.case.reference or 'AIPBI/' + proposal.case.code.upper()}/L{sequence}"


# --- Who ---


def signed_by(letter: Letter, capacity: Capacity) -> dict[str, str]:
    """Return the signature: the person who approves, the office, and on whose behalf."""
    return {"name": str(capacity.person or ""), "office": _office(letter), "behalf": _behalf(letter)}


def expected_signatory(letter: Letter) -> dict[str, str]:
    """Return the signature of a draft: whose name it will carry is known when it is approved."""
    return {"name": "", "office": _office(letter), "behalf": _behalf(letter)}


def _decided(letter: Letter) -> bool:
    return letter.purpose in DECIDED


def _office(letter: Letter) -> str:
    if not _decided(letter):
        return _("AIPBI desk, ASEAN Secretariat")
    ams = MemberState.objects.filter(code=ChairTerm.objects.on(today())).first()
    chair = _("Chair, Focal Group on Global Value Chains")
    return f"{chair} ({ams.name})" if ams else chair


def _behalf(letter: Letter) -> str:
    return _("For the participating Member States") if _decided(letter) else _("For the ASEAN Secretariat")
