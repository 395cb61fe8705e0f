"""Keeping the roster: an expert's own entry and the Secretariat's hand on all of them (R1)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from aipbi.accounts import rules
from aipbi.accounts.capacity import Capacity, today
from aipbi.accounts.enums import Role
from aipbi.accounts.verbs.saving import save
from aipbi.templatetags.portal import day_in_words
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
def edit(profile: ExpertProfile, *, by: Capacity, data: Mapping[str, Any]) -> ExpertProfile:
    """Write what the form holds; what is as it was is not named in the history. Raises ValidationError."""
    found = _hold(profile, by)
    changed = [name for name in PLAIN if getattr(found, name) != data[name]]
    for name in changed:
        setattr(found, name, data[name])
    for name in LINKED:
        if {row.pk for row in getattr(found, name).all()} != {row.pk for row in data[name]}:
            getattr(found, name).set(data[name])
            changed.append(name)
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
    if instead_of and (instead_of.expert_id != found.pk or instead_of.state != Stating.CONFIRMED):
        raise ValidationError(_("Only a confirmed employer is changed. Look again, then repeat it."))
    if instead_of and instead_of.followers.filter(state=Stating.STATED).exists():
        raise ValidationError(_("A change of this employer waits for the Secretariat already."))
    row = Employment(expert=found, replaces=instead_of, stated_by=by.person, **data)
    save(row)
    if by.role == Role.ASEC:
        _settle(row, by, Stating.CONFIRMED)
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
