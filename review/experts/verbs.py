"""Keeping the roster: an expert's own entry and the Secretariat's hand on all of them (R1)."""

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from aipbi.accounts import rules
from aipbi.accounts.capacity import Capacity, today
from aipbi.accounts.enums import Role
from aipbi.accounts.verbs.saving import save
from aipbi.templatetags.portal import day_in_words
from aipbi.workflow import notices, parties
from aipbi.workflow.moves import Tell
from review.enums import Stating
from review.experts.dated import Absence, Employment
from review.experts.models import ExpertProfile

PLAIN = ("fields", "languages", "nationality", "available", "most_at_once")
LINKED = ("expertise", "sectors")
ABSENCES = 20


def keeps(by: Capacity, profile: ExpertProfile) -> bool:
    """Whether the capacity may change the entry: the expert's own, or an officer of ASEC."""
    own = by.role == Role.EXPERT and by.person is not None and by.person.pk == profile.pk
    return own or by.role == Role.ASEC


class OvertakenError(ValidationError):
    """The entry is not as it was when its form was opened; `profile` is the entry as it is now."""

    def __init__(self, profile: ExpertProfile) -> None:
        super().__init__(_("Not saved: the entry was changed while you had this page open."))
        self.profile = profile


def values(profile: ExpertProfile) -> dict[str, Any]:
    """Return what the entry's form writes, as it stands: plain values, and sorted codes for what is linked."""
    plain = {name: getattr(profile, name) for name in PLAIN}
    return plain | {name: sorted(row.pk for row in getattr(profile, name).all()) for name in LINKED}


def mark(profile: ExpertProfile) -> str:
    """Return a short mark of what the entry holds: it differs where the entry does, whoever changed it, and wherever."""
    held = json.dumps(values(profile), sort_keys=True, default=str)
    return hashlib.sha256(held.encode()).hexdigest()[:16]


def _hold(profile: ExpertProfile, by: Capacity) -> ExpertProfile:
    """Lock the entry and return it as it is now. Raises PermissionDenied."""
    rules.require(keeps(by, profile), by)
    return ExpertProfile.objects.select_for_update().get(pk=profile.pk)


def _sign(profile: ExpertProfile, by: Capacity, what: str) -> None:
    """Write who changed which part of the entry, as what and when."""
    profile.edited_at, profile.edited_by, profile.edited_as = timezone.now(), by.person, by.label
    profile.edited_what = what[:300]
    save(profile)


@transaction.atomic
def edit(profile: ExpertProfile, *, by: Capacity, data: Mapping[str, Any], seen: str) -> ExpertProfile:
    """Write what the form holds; what is as it was is not named in the history.

    `seen` is the mark of the entry when the form was opened. Raises OvertakenError where somebody changed it
    meanwhile and the form says something else, and ValidationError.
    """
    found = _hold(profile, by)
    entered = {
        name: sorted(row.pk for row in data[name]) if name in LINKED else data[name] for name in (*PLAIN, *LINKED)
    }
    held = values(found)
    changed = [name for name, value in entered.items() if value != held[name]]
    if changed and seen != mark(found):
        raise OvertakenError(found)
    for name in changed:
        if name in LINKED:
            getattr(found, name).set(entered[name])
        else:
            setattr(found, name, entered[name])
    if changed:
        fields: list[Any] = [ExpertProfile._meta.get_field(name) for name in changed]
        labels = [str(one.verbose_name) for one in fields]
        _sign(found, by, ", ".join(labels))
    return found


@transaction.atomic
def state_employment(
    profile: ExpertProfile, *, by: Capacity, data: Mapping[str, Any], instead_of: Employment | None = None
) -> Employment:
    """Add an employer, or what replaces one; by the expert it waits for ASEC, and until then both stand against appointments.

    Raises ValidationError for dates that do not hold, and for a change of what is settled or changed already.
    """
    found = _hold(profile, by)
    if instead_of:
        # As it is now that nobody else holds the entry.
        instead_of.refresh_from_db()
    if instead_of and (instead_of.expert_id != found.pk or instead_of.state != Stating.CONFIRMED):
        raise ValidationError(_("Only a confirmed employer is changed. Look again, then repeat it."))
    if instead_of and instead_of.followers.filter(state=Stating.STATED).exists():
        raise ValidationError(_("A change of this employer waits for the Secretariat already."))
    if found.employments.counted().filter(**data).exists():
        raise ValidationError(_("This employer stands on the entry already, with the same days."))
    row = Employment(expert=found, replaces=instead_of, stated_by=by.person, **data)
    save(row)
    if by.role == Role.ASEC:
        _settle(row, by, Stating.CONFIRMED)
    else:
        _tell_asec(found)
    _sign(found, by, _("employer: %(employer)s") % {"employer": row.employer})
    return row


@transaction.atomic
def settle(employment: Employment, *, by: Capacity, confirm: bool) -> Employment:
    """Confirm or refuse what an expert stated; what it replaces gives way only to what is confirmed. Raises ValidationError."""
    rules.require(by.role == Role.ASEC, by)
    found = _hold(employment.expert, by)
    row = Employment.objects.select_for_update(of=("self",)).get(pk=employment.pk)
    if row.state != Stating.STATED:
        raise ValidationError(_("This was settled meanwhile."))
    _settle(row, by, Stating.CONFIRMED if confirm else Stating.REFUSED)
    words = _("employer confirmed: %(employer)s") if confirm else _("employer not confirmed: %(employer)s")
    _sign(found, by, words % {"employer": row.employer})
    return row


def _tell_asec(profile: ExpertProfile) -> None:
    """Tell ASEC that an employer waits to be confirmed; whose and which one stands in the portal alone (N1)."""
    words = _("An expert has stated an employer: please confirm it, or not")
    told = Tell(parties.asec(), words, to_act=True, path=f"{reverse('expert', args=[profile.pk])}#employers")
    notices.write_all(None, "state_employer", [told], topic="assessment")
    transaction.on_commit(notices.wake)


def _settle(row: Employment, by: Capacity, state: Stating) -> None:
    row.state, row.settled_by, row.settled_at = state, by.person, timezone.now()
    row.save(update_fields=["state", "settled_by", "settled_at"])
    if state == Stating.CONFIRMED and row.replaces:
        row.replaces.state = Stating.REPLACED
        row.replaces.save(update_fields=["state"])


@transaction.atomic
def add_absence(profile: ExpertProfile, *, by: Capacity, starts: date, until: date) -> Absence:
    """Keep days on which the expert takes nothing on. Raises ValidationError for days gone by or that end before they begin."""
    found = _hold(profile, by)
    if until < today():
        raise ValidationError({"until": _("These days are over.")})
    if found.absences.filter(until__gte=today()).count() >= ABSENCES:
        raise ValidationError(
            _("More than %(n)s absences to come cannot be kept. Take one off first.") % {"n": ABSENCES}
        )
    row = Absence(expert=found, starts=starts, until=until)
    save(row)
    _sign(found, by, _("away from %(starts)s until %(until)s") % _days(row))
    return row


@transaction.atomic
def drop_absence(absence: Absence, *, by: Capacity) -> None:
    """Take an absence off; the row history keeps it."""
    found = _hold(absence.expert, by)
    _sign(found, by, _("not away from %(starts)s until %(until)s any more") % _days(absence))
    absence.delete()


def _days(absence: Absence) -> dict[str, str]:
    return {"starts": day_in_words(absence.starts), "until": day_in_words(absence.until)}
