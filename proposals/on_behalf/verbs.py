"""What is done with a proposal that ASEC enters and is no move of one capacity: starting, confirming, refusing (P8)."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from aipbi.accounts.capacity import Capacity, in_force
from aipbi.accounts.enums import Role
from aipbi.accounts.models import Organisation, Person
from aipbi.accounts.verbs import organisations
from aipbi.accounts.verbs.invitations import verified
from aipbi.accounts.verbs.saving import save
from aipbi.documents import uploads
from aipbi.workflow import notices, parties, trail
from aipbi.workflow.door import perform
from aipbi.workflow.errors import Blocked, NotYours
from aipbi.workflow.models import Audience, Case
from aipbi.workflow.moves import Tell
from proposals import attachments, verbs
from proposals.document import codes as known_codes
from proposals.enums import Arrival, State
from proposals.models import OnBehalf, Proposal
from proposals.moves.on_behalf import TakeOver
from proposals.moves.proponent import Submit
from proposals.on_behalf import contacts


@dataclass(frozen=True, slots=True)
class Arrived:
    """How a proposal came to ASEC, and who is to confirm it; `file` is the e-mail or letter itself."""

    on: date
    by: Arrival
    contact_name: str
    contact_email: str
    file: UploadedFile | None = None


def new_organisation(*, name: str, country: str, kind: str, corporate_group: str) -> Organisation:
    """Make an organisation in which nobody is yet. Raises ValidationError where the portal knows one of that name."""
    if Organisation.objects.filter(name__iexact=name, country=country).exists():
        raise ValidationError(
            _("The portal knows an organisation of this name in this country. Search for it and choose it.")
        )
    organisation = Organisation(
        name=name, country=country, kind=kind, corporate_group=organisations.group(corporate_group)
    )
    save(organisation)
    return organisation


def enter(
    organisation: Organisation,
    arrived: Arrived,
    *,
    as_: Capacity,
    answers: dict[str, Any] | None = None,
    source: str = "",
) -> Proposal:
    """Begin a draft that ASEC enters for the organisation; `source` names the file the answers were read from.

    Raises NotYours for any other office, ValidationError for a contact who can't confirm for the organisation.
    """
    if as_.role != Role.ASEC or as_.person is None or as_.office is None or not in_force(as_):
        raise NotYours(_("Enter a proposal for a company"), as_.label)
    if why := contacts.fault(organisation, arrived.contact_email):
        raise ValidationError({"contact_email": why})
    codes = known_codes.load()
    with transaction.atomic():
        proposal = verbs.begin(organisation, as_.person, answers, codes, unconfirmed=True)
        OnBehalf.objects.create(
            proposal=proposal,
            office=as_.office,
            arrived_on=arrived.on,
            arrived_by=arrived.by,
            contact_name=arrived.contact_name,
            contact_email=arrived.contact_email.lower(),
        )
        if arrived.file:
            uploads.keep(
                arrived.file, subject=proposal, purpose=attachments.RECEIVED, as_=as_, organisation=organisation
            )
        details = {"arrived_on": arrived.on, "arrived_by": arrived.by}
        if source:
            details |= {"file": source, "sha256": verbs.sha256(proposal.answers)}
        trail.note(
            proposal.pk, as_=as_, action="enter", subject=("proposal", proposal.pk), details=details,
            audience=Audience.CASE,
        )  # fmt: skip
    return proposal


def why_not(entered: OnBehalf, number: int, person: Person | None = None) -> str:
    """Return in words why the link of asking `number` does not lead to a confirmation; empty when it does.

    With a `person`, whether that one may confirm.
    """
    if why := _ended(entered) or _of_the_link(entered, number):
        return why
    if person is not None and not verified(person, entered.contact_email):
        return _(
            "This link was sent to %(email)s, and you are signed in as %(yours)s. Sign out, and sign in or register "
            "with the address that received the link."
        ) % {"email": entered.contact_email, "yours": person.email}
    return contacts.barred(entered.proposal.organisation, person) if person else ""


def _ended(entered: OnBehalf) -> str:
    if entered.confirmed_at:
        return _("This proposal has been confirmed. The link was used and leads nowhere else.")
    if entered.proposal.state != State.DRAFT:
        return _("The ASEAN Secretariat has set this proposal aside. Nothing is asked of you.")
    if entered.refused_at:
        return _("The ASEAN Secretariat was told that this proposal is not yours. Nothing is asked of you.")
    return ""


def _of_the_link(entered: OnBehalf, number: int) -> str:
    again = _("Ask the ASEAN Secretariat to send you a new link.")
    if number != entered.asked:
        return _("A newer link was sent after this one. Use the link in the last e-mail.")
    if entered.expires_at is None or timezone.now() >= entered.expires_at:
        return f"{_('This link has run out.')} {again}"
    if verbs.sha256(entered.proposal.answers) != entered.sha256:
        return f"{_('The ASEAN Secretariat changed the proposal after this link was sent.')} {again}"
    return ""


def confirm(
    entered: OnBehalf, number: int, *, person: Person, hand_in: bool, declaration: str = ""
) -> tuple[Proposal, Capacity]:
    """Make the draft the proponent's own, once; with `hand_in` also hand it in with the declaration.

    Return it and the capacity the person acts in from now on. Raises Blocked with the reason, Invalid without
    the declaration, ValidationError for somebody who does not write for the organisation.
    """
    with transaction.atomic():
        entered = _locked(entered, number, person)
        as_ = contacts.acting(entered.proposal.organisation, person)
        proposal = perform(TakeOver, entered.proposal, by=person, as_=as_).subject
        if hand_in:
            proposal = perform(Submit, proposal, by=person, as_=as_, data={"declaration": declaration}).subject
    return proposal, as_


def refuse(entered: OnBehalf, number: int, *, person: Person, reason: str) -> None:
    """Tell ASEC that the proposal is not the proponent's, or not to be confirmed; the draft stays with ASEC.

    The person may hold no capacity at all, so this is no move. Raises Blocked with the reason why it can't be.
    """
    with transaction.atomic():
        entered = _locked(entered, number, person)
        entered.refused_at, entered.refusal = timezone.now(), reason
        entered.save(update_fields=["refused_at", "refusal"])
        trail.note(
            entered.pk, as_=Capacity(Role.PROPONENT, person), action="refuse_entry", subject=("proposal", entered.pk),
            details={"reason": reason, "sha256": entered.sha256},
        )  # fmt: skip
        told = Tell(parties.asec(), _("A proponent does not confirm a proposal that you entered"), to_act=True)
        notices.write_all(entered.pk, "refuse_entry", [told])
        transaction.on_commit(notices.wake)


def _locked(entered: OnBehalf, number: int, person: Person) -> OnBehalf:
    """Take the case's lock, so that of two answers at once one wins, and see that the link still holds."""
    Case.objects.select_for_update(no_key=True).get(pk=entered.pk)
    fresh = OnBehalf.objects.select_related("proposal__case", "proposal__organisation").get(pk=entered.pk)
    if why := why_not(fresh, number, person):
        raise Blocked([why])
    return fresh


def waiting() -> list[OnBehalf]:
    """Return what ASEC entered and nobody has confirmed yet, the longest first; two hundred at the most."""
    found = OnBehalf.objects.filter(proposal__unconfirmed=True, proposal__state=State.DRAFT)
    told = found.select_related("proposal__case", "proposal__organisation").only(
        "entered_at", "asked_at", "expires_at", "asked", "refused_at", "confirmed_at", "sent_at", "error",
        "proposal__title", "proposal__saved_at",
        "proposal__case__code", "proposal__organisation__name",
    )  # fmt: skip
    return list(told.order_by("entered_at", "pk")[:200])
